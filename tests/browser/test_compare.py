"""Two maps in two frames of one page: the same scale, the same view."""

import math

import pytest
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route

from beltmap.geo.plan.plan import read_plan
from beltmap.geo.query.filters import Filters
from beltmap.layers.map.compare import compare
from beltmap.layers.prepared import Prepared
from beltmap.layers.routes import routes
from tests.browser.harness import map_page, open_tab, serving

pytestmark = pytest.mark.browser

PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>pair</title>
<iframe id="left" src="beltmap/page-{name}-0" width="480" height="600"></iframe>
<iframe id="right" src="beltmap/page-{name}-1" width="480" height="600"></iframe>"""


@pytest.fixture(scope="module")
def pair_server():
    """Serve a page with the two maps of each comparison."""
    opened = Prepared(read_plan())
    pages = {}
    for column in ("city", "patterns"):
        pages[column] = PAGE.format(name=column)
        sides = compare(opened, Filters(), column, selected=4)
        for number, side in enumerate(sides):
            pages[f"{column}-{number}"] = map_page(side.drawing, height=580)

    def show(request):
        return HTMLResponse(pages[request.path_params["name"]])

    shown = [Route("/{name}", show), Route("/beltmap/page-{name}", show)]
    with serving(Starlette(routes=[*shown, *routes()])) as address:
        yield address


@pytest.fixture
def panes(browser, pair_server):
    """Give a function that opens a comparison: the frames of both maps."""
    tabs = []

    def show(column):
        context = open_tab(browser)
        tab = context.__enter__()
        tabs.append((context, tab))
        tab.goto(f"{pair_server}/{column}")
        frames = [
            tab.query_selector(f"#{name}").content_frame() for name in ("left", "right")
        ]
        for frame in frames:
            frame.wait_for_function("window.map?.beltmap?.ready")
        # both have been told of each other once they have one scale
        left, right = frames
        for _ in range(300):
            if scale(left) == pytest.approx(scale(right), rel=1e-6):
                break
            tab.wait_for_timeout(50)
        return tab, *frames

    yield show
    for context, tab in tabs:
        assert tab.errors == []
        assert tab.strays == []
        context.__exit__(None, None, None)


def view(frame):
    return frame.evaluate("[map.getCenter().lat, map.getCenter().lng, map.getZoom()]")


def scale(frame):
    """Give the metres that a pixel in the middle of a map stands for."""
    lat, _, zoom = view(frame)
    return math.cos(math.radians(lat)) * 156_543.034 / 2**zoom


def test_two_cities_begin_and_stay_at_one_scale(panes):
    _, left, right = panes("city")
    assert view(left)[0] == pytest.approx(36.2, abs=0.2)
    assert view(right)[0] == pytest.approx(38.86, abs=0.2)
    assert scale(left) == pytest.approx(scale(right), rel=1e-3)
    for moved, other in ((left, right), (right, left)):
        before = view(other)
        moved.evaluate("map.setZoom(map.getZoom() + 1, {animate: false})")
        other.wait_for_function(f"Math.abs(map.getZoom() - {before[2]}) > 0.5")
        assert scale(moved) == pytest.approx(scale(other), rel=1e-3)
        assert view(other)[:2] == pytest.approx(before[:2], abs=1e-3)


def test_all_of_both_cities_is_in_view_at_first(panes):
    _, left, right = panes("city")
    for frame in (left, right):
        inside = (
            "(() => { const box = map.beltmap.set.bounds((row) => map.beltmap.zones"
            ".visible[row]); return map.getBounds().contains([beltmap.latLng(box[0],"
            " box[1]), beltmap.latLng(box[2], box[3])]); })()"
        )
        assert frame.evaluate(inside)


def test_two_patterns_keep_one_view(panes):
    _, left, right = panes("patterns")
    assert view(left) == pytest.approx(view(right), abs=1e-6)
    right.evaluate("map.setView([36.3, 120.6], 12.4, {animate: false})")
    left.wait_for_function("Math.abs(map.getZoom() - 12.4) < 1e-6")
    assert view(left) == pytest.approx([36.3, 120.6, 12.4], abs=1e-4)


def test_the_link_of_the_page_stays_as_it_is(panes):
    tab, left, _ = panes("city")
    before = tab.url
    tab.clock.install()
    moved = "map.once('moveend', () => { window.moved = true }); "
    left.evaluate(f"{moved}void map.panBy([50, 0], {{animate: false}})")
    tab.clock.run_for(5_000)
    assert left.evaluate("moved")
    assert tab.url == before
