"""Whatever a file promises is held against what was read: said, or refused."""

import json
import struct

import geopandas as gpd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely

from beltmap.geo.intake.limits import APART
from tests.geo.intake.formats.reading import codes, read, sentences
from tests.geo.intake.recipes import (
    SQUARE,
    collection,
    feature,
    geopackage,
    shapefile,
    square,
    zipped,
)

END_OF_HEAD = 8


@pytest.fixture
def here(monkeypatch):
    """Read in this process what is read apart."""
    monkeypatch.setenv(APART, "1")


def frame(n=5):
    shapes = [shapely.box(120 + k / 10, 36, 120.05 + k / 10, 36.05) for k in range(n)]
    return gpd.GeoDataFrame(
        {"name": [f"z{k}" for k in range(n)]}, geometry=shapes, crs=4326
    )


@pytest.fixture(scope="module")
def fgb(tmp_path_factory):
    def made(n=5, **options):
        path = tmp_path_factory.mktemp("fgb") / "plan.fgb"
        frame(n).to_file(path, driver="FlatGeobuf", **options)
        return path.read_bytes()

    return made


def counted(data, said):
    """Write another number of features into the header of a FlatGeobuf file."""
    begin = 12
    (root,) = struct.unpack_from("<I", data, begin)
    table = begin + root
    about = table - struct.unpack_from("<i", data, table)[0]
    (at,) = struct.unpack_from("<H", data, about + 4 + 2 * 8)
    at += table
    return data[:at] + struct.pack("<Q", said) + data[at + 8 :]


def only(outcome):
    assert outcome.rows is None
    (said,) = outcome.receipt.notices
    return said


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("index", ["YES", "NO"])
@pytest.mark.parametrize("n", [1, 2, 5, 17, 300])
def test_a_good_flatgeobuf_file_is_read(fgb, n, index):
    data = fgb(n, SPATIAL_INDEX=index)
    assert read("plan.fgb", data).receipt.drawn == n


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("index", ["YES", "NO"])
@pytest.mark.parametrize("said", [1, 4, 6, 190_000, 2**40, 2**64 - 1])
def test_a_flatgeobuf_file_that_promises_another_number(fgb, said, index):
    data = counted(fgb(SPATIAL_INDEX=index), said)
    assert only(read("plan.fgb", data)).code in {"E_COUNT_DIFFERS", "E_FGB_LENGTH"}
    if index == "NO":
        found = only(read("plan.fgb", data))
        assert (found.values["said"], found.values["found"]) == (said, 5)


@pytest.mark.usefixtures("here")
def test_lengths_of_flatgeobuf_that_lead_nowhere(fgb):
    data = fgb(SPATIAL_INDEX="NO")
    (size,) = struct.unpack_from("<I", data, 8)
    first = 12 + size
    for at, value in ((8, 2**32 - 1), (8, 2**31), (8, 3), (first, 0), (first, 2**31)):
        lying = data[:at] + struct.pack("<I", value) + data[at + 4 :]
        assert codes(read("plan.fgb", lying)) == {"E_FGB_LENGTH"}, (at, value)
    cut = read("plan.fgb", data[:-9])
    assert only(cut).place == {"feature": 5}
    assert any("长度" in words for words in sentences(cut))


def parquet(tmp_path, table, geo):
    path = tmp_path / "plan.parquet"
    pq.write_table(table.replace_schema_metadata({b"geo": geo}), path)
    return path.read_bytes()


GEO = {"version": "1.0.0", "primary_column": "geometry"}
COLUMN = {"encoding": "WKB", "geometry_types": []}


@pytest.mark.usefixtures("here")
def test_nested_metadata_of_parquet_has_a_message_of_its_own(tmp_path):
    table = pa.table({"geometry": [shapely.Point(120, 36).wkb]})
    deep = "[" * 50_000 + "]" * 50_000
    plain = json.dumps(GEO | {"columns": {"geometry": COLUMN}})
    assert read("plan.parquet", parquet(tmp_path, table, plain)).receipt.drawn == 1
    for geo in (deep, plain[:-1] + f', "x": {deep}}}'):
        outcome = read("plan.parquet", parquet(tmp_path, table, geo))
        assert codes(outcome) == {"E_NESTED"}
    good = parquet(tmp_path, table, plain)
    (size,) = struct.unpack("<I", good[-8:-4])
    for many in (100, 50_000):
        # a field that nobody knows, of structures in each other, at the end
        foot = good[-8 - size : -9] + b"\xcc" + b"\x1c" * many + bytes(many + 2)
        tail = struct.pack("<I", len(foot)) + b"PAR1"
        outcome = read("plan.parquet", good[: -8 - size] + foot + tail)
        assert codes(outcome) == {"E_NESTED"}
    crs = f'{{"type": {"[" * 900}{"]" * 900}}}'
    stated = plain.replace('"WKB"', f'"WKB", "crs": {crs}')
    assert "E_CRS_MISSING" in codes(
        read("plan.parquet", parquet(tmp_path, table, stated))
    )


@pytest.mark.usefixtures("here")
def test_a_parquet_file_that_promises_other_rows(tmp_path):
    table = pa.table({"geometry": [shapely.Point(120 + n, 36).wkb for n in range(3)]})
    plain = json.dumps(GEO | {"columns": {"geometry": COLUMN}})
    data = parquet(tmp_path, table, plain)
    (size,) = struct.unpack("<I", data[-8:-4])
    begin = len(data) - 8 - size
    # a field of 64 bits after another, and three as its value
    three, said = b"\x16\x06", set()
    for more in (b"\x16\x02", b"\x16\x08", b"\x16\x00"):
        at = data.find(three, begin)
        while at >= 0:
            outcome = read("plan.parquet", data[:at] + more + data[at + 2 :])
            assert outcome.rows is None or len(outcome.rows) == 3
            said |= codes(outcome)
            at = data.find(three, at + 1)
    assert "E_COUNT_DIFFERS" in said


@pytest.mark.usefixtures("here")
def test_a_flatgeobuf_file_that_promises_nothing_is_read_whole(fgb):
    assert read("plan.fgb", counted(fgb(SPATIAL_INDEX="NO"), 0)).receipt.drawn == 5


@pytest.mark.usefixtures("here")
def test_columns_of_parquet_in_each_other(tmp_path):
    """What Arrow itself refuses or gives back is refused or written as JSON."""
    for depth in (3, 60, 400):
        value, kind = 1, pa.int64()
        for _ in range(depth):
            value, kind = [value], pa.list_(kind)
        table = pa.table(
            {"geometry": [shapely.Point(120, 36).wkb], "x": pa.array([value], kind)}
        )
        geo = json.dumps(GEO | {"columns": {"geometry": COLUMN}})
        try:
            data = parquet(tmp_path, table, geo)
        except (pa.ArrowException, OSError):
            continue
        wanted = "W_NESTED_AS_JSON" if depth == 3 else "E_NESTED"
        assert codes(read("plan.parquet", data)) == {wanted}, depth


def parts(**change):
    files = {
        name.rpartition(".")[2]: data for name, data in shapefile(cpg="UTF-8").items()
    }
    return files | change


def shapes(files):
    return read(
        "plan.zip", zipped({f"plan.{end}": data for end, data in files.items()})
    )


def told(outcome, code):
    return [one.values for one in outcome.receipt.notices if one.code == code]


def test_a_good_shapefile_says_nothing():
    assert codes(shapes(parts())) == set()


@pytest.mark.parametrize("said", [0, 1, 3, 40_000])
def test_a_dbf_that_promises_other_records(said):
    dbf = parts()["dbf"]
    outcome = shapes(parts(dbf=dbf[:4] + struct.pack("<I", said) + dbf[8:]))
    assert {"part": ".dbf", "said": said, "found": 2} in told(
        outcome, "W_COUNT_DIFFERS"
    )


def test_a_dbf_of_fewer_or_more_rows_than_there_are_shapes():
    rows = [[b"0101", b"a"]]
    few = shapes(
        {name.rpartition(".")[2]: d for name, d in shapefile(rows=rows).items()}
    )
    assert told(few, "W_COUNT_DIFFERS") == [{"part": ".dbf", "said": 1, "found": 2}]
    many = shapefile(rows=rows * 3)
    outcome = shapes({name.rpartition(".")[2]: d for name, d in many.items()})
    assert told(outcome, "W_COUNT_DIFFERS") == [{"part": ".dbf", "said": 3, "found": 2}]


def test_a_shp_that_promises_another_length_and_a_shx_of_other_records():
    shp, shx = parts()["shp"], parts()["shx"]
    longer = shapes(parts(shp=shp[:24] + struct.pack(">i", 9999) + shp[28:]))
    assert told(longer, "W_LENGTH_DIFFERS")[0]["said"] == 19_998
    other = [shx[:-8], shx + shx[-8:], shx[:100] + shx[108:] + shx[100:108], shx[:50]]
    for index in other:
        assert "W_INDEX_DIFFERS" in codes(shapes(parts(shx=index)))


def test_a_geopackage_whose_count_is_another():
    counts = (
        "CREATE TABLE gpkg_ogr_contents (table_name TEXT, feature_count INTEGER)",
        "INSERT INTO gpkg_ogr_contents VALUES ('zones', {})",
    )
    for said in (0, 1, 9_000):
        data = geopackage(counts[0], counts[1].format(said))
        assert told(read("plan.gpkg", data), "W_COUNT_DIFFERS") == [
            {"part": "gpkg_ogr_contents", "said": said, "found": 2}
        ]
    for said in (2, "NULL"):
        data = geopackage(counts[0], counts[1].format(said))
        assert codes(read("plan.gpkg", data)) == set()


CSV = "name,lon,lat\n"


@pytest.mark.parametrize(
    ("rows", "line"),
    [
        ('"a,120.3,36.1\nb,120.4,36.2\n', 2),
        ('a,120.3,36.1\nb,120.4,"36.2\nc,120.5,36.3\n', 3),
        ('a,120.3,36.1\n"b,120.4,36.2\n"c",120.5,36.3\n', 3),
        ('"a"b,120.3,36.1\n', 2),
        ('"a" ,120.3,36.1\n', 2),
    ],
)
def test_a_quotation_mark_that_does_not_close(rows, line):
    for ending in ("\n", "\r\n"):
        said = only(read("plan.csv", (CSV + rows).replace("\n", ending).encode()))
        assert (said.code, said.place) == ("E_CSV_QUOTE", {"line": line})


def test_rows_that_a_quotation_mark_makes_one_are_said():
    data = CSV + 'a,120.3,36.1\n"b,120.4,36.2\nc",120.5,36.3\nd,120.6,36.4\n'
    outcome = read("plan.csv", data.encode())
    assert outcome.receipt.drawn == 3
    (said,) = [one for one in outcome.receipt.notices if one.code == "W_CSV_LINES"]
    assert (said.place, said.values) == ({"line": 3}, {"n": 2})
    whole = CSV + '"two\nlines, of a name",120.3,36.1\n"he said ""x""",120.4,36.2\n'
    assert "W_CSV_LINES" not in codes(read("plan.csv", whole.encode()))


@pytest.mark.parametrize("kind", ["link", "url", "Link", "URL"])
@pytest.mark.parametrize("address", ["http://127.0.0.1:9/crs", "data.crs", None])
def test_a_crs_that_is_a_link_is_refused_as_one(kind, address):
    crs = {"type": kind, "properties": {"href": address, "type": "proj4"}}
    squares = (feature(), feature({"type": "Polygon", "coordinates": [square(0.2)]}))
    outcome = read("plan.geojson", json.dumps(collection(*squares, crs=crs)).encode())
    said = only(outcome)
    assert (said.code, said.values) == ("E_CRS_LINK", {"found": kind})
    assert "127.0.0.1" not in outcome.receipt.as_text()
    assert SQUARE
