"""Whatever comes in, a receipt comes out: bytes, structures, damaged files."""

import json
import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from recipes import CASES

from geo.intake.notices import SEVERITY, Severity
from geo.intake.questions import Answers
from geo.intake.reading import Upload, read_upload

SCALE = float(os.environ.get("BELTMAP_FUZZ", "1"))
NAMES = [
    "a.geojson",
    "a.csv",
    "a.kml",
    "a.gpkg",
    "a.zip",
    "a.kmz",
    "a.shp",
    "a",
    "a.xlsx",
]
SMALL = sorted(
    set(CASES) - {"A24", "E12", "E19", "H16", "I01", "I05", "I06", "I09", "J13"}
)
ENDINGS = (b"", b"\x00", b"}", b'"', b",", b"\xff", b"PK\x05\x06" + bytes(18))


def fuzz(cases):
    """Run so many cases, the same ones every time, without a database."""
    return settings(
        max_examples=max(10, int(cases * SCALE)),
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )


def check(name, data, answers=None):
    """Read, and hold the outcome against what every outcome promises."""
    outcome = read_upload(Upload(name, data), answers=answers)
    receipt = outcome.receipt
    assert receipt.adds_up
    assert all(one.code in SEVERITY for one in receipt.notices)
    said = receipt.as_text() + receipt.as_csv() + receipt.as_json()
    assert "Traceback" not in said
    assert (outcome.rows is not None) == (receipt.verdict < Severity.ASK)
    if receipt.verdict is Severity.ASK:
        assert outcome.questions
    if outcome.rows is not None:
        assert len(outcome.rows) == receipt.drawn + receipt.without_geometry
    return outcome


@fuzz(8000)
@given(st.sampled_from(NAMES), st.binary(max_size=300))
def test_any_bytes(name, data):
    check(name, data)


@pytest.fixture(scope="module")
def files():
    return {identity: (CASES[identity][0], CASES[identity][1]()) for identity in SMALL}


@fuzz(5000)
@given(data=st.data())
def test_a_damaged_file(files, data):
    """Change, cut or double some bytes of a file of the table."""
    name, content = files[data.draw(st.sampled_from(SMALL))]
    damaged = bytearray(content)
    for how in data.draw(st.lists(st.sampled_from(DAMAGES), max_size=3)):
        if damaged:
            damage(damaged, how, data)
    answers = data.draw(st.sampled_from([None, None, *ANSWERS]))
    check(name, bytes(damaged), answers)


DAMAGES = ["digit"] * 6 + ["letter"] * 2 + ["set", "cut", "double", "insert"]
ANSWERS = [
    Answers(leave_out=True, crs="EPSG:4549"),
    Answers(leave_out=True, crs="swapped"),
    Answers(encoding="gbk", area_unit="ha"),
]


def damage(content, how, data):
    """Damage bytes in place: gently, so that the reader gets far, or not."""
    at = data.draw(st.integers(0, len(content) - 1))
    alike = [n for n in range(at, min(at + 200, len(content))) if like(content[n], how)]
    if how in {"digit", "letter"}:
        for place in alike[:1]:
            content[place] = data.draw(
                st.sampled_from(b"0123456789" if how == "digit" else b"aZ")
            )
    elif how == "set":
        content[at] = data.draw(st.integers(0, 255))
    elif how == "cut":
        del content[at : at + data.draw(st.integers(1, 40))]
    elif how == "double":
        content[at:at] = content[at : at + 40]
    else:
        content[at:at] = data.draw(st.sampled_from(ENDINGS))


def like(byte, how):
    return chr(byte).isdigit() if how == "digit" else chr(byte).isalpha()


numbers = (
    st.floats(-200, 200)
    | st.integers(-(10**7), 10**8)
    | st.sampled_from([0, 180, -180, 90, 1e308, 120.3, 36.1, 39_500_000, 4_000_000])
)
odd = st.none() | st.booleans() | st.text(max_size=4) | st.just({}) | st.just([])
positions = st.lists(numbers, min_size=2, max_size=2) | st.lists(
    numbers | odd, max_size=4
)
lines = st.lists(positions, max_size=6) | odd
rings = st.lists(lines, max_size=3) | odd
coordinates = numbers | positions | lines | rings | st.lists(rings, max_size=3)
kinds = st.sampled_from(
    ["Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon"]
)
simple = st.fixed_dictionaries({"type": kinds, "coordinates": coordinates})
shapes = st.recursive(
    simple | odd,
    lambda inner: st.fixed_dictionaries(
        {
            "type": st.just("GeometryCollection"),
            "geometries": st.lists(inner, max_size=3),
        }
    ),
    max_leaves=4,
)
values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers(-(2**70), 2**70) | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3)
    ),
    max_leaves=6,
)
keys = st.text(max_size=12) | st.sampled_from(
    [
        "id",
        "name",
        "面积",
        "area_ha",
        "geometry",
        "part_of",
        "sectors",
        "kind",
        "",
        "upload",
    ]
)
features = st.fixed_dictionaries(
    {"type": st.just("Feature"), "geometry": shapes},
    optional={
        "properties": st.dictionaries(keys, values, max_size=5) | odd,
        "id": values,
    },
)
collections = st.fixed_dictionaries(
    {
        "type": st.just("FeatureCollection"),
        "features": st.lists(features | odd, max_size=4),
    },
    optional={"name": values, "crs": values, "bbox": values},
)


@fuzz(3000)
@given(collections | features | values)
def test_any_structure(document):
    """Loses no row: each feature is drawn, without a shape, or refused."""
    outcome = check("a.geojson", json.dumps(document).encode())
    if outcome.rows is not None:
        listed = [document]
        if document["type"] == "FeatureCollection":
            listed = document["features"]
        assert outcome.receipt.rows_in == len(listed)


cells = (
    st.text(max_size=8)
    | numbers.map(str)
    | st.sampled_from(
        [
            "POINT (120 36)",
            "SRID=4549;POINT (1 2)",
            '{"type":"Point"}',
            "120°23′",
            "NaN",
            "=1+1",
        ]
    )
)
headers = st.sampled_from(
    ["lon", "lat", "x", "y", "wkt", "经度", "纬度", "坐标", "name", "面积"]
)


@fuzz(2000)
@given(
    st.lists(headers | st.text(max_size=5), min_size=1, max_size=5),
    st.lists(st.lists(cells, max_size=6), max_size=5),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]),
)
def test_any_table(header, body, delimiter, encoding):
    lines = [delimiter.join(line) for line in [header, *body]]
    check("a.csv", "\n".join(lines).encode(encoding, "replace"))


tags = st.sampled_from(
    [
        "kml",
        "Document",
        "Folder",
        "Placemark",
        "name",
        "Point",
        "LineString",
        "Polygon",
        "LinearRing",
        "outerBoundaryIs",
        "innerBoundaryIs",
        "coordinates",
        "MultiGeometry",
        "ExtendedData",
        "Data",
        "value",
        "NetworkLink",
        "GroundOverlay",
        "x:y",
    ]
)
trees = st.recursive(
    st.text(max_size=6) | numbers.map(lambda n: f"{n},{n},{n} 1,2"),
    lambda inner: st.tuples(tags, st.lists(inner, max_size=4)),
    max_leaves=12,
)


def xml(tree):
    if isinstance(tree, str):
        return tree.replace("&", "&amp;").replace("<", "&lt;")
    return f"<{tree[0]}>{''.join(map(xml, tree[1]))}</{tree[0]}>"


@fuzz(2000)
@given(st.lists(trees, max_size=5))
def test_any_tree(forest):
    words = "".join(map(xml, forest))
    check("a.kml", f"<kml>{words}</kml>".encode("utf-8", "replace"))


def test_the_fuzz_can_fail():
    """A reader that forgets a row is found by the check of every outcome."""
    good = check(
        "a.geojson", json.dumps({"type": "FeatureCollection", "features": []}).encode()
    )
    assert good.receipt.rows_in == 0
