"""What the documents say of the program, in numbers and tables, is so."""

import json
import re
from dataclasses import asdict
from datetime import date
from pathlib import Path

import pytest

from beltmap.geo import schema
from beltmap.geo.charter.reading import SCHEMA, default_charter
from beltmap.geo.claims.table import CLAIM_COLUMNS
from beltmap.geo.export.catalogue import FORMATS, ONLY_WGS84
from beltmap.geo.export.crs import CODES, EPSG, PROJECTED, known_crs
from beltmap.geo.export.write import save
from beltmap.geo.intake.limits import PREFIX, Limits
from beltmap.geo.plan.build import NOMINAL_KM2
from beltmap.geo.plan.places import ANCHOR_COLUMNS
from beltmap.geo.plan.selection import Selection
from beltmap.geo.shipped import SHIPPED
from beltmap.geo.zones.files import LARGE_BYTES
from beltmap.geo.zones.packed import BATCH, MOST_SHAPES
from beltmap.geo.zones.table import WRITTEN
from beltmap.layers.basemap.basemaps import ONLINE
from beltmap.layers.keepsakes.offline import offline_page
from beltmap.layers.tiles.tiles import MOST_WHOLE
from tests.bench.results import FILE
from tests.bench.table import END, SHORT_NEXT, START, measured, readers_told

ROOT = Path(__file__).parent.parent
LANGUAGES = ("en", "zh")
NUMBER = re.compile(r"\d+(?:\.\d+)?")
LOST = {
    "style": ("colours", "配色"),
    "claims": ("claims", "依据"),
    "names": ("long column names", "过长的列名"),
    "crs": ("CRS", "坐标系"),
    "zones": ("zones that are not located", "未定位的片区"),
    "types": ("types of numbers", "数值类型"),
    "picture": ("all but the picture", "除图像外的一切"),
}
"""What the table of formats calls each loss."""

DATA = {".csv", ".geojson", ".toml"}
ANY = ("any", "任意")
NO_LOSS = ("nothing", "无")


@pytest.fixture(params=LANGUAGES)
def readme(request):
    """Give all that is told in one language, README and pages, by the language."""
    chinese = request.param == "zh"
    pages = [ROOT / ("README.zh.md" if chinese else "README.md")]
    pages += [
        path
        for path in sorted((ROOT / "docs").glob("*.md"))
        if path.name.endswith(".zh.md") is chinese
    ]
    told = "\n\n".join(path.read_text(encoding="utf-8") for path in pages)
    return request.param, told


def rows(text, *heads):
    """Read the table whose heads begin so, row by row."""
    lines = iter(text.splitlines())
    for line in lines:
        if any(line.startswith(f"| {head} |") for head in heads):
            next(lines)
            for row in lines:
                if not row.startswith("|"):
                    return
                yield [cell.strip() for cell in row.strip("| ").split(" | ")]


def numbers(words):
    return {float(number) for number in NUMBER.findall(words)}


def code(cell):
    """Give what stands in backticks."""
    return re.findall(r"`([^`]+)`", cell)


def column(zones, kind, name):
    return set(zones.loc[zones["kind"] == kind, name].dropna())


def test_layers_have_these_areas(readme, plan):
    zones = plan.zones
    found = {
        Path(code(file)[0]).name: numbers(area)
        for _, file, _, area in rows(readme[1], "layer", "图层")
    }
    expected = {
        file: column(zones, kind, "declared_area_km2") or {NOMINAL_KM2}
        for kind, file in default_charter().files.items()
    }
    assert found == expected
    declared = zones[zones["area_basis"] == "declared"]
    by_kind = declared.groupby("kind")["declared_area_km2"].sum()
    for area in (by_kind.sum(), by_kind["belt"], by_kind["town"]):
        assert re.search(rf"(?<![\d.]){area:g}(?![\d.])", readme[1])


def test_parks_that_are_not_of_the_five_are_named(readme, plan):
    parks = plan.zones[plan.zones["kind"] == "park"]
    planned = parks["patterns"].fillna("").str.contains("five-parks")
    assert planned.sum() == 5
    (said,) = (
        what for _, file, what, _ in rows(readme[1], "layer", "图层") if "parks" in file
    )
    (other,) = parks[~planned & (parks["city"] == "Qingdao")].to_dict("records")
    assert other["name_zh" if "zh" in readme[0] else "name_en"] in said


def test_outlines_are_of_these_zones(readme, plan):
    zones = plan.zones
    table = list(rows(readme[1], "outline", "轮廓"))
    assert len(table) == len(schema.BOUNDARIES)
    counts = zones.groupby(["boundary", "kind"]).size()
    assert "described" not in zones["boundary"].to_list()
    assert counts["schematic"].to_dict() == {"belt": 1, "town": 2, "park": 5, "zone": 1}
    words = table[list(schema.BOUNDARIES).index("schematic")][-1]
    assert ("两城、五个园区" if "zh" in readme[0] else "two towns, five parks") in words
    claims = plan.claims.set_index("id")["value"]
    drawn = {claims[f"qd-belt.{name}"] for name in ("axis_length", "half_width")}
    assert drawn | {40.0} <= numbers(words)
    for boundary in ("place unknown", "not located"):
        assert counts[boundary].sum() == 1


def test_circles_have_these_radii(readme, plan):
    zones = plan.zones
    circled = zones[zones["part_of"].isna() & (zones["boundary"] != "place unknown")]
    radii = circled.set_index("id")["location_uncertainty_m"].dropna()
    assert (radii.idxmin(), radii.idxmax()) == ("qd-park-shinan", "qd-park-hisense")
    least, most = f"{radii.min():g}", f"{radii.max() / 1000:g}"
    assert f"{least} m (Shinan" in readme[1] or f"{least}米（市南" in readme[1]
    assert f"{most} km (Hisense" in readme[1] or f"{most}公里（海信" in readme[1]


def test_formats_lose_this(readme, plan, tmp_path):
    chinese = "zh" in readme[0]
    told = {}
    for _, endings, _, crs, lost in rows(readme[1], "format", "格式"):
        said = lost.split("；")[0].split(";")[0]
        said = re.sub(r"（[^）]*）|\([^)]*\)", "", said)
        for ending in code(endings):
            told[ending] = (crs, {word.strip() for word in re.split("[,、]", said)})
    assert set(told) == {one.suffixes[0] for one in FORMATS.values()}
    for one in FORMATS.values():
        lost = save(Selection(plan), tmp_path / f"x{one.suffixes[0]}").losses
        words = {LOST[loss.kind][chinese] for loss in lost}
        crs = {ONLY_WGS84: ("WGS 84",) * 2, CODES: ANY}
        crs[PROJECTED] = ("projected", "投影坐标")
        assert told[one.suffixes[0]] == (
            crs[one.crs][chinese],
            words or {NO_LOSS[chinese]},
        ), one.code


def test_crs_have_these_codes(readme):
    table = list(rows(readme[1], "`--crs`"))
    assert [name for cell, _ in table for name in code(cell)] == list(CODES)
    said = " ".join(words for _, words in table)
    assert all(str(number) in said for number in EPSG.values())
    spans = re.findall(r"(\d{4,5})–(\d{4,5})", said)
    spans += re.findall(r"(\d{5})–(\d{5})", said.replace("EPSG:", ""))
    assert len(set(spans)) == 6
    for first, last in set(spans):
        assert all(known_crs(f"EPSG:{number}") for number in (first, last))


def test_basemaps_have_these_datums(readme):
    named = {"osm": "OpenStreetMap", "topo": "OpenTopoMap"}
    for one in ONLINE:
        wanted = {"gcj02": "GCJ-02", "cgcs2000": "CGCS2000", "wgs84": "WGS 84"}
        ours = (
            named.get(one.code)
            or {
                "amap": ("Amap", "高德"),
                "tianditu": ("Tianditu", "天地图"),
            }[one.code.removesuffix("-image")]["zh" in readme[0]]
        )
        (row,) = (row for row in rows(readme[1], "basemap", "底图") if ours in row[0])
        assert row[1] == wanted[one.datum], one.code
        assert ("key" in row[2] or "密钥" in row[2]) == (one.key is not None)


def test_sizes_from_which_on_other_ways_are_taken(readme):
    for most in (MOST_WHOLE, MOST_SHAPES, BATCH):
        assert f"{most:,}".replace(",", " ") in readme[1]
    assert LARGE_BYTES == 2**20
    assert "1 MB" in readme[1]


def test_a_saved_map_is_as_large_as_said(readme, plan):
    size = len(offline_page(Selection(plan), on=date(2026, 1, 1))) / 1e6
    said = re.search(r"(?:about |约)([\d.]+) MB", readme[1])[1]
    assert f"{size:.1f}" == said


def test_the_table_of_speed_is_of_the_results_that_are_kept(readme):
    groups = json.loads(FILE.read_text(encoding="utf-8")).values()
    page = "docs/speed.zh.md" if readme[0] == "zh" else "docs/speed.md"
    wanted = {page: measured(groups, page)}
    if readme[0] == "en":
        wanted |= {name: readers_told(groups, name) for name in SHORT_NEXT}
    for page, told in wanted.items():
        words = (ROOT / page).read_text(encoding="utf-8")
        assert re.findall(f"{START}\n(.*?)\n{END}", words, re.DOTALL) == [told]


def test_limits_of_uploads_are_as_said():
    words = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    said = {}
    for names, defaults, _ in rows(words, f"Setting (`{PREFIX}…`)"):
        said |= dict(zip(code(names), map(int, defaults.split(", ")), strict=True))
    assert said == {name.upper(): most for name, most in asdict(Limits()).items()}


def test_every_key_of_the_charter_is_described():
    words = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    charter = words.partition("## `plan.toml`")[2].partition("\n## ")[0]
    schema_of = json.loads(SCHEMA.read_bytes())
    keys = {
        part
        for span in re.findall("`([^`]+)`", charter)
        for part in re.findall(r"\w+", span)
    }
    assert keys >= set(schema_of["properties"])
    for table in ("kinds", "structures", "cities", "sectors"):
        inner = schema_of["properties"][table]["additionalProperties"]
        assert keys >= set(inner["properties"]), table
    assert keys >= set(schema_of["properties"]["words"]["properties"])
    for word in schema_of["properties"]["views"]["items"]["enum"]:
        assert word in charter


def test_every_column_and_file_of_the_plan_is_described():
    words = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    parts = dict(part.split("\n", 1) for part in words.split("\n## "))
    for title, columns in {
        "Columns of a layer": schema.COLUMNS,
        "Columns of `zones.csv`": WRITTEN,
        "Columns of `anchors.csv`": ANCHOR_COLUMNS,
        "Columns of a claim": CLAIM_COLUMNS,
    }.items():
        told = [name for cell, _ in rows(parts[title], "column") for name in code(cell)]
        assert sorted(told) == sorted(columns)
    told = {name for cell, _, _ in rows(words, "file") for name in code(cell)}
    there = {path.name for path in SHIPPED.glob("*/*") if path.suffix in DATA}
    shared = {path.name for path in SHIPPED.glob("basemap/*")} | {"cities.csv"}
    folders = {"basemap/", "default/", "demo/", "qingdao/", "dalian/"}
    assert told == there - shared | folders
