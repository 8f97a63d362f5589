"""One difference format: written, read strictly, held against a plan, and saved."""

import json
import re
import shutil
from contextlib import suppress

import geopandas as gpd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.affinity import translate

from beltmap.geo.audit.audit import audit
from beltmap.geo.audit.priorities import priorities
from beltmap.geo.changes.between import difference_between
from beltmap.geo.changes.change import (
    Change,
    Difference,
    Edit,
    Version,
    content_stamp,
    dumps,
    versions,
)
from beltmap.geo.changes.fitting import changed_zones, conflicts
from beltmap.geo.changes.reading import parse_difference
from beltmap.geo.changes.saving import save_difference
from beltmap.geo.changes.scenarios import (
    drop_scenario,
    keep_scenario,
    list_scenarios,
    read_scenario,
)
from beltmap.geo.claims.comments import with_comment
from beltmap.geo.errors import PlanError
from beltmap.geo.geometry.area import areas_m2
from beltmap.geo.plan.build import build_layers, write_layers
from beltmap.geo.plan.check import folder_faults
from beltmap.geo.plan.plan import read_plan
from beltmap.geo.report.scenarios import plan_with, scenario_table
from beltmap.geo.shipped import SHIPPED

TOWN = "qd-town-laoshan"
SAID = Edit(by="Reader", at="2026-11-27T11:00:00Z", basis="survey of 2026")


@pytest.fixture
def folder(tmp_path):
    """Copy the plan of Qingdao to where it may be changed, with its basemap."""
    return shutil.copytree(SHIPPED, tmp_path / "data") / "qingdao"


def edited(zones, *, east=0.01, **values):
    """Move the town, and give it other values."""
    made = zones.reset_index(drop=True)
    row = made.index[made["id"] == TOWN][0]
    shapes = list(made.geometry)
    shapes[row] = translate(shapes[row], east, 0)
    for column, value in values.items():
        made.loc[row, column] = value
    return gpd.GeoDataFrame(made.drop(columns="geometry"), geometry=shapes, crs=4326)


def moved(folder, **values):
    zones = read_plan(folder).zones
    after = edited(zones, **values)
    return difference_between(zones, after, plan="qingdao", edit=SAID)


def codes(error):
    return {fault.code for fault in error.value.faults}


def test_what_is_written_is_read_again_letter_for_letter(folder):
    zones = read_plan(folder).zones
    difference = difference_between(zones, edited(zones.iloc[1:], status="existing"))
    written = dumps(difference)
    assert dumps(parse_difference(written, name="it")) == written
    assert {one.id: one.sort for one in difference.changes} == {
        "qd-belt": "removed",
        TOWN: "changed",
    }
    assert json.loads(written)["features"][1]["change"] == "changed"


def test_a_difference_leads_from_one_version_to_the_other(folder):
    zones = read_plan(folder).zones
    after = edited(zones.iloc[:-2], declared_area_km2=4.5, area_basis="published")
    back = difference_between(after, zones)
    assert content_stamp(changed_zones(after, back)) == content_stamp(zones)
    assert {one.sort for one in back.changes} == {"added", "changed"}
    # neither the order of the zones nor that of the corners says anything
    turned = zones.iloc[::-1].set_geometry(zones.geometry.iloc[::-1].reverse())
    assert not difference_between(zones, turned).changes
    assert content_stamp(turned) == content_stamp(zones)


def test_a_change_is_saved_and_a_build_keeps_it(folder):
    others = {p.name: p.read_bytes() for p in folder.iterdir()}
    before = read_plan(folder).zones.set_index("id")
    figures = {"declared_area_km2": 4.5, "area_basis": "published"}
    difference = moved(folder, status="existing", **figures)
    files = save_difference(folder, difference)
    assert set(files) == {"towns.geojson", "claims.csv", "sources.csv", "zones.csv"}
    plan = read_plan(folder)
    zone = plan.zones.set_index("id").loc[TOWN]
    assert (zone["declared_area_km2"], zone["status"]) == (4.5, "existing")
    assert zone["drawn_area_km2"] == round(areas_m2([zone.geometry])[0] / 1e6, 6)
    claims = plan.claims[plan.claims["source"] == "edited"].set_index("attribute")
    assert set(claims.index) == {"outline", "declared_area", "entry"}
    assert claims.loc["outline", "method"] == "drawn"
    assert (
        claims.loc["outline", "note"] == "by Reader (unverified); basis: survey of 2026"
    )
    write_layers(folder)
    rebuilt = read_plan(folder).zones
    assert not difference_between(plan.zones, rebuilt).changes
    assert (rebuilt["drawn_area_km2"] == plan.zones["drawn_area_km2"]).all()
    untouched = before.drop(TOWN)
    assert rebuilt.set_index("id").drop(TOWN).equals(untouched)
    kept = {p.name: p.read_bytes() for p in folder.iterdir()}
    assert {name for name in kept if kept[name] != others[name]} == set(files)
    said = {one.rule for one in audit(plan.zones, plan.claims)}
    assert "zone_differs_from_claim" not in said


def test_saving_twice_changes_nothing_more(folder):
    difference = moved(folder)
    save_difference(folder, difference)
    state = {p.name: p.read_bytes() for p in folder.iterdir()}
    assert save_difference(folder, difference) == ()
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == state


def test_a_zone_is_added_and_removed(folder):
    zones = read_plan(folder).zones
    square = shapely.box(120.5, 36.2, 120.51, 36.21)
    said = dict.fromkeys(zones.columns.drop(["id", "drawn_area_km2", "geometry"]))
    said |= {"name_en": "New", "city": "Qingdao", "kind": "town", "status": "planned"}
    said |= {"boundary": "schematic", "sectors": "BPO", "area_basis": "nominal"}
    new = Change("new", "added", after=Version(said, drawn=True, geometry=square))
    save_difference(folder, Difference((new,), edit=SAID))
    plan = read_plan(folder)
    added = plan.zones.set_index("id").loc["new"]
    assert (added["sectors"], added["kind"]) == ("BPO", "town")
    assert (
        build_layers(folder)["town"].set_index("id").loc["new"].geometry.equals(square)
    )
    save_difference(folder, difference_between(plan.zones, zones))
    assert not difference_between(read_plan(folder).zones, zones).changes


def test_what_someone_else_changed_meanwhile_is_not_overwritten(folder):
    mine, theirs = moved(folder, status="existing"), moved(folder, east=0.02)
    save_difference(folder, theirs)
    state = {p.name: p.read_bytes() for p in folder.iterdir()}
    found = conflicts(read_plan(folder).zones, mine)
    assert [(one.zone, one.about) for one in found] == [(TOWN, "geometry")]
    with pytest.raises(PlanError) as error:
        save_difference(folder, mine)
    assert codes(error) == {"E_CONFLICT"}
    # all three versions are named
    assert str(error.value).count("corners") == 3
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == state


def test_a_zone_that_is_gone_or_there_meanwhile_is_a_conflict(folder):
    zones = read_plan(folder).zones
    gone = conflicts(zones[zones["id"] != TOWN], moved(folder))
    assert [(one.about, one.now) for one in gone] == [("zone", False)]
    add = difference_between(zones[zones["id"] != TOWN], zones)
    assert not conflicts(zones, add)
    there = conflicts(edited(zones), add)
    assert [(one.about, one.now) for one in there] == [("zone", True)]
    for one in (*gone, *there):
        assert one.fault().what


@pytest.mark.parametrize(
    ("shape", "values", "code"),
    [
        (shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)]), {}, "E_BAD_GEOMETRY"),
        (None, {"kind": "castle"}, "E_UNKNOWN_KIND"),
        (None, {"sectors": "alchemy"}, "E_UNKNOWN_SECTORS"),
        (None, {"part_of": "nowhere"}, "E_UNKNOWN_PART_OF"),
        (None, {"sectors": None}, "E_CLAIM_STANDS"),
        # what only a check of the whole folder finds
        (None, {"name_en": "Base"}, "E_WHOLE_IS_ZONE"),
        (None, {"city": "Atlantis"}, "E_UNKNOWN_CITY"),
    ],
)
def test_what_no_plan_may_have_is_refused_and_nothing_is_written(
    folder, shape, values, code
):
    state = {p.name: p.read_bytes() for p in folder.iterdir()}
    zone = read_plan(folder).zones.set_index("id").loc[TOWN]
    before = {column: zone[column] for column in values}
    drawn = shape is not None
    change = Change(
        TOWN,
        "changed",
        Version(before, drawn=drawn, geometry=zone.geometry if drawn else None),
        Version(values, drawn=drawn, geometry=shape),
    )
    with pytest.raises(PlanError) as error:
        save_difference(folder, Difference((change,)))
    assert code in codes(error)
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == state


def test_a_zone_that_someone_remarked_on_is_not_removed(folder):
    told = {"about": TOWN, "author": "A", "time": "2026-11-27", "text": "too small"}
    for name, content in with_comment(folder, **told).items():
        (folder / name).write_bytes(content)
    gone = Change(TOWN, "removed", before=dict(versions(read_plan(folder).zones))[TOWN])
    with pytest.raises(PlanError) as error:
        save_difference(folder, Difference((gone,)))
    assert codes(error) == {"E_COMMENT_ABOUT"}
    assert TOWN in set(read_plan(folder).zones["id"])


def test_a_fault_that_was_there_before_keeps_nobody_from_saving(folder):
    table = folder / "anchors.csv"
    lost = table.read_text().splitlines()[1].split(",")
    head = table.read_text().splitlines()[0].split(",")
    lost[head.index("id")], lost[head.index("role")] = "lost", "zone"
    table.write_text(table.read_text() + ",".join(lost) + "\n")
    before = folder_faults(folder)
    assert [one.code for one in before] == ["E_NO_SUCH_ZONE"]
    save_difference(folder, moved(folder))
    assert folder_faults(folder) == before


GOOD = {
    "type": "FeatureCollection",
    "beltmap": "difference",
    "version": 1,
    "base": {"plan": "p", "stamp": "s"},
    "features": [
        {
            "type": "Feature",
            "id": "a",
            "change": "changed",
            "geometry": None,
            "properties": {"status": "planned"},
            "before": {"properties": {"status": "existing"}},
        }
    ],
}
LINE = {"type": "LineString", "coordinates": [[0, 0], [1, 1]]}
FAR = {"type": "Polygon", "coordinates": [[[0, 0], [999, 0], [0, 1], [0, 0]]]}


@pytest.mark.parametrize(
    "spoilt",
    [
        {"beltmap": "plan"},
        {"version": 2},
        {"base": []},
        {"base": {"plan": 7}},
        {"by": {"x": 1}},
        {"features": {}},
        {"features": [None]},
        {"features": GOOD["features"] * 2},
        {"features": [{**GOOD["features"][0], "id": 7}]},
        {"features": [{**GOOD["features"][0], "change": "eaten"}]},
        {"features": [{**GOOD["features"][0], "change": "added"}]},
        {"features": [{**GOOD["features"][0], "before": 1}]},
        {"features": [{**GOOD["features"][0], "properties": {"colour": "red"}}]},
        {"features": [{**GOOD["features"][0], "properties": {"status": 1}}]},
        {"features": [{**GOOD["features"][0], "properties": {}}]},
        {"features": [{**GOOD["features"][0], "geometry": LINE}]},
        {"features": [{**GOOD["features"][0], "geometry": FAR}]},
        {"features": [{**GOOD["features"][0], "edit": "me"}]},
    ],
)
def test_a_file_that_is_no_difference_says_where(spoilt):
    assert parse_difference(json.dumps(GOOD).encode(), name="it").changes
    with pytest.raises(PlanError) as error:
        parse_difference(json.dumps(GOOD | spoilt).encode(), name="it")
    assert all(fault.where.startswith("it") for fault in error.value.faults)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(
    key=st.sampled_from([*GOOD, *GOOD["features"][0]]), value=JSON, deep=st.booleans()
)
def test_whatever_stands_there_is_a_difference_or_faults(key, value, deep):
    document = {**GOOD, key: value}
    if deep:
        document = {**GOOD, "features": [{**GOOD["features"][0], key: value}]}
    with suppress(PlanError):
        written = dumps(parse_difference(json.dumps(document).encode(), name="it"))
        assert dumps(parse_difference(written, name="it")) == written


def test_scenarios_are_kept_beside_the_plan(folder):
    difference = moved(folder)
    keep_scenario(folder, "崂山 east", difference)
    assert [one.name for one in list_scenarios(folder)] == ["崂山 east"]
    assert dumps(read_scenario(folder, "崂山 east")) == dumps(difference)
    with pytest.raises(PlanError) as error:
        keep_scenario(folder, "崂山 east", difference)
    assert codes(error) == {"E_SCENARIO_TAKEN"}
    (folder / "scenarios" / "broken.geojson").write_text("{")
    assert [len(one.faults) for one in list_scenarios(folder)] == [1, 0]
    drop_scenario(folder, "崂山 east")
    with pytest.raises(PlanError) as error:
        read_scenario(folder, "崂山 east")
    assert codes(error) == {"E_NO_SCENARIO"}


@pytest.mark.parametrize("name", ["", "../up", "a/b", ".hidden", "a\u202eb", "x" * 99])
def test_a_scenario_has_no_name_that_leads_elsewhere(folder, name):
    with pytest.raises(PlanError) as error:
        keep_scenario(folder, name, moved(folder))
    assert codes(error) == {"E_SCENARIO_NAME"}


def test_a_scenario_says_which_goals_it_meets(folder):
    """Without the sectors of its zones a priority of the plan is served by none."""
    plan = read_plan(folder)
    wanted = priorities(plan.zones, plan.claims, sectors=plan.sectors)
    served = wanted[wanted["zones"].map(bool)].iloc[0]
    bare = plan.zones.copy()
    bare.loc[bare["id"].isin(served["zones"]), "sectors"] = None
    base, other = scenario_cells(plan, bare)
    goals = {about: (base[about], other.get(about)) for about in base}
    n, of = (sum(map(bool, wanted["zones"])), len(wanted))
    assert goals["Priorities that a zone serves"][0] == f"{n} of {of}"
    assert goals["Priorities that a zone serves"][1] != f"{n} of {of}"
    title = next(about for about in goals if served["title"].lower() in about.lower())
    assert goals[title] == (f"by {len(served['zones'])} zones", "by 0 zones")
    # goals in figures do not follow from what is drawn: they are counted, once
    assert len({*goals["Goals met"]}) == 1
    assert re.fullmatch(r"\d+ of \d+", goals["Goals met"][0])


def scenario_cells(plan, zones):
    difference = difference_between(plan.zones, zones, plan="qingdao", edit=SAID)
    table = scenario_table(plan, {"bare": difference})
    about = list(table.iloc[:, 0])
    return [dict(zip(about, table.iloc[:, n], strict=True)) for n in (1, 2)]


def test_a_scenario_says_what_it_would_come_to(folder):
    plan, difference = read_plan(folder), moved(folder, declared_area_km2=9.0)
    table = scenario_table(plan, {"bigger": difference})
    base, bigger = (table.iloc[:, n] for n in (1, 2))
    about = list(table.iloc[:, 0])
    row = about.index("Stated in the plan")
    assert base[row] != bigger[row]
    assert "found" in set(bigger)
    save_difference(folder, difference)
    saved = read_plan(folder)
    # what is told before is what comes of it
    again = scenario_table(saved, {})
    assert list(again.iloc[:, 1])[row] == bigger[row]
    ids = set(plan_with(plan, difference).claims["id"])
    assert ids == set(saved.claims["id"])
