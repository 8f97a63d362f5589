"""The desk's own geometry against shapely, pyproj and the plan's, on the same cases."""

import json

import numpy as np
import pytest
import shapely
from pyproj import Geod, Transformer
from shapely.affinity import rotate, translate

from beltmap.geo.geometry.area import areas_m2
from beltmap.geo.plan.plan import read_plan
from beltmap.geo.plan.scale import scaled
from beltmap.geo.shipped import SHIPPED
from beltmap.layers.assets import DESK

pytestmark = pytest.mark.browser

GEOD = Geod(ellps="WGS84")
GRID = 10**7


def grid(shape):
    return shapely.transform(shape, lambda xy: np.round(xy, 7))


def star(points, *, lon=120.5, lat=36.2, size=0.02):
    angles = np.linspace(0, 2 * np.pi, 2 * points, endpoint=False)
    radii = np.where(np.arange(2 * points) % 2, size, size / 3)
    corners = np.column_stack(
        [lon + radii * np.cos(angles), lat + radii * np.sin(angles)]
    )
    return grid(shapely.Polygon(corners))


HOLED = grid(
    shapely.difference(
        shapely.box(120, 36, 120.1, 36.1), star(7, lon=120.05, lat=36.05)
    )
)
CASES = [
    *read_plan(SHIPPED).zones.geometry.dropna(),
    star(5),
    star(40),
    HOLED,
    shapely.MultiPolygon([star(6, lon=120.1), star(6, lon=120.2)]),
    shapely.box(119, 35, 121, 37),
    shapely.box(-70.3, -55.2, -69.9, -54.8),
]
PAIRS = [
    (star(5), translate(star(5), 0.01, 0.003)),
    (star(9), rotate(star(9), 11)),
    (HOLED, star(12, lon=120.05, lat=36.05)),
    (HOLED, HOLED),
    (shapely.box(120, 36, 120.1, 36.1), shapely.box(120.1, 36, 120.2, 36.1)),
    (shapely.box(120, 36, 120.1, 36.1), shapely.box(120.05, 36, 120.2, 36.1)),
    (shapely.box(120, 36, 120.1, 36.1), shapely.box(120.02, 36.02, 120.04, 36.04)),
    (star(5), translate(star(5), 1, 0)),
    *((CASES[0], other) for other in CASES[1:10]),
]


@pytest.fixture(scope="module")
def desk(browser):
    """Give what calls a function of the desk's scripts with plain values."""
    page = browser.new_page()
    for name in ("measure", "meet", "forms", "draft"):
        page.add_script_tag(content=(DESK / f"{name}.js").read_text())

    def call(script, *values):
        return page.evaluate(
            f"([{', '.join('abcd'[: len(values)])}]) => {script}", list(values)
        )

    yield call
    page.close()


def given(shape):
    return json.loads(shapely.to_geojson(shape))


def read(geometry):
    return shapely.from_geojson(json.dumps(geometry))


FROM = "beltmap.edit.fromGeometry"


@pytest.mark.parametrize("shape", CASES, ids=range(len(CASES)))
def test_areas_are_those_of_the_export(desk, shape):
    found = desk(f"beltmap.edit.area({FROM}(a))", given(shape))
    assert found == pytest.approx(areas_m2([shape])[0], rel=1e-8)
    long = desk(f"beltmap.edit.length({FROM}(a))", given(shape))
    assert long == pytest.approx(GEOD.geometry_length(shape.boundary), rel=1e-6)


@pytest.mark.parametrize("pair", PAIRS, ids=range(len(PAIRS)))
def test_overlaps_are_those_of_the_plan(desk, pair):
    one, other = map(grid, pair)
    wanted = areas_m2([shapely.intersection(one, other)])[0]
    found = desk(
        f"beltmap.edit.overlap({FROM}(a), {FROM}(b))", given(one), given(other)
    )
    assert found == pytest.approx(wanted, rel=1e-7, abs=0.01)


@pytest.mark.parametrize("pair", PAIRS[:7], ids=range(7))
def test_merged_land_is_that_of_both(desk, pair):
    one, other = map(grid, pair)
    script = f"beltmap.edit.toGeometry(beltmap.edit.merged({FROM}(a), {FROM}(b)))"
    found = read(desk(script, given(one), given(other)))
    assert found.is_valid
    assert areas_m2([found])[0] == pytest.approx(areas_m2([one | other])[0], rel=1e-6)


@pytest.mark.parametrize("shape", [*CASES[:4], HOLED], ids=range(5))
def test_scaling_makes_the_outline_that_the_plan_makes(desk, shape):
    script = f"beltmap.edit.toGeometry(beltmap.edit.scaled({FROM}(a), 3e6))"
    found = read(desk(script, given(shape)))
    wanted = scaled(shape, area_km2=3.0)
    assert shapely.equals_exact(found, wanted, tolerance=1.01e-7)


@pytest.mark.parametrize("shape", [*CASES[:10], star(200)], ids=range(11))
def test_sound_outlines_cross_nowhere_and_twisted_ones_do(desk, shape):
    assert desk(f"beltmap.edit.crossings({FROM}(a))", given(shape)) == []
    corners = shapely.get_coordinates(shapely.get_parts(shape)[0].exterior)
    corners[[1, 3]] = corners[[3, 1]]
    twisted = shapely.Polygon(corners)
    assert not twisted.is_valid
    assert desk(f"beltmap.edit.crossings({FROM}(a))", given(twisted))


def test_a_strip_has_the_width_or_the_area_that_is_stated(desk):
    line = shapely.LineString(
        [(120.4, 36.1), (120.45, 36.15), (120.5, 36.14), (120.5, 36.2)]
    )
    grid_line = [[round(x * GRID), round(y * GRID)] for x, y in line.coords]
    wide = read(
        desk("beltmap.edit.toGeometry(beltmap.edit.strip(a, b))", grid_line, 600)
    )
    flat = "+proj=laea +lat_0=36.15 +lon_0=120.45 +datum=WGS84 +units=m"
    there = Transformer.from_crs("EPSG:4326", flat, always_xy=True).transform

    def to_metres(shape):
        return shapely.transform(shape, lambda xy: np.column_stack(there(*xy.T)))

    buffered = to_metres(line).buffer(300, cap_style="flat")
    made = to_metres(wide)
    assert made.is_valid
    assert (made ^ buffered).area < 0.01 * buffered.area
    sized = read(
        desk("beltmap.edit.toGeometry(beltmap.edit.stripOf(a, b))", grid_line, 5e6)
    )
    assert areas_m2([sized])[0] == pytest.approx(5e6, rel=1e-5)


def test_a_split_loses_no_land(desk):
    line = [
        [round(x * GRID), round(y * GRID)]
        for x, y in [(119.9, 36.02), (120.06, 36.01), (120.2, 36.02)]
    ]
    script = f"beltmap.edit.split({FROM}(a), b).map(beltmap.edit.toGeometry)"
    one, other = map(read, desk(script, given(HOLED), line))
    assert one.is_valid
    assert other.is_valid
    assert (one & other).area < 1e-9
    assert sum(areas_m2([one, other])) == pytest.approx(areas_m2([HOLED])[0], rel=1e-7)
    # neither a line that goes through a hole nor one that ends inside is guessed at
    for bad in ([(119.9, 36.05), (120.2, 36.05)], [(119.9, 36.02), (120.06, 36.01)]):
        corners = [[round(x * GRID), round(y * GRID)] for x, y in bad]
        assert desk(f"beltmap.edit.split({FROM}(a), b)", given(HOLED), corners) is None


def test_a_corner_is_drawn_to_others_and_to_their_edges(desk):
    square = given(shapely.box(120, 36, 120.1, 36.1))
    script = f"beltmap.edit.snapped(a, [{FROM}(b)], 100)"
    near = [120 * GRID + 50, 36 * GRID - 90]
    assert desk(script, near, square) == [120 * GRID, 36 * GRID]
    edge = [120 * GRID + GRID // 20, 36 * GRID - 90]
    assert desk(script, edge, square) == [edge[0], 36 * GRID]
    assert (
        desk(script, [120 * GRID + GRID // 20, 36 * GRID - GRID // 100], square) is None
    )


def test_undone_to_the_start_nothing_has_changed(desk):
    zone = {"id": "a", "properties": {"status": "planned"}, "geometry": given(CASES[3])}
    script = """(() => {
      const { Draft, shifted, toGeometry } = beltmap.edit;
      const draft = new Draft([a]);
      for (let n = 1; n < 40; n++) {
        const zone = draft.zone("a");
        draft.put(["a", { ...zone, shape: shifted(zone.shape, n, -n) }]);
      }
      const far = draft.difference({});
      for (let n = 1; n < 40; n++) draft.undo();
      const outline = JSON.stringify(toGeometry(draft.zone("a").shape));
      const start = [draft.difference({}).features.length, outline];
      for (let n = 1; n < 40; n++) draft.redo();
      return [...start, JSON.stringify(draft.difference({})) === JSON.stringify(far)];
    })()"""
    changes, outline, again = desk(script, zone)
    assert (changes, json.loads(outline), again) == (0, zone["geometry"], True)
