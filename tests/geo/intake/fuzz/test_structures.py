"""Files whose counts, lengths and offsets lie: a receipt comes out of each."""

import io
import json
import struct
import zipfile
from contextlib import suppress

import geopandas as gpd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from beltmap.geo.intake.limits import APART
from beltmap.geo.intake.notices import RefusedError
from beltmap.geo.intake.raw.wkb import shape_of_wkb
from tests.geo.intake.fuzz.test_fuzz import Files, check, damage, fuzz, wounds
from tests.geo.intake.recipes import GOOD, shapefile, zipped

pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(scope="module", autouse=True)
def apart():
    """Read here what the worker reads."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(APART, "1")
        yield


def lies(fields):
    """Choose some numbers of a file, and what they say instead."""
    return st.lists(
        st.tuples(st.sampled_from(fields), st.sampled_from(WAYS), st.integers(0, 63)),
        min_size=1,
        max_size=4,
    )


WAYS = ("set", "bit", "near", "double", "whole", "random")


def told(data, field, way, n):
    """Write another number into a field, which is an offset and a kind."""
    at, kind = field
    size = struct.calcsize(kind)
    if at < 0 or at + size > len(data):
        return data
    (said,) = struct.unpack_from(kind, data, at)
    most = (1 << (8 * size)) - 1
    value = {
        "set": (0, 1, 2, 3, most, most >> 1, (most >> 1) + 1, most - 1)[n % 8],
        "bit": said ^ (1 << (n % (8 * size))),
        "near": said + n % 9 - 4,
        "double": said * 2 + n % 2,
        "whole": len(data) - at - n % 9,
        "random": (n * 0x9E3779B97F4A7C15) >> 7,
    }[way]
    return data[:at] + struct.pack(kind, value & most) + data[at + size :]


def lied(data, chosen):
    for field, way, n in chosen:
        data = told(data, field, way, n)
    return data


# zip: the end, the table and the heads
def places(data, mark):
    at = data.find(mark)
    while at >= 0:
        yield at
        at = data.find(mark, at + 1)


END = [(4, "<H"), (6, "<H"), (8, "<H"), (10, "<H"), (12, "<I"), (16, "<I"), (20, "<H")]
ENTRY = [(n, "<H") for n in (4, 6, 8, 10, 28, 30, 32, 34)]
ENTRY += [(n, "<I") for n in (16, 20, 24, 38, 42)]
LOCAL = [(n, "<H") for n in (4, 6, 8, 26, 28)] + [(n, "<I") for n in (14, 18, 22)]


def zip_fields(data):
    return [
        (at + offset, kind)
        for mark, fields in (
            (b"PK\x05\x06", END),
            (b"PK\x01\x02", ENTRY),
            (b"PK\x03\x04", LOCAL),
        )
        for at in places(data, mark)
        for offset, kind in fields
    ]


def stored():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("plan.geojson", GOOD)
        archive.writestr("more/plan.csv", "name,lon,lat\na,120.3,36.1\n")
        archive.comment = b"PK\x05\x06 made by hand"
    return out.getvalue()


ARCHIVES = [zipped(shapefile(cpg="UTF-8")), stored(), zipped({"a.geojson": GOOD})]
ends = st.sampled_from(["", "", "again", "before", "long", "comment"])


def ended(data, how):
    """Give an archive another end, or other bytes around it."""
    at = data.rfind(b"PK\x05\x06")
    end = data[at:]
    long = struct.pack("<4sQ2H2I4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 3, 3, 99, 9)
    locator = struct.pack("<4sIQI", b"PK\x06\x07", 0, at, 1)
    return {
        "": data,
        "again": data + end,
        "before": ARCHIVES[2] + data,
        "long": data[:at] + long + locator + end,
        "comment": data[:-2] + struct.pack("<H", len(end)) + end,
    }[how]


@fuzz(100)
@given(st.data(), st.sampled_from(ARCHIVES), ends, wounds)
def test_any_archive(data, archive, how, hurt):
    content = lied(archive, data.draw(lies(zip_fields(archive))))
    content = bytearray(ended(content, how))
    for way, at, n in hurt[:1]:
        damage(content, way, at % len(content), n)
    check("a.zip", bytes(content))


# dbf, with shp and shx
def table_fields(parts):
    fields = {"dbf": [(1, "B"), (4, "<I"), (8, "<H"), (10, "<H"), (29, "B")]}
    for column in range(2):
        at = 32 + 32 * column
        fields["dbf"] += [(at + n, "B") for n in (0, 10, 11, 16, 17)]
    fields["dbf"] += [(96, "B"), (97, "B"), (len(parts["dbf"]) - 1, "B")]
    fields["shp"] = [(0, ">i"), (24, ">i"), (32, "<i")]
    at = 100
    while at + 8 <= len(parts["shp"]):
        (size,) = struct.unpack_from(">i", parts["shp"], at + 4)
        fields["shp"] += [(at, ">i"), (at + 4, ">i"), (at + 8, "<i")]
        fields["shp"] += [(at + n, "<i") for n in (44, 48, 52)] + [(at + 56, "<Q")]
        at += 8 + 2 * size
    fields["shx"] = [(n, ">i") for n in (24, 100, 104, 108, 112)]
    return [
        (part, at, kind.replace("i", "I"))
        for part, places_ in fields.items()
        for at, kind in places_
    ]


PARTS = {name.rpartition(".")[2]: d for name, d in shapefile(cpg="UTF-8").items()}
cuts = st.dictionaries(st.sampled_from(sorted(PARTS)), st.integers(0, 400), max_size=1)


@fuzz(100)
@given(lies(table_fields(PARTS)), cuts)
def test_any_shapefile(chosen, cut):
    parts = dict(PARTS)
    for (part, at, kind), way, n in chosen:
        parts[part] = told(parts[part], (at, kind), way, n)
    for part, length in cut.items():
        parts[part] = parts[part][:length]
    check("a.zip", zipped({f"a.{end}": content for end, content in parts.items()}))


@pytest.fixture(scope="module")
def columnar(tmp_path_factory):
    """Give FlatGeobuf and GeoParquet files of several makes."""
    folder = tmp_path_factory.mktemp("columnar")
    shapes = [
        shapely.box(120, 36, 120.1, 36.1),
        shapely.MultiPolygon([shapely.box(121, 36, 121.1, 36.1)]),
        shapely.box(122, 36, 122.1, 36.1).exterior,
    ]
    frame = gpd.GeoDataFrame(
        {"name": ["甲", None, "c" * 50], "n": [1.5, 2, None], "d": [1, 2, 3]},
        geometry=shapes,
        crs=4326,
    )
    fgb = []
    for n, index in enumerate(("YES", "NO")):
        for few in (frame, frame[:1].to_crs(4549)):
            path = folder / f"{n}{len(few)}.fgb"
            few.to_file(path, driver="FlatGeobuf", SPATIAL_INDEX=index)
            fgb.append(path.read_bytes())
    parquet = []
    for n, settings in enumerate(
        ({}, {"compression": None}, {"compression": "zstd", "row_group_size": 1})
    ):
        path = folder / f"{n}.parquet"
        frame.to_parquet(path, index=False, **settings)
        parquet.append(path.read_bytes())
    return Files({"fgb": fgb, "parquet": parquet})


def fgb_fields(data):
    """Find every number by its place: FlatBuffers align them."""
    (size,) = struct.unpack_from("<I", data, 8)
    end = min(12 + size + 400, len(data))
    fields = [(at, "<I") for at in range(8, end - 4, 4)]
    return fields + [(at, "<H") for at in range(12, end - 2, 2)]


@fuzz(100)
@given(st.data(), st.integers(0, 3), wounds)
def test_any_flatgeobuf(columnar, data, n, hurt):
    content = columnar["fgb"][n]
    content = bytearray(lied(content, data.draw(lies(fgb_fields(content)))))
    for way, at, value in hurt[:1]:
        damage(content, way, at % len(content), value)
    check("a.fgb", bytes(content))


def parquet_fields(data):
    """Find the length of the footer, and every byte of it: its numbers have no size."""
    (size,) = struct.unpack_from("<I", data, len(data) - 8)
    begin = len(data) - 8 - size
    fields = [(len(data) - 8, "<I")] * 40
    return (
        fields
        + [(at, "B") for at in range(begin, len(data) - 8)]
        + [(at, "B") for at in range(4, min(begin, 200))]
    )


GEO = st.sampled_from(
    [
        *("null", "[]", "{}", "1", "[" * 5000, '{"primary_column": []}'),
        '{"primary_column": "geometry", "columns": []}',
        '{"primary_column": "geometry", "columns": {"geometry": []}}',
        '{"primary_column": "name", "columns": {"name": {"encoding": "WKB"}}}',
        '{"primary_column": "geometry", "columns": {"geometry": {"crs": {}}}}',
    ]
)


@fuzz(100)
@given(st.data(), st.integers(0, 2), wounds, st.none() | st.none() | GEO)
def test_any_parquet(columnar, data, n, hurt, geo):
    content = columnar["parquet"][n]
    if geo is not None:
        content = described(content, geo)
    content = bytearray(lied(content, data.draw(lies(parquet_fields(content)))))
    for way, at, value in hurt[:1]:
        damage(content, way, at % len(content), value)
    check("a.parquet", bytes(content))


BLOBS = [
    shapely.to_wkb(shape, byte_order=order, flavor=flavor)
    for shape in (
        shapely.MultiPolygon([shapely.box(0, 0, 9, 9), shapely.box(20, 0, 21, 1)]),
        shapely.force_3d(shapely.MultiLineString([[(0, 0), (1, 1)], [(2, 2), (3, 3)]])),
        shapely.GeometryCollection([shapely.Point(1, 2), shapely.box(0, 0, 1, 1)]),
        shapely.MultiPoint([(0, 0), (1, 1)]),
    )
    for order in (0, 1)
    for flavor in ("iso", "extended")
]


@fuzz(100)
@given(st.data(), st.sampled_from(BLOBS), st.integers(0, 60))
def test_any_well_known_binary(data, blob, cut):
    fields = [(at, kind) for at in range(len(blob)) for kind in ("<I", ">I", "B")]
    hurt = lied(blob, data.draw(lies(fields)))[: len(blob) - max(cut - 40, 0)]
    with suppress(RefusedError):
        shape = shape_of_wkb(hurt, {"row": 1})
        assert shape is None or shapely.get_num_coordinates(shape) <= len(hurt)


def described(content, geo):
    """Write a GeoParquet file with another description of its geometry."""
    table = pq.read_table(io.BytesIO(content))
    out = pa.BufferOutputStream()
    pq.write_table(table.replace_schema_metadata({b"geo": geo}), out)
    return out.getvalue().to_pybytes()


def test_the_files_are_read_where_they_do_not_lie(columnar):
    for end, files in columnar.items():
        for content in files:
            assert check(f"a.{end}", content).receipt.drawn >= 1
    for archive in ARCHIVES:
        receipt = check("a.zip", archive).receipt
        assert receipt.verdict.name in {"ACCEPT", "ASK"}, receipt.as_text()
    assert json.loads(GOOD)
