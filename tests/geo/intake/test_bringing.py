"""Columns, the plan that is open, the command line, new plans, differences."""

import json

import geopandas as gpd
import numpy as np
import pytest
import shapely
from click.testing import CliRunner

from beltmap.geo import schema
from beltmap.geo.geometry.datum import from_wgs84
from beltmap.geo.geometry.geojson import dumps
from beltmap.geo.intake.columns.guesses import match_columns
from beltmap.geo.intake.context import Context, context_of
from beltmap.geo.intake.notices import SEVERITY, Severity
from beltmap.geo.intake.questions import Answers
from beltmap.geo.intake.reading import read_upload
from beltmap.geo.intake.uploads import Upload
from beltmap.geo.language.messages import has_text
from beltmap.geo.plan.plan import read_plan
from beltmap.geo.query.difference import (
    as_geojson,
    as_text,
    difference,
    difference_zones,
)
from beltmap.geo.shipped import SHIPPED
from beltmap.layers.commands.main import main
from tests.geo.intake.recipes import CASES, collection, feature, point, polygon, square

ROOF = polygon(square())


def read(document, *, plan=None, name="plan.geojson", **answers):
    data = document if isinstance(document, bytes) else json.dumps(document).encode()
    context = context_of(plan) if plan else Context()
    return read_upload(Upload(name, data), answers=Answers(**answers), context=context)


def codes(outcome):
    return [one.code for one in outcome.receipt.notices]


def zones(properties, geometry=ROOF, *, plan=None, **answers):
    outcome = read(collection(feature(geometry, properties)), plan=plan, **answers)
    return outcome.zones


def test_every_code_has_its_words():
    for code in SEVERITY:
        assert has_text(f"fault.{code}"), code
        if SEVERITY[code] >= Severity.ASK:
            assert has_text(f"fault.{code}.hint"), code


KEPT = {
    *("编号", "面积(公顷)", "面积_亩", "area_ha", "占地面积"),
    *("类型", "状态", "产业", "城市", "sectors (as given)", "city (as given)"),
}
"""Columns that stay beside what was read from them, as they say it otherwise."""


@pytest.mark.parametrize(
    ("given", "target", "value"),
    [
        ({"名称": "崂山城"}, "name_zh", "崂山城"),
        ({"name": "崂山城"}, "name_zh", "崂山城"),
        ({"name": "Laoshan"}, "name_en", "Laoshan"),
        ({"编号": 7}, "id", "7"),
        ({"面积(公顷)": 120}, "declared_area_km2", 1.2),
        ({"面积_亩": "1,500"}, "declared_area_km2", 1.0),
        ({"area_ha": 100}, "declared_area_km2", 1.0),
        ({"AREA_KM2": 4.4}, "declared_area_km2", 4.4),
        ({"占地面积": "440公顷"}, "declared_area_km2", 4.4),
        ({"类型": "园区"}, "kind", "park"),
        ({"状态": "规划"}, "status", "planned"),
        ({"产业": "软件、BPO"}, "sectors", "software;BPO"),
        ({"sectors": "Software"}, "sectors", "software"),
        ({"城市": "青岛市"}, "city", "Qingdao"),
        ({"city": "DALIAN"}, "city", "Dalian"),
        ({"city": "Yantai"}, "city", "Yantai"),
    ],
)
def test_columns_are_matched(given, target, value, plan):
    made = zones(given, plan=plan, area_unit="km²" if "占地面积" in given else None)
    assert made[target].tolist() == [value]
    (column,) = given
    extra = made.columns.drop([*schema.COLUMNS, "upload", "geometry"])
    names = () if given == {target: value} else (column, f"{column} (as given)")
    assert extra.tolist() == [name for name in names if name in KEPT]
    assert [made[name].tolist() for name in extra] == [[given[column]]] * len(extra)


def test_a_column_that_is_read_otherwise_stays_as_it_was(plan):
    made = zones(
        {"面积(公顷)": 120, "类型": "园区", "note": "x", "kind": "??"}, plan=plan
    )
    assert made["面积(公顷)"].tolist() == [120]
    assert made["note"].tolist() == ["x"]
    assert made["kind (as given)"].tolist() == ["??"]


def test_every_zone_has_every_column_of_the_plan(plan):
    made = zones({})
    assert list(made.columns[: len(schema.COLUMNS)]) == list(schema.COLUMNS)
    assert made["upload"].tolist() == ["plan.geojson"]
    assert made["source"].tolist() == ["plan.geojson, feature 1"]
    for column in schema.NUMBERS:
        assert made[column].dtype == np.float64
    assert made.crs == plan.zones.crs


def test_the_unit_of_an_area_is_asked_for_or_compared():
    asked = read(collection(feature(point(), {"面积": 5})))
    assert [question.about for question in asked.questions] == ["area_unit"]
    drawn_ha = 1.0e4
    outcome = read(collection(feature(ROOF, {"面积": drawn_ha})))
    (match,) = outcome.matches
    assert (match.unit, match.why) == ("ha", "compared")
    assert zones({"面积": 5}, point(), area_unit="mu")["declared_area_km2"][0] < 0.004


def test_a_person_can_choose_the_columns():
    document = collection(feature(ROOF, {"a": "x", "name": "y"}))
    assert read(document, columns={"name": "a"}).zones["name_en"].tolist() == ["x"]
    none = read(document, columns={"name": ""})
    assert [match.target for match in none.matches] == []
    table = b"p,q\n120.3,36.1\n"
    assert codes(read(table, name="a.csv")) == ["E_CSV_NO_COORDINATES"]
    told = read(table, name="a.csv", columns={"lon": "p", "lat": "q"})
    assert told.receipt.drawn == 1


def test_matches_take_each_column_once():
    rows = read(collection(feature(ROOF, {"name": "a", "title": "b", "id": 1}))).rows
    matches = match_columns(rows, wanted={})
    assert len({match.column for match in matches}) == len(matches)
    assert len({match.target for match in matches}) == len(matches)


def test_unknown_sectors_and_values_are_said(plan):
    outcome = read(
        collection(feature(ROOF, {"sectors": "magic", "kind": "moon"})), plan=plan
    )
    assert {"W_UNKNOWN_SECTOR", "W_UNKNOWN_VALUE"} <= set(codes(outcome))
    assert zones({"sectors": "magic;BPO"}, plan=plan)["sectors"].tolist() == [
        "magic;BPO"
    ]


@pytest.mark.parametrize(
    ("name", "kind", "code"),
    [
        ("城阳物流园", "park", "W_KIND_BY_NAME"),
        ("Sino-German Eco Park", "park", "W_KIND_BY_NAME"),
        ("Park A", "park", "W_KIND_BY_NAME"),
        ("园区B", "park", "W_KIND_BY_NAME"),
        ("Parkside", "zone", "W_KIND_DEFAULT"),
        ("动漫产业城", "town", "W_KIND_BY_NAME"),
        ("园林局", "zone", "W_KIND_DEFAULT"),
    ],
)
def test_a_zone_without_a_kind_has_that_of_its_name_and_it_is_said(
    plan, name, kind, code
):
    outcome = read(collection(feature(ROOF, {"name": name})), plan=plan)
    assert outcome.zones["kind"].tolist() == [kind]
    [said] = [one for one in outcome.receipt.notices if "W_KIND" in one.code]
    assert (said.code, said.values) == (code, {"n": 1, "kind": kind})
    given = collection(feature(ROOF, {"name": name, "kind": "产业带"}))
    given = read(given, plan=plan)
    assert given.zones["kind"].tolist() == ["belt"]
    assert not [one for one in codes(given) if "W_KIND" in one]


def test_a_person_can_say_what_a_word_for_a_sector_means(plan):
    document = collection(feature(ROOF, {"sectors": "软件研发；magic"}))
    told = {"软件研发": "software"}
    outcome = read(document, plan=plan, sectors=told)
    found = [n.values for n in outcome.receipt.notices if n.code == "W_UNKNOWN_SECTOR"]
    assert [values["found"] for values in found] == [["magic"]]
    drawn = outcome.zones
    assert drawn["sectors"].tolist() == ["software;magic"]
    wrong = read(document, plan=plan, sectors={"magic": "sorcery"})
    assert codes(wrong) == ["E_UNKNOWN_ANSWER"]


def test_a_position_at_infinity_is_refused_and_no_warning_is_given():
    given = json.dumps(collection(feature(ROOF))).replace("120.3", "1e999")
    assert codes(read(given.encode())) == ["E_COORD_RANGE"]


def test_a_declared_area_is_held_against_the_drawn_one():
    assert "W_AREA_DIFFERS" in codes(read(collection(feature(ROOF, {"area_km2": 40}))))
    assert "W_AREA_DIFFERS" not in codes(
        read(collection(feature(ROOF, {"area_km2": 100})))
    )


def test_a_town_outside_its_belt_is_said(plan):
    far = {"kind": "town", "part_of": "qd-belt"}
    assert "W_OUTSIDE_FRAME" in codes(read(collection(feature(ROOF, far)), plan=plan))
    belt = plan.zones.set_index("id").geometry["qd-belt"]
    inside = json.loads(shapely.to_geojson(belt.buffer(-0.001)))
    near = read(collection(feature(inside, far)), plan=plan)
    assert "W_OUTSIDE_FRAME" not in codes(near)


@pytest.mark.parametrize(("datum", "answer"), [("gcj02", "GCJ-02"), ("bd09", "BD-09")])
def test_a_shift_against_known_places_is_asked_about(datum, answer, plan):
    known = context_of(plan).anchors
    assert known
    moved = [
        feature(
            point(*from_wgs84(np.array([[a.lon, a.lat]]), datum=datum)[0]),
            {"n": a.names[0]},
        )
        for a in known
    ]
    asked = read(collection(*moved), plan=plan)
    assert asked.receipt.verdict is Severity.ASK
    assert codes(asked)[0] == "E_DATUM_SHIFT"
    assert asked.questions[0].notice.values["datum"] == answer
    told = read(collection(*moved), plan=plan, crs=answer)
    assert told.rows.geometries[0].x == pytest.approx(known[0].lon, abs=1e-6)
    kept = read(collection(*moved), plan=plan, crs="WGS84")
    assert "E_DATUM_SHIFT" not in codes(kept)


def test_known_places_where_they_belong_are_not_asked_about(plan):
    there = [
        feature(point(a.lon, a.lat), {"n": a.names[0]})
        for a in context_of(plan).anchors
    ]
    assert read(collection(*there), plan=plan).receipt.verdict is Severity.ACCEPT


def test_the_plan_itself_comes_in_whole(plan):
    outcome = read(dumps(plan.zones), plan=plan)
    made = outcome.zones
    for column in set(schema.COLUMNS) - {"drawn_area_km2"}:
        both = [frame[column].astype(object) for frame in (made, plan.zones)]
        here, there = (values.where(values.notna(), None).tolist() for values in both)
        assert here == there
    assert difference(plan.zones, made) == ()


def run(*arguments):
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.mark.parametrize(
    ("identity", "status"), [("K20", 0), ("D03", 0), ("A03", 1), ("F12", 2), ("K02", 2)]
)
def test_check_ends_with_what_follows(identity, status, tmp_path):
    name, make = CASES[identity]
    (tmp_path / name).write_bytes(make())
    done = run("check", tmp_path / name)
    assert done.exit_code == status, done.output
    assert "row" in done.output.lower()


def test_options_answer_the_questions(tmp_path):
    for identity, options in (
        ("F12", ["--crs", "WGS84"]),
        ("K02", ["--layer", "parks"]),
        ("G07", ["--encoding", "gbk"]),
        ("D02", ["--leave-out"]),
        ("K25", ["--column", "lon=area", "--column", "lat=area"]),
    ):
        name, make = CASES[identity]
        (tmp_path / name).write_bytes(make())
        done = run("check", tmp_path / name, *options)
        assert done.exit_code == 0, done.output
    assert run("check", tmp_path / name, "--column", "lon").exit_code == 2


def test_check_prints_a_receipt_for_programs(tmp_path):
    (tmp_path / "a.geojson").write_bytes(CASES["D03"][1]())
    repaired = tmp_path / "repaired.geojson"
    done = run("check", tmp_path / "a.geojson", "--json", "--repaired", repaired)
    receipt = json.loads(done.output)
    assert (receipt["verdict"], receipt["rows_in"], receipt["drawn"]) == (
        "REPAIR",
        1,
        1,
    )
    assert gpd.read_file(repaired).geometry.is_valid.all()


def test_files_of_a_shapefile_are_read_together(tmp_path):
    from tests.geo.intake.recipes import shapefile

    files = shapefile("图层", encoding="gbk", language=0x4D)
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    done = run("check", *(tmp_path / name for name in files))
    assert done.exit_code == 0, done.output
    assert done.output.count("2 rows: 2 drawn") == 1


def test_a_new_plan_can_be_opened_filled_and_compared(tmp_path, plan):
    folder = tmp_path / "new"
    assert run("new", folder).exit_code == 0
    assert read_plan(folder).zones["id"].tolist() == ["example-park"]
    guide = (folder / "README.md").read_text(encoding="utf-8")
    for column in schema.COLUMNS:
        assert f"`{column}`" in guide
    export = tmp_path / "all.geojson"
    export.write_bytes(dumps(plan.zones))
    done = run("import", export, "--into", folder)
    assert done.exit_code == 0, done.output
    assert len(read_plan(folder).zones) == len(plan.zones) + 1
    # sectors that the plan did not have came along, in the file's words
    assert "BPO" in read_plan(folder).sectors["code"].tolist()
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    again = run("import", export, "--into", folder)
    assert again.exit_code == 1
    assert "E_DUPLICATE_ID" in again.output
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    done = run("diff", folder, SHIPPED)
    assert "\n- Example Park (example-park): removed" in f"\n{done.output}"
    assert run("new", folder).exit_code == 1


def test_import_asks_and_refuses_as_check_does(tmp_path):
    folder = tmp_path / "new"
    run("new", folder)
    for identity, status in (("F12", 2), ("A03", 1)):
        name, make = CASES[identity]
        (tmp_path / name).write_bytes(make())
        assert run("import", tmp_path / name, "--into", folder).exit_code == status
    assert read_plan(folder).zones["id"].tolist() == ["example-park"]


def test_a_difference_names_what_changed(zones):
    after = zones.copy()
    after.loc[1, ["declared_area_km2", "source"]] = [2.5, "my survey"]
    after.loc[2, "geometry"] = shapely.box(0.1, 0.01, 0.12, 0.02)
    after = after.drop(index=3)
    after.loc[9] = after.loc[2]
    after.loc[9, "id"] = "z9"
    changes = {change.id: change for change in difference(zones, after)}
    assert {key: change.change for key, change in changes.items()} == {
        "z9": "added",
        "z3": "removed",
        "z1": "changed",
        "z2": "changed",
    }
    (attribute,) = changes["z1"].attributes
    assert (attribute.column, attribute.before, attribute.after) == (
        "declared_area_km2",
        1.25,
        2.5,
    )
    assert changes["z1"].source_after == "my survey"
    assert not changes["z1"].redrawn
    east, north = 0.005 * 111_319, 0.01 * 110_574
    assert changes["z2"].moved_m == pytest.approx(np.hypot(east, north), rel=1e-3)
    assert changes["z2"].resized_km2 == pytest.approx(1.2309, rel=1e-3)
    words = as_text(changes.values())
    assert "moved by 1,238 m" in words
    document = json.loads(as_geojson(changes.values(), zones, after))
    versions = {f["properties"]["id"] for f in document["features"]}
    assert versions == {
        "z9@after",
        "z3@before",
        "z1@before",
        "z1@after",
        "z2@before",
        "z2@after",
    }


def test_no_difference_is_said(zones):
    assert difference(zones, zones) == ()
    assert as_text(()) == "Both versions say the same.\n"
    assert len(difference_zones((), zones, zones)) == 0
