"""A user's own journey: serve, choose, read the totals, download, open in QGIS."""

import re

import pytest

from tests.browser.harness import at_rest, open_tab
from tests.browser.test_page import the_map, until
from tests.geo.export.test_tools import has_qgis, look_with_qgis, needed

pytestmark = pytest.mark.browser

PLACEHOLDERS = "Placeholder outlines (area unknown)"
UNKNOWN = None


@pytest.fixture
def tab(browser, address):
    with open_tab(browser, viewport={"width": 1280, "height": 1000}) as tab:
        tab.goto(address)
        yield tab
        assert tab.errors == []
        assert tab.strays == []


def tick(tab, label):
    """Tick a facet's box as a reader does."""
    boxes = tab.locator(".bm-pick label")
    boxes.filter(has_text=re.compile(rf"^{re.escape(label)} ")).click()


def totals(tab):
    """Read the totals at the head of the page, by their labels."""
    read = {}
    for tile in tab.locator(".bm-tile").all():
        figure = tile.locator("dd").first.text_content().split()[0]
        known = UNKNOWN if figure == "–" else float(figure.replace(",", ""))
        read[tile.locator("dt").text_content()] = known
    return read


def total_is(tab, label, figure):
    tile = tab.locator(".bm-tile", has=tab.get_by_text(label, exact=True))
    begins = re.compile(rf"^{re.escape(figure)}\b")
    tile.locator("dd:not(.bm-why)", has_text=begins).wait_for()


@pytest.mark.parametrize(
    ("sector", "zones", "shown"),
    [
        (
            ("BPO", "Business process outsourcing (BPO)"),
            {7: "qd-park-bpo"},
            {
                "Land covered": 0.5,
                "Inside the belt": 0.5,
                PLACEHOLDERS: 0.5,
            },
        ),
        (
            ("embedded", "Embedded software"),
            {5: "qd-park-haier", 6: "qd-park-hisense"},
            {
                "Land covered": 1.0,
                "Inside the belt": 0.0,
                PLACEHOLDERS: 1.0,
            },
        ),
    ],
    ids=["BPO", "embedded"],
)
def test_parks_of_a_sector_are_the_same_on_the_page_and_in_qgis(
    tab, tmp_path, sector, zones, shown
):
    needed(has_qgis(), "python3-qgis")
    code, label = sector
    frame = the_map(tab)
    total_is(tab, "Zones", "12")
    tick(tab, "Park")
    until(frame, [4, 5, 6, 7, 8, 9, 10])
    tick(tab, label)
    until(frame, list(zones))
    total_is(tab, "Zones", str(len(zones)))
    at_rest(tab)
    found = totals(tab)
    none = dict.fromkeys(("Stated in the plan", "From other sources"), UNKNOWN)
    assert found == {"Zones": len(zones), "Overlaps": 0.0, **none, **shown}
    with tab.expect_download() as waiting:
        tab.locator(".st-key-download button").click()
    path = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(path)

    seen = look_with_qgis({"file": str(path)}, tmp_path)["file"]
    assert seen["valid"]
    assert seen["epsg"] == "EPSG:4326"
    rows = seen["rows"]
    assert len(rows) == found["Zones"]
    assert [row["id"] for row in rows] == list(zones.values())
    assert {row["kind"] for row in rows} == {"park"}
    assert all(code in row["sectors"].split(";") for row in rows)
    nominal = [row["drawn_area_km2"] for row in rows if row["area_basis"] == "nominal"]
    assert sum(nominal) == pytest.approx(found[PLACEHOLDERS], abs=0.05)
    # what QGIS measures on the ellipsoid, and not what the file says of itself
    assert seen["area_m2"] / 1e6 == pytest.approx(found["Land covered"], abs=0.05)
