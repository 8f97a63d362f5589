"""``plan.toml`` read strictly: every fault in one line, with its line number."""

import json
from pathlib import Path

import pytest

from beltmap.geo.charter.charter import Words
from beltmap.geo.charter.lines import key_lines
from beltmap.geo.charter.reading import SCHEMA, default_charter, read_charter
from beltmap.geo.errors import PlanError
from beltmap.geo.export.crs import epsg_of, known_crs
from beltmap.geo.plan.plan import read_plan
from beltmap.geo.shipped import SHIPPED
from tests.elsewhere import write_flat

SMALLEST = 'title = "Three axes"\n'
KINDS = """
[kinds.core]
name = { en = "Core", zh = "核" }
file = "cores.geojson"
colour = "#AA3377"
frames = true

[kinds.axis]
file = "axes-of-growth.geojson"
"""


def write(folder, content):
    (folder / "plan.toml").write_text(content, encoding="utf-8")
    return folder


def faults(folder, content):
    with pytest.raises(PlanError) as caught:
        read_charter(write(folder, content))
    return caught.value.faults


def test_the_smallest_plan_is_a_title(tmp_path):
    found = read_charter(write(tmp_path, SMALLEST))
    assert found.title == Words("Three axes", "Three axes")
    assert found.kinds == default_charter().kinds
    assert found.structures == ()
    assert found.cities == ()


def test_a_title_and_one_layer_are_a_plan(tmp_path):
    layer = '{"type":"FeatureCollection","features":[]}'
    (tmp_path / "parks.geojson").write_text(layer, encoding="utf-8")
    plan = read_plan(write(tmp_path, SMALLEST))
    assert list(plan.charter.by_kind) == ["park"]
    assert not plan.charter.frames


def test_a_plan_without_the_file_has_the_default(tmp_path):
    assert read_charter(tmp_path) is default_charter()


def test_kinds_stand_in_the_order_of_the_file(tmp_path):
    found = read_charter(write(tmp_path, SMALLEST + KINDS))
    assert list(found.files.items()) == [
        ("core", "cores.geojson"),
        ("axis", "axes-of-growth.geojson"),
    ]
    assert found.colour("core") == "#AA3377"
    assert found.colour("axis") != found.colour("core")
    assert found.colour("nothing of the kind") == found.other_colour
    assert found.frame(language="zh") == "核"
    assert found.messages["zh"]["kind.core"] == "核"
    assert found.messages["en"]["kind.axis"] == "axis"


BROKEN = {
    "unknown key": ('tilte = "x"\n', "E_UNKNOWN_KEY", 2, "subtitle"),
    "unknown key of a kind": (
        KINDS + 'color = "#000000"\n',
        "E_UNKNOWN_KEY",
        11,
        "colour",
    ),
    "no colour": ('[kinds.a]\nfile = "a.geojson"\ncolour = "blue"\n', None, 4, "#0072"),
    "two kinds of one file": (
        KINDS + '[kinds.other]\nfile = "Cores.geojson"\n',
        "E_FILE_SHARED",
        12,
        "core",
    ),
    "a kind without a file": ('[kinds.a]\nname = "A"\n', "E_MISSING_KEY", 2, "file"),
    "a file elsewhere": (
        '[kinds.a]\nfile = "../a.geojson"\n',
        "E_BAD_VALUE",
        3,
        ".geo",
    ),
    "a promise of no kind": (
        KINDS + '[structures.s]\nname = "S"\npromises = { core = 1, town = 3 }\n',
        "E_UNKNOWN_KIND",
        13,
        "core, axis",
    ),
    "a promise of less than none": (
        KINDS + "[structures.s]\npromises = { core = -1 }\n",
        "E_BAD_VALUE",
        12,
        "≥ 0",
    ),
    "a promise that is no number": (
        KINDS + "[structures.s]\npromises = { core = true }\n",
        "E_BAD_VALUE",
        12,
        "≥ 0",
    ),
    "an unknown status": (
        '[structures.s]\nstatus = "dreamt"\n',
        "E_UNKNOWN_STATUS",
        3,
        "planned",
    ),
    "a word in one language": ('subtitle = { en = "x" }\n', "E_MISSING_KEY", 2, "zh"),
    "another version": ("schema = 99\n", "E_BAD_VALUE", 2, "1"),
    "an unknown view": ('views = ["map", "moon"]\n', "E_BAD_VALUE", 2, "compare"),
    "a CRS that is none": ('[cities.A]\ncrs = "EPSG:99999"\n', None, 3, "EPSG:4549"),
    "a CRS in degrees": ('[cities.A]\ncrs = "EPSG:4326"\n', None, 3, "EPSG:4549"),
    "no TOML": ("title = \n", "E_TOML_SYNTAX", 2, ""),
    "a key twice": ('title = "again"\n', "E_TOML_SYNTAX", 2, ""),
    "a code that joins": ('[structures."a;b"]\nname = "x"\n', "E_BAD_VALUE", 2, "one-"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_fault_has_its_line_and_says_what_is_known(tmp_path, case):
    content, code, line, known = BROKEN[case]
    [fault] = faults(tmp_path, SMALLEST + content)
    assert fault.code == (code or "E_BAD_VALUE")
    assert f"plan.toml, line {line}" in fault.where
    assert known in str(fault)
    assert "\n" not in str(fault)


def test_all_faults_are_told_at_once(tmp_path):
    found = faults(tmp_path, 'colour = 1\nunit = "acre"\n')
    assert {fault.code for fault in found} == {
        "E_MISSING_KEY",
        "E_UNKNOWN_KEY",
        "E_BAD_VALUE",
    }


def test_a_wrong_value_hides_no_fault_of_what_stands_beside_it(tmp_path):
    found = faults(
        tmp_path,
        'title = { en = "x" }\n'
        '[kinds.hub]\nname = "Hub"\nfile = "a.geojson"\ncolour = "greenish"\n'
        '[kinds.ring]\nfile = "a.geojson"\n'
        '[kinds.spur]\nname = "Spur"\n'
        '[structures.one]\nname = { zh = "一" }\nwhole = "Hub"\n'
        "promises = { hub = -1, spur = 1, moon = 2 }\n",
    )
    told = [(one.code, one.where.partition(" (")[0]) for one in found]
    assert sorted(told) == [
        ("E_BAD_VALUE", "plan.toml, line 13"),
        ("E_BAD_VALUE", "plan.toml, line 5"),
        ("E_FILE_SHARED", "plan.toml, line 7"),
        ("E_MISSING_KEY", "plan.toml, line 1"),
        ("E_MISSING_KEY", "plan.toml, line 11"),
        ("E_MISSING_KEY", "plan.toml, line 8"),
        ("E_UNKNOWN_KIND", "plan.toml, line 13"),
        ("E_WHOLE_IS_KIND", "plan.toml, line 12"),
    ]


@pytest.mark.parametrize(
    "crs", ["EPSG:4491", "EPSG:4512", "EPSG:4554", "EPSG:32601", "EPSG:32760"]
)
def test_a_city_may_have_any_crs_that_maps_are_drawn_in(tmp_path, crs):
    given = f'[cities.A]\ncrs = "{crs}"\n'
    [city] = read_charter(write(tmp_path, SMALLEST + given)).cities
    assert epsg_of(known_crs(city.crs)) == int(crs.removeprefix("EPSG:"))


def test_lines_are_found_around_texts_and_tables_of_several_lines():
    content = 'a = """\n[no]\nb = 1\n"""\nlist = [\n  "x = 1",\n]\n["t x".y]\nz = 2\n'
    assert key_lines(content) == {
        ("a",): 1,
        ("list",): 5,
        ("t x", "y"): 8,
        ("t x", "y", "z"): 9,
    }


def test_the_schema_holds_for_the_shipped_charters():
    schema = json.loads(SCHEMA.read_bytes())
    assert schema["required"] == ["title"]
    for folder in (SHIPPED, SHIPPED / "default"):
        assert read_charter(folder).kinds


def copy_of_shipped(folder):
    return write_flat(folder)


def test_an_old_folder_opens_as_before(tmp_path):
    old = copy_of_shipped(tmp_path / "old")
    (old / "plan.toml").unlink()
    found, shipped = read_plan(old), read_plan()
    assert found.index.known == shipped.index.known
    assert found.charter.messages["zh"]["kind.park"] == "园区"


def test_a_circle_of_zones_is_a_fault(tmp_path):
    folder = copy_of_shipped(tmp_path / "plan")
    parks = Path(folder / "parks.geojson")
    document = json.loads(parks.read_bytes())
    first, second, third, *_ = document["features"]
    for one, other in ((first, second), (second, first), (third, first)):
        one["properties"]["part_of"] = other["properties"]["id"]
    parks.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(PlanError) as caught:
        read_plan(folder)
    found = [fault for fault in caught.value.faults if fault.code == "E_CIRCLE"]
    assert {fault.where for fault in found} == {
        first["properties"]["id"],
        second["properties"]["id"],
    }


def test_a_kind_of_ones_own_is_read_and_its_layer_file_is_named(tmp_path):
    folder = copy_of_shipped(tmp_path / "plan")
    words = (folder / "plan.toml").read_text(encoding="utf-8")
    more = words.replace("[kinds.belt]", KINDS + "[kinds.belt]", 1)
    (folder / "plan.toml").write_text(more, encoding="utf-8")
    with pytest.raises(PlanError, match=r"cores\.geojson"):
        read_plan(folder)


def test_the_same_text_is_checked_once_and_another_is_read_anew(tmp_path, monkeypatch):
    write(tmp_path, SMALLEST + KINDS)
    first = read_charter(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr("beltmap.geo.charter.reading.misfits", None)
        assert read_charter(tmp_path) == first
    write(tmp_path, SMALLEST.replace("Three", "Four") + KINDS)
    assert read_charter(tmp_path).title.en == "Four axes"
