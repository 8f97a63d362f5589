"""The nearest zones, measured between outlines."""

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import shapely

from beltmap.geo.query.neighbours import neighbours

BOXES = {
    "belt": shapely.box(120.0, 36.0, 120.4, 36.2),
    "park": shapely.box(120.1, 36.1, 120.11, 36.11),
    "across": shapely.box(120.39, 36.1, 120.5, 36.12),
    "touching": shapely.box(119.9, 36.0, 120.0, 36.1),
    "far": shapely.box(120.6, 36.1, 120.7, 36.2),
    "lost": shapely.box(120.1, 36.1, 120.12, 36.12),
    "undrawn": None,
}


def plan_of(boxes, **unknown):
    boundary = [unknown.get(name, "schematic") for name in boxes]
    columns = {"id": list(boxes), "boundary": boundary}
    return gpd.GeoDataFrame(columns, geometry=list(boxes.values()), crs=4326)


@pytest.fixture(scope="module")
def zones():
    return plan_of(BOXES, lost="place unknown")


def around(zones, name, most=6):
    names = zones["id"].tolist()
    found = neighbours(zones, names.index(name), most=most)
    return {names[one.row]: (one.how, one.distance_m) for one in found}


def test_it_is_said_how_each_lies(zones):
    assert around(zones, "park")["belt"] == ("inside", 0.0)
    belt = around(zones, "belt")
    assert belt["park"] == ("around", 0.0)
    assert belt["across"] == ("across", 0.0)
    assert belt["touching"] == ("beside", 0.0)
    way = pyproj.Geod(ellps="WGS84").inv(120.4, 36.2, 120.6, 36.2)[2]
    assert belt["far"] == ("beside", pytest.approx(way, rel=0.01))
    assert list(belt)[-1] == "far"


def test_zones_without_a_place_are_near_to_none(zones):
    assert around(zones, "lost") == around(zones, "undrawn") == {}
    assert {"lost", "undrawn"}.isdisjoint(around(zones, "park"))


def test_boxes_do_not_hide_what_is_nearer():
    # the box of a hook is all around, its outline far away; many are in between
    hook = shapely.LineString([(121, 35), (121, 37), (119, 37)]).buffer(0.001)
    boxes = {"here": shapely.box(119.5, 35.5, 119.51, 35.51)}
    boxes |= {f"hook {n}": hook for n in range(20)}
    boxes["near"] = shapely.box(119.6, 35.5, 119.61, 35.51)
    assert list(around(plan_of(boxes), "here", most=1)) == ["near"]


def test_the_nearest_are_those_that_measuring_all_would_find():
    rng = np.random.default_rng(5)
    places = rng.uniform((119, 35), (122, 37), (200, 2))
    boxes = {
        str(n): shapely.box(x, y, x + 0.02, y + 0.01) for n, (x, y) in enumerate(places)
    }
    zones = plan_of(boxes)
    found = neighbours(zones, 0, most=3)
    earth, here = pyproj.Geod(ellps="WGS84"), zones.geometry[0]
    far = [
        earth.geometry_length(shapely.shortest_line(here, other))
        for other in zones.geometry[1:]
    ]
    assert [one.distance_m for one in found] == pytest.approx(sorted(far)[:3])
