"""A plan small enough to check by hand, and the shipped one."""

import geopandas as gpd
import pytest
import shapely
from hypothesis import settings

from geo import schema

# a slow machine is no fault of the code
settings.register_profile("beltmap", deadline=None)
settings.load_profile("beltmap")


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory):
    """Keep nothing between runs of the tests, nor beside what users keep."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BELTMAP_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


EMPTY = dict.fromkeys(schema.COLUMNS)


def zone(number, **properties):
    """Make the properties of a zone, null where a test does not care."""
    kind = properties.get("kind", "park")
    return EMPTY | {"id": f"z{number}", "kind": kind} | properties


@pytest.fixture
def zones():
    """
    Four zones near the equator: a belt, two squares and one without a place.

    The belt is 4 x 1 cells; ``z1`` overlaps half of one of its cells, ``z2``
    lies apart. A cell is a hundredth of a degree wide and high.
    """
    cell = 0.01
    boxes = [
        shapely.box(0, 0, 4 * cell, cell),
        shapely.box(0, cell / 2, cell, 3 * cell / 2),
        shapely.box(10 * cell, 0, 11 * cell, cell),
        None,
    ]
    rows = [
        zone(
            0, kind="belt", city="Qingdao", sectors="software;BPO", boundary="described"
        ),
        zone(1, kind="town", city="Qingdao", sectors="BPO", boundary="schematic"),
        zone(2, city="Dalian", sectors="logistics", boundary="nominal"),
        zone(3, city="Dalian", boundary="not located"),
    ]
    declared = [5.0, 1.25, None, None]
    drawn = [4.92, 1.23, 1.23, None]
    basis = ["declared", "declared", "nominal", None]
    names = ["Belt 产业带", "Lǚshùn Town", "Port Park 物流园", "Lost Park"]
    for row, area, measured, by, name in zip(
        rows, declared, drawn, basis, names, strict=True
    ):
        row |= {
            "declared_area_km2": area,
            "drawn_area_km2": measured,
            "area_basis": by,
            "name_en": name,
        }
    frame = gpd.GeoDataFrame(rows, geometry=boxes, crs=4326)
    for column in schema.NUMBERS:
        frame[column] = frame[column].astype(float)
    return frame


@pytest.fixture(scope="session")
def plan():
    """Give the shipped plan; tests do not change it."""
    from geo.plan import read_plan

    return read_plan()
