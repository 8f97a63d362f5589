"""The points of a plan: anchors, rival candidates, context."""

import pytest
import shapely

from beltmap.geo.errors import PlanError
from beltmap.geo.plan.places import (
    ANCHOR_COLUMNS,
    PLACE_COLUMNS,
    leaders,
    read_anchors,
    read_rival_axes,
)
from beltmap.geo.shipped import SHIPPED

GOOD = "z1,One,一,Qingdao,zone,,120.4,36.1,100,located,somewhere,"
RIVAL = "r1,Other,二,Qingdao,rival,z1,120.5,36.2,900,inferred,elsewhere,a note"


def folder_with(tmp_path, *rows):
    """Write a plan folder that has nothing but anchors."""
    lines = [",".join(ANCHOR_COLUMNS), *rows]
    (tmp_path / "anchors.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return tmp_path


def test_point_and_uncertainty_are_read(tmp_path):
    anchors = read_anchors(folder_with(tmp_path, GOOD, RIVAL))
    assert list(anchors.columns) == [*PLACE_COLUMNS, "geometry"]
    assert anchors.crs == 4326
    assert anchors.geometry[0] == shapely.Point(120.4, 36.1)
    assert anchors["uncertainty_m"].tolist() == [100.0, 900.0]
    assert anchors["note"].tolist() == [None, "a note"]


def test_no_rows_give_no_places(tmp_path):
    assert read_anchors(folder_with(tmp_path)).empty


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("z1", "", "E_EMPTY_CELL"),
        ("somewhere", "", "E_EMPTY_CELL"),
        ("zone", "village", "E_UNKNOWN_VALUE"),
        ("located", "guessed", "E_UNKNOWN_VALUE"),
        ("120.4", "220.4", "E_NUMBER"),
        ("36.1", "nan", "E_NUMBER"),
        ("100", "-1", "E_NUMBER"),
        ("100", "", "E_NUMBER"),
        ("zone,,", "zone,z2,", "E_RIVAL"),
        ("zone,,", "rival,,", "E_RIVAL"),
        ("zone,,", "rival,z9,", "E_RIVAL"),
    ],
)
def test_a_wrong_cell_is_named_with_its_line(tmp_path, old, new, code):
    with pytest.raises(PlanError) as caught:
        read_anchors(folder_with(tmp_path, GOOD.replace(old, new, 1)))
    assert [fault.code for fault in caught.value.faults] == [code]
    assert caught.value.faults[0].where.startswith("anchors.csv, line 2")


def test_all_faults_come_at_once(tmp_path):
    wrong = GOOD.replace("120.4", "x").replace("located", "guessed")
    with pytest.raises(PlanError) as caught:
        read_anchors(folder_with(tmp_path, wrong, wrong))
    codes = sorted(fault.code for fault in caught.value.faults)
    assert codes == 2 * ["E_DUPLICATE_ID"] + 2 * ["E_NUMBER"] + 2 * ["E_UNKNOWN_VALUE"]


def test_shipped_rivals_stand_beside_their_zones(plan):
    places = plan.places.set_index("id")
    rivals = places[places["role"] == "rival"]
    assert rivals["rival_of"].to_dict() == {
        "qd-alt-hisense": "qd-park-hisense",
        "qd-alt-film": "qd-town-film",
    }
    assert (places["role"] != "zone").sum() == 12


def test_points_put_on_the_axis_say_that_they_are_schematic():
    anchors = read_anchors(SHIPPED / "qingdao").set_index("id")
    schematic = anchors[anchors["basis"] == "schematic"]
    assert set(schematic.index) == {"qd-town-film", "qd-park-bpo", "qd-park-logistics"}
    assert (schematic["uncertainty_m"] >= 15_000).all()


def test_a_zone_of_unknown_place_leads_to_its_rival(plan):
    lines = leaders(plan.zones, plan.places)
    assert lines["role"].tolist() == ["leader"]
    rival = plan.places.set_index("id").geometry["qd-alt-film"]
    assert shapely.Point(lines.geometry[0].coords[-1]) == rival
    assert leaders(plan.zones.iloc[:0], plan.places).empty


def test_the_coast_road_is_a_rival_axis_and_a_broken_file_has_none(plan, tmp_path):
    assert plan.rival_axes["zone"].tolist() == ["qd-belt"]
    assert plan.rival_axes["name_zh"].notna().all()
    (tmp_path / "axis.geojson").write_text("{", encoding="utf-8")
    assert read_rival_axes(tmp_path).empty
