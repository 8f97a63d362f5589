"""A plan too large to be sent whole: opened, panned, filtered, clicked."""

import pytest
import shapely

from beltmap.geo.language.messages import text
from beltmap.geo.plan.plan import read_plan
from beltmap.layers.commands.demo import write_demo
from beltmap.layers.tiles.tiles import MOST_WHOLE
from tests.browser.harness import FRAME, open_tab, served
from tests.browser.test_page import check, the_map

pytestmark = pytest.mark.browser

ZONES = MOST_WHOLE + 500
SETTLED = "!map.beltmap.zones._loading && map.beltmap.zones.settled()"
WEIHAI = (37.3, 122.0)
"""A place on land with zones around it, lat and lon."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("large") / "plan"
    write_demo(path, zones=ZONES)
    return path


@pytest.fixture(scope="module")
def zones(folder):
    return read_plan(folder).zones


@pytest.fixture(scope="module")
def address(folder):
    with served(folder) as here:
        yield here


@pytest.fixture
def page(browser, address):
    with open_tab(browser, viewport={"width": 1280, "height": 1000}) as tab:
        tab.set_default_timeout(60_000)
        tab.goto(address)
        yield tab
        assert tab.strays == []
        assert tab.errors == []


def settled(page):
    frame = the_map(page)
    frame.wait_for_function(SETTLED)
    return frame


def in_view(frame, zones, mask):
    """Give the rows whose boxes touch the view."""
    south, west, north, east = frame.evaluate(
        "(({_southWest: s, _northEast: n}) => [s.lat, s.lng, n.lat, n.lng])"
        "(map.getBounds())"
    )
    boxes = shapely.box(*shapely.bounds(zones.geometry.to_numpy()).T)
    view = shapely.box(west, south, east, north)
    touching = shapely.intersects(boxes, view)
    return (touching & mask).nonzero()[0].tolist()


def drawn_rows(frame, zones, mask):
    """Wait until just the rows in the view are drawn; give them."""
    for _ in range(300):
        rows = frame.evaluate("map.beltmap.visibleRows()")
        # a map that glides on has others in view a moment later
        wanted = in_view(frame, zones, mask)
        if rows == wanted:
            break
        frame.wait_for_timeout(100)
    assert rows == wanted
    return rows


def alone_at(zones, lat, lon):
    """Choose the zone nearest to a place that meets no other."""
    shapes = zones.geometry.to_numpy()
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    single = set(range(len(zones))) - set(first[first != second].tolist())
    near = shapely.distance(shapes, shapely.Point(lon, lat)).argsort()
    return next(row for row in near.tolist() if row in single)


def test_a_large_plan_is_opened_panned_filtered_and_clicked(page, zones):
    frame = settled(page)
    page.get_by_text(f"{ZONES:,}").first.wait_for()
    frame.evaluate(f"void map.setView({list(WEIHAI)}, 11, {{animate: false}})")
    frame.wait_for_function(SETTLED)
    everything = zones["kind"].notna().to_numpy()
    rows = drawn_rows(frame, zones, everything)
    assert 10 < len(rows) < 1_000

    box = page.query_selector(FRAME).bounding_box()
    x, y = box["x"] + 200, box["y"] + 400
    page.mouse.move(x, y)
    # let go, the map does not glide on to a place of chance
    frame.evaluate("map.options.inertia = false")
    page.mouse.down()
    page.mouse.move(x + 120, y - 150, steps=12)
    page.mouse.up()
    frame.wait_for_function("map.getCenter().lat < 37.25")
    frame.wait_for_function(SETTLED)
    assert drawn_rows(frame, zones, everything) != rows

    check(page, "Town")
    towns = (zones["kind"] == "town").to_numpy()
    page.get_by_text(f"{towns.sum():,}").first.wait_for()
    frame.wait_for_function("map.beltmap.zones.wanted.filter !== 'all'")
    frame.wait_for_function(SETTLED)
    drawn_rows(frame, zones, towns)

    row = alone_at(zones[towns].reset_index(), *WEIHAI)
    zone = zones[towns].iloc[row]
    point = zone.geometry.representative_point()
    place = f"[{point.y}, {point.x}]"
    frame.evaluate(f"void map.setView({place}, 13, {{animate: false}})")
    frame.wait_for_function(SETTLED)
    at = frame.evaluate(f"map.latLngToContainerPoint({place})")
    page.mouse.click(box["x"] + at["x"], box["y"] + at["y"])
    page.locator(".bm-card", has_text=zone["name_en"]).wait_for()
    assert f"zone={zone['id']}" in page.url


@pytest.mark.parametrize(
    ("view", "key"),
    [
        ("compare", "compare.by"),
        ("plan", "plan.nothing"),
        ("audit", "section.overlaps"),
        ("bring", "bring.intro"),
    ],
)
def test_every_view_of_a_large_plan_comes_without_a_fault(page, address, view, key):
    page.goto(f"{address}?view={view}")
    page.get_by_text(text(key)).first.wait_for()
    assert page.locator("[data-testid=stException]").count() == 0
