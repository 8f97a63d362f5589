"""Losses: each kind is found where it is, and nothing else is claimed."""

import geopandas as gpd
import numpy as np
import pytest
import shapely

from beltmap.geo.export import losses
from beltmap.geo.export.catalogue import FORMATS
from beltmap.geo.export.losses import Loss, find_losses, loss_line
from beltmap.geo.export.readback import Readback
from beltmap.geo.export.write import write
from tests.choosing import choose

ALL = np.ones(4, bool)


def kinds(extract, zones, *, styled=True, claims=10**6):
    found = find_losses(extract, Readback(zones, styled=styled, claims=claims))
    return {loss.kind: loss for loss in found}


def test_nothing_lost_is_nothing_said(extract):
    taken = extract("gk")
    assert kinds(taken, taken.zones) == {}


def test_shuffled_rows_are_no_loss(extract):
    taken = extract("wgs84")
    assert kinds(taken, taken.zones[::-1].reset_index(drop=True)) == {}


def test_lost_zone_is_named(extract):
    taken = extract("wgs84")
    found = kinds(taken, taken.zones.dropna(subset="geometry"))
    assert set(found) == {"zones"}
    assert found["zones"].names == ("dl-software-park",)


def test_moved_corner_is_measured(extract):
    taken = extract("gk")
    near = taken.zones.set_geometry(taken.zones.translate(0.005, 0))
    assert set(kinds(taken, near)) == {"precision"}
    assert 4 < kinds(taken, near)["precision"].shift_mm < 8
    nearer = taken.zones.set_geometry(taken.zones.translate(0.0005, 0))
    assert kinds(taken, nearer) == {}


def test_other_outline_is_named(extract):
    taken = extract("wgs84")
    round_ = taken.zones.set_geometry(taken.zones.simplify(0.01))
    assert "qd-belt" in kinds(taken, round_)["geometry"].names


def test_renamed_lost_and_retyped_columns_are_named(extract):
    taken = extract("wgs84")
    zones = taken.zones
    renamed = zones.rename(columns={"name_zh": "name"})
    assert kinds(taken, renamed)["names"].names == ("name_zh",)
    less = zones.drop(columns=["source", "city"])
    assert kinds(taken, less)["columns"].names == ("city", "source")
    as_text = zones.astype({"drawn_area_km2": "str"})
    assert kinds(taken, as_text)["types"].names == ("drawn_area_km2",)


def test_changed_value_is_named(extract):
    taken = extract("wgs84")
    changed = taken.zones.copy()
    changed.loc[0, "name_zh"] = "软"
    changed.loc[1, "drawn_area_km2"] *= 1 + 1e-9
    first, second = taken.zones["id"][:2]
    assert kinds(taken, changed)["values"].names == (
        f"{first}: name_zh",
        f"{second}: drawn_area_km2",
    )


def test_style_claims_and_crs_are_missed(extract):
    taken = extract("wgs84")
    bare = taken.zones.set_crs(None, allow_override=True)
    assert set(kinds(taken, bare, styled=False, claims=0)) == {"crs", "style", "claims"}


def test_picture_is_only_a_picture(extract):
    assert find_losses(extract("gk"), Readback(None)) == (Loss("picture"),)


def test_many_names_are_counted():
    line = loss_line([Loss("values", tuple("abcde"))])
    assert line == "Does not keep: 5 values, cut or changed (a, b, c and 2 more)."


@pytest.mark.parametrize("code", FORMATS)
def test_what_a_hard_plan_loses_is_found(odd, code):
    found = write(choose(odd), format_code=code).losses
    assert loss_line(found).startswith(("Does not keep: ", "Keeps everything"))
    lost = {loss.kind: loss.names for loss in found}
    assert "geometry" not in lost
    changed = set(lost.get("values", ()))
    # what each format does to texts, measured: hostile, long, control characters
    assert changed == CHANGED.get(code, set()), changed


HOSTILE, LONG, CONTROL = "z1: name_en", "z3: name_en", "z1: focus_en"
CHANGED = {
    "shapefile": {LONG},
    "kml": {CONTROL},
    "kmz": {CONTROL},
    "dxf": {HOSTILE, CONTROL, LONG},
    "xlsx": {CONTROL},
    "csv": {HOSTILE},
    "csvzip": {HOSTILE},
}


@pytest.mark.parametrize(("times", "lost"), [(0.8, set()), (1.2, {"precision"})])
def test_one_vertex_is_lost_once_it_moves_by_more_than_the_threshold(
    extract, times, lost
):
    taken = extract("gk")
    zones = taken.zones.copy()
    row = zones.index[zones["kind"] == "park"][0]
    corners = shapely.get_coordinates(zones.geometry[row])
    corners[1, 0] += times * losses.SHIFT_MM / 1_000
    shape = shapely.set_coordinates(zones.geometry[row], corners)
    zones.loc[[row], "geometry"] = gpd.GeoSeries([shape], [row], crs=zones.crs)
    assert set(kinds(taken, zones)) == lost
