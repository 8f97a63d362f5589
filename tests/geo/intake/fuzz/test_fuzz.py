"""Whatever comes in, a receipt comes out: bytes, structures, damaged files."""

import json

import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import strategies as st

from beltmap.geo.intake.notices import SEVERITY, Severity
from beltmap.geo.intake.questions import Answers
from beltmap.geo.intake.reading import read_upload
from beltmap.geo.intake.uploads import Upload
from tests.chance import cases
from tests.geo.intake.recipes import CASES, adds_up

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


DAMAGES = ["digit"] * 6 + ["letter"] * 2 + ["set", "cut", "double", "insert"]
ANSWERS = [
    Answers(leave_out=True, crs="EPSG:4549"),
    Answers(leave_out=True, crs="swapped"),
    Answers(encoding="gbk", area_unit="ha"),
]
wounds = st.lists(
    st.tuples(st.sampled_from(DAMAGES), st.integers(0, 2**20), st.integers(0, 255)),
    max_size=3,
)


def fuzz(gate):
    """Run so many cases in the gate, however slow or large they are."""
    return cases(gate, suppress_health_check=list(HealthCheck))


def check(name, data, answers=None):
    """Read, and hold the outcome against what every outcome promises."""
    outcome = read_upload(Upload(name, data), answers=answers)
    receipt = outcome.receipt
    assert adds_up(receipt)
    assert all(one.code in SEVERITY for one in receipt.notices)
    said = receipt.as_text() + receipt.as_csv() + receipt.as_json()
    assert "Traceback" not in said
    assert (outcome.rows is not None) == (receipt.verdict < Severity.ASK)
    if receipt.verdict is Severity.ASK:
        assert outcome.questions
    if outcome.rows is not None:
        assert len(outcome.rows) == receipt.drawn + receipt.without_geometry
    return outcome


@fuzz(400)
@given(st.sampled_from(NAMES), st.binary(max_size=300))
def test_any_bytes(name, data):
    check(name, data)


class Files(dict):
    """Contents by name: too long to be shown where a case fails."""

    def __repr__(self):
        return ", ".join(map(str, self))


@pytest.fixture(scope="module")
def files():
    return Files({one: (CASES[one][0], CASES[one][1]()) for one in SMALL})


@fuzz(400)
@given(st.sampled_from(SMALL), wounds, st.sampled_from([None, None, *ANSWERS]))
def test_a_damaged_file(files, identity, wounds, answers):
    """Change, cut or double some bytes of a file of the table."""
    name, content = files[identity]
    damaged = bytearray(content)
    for how, at, n in wounds:
        if damaged:
            damage(damaged, how, at % len(damaged), n)
    check(name, bytes(damaged), answers)


def damage(content, how, at, n):
    """Damage bytes in place: gently, so that the reader gets far, or not."""
    alike = [k for k in range(at, min(at + 200, len(content))) if like(content[k], how)]
    if how in {"digit", "letter"}:
        letters = b"0123456789" if how == "digit" else b"aZ"
        for place in alike[:1]:
            content[place] = letters[n % len(letters)]
    elif how == "set":
        content[at] = n
    elif how == "cut":
        del content[at : at + 1 + n % 40]
    elif how == "double":
        content[at:at] = content[at : at + 40]
    else:
        content[at:at] = ENDINGS[n % len(ENDINGS)]


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


@fuzz(150)
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


@fuzz(150)
@example(["lon", "lat"], [["0", "91"], ["0", "92"], ["1E306", "0"]], ",", "utf-8")
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


@fuzz(150)
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
