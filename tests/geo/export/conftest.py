"""Plans to export: the shipped one, and one that is hard to hold."""

from dataclasses import replace

import geopandas as gpd
import pytest
import shapely

from beltmap.geo import schema
from beltmap.geo.export.extract import take_extract
from beltmap.geo.plan.plan import read_plan
from tests.choosing import choose

HOSTILE = "=1+1 {{7*7}} <b>\"'&` 产业带 🌏 \u200f\u202eabc\ttab\nline \\U+0041 $x^2$"
LONG = "长" * 10_000
CONTROL = "bell \x07 and escape \x1b[0m"


@pytest.fixture(scope="session")
def shipped():
    return read_plan()


@pytest.fixture(scope="session")
def everything(shipped):
    return choose(shipped)


@pytest.fixture(scope="session")
def odd(shipped):
    """
    Give four zones: with a hole, in two parts, not located, and plain.

    Their texts are hostile, long, empty and with control characters; a column
    more than the plan's has a name with quotes.
    """
    hole = shapely.Polygon(
        shapely.box(120.4, 36.0, 120.5, 36.1).exterior,
        [shapely.box(120.42, 36.02, 120.44, 36.04).exterior],
    )
    parts = shapely.MultiPolygon(
        [shapely.box(121.3, 38.8, 121.35, 38.9), shapely.box(121.4, 38.8, 121.55, 38.9)]
    )
    shapes = [hole, parts, None, shapely.box(120.6, 36.3, 120.61, 36.31)]
    kinds = ["belt", "zone", "park", "park"]
    names = ["Plain", HOSTILE, "", LONG]
    rows = [dict.fromkeys(schema.COLUMNS) for _ in shapes]
    for number, row in enumerate(rows):
        row |= {
            "id": f"z{number}",
            "kind": kinds[number],
            "name_en": names[number],
            "name_zh": "产业带",
            "focus_en": CONTROL if number == 1 else None,
            "city": "Dalian" if number == 1 else "Qingdao",
            "declared_area_km2": 0.1 + 0.2 if number == 0 else None,
        }
    frame = gpd.GeoDataFrame(rows, geometry=shapes, crs=4326)
    for column in schema.COLUMNS:
        kind = float if column in schema.NUMBERS else object
        frame[column] = frame[column].astype(kind)
    frame['it\'s "quoted" 用地'] = ["a", None, "b", "c"]
    return replace(shipped, zones=frame[[*frame.columns.drop("geometry"), "geometry"]])


@pytest.fixture
def extract(everything):
    """Take all shipped zones in a CRS."""
    return lambda crs: take_extract(everything, crs=crs)
