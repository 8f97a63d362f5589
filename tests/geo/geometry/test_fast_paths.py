"""What is quick gives what the plain way gives."""

import geopandas as gpd
import numpy as np
import orjson
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from beltmap.geo.charter.reading import DEFAULT
from beltmap.geo.claims.table import read_sectors
from beltmap.geo.geometry.area import areas_m2, union
from beltmap.geo.geometry.cover import cover
from beltmap.geo.geometry.geojson import dumps
from beltmap.geo.geometry.polygonjson import write_polygons
from beltmap.geo.plan.synthetic import synthetic_zones
from beltmap.geo.query.matches import index_zones
from beltmap.geo.query.summary import survey, totals, totals_by
from beltmap.layers.payload.encode import decode
from beltmap.layers.payload.zones import zone_payload
from tests.chance import cases
from tests.geo.geometry.covering import covered_km2
from tests.geo.geometry.test_area import slow_m2
from tests.rfc7946 import faults

CODES = read_sectors(DEFAULT)["code"].tolist()


@pytest.fixture(scope="module")
def many():
    return synthetic_zones(1500, sectors=CODES)


def test_areas_equal_the_loop_over_pyproj(many):
    shapes = many.geometry.to_numpy()
    slow = [slow_m2(shape) for shape in shapes]
    assert areas_m2(shapes) == pytest.approx(slow, rel=1e-8)


def test_the_union_equals_union_all(many):
    shapes = many.geometry.to_numpy()
    slow = many.geometry.union_all()
    assert union(shapes).symmetric_difference(slow).area < 1e-12
    assert covered_km2(shapes) == pytest.approx(slow_m2(slow) / 1e6, rel=1e-8)
    everything = cover(shapes).km2(np.ones(len(shapes), bool))
    # a boundary that is merged is cut where others cross it, and bends there
    assert everything == pytest.approx(slow_m2(slow) / 1e6, rel=1e-6)


@pytest.mark.parametrize("column", ["kind", "city", "sectors"])
def test_the_summary_equals_groupby_and_dissolve(many, column):
    mask = np.arange(len(many)) % 3 > 0
    table = totals_by(
        many,
        mask,
        land=survey(many),
        index=index_zones(many, sectors=CODES),
        column=column,
    )
    rows = many[mask].assign(**{column: many[column].str.split(";")}).explode(column)
    rows["declared"] = rows["declared_area_km2"].where(rows["area_basis"] == "declared")
    slow = rows[[column, "geometry", "declared"]].dissolve(by=column, aggfunc="sum")
    found = table.loc[slow.index]
    assert len(table) == len(slow)
    assert found["zones"].tolist() == rows.groupby(column).size().tolist()
    assert found["declared_km2"].to_numpy() == pytest.approx(
        slow["declared"].to_numpy()
    )
    areas = [slow_m2(shape) / 1e6 for shape in slow.geometry]
    assert found["covered_km2"].to_numpy() == pytest.approx(areas, rel=1e-6)


def test_land_within_the_belt_equals_the_plain_intersection(many):
    belt = many[many["kind"] == "belt"].geometry.union_all()
    everything = many.geometry.union_all()
    found = totals(many, np.ones(len(many), bool), land=survey(many))
    inside = slow_m2(everything.intersection(belt)) / 1e6
    assert found.inside_km2 == pytest.approx(inside, rel=1e-6)


def test_the_payload_holds_the_zones_to_a_millionth_of_a_degree(many):
    back, columns, _ = decode(zone_payload(many))
    given_xy = shapely.get_coordinates(
        shapely.orient_polygons(many.geometry.to_numpy())
    )
    assert np.abs(shapely.get_coordinates(back) - given_xy).max() <= 0.5e-6 + 1e-12
    assert columns["name_zh"] == many["name_zh"].tolist()


corner = st.tuples(st.integers(-1790, 1700), st.integers(-890, 800))


@st.composite
def polygons(draw):
    """Draw a box with up to two holes, its rings either way."""
    x, y = draw(corner)
    side = draw(st.sampled_from([1e-6, 0.01, 3]))
    holes = [
        shapely.box(
            x / 10 + (0.1 + 0.4 * n) * side,
            y / 10 + 0.1 * side,
            x / 10 + (0.4 + 0.4 * n) * side,
            y / 10 + 0.9 * side,
            ccw=draw(st.booleans()),
        ).exterior
        for n in range(draw(st.integers(0, 2)))
    ]
    outline = shapely.box(
        x / 10, y / 10, x / 10 + side, y / 10 + side, ccw=draw(st.booleans())
    )
    return shapely.Polygon(outline.exterior, holes)


areal = polygons() | st.lists(polygons(), min_size=1, max_size=3).map(
    shapely.MultiPolygon
)


@cases(200)
@given(st.lists(areal, max_size=5))
def test_polygons_are_written_as_shapely_writes_them(shapes):
    given_shapes = np.array([*shapes, None], object)[:-1]
    written = [
        shapely.from_geojson(text) for text in write_polygons(given_shapes, decimals=7)
    ]
    for text, shape in zip(written, shapes, strict=True):
        rounded = shapely.transform(shape, lambda xy: np.round(xy, 7))
        plain = shapely.orient_polygons(rounded)
        assert shapely.to_wkb(text) == shapely.to_wkb(plain)


@cases(60)
@given(
    st.lists(
        areal
        | st.none()
        | st.builds(shapely.Point, corner.map(lambda xy: (xy[0] / 10, xy[1] / 10))),
        max_size=5,
    )
)
def test_any_mixture_is_strict_geojson(shapes):
    frame = gpd.GeoDataFrame({"n": range(len(shapes))}, geometry=shapes, crs=4326)
    written = dumps(frame)
    assert faults(written) == []
    features = orjson.loads(written)["features"]
    assert [feature["geometry"] is None for feature in features] == [
        shape is None for shape in shapes
    ]
