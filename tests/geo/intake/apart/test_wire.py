"""A process that has been taken over can send nothing but zones."""

import copy
import json
import struct
from dataclasses import replace

import numpy as np
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal

from beltmap.geo import schema
from beltmap.geo.geometry.anywhere import measured_m2
from beltmap.geo.intake import reading
from beltmap.geo.intake.apart import wire, worker
from beltmap.geo.intake.apart.blobs import DEEPEST, MOST_LOOSE, from_blobs, to_blobs
from beltmap.geo.intake.apart.cells import pack_column, unpack_column
from beltmap.geo.intake.apart.listed import SHOWN, listed
from beltmap.geo.intake.checks import advice
from beltmap.geo.intake.reading import read_upload
from beltmap.geo.intake.rows import ABSENT
from beltmap.geo.intake.uploads import Upload, bundles
from beltmap.geo.zones.packed import PackedArray
from tests.geo.intake.recipes import collection, feature, polygon, square

PROPERTIES = {"id": "a", "kind": "park", "area_km2": 100, "note": "x"}
UPLOAD = Upload(
    "mine.geojson",
    json.dumps(
        collection(feature(polygon(square()), PROPERTIES), feature(None, {"note": 7}))
    ).encode(),
)


@pytest.fixture(scope="module")
def said():
    """Give what an honest process says: its head, its columns, its geometries."""
    head, *pieces = wire.pack_outcome(read_upload(UPLOAD))
    head = json.loads(head)
    pieces.reverse()
    names = [f"zones.{column}" for column in schema.COLUMNS]
    names += [f"columns.{column}" for column in head["layer"]["columns"]]
    columns = {name: unpack_column(pieces, 2)[0].tolist() for name in names}
    sizes, blobs = reversed(pieces)
    return head, columns, np.frombuffer(sizes, "<i8").tolist(), blobs


def copied(said):
    head, columns, sizes, blobs = said
    # `ABSENT` is one thing, and a copy of it is none
    columns = {name: [*values] for name, values in columns.items()}
    return copy.deepcopy(head), columns, sizes, blobs


def unpacked(head, columns, sizes, blobs, upload=UPLOAD):
    pieces = [json.dumps(head).encode()]
    for values in columns.values():
        told = json.dumps([{} if one is ABSENT else one for one in values]).encode()
        pieces += [np.arange(len(values), dtype="<i4").tobytes(), told, b""]
    pieces += [np.array(sizes, "<i8").tobytes(), blobs]
    return wire.unpack_outcome(pieces, upload)


def test_what_an_honest_process_says_is_taken(said):
    outcome = unpacked(*said)
    assert outcome.zones["id"].tolist() == ["a", "feature-2"]
    assert_geodataframe_equal(outcome.zones, read_upload(UPLOAD).zones)


GONE = "(gone)"
OUTSIDE = [
    ("zones.id", ["a", "a"]),
    ("zones.id", ["a", None]),
    ("zones.id", ["a"]),
    ("zones.name_en", [7, None]),
    ("zones.name_en", [{"$": 1}, None]),
    ("zones.name_en", GONE),
    ("layer.made", ["declared_area_qualifier"]),
    ("layer.made", ["strange"]),
    ("layer.size", 3),
    ("layer.shown", {"note": ["x"]}),
    ("layer.shown", {}),
    ("layer.columns", ["note"]),
    ("layer.columns", ["id", "kind", "area_km2", "note", "note"]),
    ("zones.kind", ["city", "park"]),
    ("zones.kind", [1, "park"]),
    ("zones.declared_area_km2", ["large", None]),
    ("zones.declared_area_km2", [float("inf"), None]),
    ("zones.drawn_area_km2", [float("nan"), None]),
    ("zones.drawn_area_km2", [[1], None]),
    ("layer.own", {"id": "note"}),
    ("layer.own", {"geometry": "note"}),
    ("layer.own", {"upload": "note"}),
    ("layer.own", {"note": "no such column"}),
    ("layer.own", {"note": 1}),
    ("columns.note", ["x"]),
    ("columns.note", [["x"], 7]),
    ("columns.note", [{"x": 1}, 7]),
    ("layer.numbers", ["1", "2"]),
    ("layer.numbers", [1]),
    ("layer.ids", [[], []]),
    ("layer.word", "%s"),
    ("layer.notices", [["x", {}, {}, 1]]),
    ("sizes", [-1, -1]),
    ("sizes", [93]),
    ("sizes", [10**12, -1]),
    ("layer", None),
    ("receipt.name", "another.geojson"),
    ("receipt.verdict", 9),
    ("receipt.verdict", 4),
    ("receipt.drawn", "one"),
    ("receipt.notices", [{"code": "E_STRANGE"}]),
    ("receipt.notices", [{"code": "W_SLIVER", "values": {"n": 1}}]),
    ("receipt.notices", [{"code": "E_EMPTY", "place": {"__class__": 1}}]),
    ("questions", [{"about": "__class__", "notice": {"code": "E_EMPTY"}}]),
    ("matches", [{"target": "x", "column": "note", "why": "same"}]),
    ("matches", [{"target": "id", "column": "note", "why": "magic"}]),
    ("matches", [{"target": "id", "column": "note", "why": "same", "unit": "acre"}]),
    ("layers", "one"),
    ("sectors", {"a": 1}),
]


@pytest.mark.parametrize(("path", "value"), OUTSIDE, ids=str)
def test_nothing_passes_that_an_outcome_has_not(path, value, said):
    head, columns, sizes, blobs = copied(said)
    if path == "sizes":
        sizes = value
    elif path in columns and value is GONE:
        del columns[path]
    elif path in columns:
        columns[path] = value
    else:
        *parents, last = path.split(".")
        place = head
        for parent in parents:
            place = place[parent]
        assert place[last] != value
        place[last] = value
    with pytest.raises(ValueError, match=r"."):
        unpacked(head, columns, sizes, blobs)


@pytest.mark.parametrize("made", ["declared_area_qualifier", "declared_area_most_km2"])
@pytest.mark.parametrize("value", [1, "2", [1], {"$": 1}], ids=str)
def test_what_qualifies_a_figure_is_looked_over(made, value, said):
    head, columns, sizes, blobs = copied(said)
    head["layer"]["made"] = [made]
    fine = {"declared_area_qualifier": "about", "declared_area_most_km2": 2.0}[made]
    both = []
    for cell in (fine, value):
        more = {}
        for name, values in columns.items():
            if name == "columns.id":
                more["zones." + made] = [cell, None]
            more[name] = values
        both.append(more)
    assert unpacked(head, both[0], sizes, blobs).zones[made].tolist() == [fine, None]
    if (made, value) != ("declared_area_qualifier", "2"):
        with pytest.raises(ValueError, match=r"."):
            unpacked(head, both[1], sizes, blobs)


@pytest.mark.parametrize("cut", [0, 1, 2, 10, -1])
def test_what_is_cut_short_is_no_outcome(cut):
    pieces = [*wire.pack_outcome(read_upload(UPLOAD))]
    with pytest.raises(ValueError, match=r"."):
        wire.unpack_outcome(pieces[:cut], UPLOAD)
    with pytest.raises(ValueError, match=r"."):
        wire.unpack_outcome([pieces[0][:-1], *pieces[1:]], UPLOAD)
    with pytest.raises(ValueError, match=r"."):
        wire.unpack_outcome([*pieces, b"12345678"], UPLOAD)
    with pytest.raises(ValueError, match=r"."):
        wire.unpack_outcome([b"[" * 200_000], UPLOAD)


VALUES = [
    [],
    ["a"],
    [None, None],
    ["a", "a", "b", "a"],
    ["a", 1, 1.0, "1", None, ABSENT, "", 0, 10**18],
    ["\ud800", "\u5b57\U0001f600", "a\nb"],
]


@pytest.mark.parametrize("values", VALUES, ids=repr)
def test_a_column_passes_as_it_is(values):
    pieces = [*pack_column(values)][::-1]
    again = unpack_column(pieces, len(values))[0].tolist()
    assert again == values
    assert [*map(type, again)] == [*map(type, values)]
    assert not pieces


def test_a_long_column_passes_in_pieces():
    values = [f"{k}{'a' * 2_000}" for k in range(600)] + ["b" * 1_500_000]
    pieces = [*pack_column(values)]
    assert 3 < len(pieces) < 9
    assert unpack_column(pieces[::-1], len(values))[0].tolist() == values


@pytest.mark.parametrize(
    "pieces",
    [
        (b"", b'["a"', b""),
        (b"", b'{"a": 1}', b""),
        (b"", b'[["a"], "b"]', b""),
        (b"", b'["a", true]', b""),
        (b"", b'["a", {"b": 1}]', b""),
        (b"", b'["a", "b", "c"]', b""),
        (b"", b""),
        (b"\0\0\0\0\1\0\0\0", b'["a"]', b""),
        (b"\xff\xff\xff\xff\0\0\0\0", b'["a"]', b""),
        (b"\0\0\0\0", b'["a"]', b""),
        (b"\0\0\0\0\0", b'["a"]', b""),
        (b"", b'["a"]'),
        (),
    ],
    ids=repr,
)
def test_a_column_is_looked_over(pieces):
    with pytest.raises((ValueError, IndexError)):
        unpack_column([*pieces][::-1], 2)


def many(n):
    """Give a file of points, one in twenty of them empty."""
    shapes = ({"type": "Point", "coordinates": [120, k / 1e3]} for k in range(n))
    rows = (feature(None if k % 20 == 7 else one, {}) for k, one in enumerate(shapes))
    return Upload("many.geojson", json.dumps(collection(*rows)).encode())


def test_many_zones_reach_a_page_packed():
    upload = many(MOST_LOOSE + 5)
    whole = read_upload(upload)
    brief = wire.unpack_outcome([*wire.pack_outcome(listed(whole))], upload)
    assert isinstance(brief.zones.geometry.array, PackedArray)
    assert_geodataframe_equal(brief.zones, whole.zones)
    assert len(brief.rows) == SHOWN
    assert list(brief.rows.columns) == list(whole.rows.columns)
    few = many(MOST_LOOSE)
    loose = wire.unpack_outcome([*wire.pack_outcome(listed(read_upload(few)))], few)
    assert not isinstance(loose.zones.geometry.array, PackedArray)


def test_no_empty_shape_is_packed():
    blob = shapely.to_wkb(shapely.Polygon(), byte_order=1)
    sizes = np.full(MOST_LOOSE + 1, len(blob), "<i8").tobytes()
    blobs = blob * (MOST_LOOSE + 1)
    assert shapely.is_empty(from_blobs([blobs, sizes], MOST_LOOSE + 1)).all()
    with pytest.raises(ValueError, match="empty"):
        from_blobs([blobs, sizes], MOST_LOOSE + 1, packed=True)


def nested(kind, depth):
    """Put a point into so many collections of one part."""
    point = struct.pack("<BI2d", 1, 1, 120, 36)
    return struct.pack("<BII", 1, kind, 1) * depth + point


BOWTIE = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1), (0, 0)])
SOUND = shapely.to_wkb(shapely.box(0, 0, 1, 1), byte_order=1)
BROKEN = {
    # GEOS itself ends the process over these
    "thousands of collections": nested(7, 200_000),
    "thousands of parts of parts": nested(6, 200_000),
    "one collection too many": nested(7, DEEPEST),
    "no bytes": b"",
    "text": b"POINT (1 2)",
    "a byte short": SOUND[:-1],
    "a byte more": SOUND + b"\0",
    "four billion rings": struct.pack("<BII", 1, 3, 2**32 - 1),
    "four billion points": struct.pack("<BII", 1, 2, 2**32 - 1),
    "a curve": struct.pack("<BII", 1, 8, 0),
    "an open ring": struct.pack("<BIII6d", 1, 3, 1, 3, 0, 0, 1, 0, 1, 1),
    "not valid": shapely.to_wkb(BOWTIE, byte_order=1),
    "far out": shapely.to_wkb(shapely.Point(500_000, 4e6), byte_order=1),
    "at infinity": shapely.to_wkb(shapely.Point(np.inf, 0), byte_order=1),
    "nowhere": struct.pack("<BII4d", 1, 2, 2, 0, 0, float("nan"), 1),
}


@pytest.mark.parametrize("blob", BROKEN.values(), ids=BROKEN)
def test_geometries_are_looked_over_before_they_are_read(blob, said):
    with pytest.raises(ValueError, match=r"."):
        from_blobs([blob, np.array([len(blob)], "<i8").tobytes()], 1)
    head, columns, _, _ = copied(said)
    with pytest.raises(ValueError, match=r"."):
        unpacked(head, columns, [len(blob), -1], blob)


def test_every_kind_of_geometry_passes():
    point, line = shapely.Point(1, 2), shapely.LineString([(0, 0), (0, 0)])
    box = shapely.box(0, 0, 9, 9).difference(shapely.box(1, 1, 2, 2))
    shapes = [
        *(point, line, box, None, shapely.Point(1, 2, 3), shapely.Polygon()),
        *(shapely.Point(), shapely.force_3d(box, 5)),
        shapely.MultiPoint([point, point]),
        shapely.MultiLineString([line, line]),
        shapely.MultiPolygon([box, shapely.box(20, 20, 21, 21)]),
        shapely.GeometryCollection([shapely.GeometryCollection([point, box]), line]),
    ]
    given = np.array(shapes, dtype=object)
    again = from_blobs([*to_blobs(given)][::-1], len(given))
    assert [None if one is None else one.wkt for one in again] == [
        None if one is None else one.wkt for one in given
    ]


def test_zones_are_made_and_measured_once(monkeypatch):
    made, measured = [], []
    frames, shapes = reading.zone_columns, json.loads(UPLOAD.data)["features"]

    def columns(rows, *arguments, **more):
        made.append(len(rows))
        return frames(rows, *arguments, **more)

    def measure(geometries):
        measured.append(len(geometries))
        return measured_m2(geometries)

    monkeypatch.setattr(reading, "zone_columns", columns)
    for module in (reading, advice):
        monkeypatch.setattr(module, "measured_m2", measure)
    outcome = wire.unpack_outcome([*wire.pack_outcome(read_upload(UPLOAD))], UPLOAD)
    assert outcome.zones is not None
    assert (made, measured) == ([len(shapes)], [len(shapes)])


def test_what_qualifies_a_figure_passes_too():
    document = collection(feature(None, {"面积": "250-300公顷"}), feature(None, {}))
    upload = Upload("a.geojson", json.dumps(document).encode())
    here = read_upload(upload)
    again = wire.unpack_outcome([*wire.pack_outcome(here)], upload)
    assert again.zones["declared_area_qualifier"].tolist() == ["range", None]
    assert_geodataframe_equal(again.zones, here.zones)


@pytest.mark.parametrize("area", ["9" * 39, "1e999", str(10**400), "1e305"])
def test_no_area_is_beyond_all_numbers(area):
    upload = Upload("a.csv", f"lon,lat,area_km2\n120,36,{area}\n".encode())
    packed = [*wire.pack_outcome(read_upload(upload))]
    zones = wire.unpack_outcome(packed, upload).zones
    assert not np.isinf(zones["declared_area_km2"]).any()


def test_whoever_shows_zones_takes_those_that_were_read(monkeypatch, plan, tmp_path):
    """Zones differ from their rows here, as they would if any made them anew."""
    from click.testing import CliRunner

    import beltmap
    from beltmap.layers.commands.main import main

    told = replace(read_upload(UPLOAD), receipt=read_upload(UPLOAD).receipt)
    marked = told.zones.assign(name_en="as read")
    monkeypatch.setattr(
        worker, "unpack_outcome", lambda *_: replace(told, zones=marked)
    )
    path = tmp_path / UPLOAD.name
    path.write_bytes(UPLOAD.data)
    assert beltmap.read_upload(path).zones["name_en"].tolist() == ["as read"] * 2
    changed = CliRunner().invoke(main, ["diff", str(plan.folder), str(path)])
    assert "as read" in changed.output


def test_the_files_of_a_shapefile_travel_as_they_are(tmp_path):
    import geopandas as gpd

    frame = gpd.GeoDataFrame(
        {"name": ["崂山"]}, geometry=[shapely.box(120.3, 36.1, 120.4, 36.2)], crs=4326
    )
    frame.to_crs(4549).to_file(tmp_path / "parks.shp", encoding="utf-8")
    files = [Upload(one.name, one.read_bytes()) for one in sorted(tmp_path.iterdir())]
    (upload,) = bundles([*files, Upload("parks.DBF", b"another")])[:1]
    assert upload.name == "parks.shp"
    assert upload.parts == {one.name[6:]: one.data for one in files}
    job = wire.pack_job(upload, *parts_of_a_job())
    assert wire.unpack_job(b"".join(job))[0] == upload
    outcome = worker.read_apart(upload)
    assert outcome.receipt.layer == "parks"
    assert "EPSG:4549" in outcome.receipt.crs
    assert outcome.zones["name_zh"].tolist() == ["崂山"]


def parts_of_a_job():
    from beltmap.geo.intake.context import Context
    from beltmap.geo.intake.limits import Limits
    from beltmap.geo.intake.questions import Answers

    return Answers(), Limits(), Context()


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["a.shp"], [("a.shp", [])]),
        (["a.dbf", "a.prj"], [("a.dbf", ["prj"])]),
        (["a.dbf", "a.shp", "a.DBF"], [("a.shp", ["dbf"]), ("a.DBF", [])]),
        (["a.shp", "b.dbf", "A.dbf"], [("a.shp", []), ("b.dbf", []), ("A.dbf", [])]),
        (["a.csv", "a.shp"], [("a.csv", []), ("a.shp", [])]),
        (["shp", ""], [("shp", []), ("", [])]),
    ],
)
def test_nothing_that_was_dropped_is_lost(names, expected):
    found = bundles([Upload(name, name.encode()) for name in names])
    assert [(one.name, list(one.beside)) for one in found] == expected


def test_a_table_without_its_shapes_is_said():
    (upload,) = bundles([Upload("a.dbf", b"\x03"), Upload("a.prj", b"x")])
    assert [one.code for one in read_upload(upload).receipt.notices] == [
        "E_SHP_MISSING"
    ]
