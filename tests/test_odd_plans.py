"""Plan folders with odd content: drawn, or refused with a line; never endless."""

import threading
from datetime import date

import numpy as np
import orjson
import pytest
from streamlit.testing.v1 import AppTest

from geo.demo.folder import write_demo
from geo.errors import PlanError
from geo.filters import Filters
from geo.intake.reading import Upload
from geo.intake.worker import read_apart
from geo.language.messages import speaking
from geo.plan import read_plan
from geo.schema import LAYER_FILES
from layers.offline import offline_page
from layers.opened import Opened
from layers.payload.zones import zone_payload
from layers.wording import Chosen
from tests.test_opened import PAGE

PATIENCE_S = 120
"""Far more than is needed, far less than without bounds: hours, for some."""


@pytest.fixture
def folder(tmp_path):
    write_demo(tmp_path / "plan", zones=60)
    return tmp_path / "plan"


def edit(folder, name, change):
    """Change the document of a layer file."""
    path = folder / name
    document = orjson.loads(path.read_bytes())
    change(document)
    path.write_bytes(orjson.dumps(document))


def coast(vertices):
    """Draw a ring that winds, around all the zones."""
    angle = np.linspace(0, 2 * np.pi, vertices)
    radius = 1 + 0.02 * np.sin(5_000 * angle)
    ring = np.c_[
        121 + 1.9 * radius * np.cos(angle), 37.5 + 2.4 * radius * np.sin(angle)
    ]
    ring[-1] = ring[0]
    return ring.round(9).tolist()


def shown(folder, monkeypatch):
    """Run the page on a folder."""
    monkeypatch.setenv("BELTMAP_PLAN", str(folder))
    page = AppTest.from_file(PAGE, default_timeout=PATIENCE_S).run()
    assert not page.exception
    return page


def in_time(ask):
    """Ask in a thread, so that what would be endless fails."""
    made = []
    thread = threading.Thread(target=lambda: made.append(ask()), daemon=True)
    thread.start()
    thread.join(PATIENCE_S)
    assert made, "neither drawn nor refused in time"
    return made[0]


def test_a_zone_of_a_million_vertices_is_drawn_measured_and_written(folder):
    def change(layer):
        layer["features"][0]["geometry"]["coordinates"] = [coast(1_000_000)]

    edit(folder, "belt.geojson", change)
    plan = read_plan(folder)
    opened, everything = Opened(plan), Filters()

    def all_of_it():
        found = opened.totals(everything)
        assert found.inside_belt_km2 > 0.9 * found.covered_km2
        assert len(zone_payload(plan.zones)) < 10_000_000
        opened.bars(everything, "kind")
        opened.audited(everything, "km²")
        written = opened.file(everything, "geojson", "wgs84", language="en")
        assert len(orjson.loads(written)["features"]) == 60
        return True

    in_time(all_of_it)


def test_three_thousand_property_keys_are_passed_over(folder, monkeypatch):
    keys = {f"key {n}": n for n in range(3_000)}
    edit(
        folder,
        "parks.geojson",
        lambda layer: [one["properties"].update(keys) for one in layer["features"]],
    )
    assert len(read_plan(folder).zones) == 60
    shown(folder, monkeypatch)


def test_three_thousand_keys_of_an_upload_are_refused_in_a_line(folder):
    def change(layer):
        layer["features"][0]["properties"] = {f"key {n}": n for n in range(3_000)}

    edit(folder, "parks.geojson", change)
    upload = Upload("parks.geojson", (folder / "parks.geojson").read_bytes())
    receipt = in_time(lambda: read_apart(upload)).receipt
    assert receipt.verdict.name == "REJECT"
    assert [one.code for one in receipt.notices] == ["E_TOO_MANY_COLUMNS"]
    assert "1000" in receipt.notices[0].what()


def test_a_million_vertices_of_an_upload_are_drawn_or_refused(folder):
    def change(layer):
        layer["features"][0]["geometry"]["coordinates"] = [coast(1_000_000)]

    edit(folder, "belt.geojson", change)
    upload = Upload("belt.geojson", (folder / "belt.geojson").read_bytes())
    receipt = in_time(lambda: read_apart(upload)).receipt
    assert receipt.verdict.name in {"ACCEPT", "REPAIR"} or receipt.notices


@pytest.mark.parametrize("corner", [[200, 95], [1e300, 1e300], [519_000, 4_150_000]])
def test_coordinates_outside_the_world_are_refused_in_a_line(
    folder, monkeypatch, corner
):
    x, y = corner
    ring = [[x, y], [x + 1, y], [x + 1, y + 1], [x, y]]
    edit(
        folder,
        "parks.geojson",
        lambda layer: layer["features"][0]["geometry"].update(coordinates=[ring]),
    )
    with pytest.raises(PlanError) as error:
        read_plan(folder)
    (fault,) = error.value.faults
    assert fault.code == "E_BAD_GEOMETRY"
    assert "parks.geojson, feature 1" in fault.where
    page = shown(folder, monkeypatch)
    assert any("E_BAD_GEOMETRY" in line.value for line in page.text)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_empty_layers_are_a_page_without_zones(folder, monkeypatch, language):
    for name in LAYER_FILES.values():
        edit(folder, name, lambda layer: layer.update(features=[]))
    plan = read_plan(folder)
    assert len(plan.zones) == 0
    with speaking(language):
        seen = Chosen(language=language)
        assert offline_page(plan, np.zeros(0, bool), on=date(2026, 1, 1), chosen=seen)
    monkeypatch.setenv("BELTMAP_PLAN", str(folder))
    for view in ("map", "compare", "plan", "audit", "bring"):
        page = AppTest.from_file(PAGE, default_timeout=PATIENCE_S)
        page.query_params["view"] = view
        page.query_params["lang"] = language
        page.run()
        assert not page.exception, view
