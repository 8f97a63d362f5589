"""Plan folders with odd content: drawn, or refused with a line; never endless."""

from datetime import date

import numpy as np
import orjson
import pytest
from streamlit.testing.v1 import AppTest

from beltmap.geo.charter.reading import default_charter
from beltmap.geo.errors import PlanError
from beltmap.geo.intake.apart.worker import read_apart
from beltmap.geo.intake.limits import Limits
from beltmap.geo.intake.uploads import Upload
from beltmap.geo.language.messages import speaking
from beltmap.geo.plan.plan import read_plan
from beltmap.geo.plan.selection import Selection
from beltmap.geo.query.filters import Filters
from beltmap.layers.commands.demo import write_demo
from beltmap.layers.keepsakes.offline import offline_page
from beltmap.layers.keepsakes.seen import Seen
from beltmap.layers.payload.zones import zone_payload
from beltmap.layers.prepared import Prepared
from tests.layers.test_prepared import PAGE

PATIENCE_S = 600
"""Far more than the slowest machine needs."""

PATIENT = Limits(seconds=PATIENCE_S)


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


MANY = [100_000, pytest.param(1_000_000, marks=pytest.mark.deep)]


@pytest.mark.parametrize("vertices", MANY)
def test_a_zone_of_many_vertices_is_drawn_measured_and_written(folder, vertices):
    def change(layer):
        layer["features"][0]["geometry"]["coordinates"] = [coast(vertices)]

    edit(folder, "belt.geojson", change)
    plan = read_plan(folder)
    opened, everything = Prepared(plan), Filters()

    found = opened.totals(everything)
    assert found.inside_km2 > 0.9 * found.covered_km2
    assert len(zone_payload(plan.zones)) < 10_000_000
    assert opened.bars(everything, "kind")
    opened.audited(everything, "km²")
    written = opened.file(everything, "geojson", "wgs84", language="en")
    assert len(orjson.loads(written)["features"]) == 60


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
    receipt = read_apart(upload, limits=PATIENT).receipt
    assert receipt.verdict.name == "REJECT"
    assert [one.code for one in receipt.notices] == ["E_TOO_MANY_COLUMNS"]
    assert "1000" in receipt.notices[0].worded().what


@pytest.mark.parametrize("vertices", MANY)
def test_many_vertices_of_an_upload_are_drawn(folder, vertices):
    def change(layer):
        layer["features"][0]["geometry"]["coordinates"] = [coast(vertices)]

    edit(folder, "belt.geojson", change)
    upload = Upload("belt.geojson", (folder / "belt.geojson").read_bytes())
    receipt = read_apart(upload, limits=PATIENT).receipt
    assert receipt.rows_in == receipt.drawn == 2, receipt.as_text()
    assert {one.code for one in receipt.notices} == {
        "W_UNKNOWN_SECTOR",
        "W_AREA_DIFFERS",
    }


def test_an_upload_of_more_vertices_than_it_may_have_is_refused_in_a_line(folder):
    upload = Upload("belt.geojson", (folder / "belt.geojson").read_bytes())
    receipt = read_apart(upload, limits=Limits(vertices=7)).receipt
    assert receipt.verdict.name == "REJECT"
    assert [one.code for one in receipt.notices] == ["E_TOO_MANY_VERTICES"]


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
    assert "parks.geojson, line 1, feature 1" in fault.where
    page = shown(folder, monkeypatch)
    assert any("E_BAD_GEOMETRY" in line.value for line in page.text)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_empty_layers_are_a_page_without_zones(folder, monkeypatch, language):
    for name in default_charter().files.values():
        edit(folder, name, lambda layer: layer.update(features=[]))
    plan = read_plan(folder)
    assert len(plan.zones) == 0
    with speaking(language):
        seen = Seen(language=language)
        assert offline_page(Selection(plan), on=date(2026, 1, 1), seen=seen)
    monkeypatch.setenv("BELTMAP_PLAN", str(folder))
    for view in ("map", "compare", "plan", "audit", "bring"):
        page = AppTest.from_file(PAGE, default_timeout=PATIENCE_S)
        page.query_params["view"] = view
        page.query_params["lang"] = language
        page.run()
        assert not page.exception, view
