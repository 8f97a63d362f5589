"""A process that has been taken over can send nothing but zones."""

import copy
import json
import struct
from dataclasses import replace

import numpy as np
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal

from beltmap.geo.geometry.anywhere import measured_m2
from beltmap.geo.intake import reading
from beltmap.geo.intake.apart import wire, worker
from beltmap.geo.intake.apart.blobs import DEEPEST, from_blobs, to_blobs
from beltmap.geo.intake.checks import advice
from beltmap.geo.intake.reading import read_upload
from beltmap.geo.intake.uploads import Upload, bundles
from tests.geo.intake.recipes import collection, feature, polygon, square

HEAD = struct.Struct("<QQ")
PROPERTIES = {"id": "a", "kind": "park", "area_km2": 100, "note": "x"}
UPLOAD = Upload(
    "mine.geojson",
    json.dumps(
        collection(feature(polygon(square()), PROPERTIES), feature(None, {"note": 7}))
    ).encode(),
)


@pytest.fixture(scope="module")
def said():
    """Give what an honest process says, taken apart."""
    packed = wire.pack_outcome(read_upload(UPLOAD))
    words, _ = HEAD.unpack_from(packed)
    middle = HEAD.size + words
    return json.loads(packed[HEAD.size : middle]), packed[middle:]


def unpacked(head, data, upload=UPLOAD):
    words = json.dumps(head).encode()
    packed = HEAD.pack(len(words), len(data)) + words + data
    return wire.unpack_outcome(packed, upload)


def test_what_an_honest_process_says_is_taken(said):
    outcome = unpacked(*said)
    assert outcome.zones["id"].tolist() == ["a", "feature-2"]
    assert_geodataframe_equal(outcome.zones, read_upload(UPLOAD).zones)


GONE = "(gone)"
OUTSIDE = [
    ("layer.zones.id", ["a", "a"]),
    ("layer.zones.id", ["a", None]),
    ("layer.zones.id", ["a"]),
    ("layer.zones.name_en", [7, None]),
    ("layer.zones.name_en", [{"$": 1}, None]),
    ("layer.zones.name_en", GONE),
    ("layer.zones.strange", ["x", "y"]),
    ("layer.zones.declared_area_qualifier", [1, None]),
    ("layer.zones.declared_area_most_km2", ["2", None]),
    ("layer.zones.kind", ["city", "park"]),
    ("layer.zones.kind", [1, "park"]),
    ("layer.zones.declared_area_km2", ["large", None]),
    ("layer.zones.declared_area_km2", [float("inf"), None]),
    ("layer.zones.drawn_area_km2", [float("nan"), None]),
    ("layer.zones.drawn_area_km2", [[1], None]),
    ("layer.own", {"id": "note"}),
    ("layer.own", {"geometry": "note"}),
    ("layer.own", {"upload": "note"}),
    ("layer.own", {"note": "no such column"}),
    ("layer.own", {"note": 1}),
    ("layer.columns.note", ["x"]),
    ("layer.columns.note", [["x"], 7]),
    ("layer.columns.note", [{"x": 1}, 7]),
    ("layer.numbers", ["1", "2"]),
    ("layer.numbers", [1]),
    ("layer.ids", [[], []]),
    ("layer.word", "%s"),
    ("layer.notices", [["x", {}, {}, 1]]),
    ("layer.sizes", [-1, -1]),
    ("layer.sizes", [93]),
    ("layer.sizes", [10**12, -1]),
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
    head, data = copy.deepcopy(said)
    *parents, last = path.split(".")
    place = head
    for parent in parents:
        place = place[parent]
    if value is GONE:
        del place[last]
    else:
        place[last] = value
    with pytest.raises(ValueError, match=r"."):
        unpacked(head, data)


@pytest.mark.parametrize("cut", [0, 7, 16, 40, -1])
def test_what_is_cut_short_is_no_outcome(cut):
    packed = wire.pack_outcome(read_upload(UPLOAD))
    with pytest.raises(ValueError, match=r"."):
        wire.unpack_outcome(packed[:cut], UPLOAD)
    with pytest.raises(ValueError, match=r"."):
        wire.unpack_outcome(HEAD.pack(200_000, 0) + b"[" * 200_000, UPLOAD)


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
        from_blobs([len(blob)], blob)
    head, _ = copy.deepcopy(said)
    head["layer"]["sizes"] = [len(blob), -1]
    with pytest.raises(ValueError, match=r"."):
        unpacked(head, blob)


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
    again = from_blobs(*to_blobs(given))
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
    outcome = wire.unpack_outcome(wire.pack_outcome(read_upload(UPLOAD)), UPLOAD)
    assert outcome.zones is not None
    assert (made, measured) == ([len(shapes)], [len(shapes)])


def test_what_qualifies_a_figure_passes_too():
    document = collection(feature(None, {"面积": "250-300公顷"}), feature(None, {}))
    upload = Upload("a.geojson", json.dumps(document).encode())
    here = read_upload(upload)
    again = wire.unpack_outcome(wire.pack_outcome(here), upload)
    assert again.zones["declared_area_qualifier"].tolist() == ["range", None]
    assert_geodataframe_equal(again.zones, here.zones)


@pytest.mark.parametrize("area", ["9" * 39, "1e999", str(10**400), "1e305"])
def test_no_area_is_beyond_all_numbers(area):
    upload = Upload("a.csv", f"lon,lat,area_km2\n120,36,{area}\n".encode())
    zones = wire.unpack_outcome(wire.pack_outcome(read_upload(upload)), upload).zones
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
