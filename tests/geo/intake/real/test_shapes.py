"""Shapes as databases, arrays and drawings have them: none lost, curves said."""

import io
import json
import struct

import geopandas as gpd
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely

from beltmap.geo.intake.checks.crs import known_crs
from tests.geo.intake.formats.reading import codes, read
from tests.geo.intake.recipes import (
    collection,
    feature,
    geopackage,
    kml,
    shapefile,
    zipped,
)

BOX = shapely.box(120, 36, 120.1, 36.1)
CENTRE = (120.05, 36.0)


def said(outcome, code):
    return next(one for one in outcome.receipt.notices if one.code == code)


# cells of a table
def hexadecimal(shape=BOX, srid=4326, **how):
    marked = shapely.set_srid(shape, srid)
    return shapely.to_wkb(marked, hex=True, include_srid=bool(srid), **how)


@pytest.mark.parametrize("head", ["geom", "wkb_geometry", "the_geom", "EWKB", "shape"])
@pytest.mark.parametrize("mark", ["", "\\x", "0x"])
def test_hexadecimal_binary_is_a_shape(head, mark):
    outcome = read("a.csv", f"name,{head}\nA,{mark}{hexadecimal()}\n".encode())
    assert outcome.rows.geometries[0].equals(BOX)
    assert "W_CRS_ASSUMED" not in codes(outcome)
    assert head not in outcome.rows.columns


@pytest.mark.parametrize("order", [0, 1])
def test_its_srid_is_the_crs(order):
    projected = shapely.box(40500000, 3990000, 40501000, 3991000)
    cell = hexadecimal(projected, 4528, byte_order=order)
    outcome = read("a.csv", f"name,geom\nA,{cell.lower()}\n".encode())
    assert "EPSG:4528" in outcome.receipt.crs


@pytest.mark.parametrize("cell", ["SRID=4528;{}", "srid=4528; {}", "SRID=0;{}", "{}"])
def test_extended_text_with_any_srid(cell):
    words = cell.format("POLYGON ((120 36, 120.1 36, 120.1 36.1, 120 36))")
    data = f'name;ewkt\nA;"{words}"\n'.encode()
    assert read("a.csv", data, crs="EPSG:4326").receipt.drawn == 1


@pytest.mark.parametrize("cell", ["0103", "01FF000000" + "00" * 20, hexadecimal()[:-2]])
def test_broken_binary_refuses_its_row_alone(cell):
    data = f"name,geom\nA,{cell}\nB,{hexadecimal()}\n".encode()
    outcome = read("a.csv", data)
    assert (outcome.receipt.refused, outcome.receipt.rows_in) == (1, 2)
    assert "E_GEOMETRY_BROKEN" in codes(outcome)


@pytest.mark.parametrize(
    "head", ["園區名稱,面積（公頃）,經度,緯度", "名稱,用地面積（公頃）,東經,北緯"]
)
@pytest.mark.parametrize("encoding", ["utf-8", "big5"])
def test_headings_in_traditional_characters(head, encoding):
    data = f"{head}\n新竹科學園區,400,120.99,24.78\n".encode(encoding)
    outcome = read("a.csv", data, encoding=encoding)
    assert outcome.zones["name_zh"].tolist() == ["新竹科學園區"]
    assert outcome.zones["declared_area_km2"].tolist() == [4]


# GeoPackages with curves
def counted(kind, *parts):
    return struct.pack("<BII", 1, kind, len(parts)) + b"".join(parts)


def positions(kind, *points):
    return struct.pack("<BII", 1, kind, len(points)) + b"".join(
        struct.pack("<2d", *point) for point in points
    )


ARC = positions(8, (120.0, 36.0), (120.05, 35.95), (120.1, 36.0))
BACK = positions(2, (120.1, 36.0), (120.1, 36.1), (120.0, 36.1), (120.0, 36.0))
CURVES = {
    "curve polygon": counted(10, counted(9, ARC, BACK)),
    "surface": counted(12, counted(10, counted(9, ARC, BACK))),
    "circle": counted(10, positions(8, (120, 36), (120.1, 36), (120, 36))),
    "arc": ARC,
    "many arcs": counted(11, ARC),
}


def curved(*blobs):
    rows = [
        "INSERT INTO zones (geom, name) VALUES"
        f" (X'{(struct.pack('<2sBBi', b'GP', 0, 1, 4326) + blob).hex()}', 'A{n}')"
        for n, blob in enumerate(blobs)
    ]
    return geopackage(*rows, rows=0)


@pytest.mark.parametrize("kind", CURVES)
def test_curves_of_a_geopackage_become_lines_and_are_said(kind):
    data = curved(CURVES[kind], shapely.to_wkb(BOX))
    outcome = read("a.gpkg", data)
    assert outcome.receipt.drawn == 2
    assert said(outcome, "W_CURVES").values["n"] == 1
    points = shapely.get_coordinates(outcome.rows.geometries[0])
    round_ = points[points[:, 1] < 36 - 1e-9]
    middle = shapely.Point(120.05, 36)
    away = shapely.distance(shapely.points(round_), middle)
    assert len(round_) > 150
    # the stated tolerance: 0.02 % of the radius
    assert np.abs(away - 0.05).max() < 0.05 * 0.0002


@pytest.mark.parametrize("blob", [counted(10, ARC[:-8]), counted(10, counted(99, ARC))])
def test_a_broken_curve_refuses_its_row_alone(blob):
    outcome = read("a.gpkg", curved(blob, shapely.to_wkb(BOX)))
    assert (outcome.receipt.refused, outcome.receipt.rows_in) == (1, 2)


def test_straight_shapes_are_no_curves():
    assert "W_CURVES" not in codes(read("a.gpkg", curved(shapely.to_wkb(BOX))))


def test_tables_without_shapes_in_a_geopackage_are_named():
    data = geopackage(
        "CREATE TABLE 面积 (id, ha)",
        "INSERT INTO gpkg_contents VALUES ('面积', 'attributes', '面积', 0)",
    )
    assert said(read("a.gpkg", data), "W_GPKG_TABLES").values["found"] == ["面积"]


# the end of the globe
@pytest.mark.parametrize(
    ("lon", "lat"), [(180.00000000000003, 61), (180.0000009, 61), (179, 90.0000001)]
)
@pytest.mark.parametrize("height", [(), (7.0,)])
def test_rounding_past_the_end_of_the_globe_is_clipped_and_said(lon, lat, height):
    ring = [
        [178, 60, *height],
        [lon, 60, *height],
        [lon, lat, *height],
        [178, 60, *height],
    ]
    shape = {"type": "Polygon", "coordinates": [ring]}
    outcome = read("a.geojson", json.dumps(collection(feature(shape))).encode())
    assert outcome.receipt.drawn == 1
    assert said(outcome, "W_ROUNDED").values["n"] == 1
    assert np.abs(shapely.get_coordinates(outcome.rows.geometries)).max(axis=0) == (
        pytest.approx((min(lon, 180), min(lat, 90)), abs=0)
    )


def test_what_is_farther_is_refused_with_all_its_digits():
    far = {"type": "Point", "coordinates": [180.0000012, 61]}
    near = {"type": "Point", "coordinates": [120, 36]}
    data = json.dumps(collection(feature(far), feature(near))).encode()
    outcome = read("a.geojson", data)
    assert said(outcome, "E_COORD_RANGE").values["found"] == "180.0000012, 61.0"


# Parquet
FRAME = gpd.GeoDataFrame(
    {"name": ["甲", "乙"]}, geometry=[BOX, BOX.buffer(0.01)], crs=4326
)


def parquet(table):
    out = io.BytesIO()
    pq.write_table(table, out)
    return out.getvalue()


def geoparquet(frame=FRAME, **more):
    out = io.BytesIO()
    frame.to_parquet(out, **more)
    return out.getvalue()


def restated(change, data=None):
    """Change what a GeoParquet file states of itself."""
    table = pq.read_table(io.BytesIO(data or geoparquet()))
    about = json.loads(table.schema.metadata[b"geo"])
    change(about)
    return parquet(table.replace_schema_metadata({b"geo": json.dumps(about)}))


@pytest.mark.usefixtures("as_worker")
@pytest.mark.parametrize("crs", [4326, 4549])
def test_a_crs_of_well_known_text_is_one(crs):
    frame = FRAME.to_crs(crs)

    def old(about):
        column = about["columns"]["geometry"]
        column["crs"], about["version"] = frame.crs.to_wkt("WKT2_2019"), "0.1.0"

    outcome = read("a.parquet", restated(old, geoparquet(frame)))
    assert not outcome.questions
    assert f"EPSG:{crs}" in outcome.receipt.crs


KINDS = {
    "point": shapely.Point(120, 36),
    "linestring": shapely.LineString([(120, 36), (120.1, 36.1)]),
    "polygon": BOX.difference(shapely.box(120.02, 36.02, 120.05, 36.05)),
    "multipoint": shapely.MultiPoint([(120, 36), (120.1, 36.1)]),
    "multilinestring": shapely.MultiLineString([[(120, 36), (120.1, 36.1)]]),
    "multipolygon": shapely.MultiPolygon([BOX, shapely.box(121, 36, 121.1, 36.1)]),
}


@pytest.mark.usefixtures("as_worker")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("deep", [False, True])
@pytest.mark.parametrize("interleaved", [False, True])
def test_every_encoding_of_geoarrow_is_read(kind, deep, interleaved):
    shape = shapely.force_3d(KINDS[kind], 5) if deep else KINDS[kind]
    frame = gpd.GeoDataFrame(
        {"name": ["甲", "无", "乙"]}, geometry=[shape, None, shape]
    )
    table = pa.table(
        frame.set_crs(4326).to_arrow(
            geometry_encoding="geoarrow", interleaved=interleaved, index=False
        )
    )
    outcome = read("a.parquet", parquet(table))
    assert outcome.receipt.drawn == 2, outcome.receipt.as_text()
    assert outcome.receipt.without_geometry == 1
    assert outcome.rows.geometries[2].equals(shape)
    assert outcome.rows.geometries[0].has_z is deep
    assert list(outcome.rows.columns) == ["name"]


@pytest.mark.usefixtures("as_worker")
def test_geoparquet_of_geoarrow_and_its_boxes():
    data = geoparquet(
        FRAME,
        geometry_encoding="geoarrow",
        schema_version="1.1.0",
        write_covering_bbox=True,
    )
    outcome = read("a.parquet", data)
    assert outcome.receipt.drawn == 2
    assert list(outcome.rows.columns) == ["name"]


@pytest.mark.usefixtures("as_worker")
def test_one_broken_ring_of_geoarrow_refuses_its_row_alone():
    rings = [[[(120.0, 36.0), (120.1, 36.0)]], [list(BOX.exterior.coords)]]
    position = pa.struct([("x", pa.float64()), ("y", pa.float64())])
    given = [[[{"x": x, "y": y} for x, y in ring] for ring in row] for row in rings]
    column = pa.array(given, pa.list_(pa.list_(position)))
    field = pa.field(
        "geometry",
        column.type,
        metadata={"ARROW:extension:name": "geoarrow.polygon"},
    )
    table = pa.table([column], schema=pa.schema([field]))
    outcome = read("a.parquet", parquet(table), crs="EPSG:4326")
    assert (outcome.receipt.refused, outcome.receipt.rows_in) == (1, 2)
    assert "E_RING_SHORT" in codes(outcome)


@pytest.mark.usefixtures("as_worker")
@pytest.mark.parametrize("name", ["geometry", "图形", "wkb_geometry"])
def test_a_plain_column_of_binary_shapes_is_asked_for_its_crs(name):
    table = pa.table({"name": ["甲"], name: [shapely.to_wkb(BOX)]})
    outcome = read("a.parquet", parquet(table))
    assert [one.about for one in outcome.questions] == ["crs"]
    assert read("a.parquet", parquet(table), crs="EPSG:4326").receipt.drawn == 1


@pytest.mark.usefixtures("as_worker")
def test_other_binary_columns_are_no_shapes():
    table = pa.table({"lon": [120.1], "lat": [36.1], "hash": [b"\x01\x02\x03"]})
    outcome = read("a.parquet", parquet(table))
    assert outcome.receipt.drawn == 1
    assert "W_CRS_ASSUMED" in codes(outcome)


@pytest.mark.usefixtures("as_worker")
def test_a_table_of_nothing_located_is_refused():
    assert codes(read("a.parquet", parquet(pa.table({"a": [1]})))) == {
        "E_PARQUET_BROKEN"
    }


# old and odd files
@pytest.mark.parametrize("version", [0, 1, 2])
@pytest.mark.parametrize("name", ["a.fgb", "a", "a.geojson"])
def test_an_old_flatgeobuf_is_said_to_be_old(version, name):
    data = b"fgb" + bytes([version]) + b"fgb\0" + b"\0" * 90
    outcome = read(name, data)
    assert codes(outcome) == {"E_FGB_OLD"}
    assert said(outcome, "E_FGB_OLD").values["found"] == version


@pytest.mark.parametrize(
    ("body", "prefixes"),
    [
        ("<Folder xsi:schemaLocation='x'>{}</Folder>", ["xsi"]),
        ("<gx:Tour/>{}", ["gx"]),
        ("<a:b c:d='1'/>{}", ["a", "c"]),
    ],
)
def test_an_undeclared_prefix_is_noted_and_the_file_read(body, prefixes):
    mark = (
        "<Placemark><name>青岛</name><Point><coordinates>120,36</coordinates></Point>"
        "</Placemark>"
    )
    outcome = read("a.kml", kml(body.format(mark)).encode())
    assert outcome.zones["name_zh"].tolist() == ["青岛"]
    assert said(outcome, "W_XML_PREFIX").values["found"] == prefixes


def test_a_declared_prefix_is_no_news():
    words = kml("<x:Placemark><x:name>甲</x:name></x:Placemark>")
    words = words.replace("<kml", "<kml xmlns:x='http://www.opengis.net/kml/2.2'", 1)
    assert "W_XML_PREFIX" not in codes(read("a.kml", words.encode()))


RS = "\x1e"
FEATURE = {"type": "Feature", "properties": {"n": "a\u2028b"}, "geometry": None}


@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize("before", ["", "\n", "\ufeff"])
def test_the_separator_ends_a_record_and_not_the_line(indent, before):
    one = json.dumps(FEATURE, indent=indent, ensure_ascii=False)
    data = before + "".join(f"{RS}{one}\n" for _ in range(3))
    outcome = read("a.geojsons", data.encode())
    assert said(outcome, "W_GEOJSONSEQ").values["n"] == 3
    assert outcome.rows.columns["n"] == ["a\u2028b"] * 3


def test_a_fault_in_a_record_is_placed_by_its_line():
    data = f"{RS}{json.dumps(FEATURE, indent=1)}\n{RS}\n{{\n 1\n}}\n"
    (fault,) = read("a.geojsons", data.encode()).receipt.notices
    assert fault.place["line"] == json.dumps(FEATURE, indent=1).count("\n") + 4


# definitions of a CRS
MERCATOR = (
    'PROJCS["WGS 84 / Pseudo-Mercator",GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID['
    '"WGS 84",6378137,298.257223563]],PRIMEM["Greenwich",0],UNIT["degree",'
    '0.0174532925199433],AUTHORITY["EPSG","4326"]],PROJECTION["Mercator_1SP"],'
    'PARAMETER["central_meridian",0],PARAMETER["scale_factor",1],PARAMETER['
    '"false_easting",0],PARAMETER["false_northing",0],UNIT["metre",1]{}{}]'
)
SPHERE = ',EXTENSION["PROJ4","+proj=merc +a=6378137 +b=6378137 +nadgrids={} +no_defs"]'


@pytest.mark.parametrize("grid", ["@null", "/etc/passwd", "http://h/x"])
@pytest.mark.parametrize(
    "code", ['AUTHORITY["EPSG","3857"]', 'AUTHORITY["EPSG",3857]', ""]
)
def test_an_extension_is_passed_over_and_the_code_counts(grid, code):
    words = MERCATOR.format(SPHERE.format(grid), f",{code}" if code else "")
    assert known_crs(words).to_epsg() == 3857


def test_the_code_of_a_part_is_not_that_of_the_whole():
    words = MERCATOR.format(',EXTENSION["PROJ4","+proj=merc +a=1 +b=1"]', "")
    assert known_crs(words).to_epsg() != 4326


def test_a_shapefile_with_such_a_prj_is_read():
    ring = [[13358338, 4300621], [13369470, 4300621], [13369470, 4314398]]
    prj = MERCATOR.format(SPHERE.format("@null"), ',AUTHORITY["EPSG","3857"]')
    files = shapefile(prj=prj, squares=[[[*ring, ring[0]]]], rows=[[b"1", b"a"]])
    assert "3857" in read("a.zip", zipped(files)).receipt.crs


@pytest.mark.parametrize(
    "words",
    [
        'BOUNDCRS[SOURCECRS[GEOGCRS["x"]],PARAMETERFILE["f","/etc/x"]]',
        '{"type": "BoundCRS", "grids": "/etc/x"}',
        'GEOGCS["x",EXTENSION["PROJ4","a""b"],TOWGS84[0,0,0],grids]',
    ],
)
def test_other_ways_to_a_file_stay_closed(words):
    assert known_crs(words) is None


# coordinates that are no degrees, in files that state no CRS
@pytest.mark.parametrize(
    ("places", "reason"),
    [
        ([(907.0, 534.0), (922.0, 574.0)], "they are no degrees"),
        ([(540000, 3990000), (541000, 3991000)], "they are metres"),
    ],
)
def test_geojson_that_is_no_degrees_is_asked_about(places, reason):
    points = [feature({"type": "Point", "coordinates": at}, {}) for at in places]
    outcome = read("a.geojson", json.dumps(collection(*points)).encode())
    (question,) = outcome.questions
    assert question.about == "crs"
    assert reason in question.notice.sentence()
    answered = read("a.geojson", json.dumps(collection(*points)).encode(), crs="3857")
    assert answered.receipt.drawn == 2


def test_one_position_off_the_globe_is_refused_and_no_crs_is_asked():
    points = [
        feature({"type": "Point", "coordinates": at}, {})
        for at in ((907.0, 534.0), (120.0, 36.0))
    ]
    outcome = read("a.geojson", json.dumps(collection(*points)).encode())
    assert [one.about for one in outcome.questions] == ["leave_out"]


class Native(pa.ExtensionType):
    """What Arrow writes as Parquet's own type of geometries."""

    def __init__(self, stated=b"{}"):
        self.stated = stated
        super().__init__(pa.binary(), "geoarrow.wkb")

    def __arrow_ext_serialize__(self):
        return self.stated

    @classmethod
    def __arrow_ext_deserialize__(cls, _, stated):
        return cls(stated)


@pytest.mark.usefixtures("as_worker")
@pytest.mark.parametrize(
    ("stated", "crs", "shape"),
    [
        (b"{}", "EPSG:4326", BOX),
        (
            b'{"crs":"EPSG:4528","crs_type":"authority_code"}',
            "EPSG:4528",
            shapely.box(40500000, 3990000, 40501000, 3991000),
        ),
    ],
)
def test_the_geometry_type_of_parquet_itself(stated, crs, shape):
    cells = pa.array([shapely.to_wkb(shape), None], pa.binary())
    native = pa.ExtensionArray.from_storage(Native(stated), cells)
    out = io.BytesIO()
    table = pa.table({"name": ["A", "B"], "geometry": native})
    # without the schema of Arrow, Parquet's own is all that says it
    pq.write_table(table, out, store_schema=False)
    kind = pq.ParquetFile(out).schema.column(1).logical_type
    assert "Geometry" in str(kind)
    outcome = read("a.parquet", out.getvalue())
    assert (outcome.receipt.drawn, outcome.receipt.without_geometry) == (1, 1)
    assert crs in outcome.receipt.crs
    assert "geometry" not in outcome.rows.columns


def test_nested_properties_of_topojson_are_text():
    ring = [[120, 36], [121, 36], [121, 37], [120, 36]]
    zone = {"type": "Polygon", "arcs": [[0]], "properties": {"a": {"b": [1]}}}
    topology = {"type": "Topology", "objects": {"z": zone}, "arcs": [ring]}
    outcome = read("a.json", json.dumps(topology).encode())
    assert outcome.rows.columns["a"] == ['{"b": [1]}']
