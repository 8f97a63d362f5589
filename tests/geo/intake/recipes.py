"""Every file of cases.csv, made from its recipe: id -> name and bytes."""

import io
import json
import sqlite3
import stat
import struct
import tempfile
import zipfile
from pathlib import Path

import shapely

from beltmap.geo.intake.apart.worker import read_apart
from beltmap.geo.intake.reading import read_upload

SQUARE = [[120.3, 36.1], [120.4, 36.1], [120.4, 36.2], [120.3, 36.2], [120.3, 36.1]]
LAND = "商业用地"
GK117 = (
    'PROJCS["CGCS2000_3_Degree_GK_CM_117E",GEOGCS["GCS_China_Geodetic_Coordinate_'
    'System_2000",DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],'
    'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION['
    '"Gauss_Kruger"],PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing"'
    ',0.0],PARAMETER["Central_Meridian",117.0],PARAMETER["Scale_Factor",1.0],'
    'PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
)
WGS84 = (
    'GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,'
    '298.257223563]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]'
)
CASES = {}


def read_soon(upload, **options):
    """Read here, which saves the start of a process; apart what is read there alone."""
    outcome = read_upload(upload, **options)
    codes = [one.code for one in outcome.receipt.notices]
    return read_apart(upload, **options) if codes == ["E_UNREADABLE"] else outcome


def adds_up(receipt):
    """Tell whether a receipt accounts for every row of its file."""
    counted = receipt.drawn + receipt.without_geometry + receipt.refused + receipt.aside
    return counted == (receipt.rows_in or 0)


def case(identity, name="plan.geojson"):
    """Register a recipe that gives the bytes of one case."""

    def register(make):
        CASES[identity] = (name, make)
        return make

    return register


def add(identity, content, name="plan.geojson"):
    """Register the bytes, text or JSON of one case."""
    CASES[identity] = (name, lambda: as_bytes(content))


def as_bytes(content):
    if isinstance(content, bytes):
        return content
    if not isinstance(content, str):
        content = json.dumps(content, ensure_ascii=False)
    return content.encode()


def square(shift=0.0, size=0.1):
    west, south = 120.3 + shift, 36.1 + shift
    return ring(west, south, west + size, south + size)


def ring(west, south, east, north):
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def polygon(*rings):
    return {"type": "Polygon", "coordinates": list(rings)}


def point(lon=120.3, lat=36.1):
    return {"type": "Point", "coordinates": [lon, lat]}


def feature(geometry="square", properties=None, **members):
    geometry = polygon(SQUARE) if geometry == "square" else geometry
    properties = {"name": "R2"} if properties is None else properties
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": geometry,
        **members,
    }


def collection(*features, **members):
    return {"type": "FeatureCollection", **members, "features": list(features)}


def two(**members):
    return collection(feature(), feature(polygon(square(0.2))), **members)


def raw(geometry='{"type":"Point","coordinates":[120,36]}', properties='{"a":1}'):
    """Write a feature by hand, for what json.dumps would not write."""
    return f'{{"type":"Feature","properties":{properties},"geometry":{geometry}}}'


def raw_collection(*features):
    return f'{{"type":"FeatureCollection","features":[{",".join(features)}]}}'


def shape(kind, coordinates):
    return collection(feature({"type": kind, "coordinates": coordinates}))


GOOD = json.dumps(two())

# json-syntax
add("A01", b"")
add("A02", " \n\t \n")
add("A03", GOOD[: len(GOOD) * 2 // 3])
add("A06", "// my plan\n" + GOOD)
add("A07", raw_collection(raw(), raw('{"type":"Point","coordinates":[NaN,36]}')))
add("A08", raw_collection(raw(), raw(properties='{"a":Infinity}')))
add("A09", raw_collection(raw(), raw(properties='{"a":1,"a":2}')))
add(
    "A10",
    raw_collection(
        raw(),
        '{"type":"Feature","properties":{},"geometry":null,"geometry":{"type":"Point",'
        '"coordinates":[120,36]}}',
    ),
)
add("A11", GOOD + "\n" + GOOD)
add("A13", "".join(f"\x1e{json.dumps(feature(point(120 + n)))}\n" for n in range(3)))
add("A17", raw_collection(raw(), raw(properties='{"a":007}')))
add("A19", raw_collection(raw(), raw(properties='{"a":"Qing\\ud83ddao"}')))
add("A22", "<!DOCTYPE html><html><body>Sign in</body></html>")
add("A23", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(50))
add("A24", raw_collection(raw(), raw(properties=f'{{"a":{"7" * 50_000}}}')))

# geojson-structure
add("B01", [feature()])
add("B02", '"hello"')
add("B03", "null")
add("B07", {"type": "FeatureCollection", "features": {"0": feature()}})
add("B08", {"type": "FeatureCollection"})
add("B10", collection(feature(), {"type": "Feature", "geometry": point()}))
add("B11", collection(feature(), {"type": "Feature", "properties": {"a": 1}}))
add("B12", collection(feature(), feature(None)))
add("B13", collection(feature(None), feature(None)))
add(
    "B22",
    collection(
        feature(
            {
                "type": "GeometryCollection",
                "geometries": [
                    point(),
                    {
                        "type": "GeometryCollection",
                        "geometries": [point(120.4), point(120.5)],
                    },
                ],
            }
        )
    ),
)
add("B23", collection(feature({"type": "GeometryCollection"})))
add(
    "B24",
    collection(
        feature(point()),
        feature(polygon(square(0.3))),
        feature({"type": "LineString", "coordinates": [[120, 36], [121, 36]]}),
        feature({"type": "MultiPoint", "coordinates": [[120, 36], [121, 36]]}),
    ),
)
add(
    "B25",
    collection({"type": "Feature", "properties": {}, "coordinates": [120, 36]}),
)
add("B26", collection(feature({"type": "Point"})))
add("B29", shape("Polygon", SQUARE))
add("B36", collection(feature(id={"a": 1}), feature(polygon(square(0.2)), id=True)))
add("B38", {"name": "beltmap", "version": 3})
add("B39", collection(point(), point(120.4)))

# coordinates
add("C01", shape("Point", ["120.3", "36.1"]))
add("C03", shape("Point", [120.3]))
add("C07", shape("Polygon", [[[lat, lon] for lon, lat in SQUARE]]))
add("C09", shape("Point", [200, 95]))
add(
    "C13",
    raw_collection(
        raw(
            '{"type":"Point","coordinates":[120.12345678901234567890,'
            "36.12345678901234567890]}"
        )
    ),
)
add("C14", raw_collection(raw('{"type":"Point","coordinates":[1e-320,-0.0]}')))
add("C15", shape("Polygon", [[[179, 0], [-179, 0], [-179, 1], [179, 1], [179, 0]]]))
add(
    "C17",
    shape("Polygon", [[[0, 80], [90, 80], [180, 80], [-90, 80], [0, 80]]]),
)
add("C18", collection(feature(), feature({"type": "Point", "coordinates": []})))
add("C20", raw_collection(raw('{"type":"Point","coordinates":[1e308,36]}')))
add("C21", shape("LineString", [{"lon": 120, "lat": 36}, {"lon": 121, "lat": 36}]))

# validity
add("D02", collection(feature(), feature(polygon([SQUARE[0], SQUARE[1], SQUARE[0]]))))
add("D03", shape("Polygon", [[[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]]))
add("D05", shape("Polygon", [ring(0, 0, 4, 4), ring(1, 1, 2, 2)]))
add("D06", shape("Polygon", [ring(0, 0, 4, 4), ring(5, 5, 6, 6)[::-1]]))
add("D07", shape("Polygon", [ring(0, 0, 4, 4), ring(0, 0, 4, 4)[::-1]]))
add(
    "D08",
    shape(
        "Polygon", [ring(0, 0, 9, 9), ring(1, 1, 8, 8)[::-1], ring(2, 2, 3, 3)[::-1]]
    ),
)
add("D09", shape("MultiPolygon", [[ring(0, 0, 4, 4)], [ring(2, 2, 6, 6)]]))
add(
    "D13",
    collection(
        feature(), feature({"type": "LineString", "coordinates": [[120.3, 36.1]]})
    ),
)
add("D14", shape("LineString", [[120.3, 36.1], [120.3, 36.1]]))
add("D16", collection(feature(), feature(properties={"name": "again"})))
add(
    "D17",
    collection(
        feature(),
        feature(polygon()),
        feature(polygon([])),
        feature({"type": "MultiPolygon", "coordinates": []}),
    ),
)
add("D18", shape("Polygon", [ring(120.3, 36, 120.4, 36 + 1e-12)]))
add(
    "D19",
    shape("Polygon", [[[0, 0], [4, 0], [4, 4], [8, 8], [4, 4], [0, 4], [0, 0]]]),
)
add(
    "D20",
    collection(
        feature(polygon(ring(120.3, 36.1, 120.4, 36.2))),
        feature(polygon(ring(120.399, 36.1, 120.5, 36.2))),
    ),
)

# properties
add("E01", collection(feature(properties={"n": 2**53 + 1})))
add("E02", collection(feature(properties={"n": 2**64 + 1})))
add("E04", collection(feature(properties={"a": {"b": [1, {"c": LAND}]}})))
add("E05", collection(feature(properties={"a": [1, 2]}), feature(None, {"a": []})))
add(
    "E06",
    collection(
        feature(None, {"a": 1}), feature(None, {"b": None}), feature(properties={})
    ),
)
add("E08", collection(feature(properties={"name": 1, "Name": 2, "NAME": 3})))
add("E09", collection(feature(properties={"geometry": "text"})))
add("E12", collection(feature(properties={"note": "青岛软件园" * 80_000})))
add("E13", collection(feature(properties={"": "empty", "  ": "blank"})))
add("E15", collection(feature(id=1), feature(polygon(square(0.2)), id=1)))
add(
    "E16",
    collection(
        feature(point(120), id=1),
        feature(point(120.1), id="1"),
        feature(point(120.2), id=2.5),
        feature(point(120.3)),
    ),
)
add("E19", collection(feature(properties={f"column{n}": n for n in range(500)})))
add(
    "E20",
    collection(
        feature(
            properties={
                "planned_area_1": 1,
                "planned_area_2": 2,
                "planned_area_3": 3,
            }
        )
    ),
)
add(
    "E21",
    collection(
        feature(properties={"style": {"color": "red"}, "fill": "#f00", "stroke": "x"})
    ),
)
add(
    "E22",
    collection(feature(properties={"a": "👩‍💻 \u202egpj.exe", "b": "Qing\u200bdao"})),
)
WORDS = ("NA", "N/A", "null", "None", "nan", "-", "")
add(
    "E23",
    collection(*(feature(point(120 + n / 10), {"w": w}) for n, w in enumerate(WORDS))),
)
PROTOTYPES = {"__proto__": "a", "constructor": "b", "toString": "c"}
add("E26", collection(feature(properties=PROTOTYPES)))


# crs
def named(name):
    return {"type": "name", "properties": {"name": name}}


def metres(east, north, size=1000):
    return polygon(ring(east, north, east + size, north + size))


EPSG4546 = named("urn:ogc:def:crs:EPSG::4546")
add("F01", collection(feature(metres(500_000, 3_990_000)), crs=EPSG4546))
add("F04", collection(feature(metres(500_000, 3_990_000)), crs=None))
add("F08", collection(feature(), crs="EPSG:4326"))
add(
    "F09",
    collection(
        feature({"type": "Point", "coordinates": [36.1, 120.3]}),
        crs=named("urn:ogc:def:crs:EPSG::4326"),
    ),
)
add("F10", collection(feature(), crs=EPSG4546))
add(
    "F11",
    collection(
        feature(metres(39_586_000, 3_990_000)),
        crs=named("urn:ogc:def:crs:EPSG::4548"),
    ),
)


# shapefiles, written byte by byte: no writer would make most of these
def shp(shapes):
    """Write polygons (lists of rings) as a .shp file."""
    records = b""
    for number, rings in enumerate(shapes, start=1):
        flat = [position for ring_ in rings for position in ring_[::-1]]
        starts = [sum(len(r) for r in rings[:k]) for k in range(len(rings))]
        xs, ys = zip(*flat, strict=True)
        content = struct.pack(
            "<i4d2i", 5, min(xs), min(ys), max(xs), max(ys), len(rings), len(flat)
        )
        content += struct.pack(f"<{len(rings)}i", *starts)
        content += b"".join(struct.pack("<2d", *position) for position in flat)
        records += struct.pack(">2i", number, len(content) // 2) + content
    head = struct.pack(">i5ii", 9994, 0, 0, 0, 0, 0, (100 + len(records)) // 2)
    return head + struct.pack("<2i8d", 1000, 5, *[0.0] * 8) + records


def shx(content):
    """Write the index of a .shp file."""
    at, entries = 100, b""
    while at + 8 <= len(content):
        (size,) = struct.unpack(">i", content[at + 4 : at + 8])
        entries += struct.pack(">2i", at // 2, size)
        at += 8 + 2 * size
    head = bytearray(content[:100])
    head[24:28] = struct.pack(">i", (100 + len(entries)) // 2)
    return bytes(head) + entries


def dbf(fields, rows, language=0):
    """Write texts (already encoded) as a .dbf file."""
    size = 1 + sum(width for _, width in fields)
    begin = 32 + 32 * len(fields) + 1
    head = struct.pack("<4BIHH17xB2x", 3, 126, 11, 22, len(rows), begin, size, language)
    for name, width in fields:
        head += name.ljust(11, b"\0") + b"C" + bytes(4) + bytes([width, 0]) + bytes(14)
    body = b"".join(
        b" " + b"".join(v[:w].ljust(w) for v, (_, w) in zip(row, fields, strict=True))
        for row in rows
    )
    return head + b"\r" + body + b"\x1a"


def shapefile(
    stem="plan", *, encoding="utf-8", language=0, cpg=None, prj=WGS84, **change
):
    """Give the files of a Shapefile of two squares."""
    fields = change.pop("fields", [(b"code", 10), (b"use", 20)])
    rows = change.pop(
        "rows",
        [[b"0101", LAND.encode(encoding)], [b"0702", "青岛崂山".encode(encoding)]],
    )
    squares = change.pop("squares", [[SQUARE], [square(0.2)]])
    content = shp(squares)
    files = {".shp": content, ".shx": shx(content), ".dbf": dbf(fields, rows, language)}
    if prj is not None:
        files[".prj"] = prj.encode()
    if cpg is not None:
        files[".cpg"] = cpg.encode()
    files |= change.pop("files", {})
    return {stem + end: data for end, data in files.items() if data is not None}


def zipped(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def add_shapefile(identity, **change):
    add(identity, zipped(shapefile(**change)), "plan.zip")


add_shapefile("F12", prj=None)
add_shapefile(
    "F13",
    prj=GK117,
    squares=[[ring(500_000, 3_990_000, 501_000, 3_991_000)]],
    rows=[[b"0101", b"x"]],
)
add_shapefile("F14", prj="\x00\x01 not a CRS")

# encoding
CHINESE = collection(feature(properties={"use": LAND}))
add("G01", json.dumps(CHINESE, ensure_ascii=False).encode("gbk"))
add("G02", json.dumps(CHINESE, ensure_ascii=False).encode("utf-16"))
add(
    "G03",
    json.dumps(CHINESE, ensure_ascii=False)
    .encode()
    .replace(LAND.encode()[:3], b"\xe5\x95"),
)
add_shapefile("G05", encoding="gbk", language=0x4D)
add_shapefile("G07", encoding="gbk", cpg="UTF-8")
add_shapefile("G08", fields=[(b"code", 10), (b"use", 10)], cpg="UTF-8")
add_shapefile("G10", encoding="gbk", cpg="936")
add_shapefile(
    "G11",
    encoding="gbk",
    language=0x4D,
    fields=[(b"code", 10), ("用地性质".encode("gbk"), 20)],
)
TABS = "code\tuse\tlon\tlat\r\n0101\t商业\t120.3\t36.1\r\n0702\t公园\t120.4\t36.2\r\n"
add("G14", TABS.encode("utf-16"), "plan.txt")


@case("G16", "plan.zip")
def names_in_gbk():
    content = zipped(shapefile("AAAA", cpg="UTF-8"))
    return content.replace(b"AAAA", "图层".encode("gbk"))


# archive
add_shapefile("H00", cpg="UTF-8")
add("H01", zipped({f"../{name}": data for name, data in shapefile().items()}), "a.zip")


@case("H03", "plan.zip")
def symbolic_link():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        link = zipfile.ZipInfo("plan.geojson")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    return out.getvalue()


add("H05", zipped({"inner.zip": zipped(shapefile())}), "plan.zip")


@case("H07", "plan.zip")
def encrypted():
    content = bytearray(zipped(shapefile()))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = content.find(mark)
        while place >= 0:
            content[place + at] |= 1
            place = content.find(mark, place + 1)
    return bytes(content)


add_shapefile("H09", files={".shx": None})
add_shapefile("H10", files={".dbf": None})
add_shapefile("H11", files={".shp": None, ".shx": None, ".prj": None})
add("H13", zipped(shapefile())[: len(zipped(shapefile())) // 2], "plan.zip")
add("H14", GOOD, "plan.zip")
add("H15", zipped({}), "plan.zip")
add("H16", zipped({f"{n}.txt": b"" for n in range(20_000)}), "plan.zip")
add_shapefile("H19", files={".shp": shp([[SQUARE], [square(0.2)]])[:-40]})
add("H22", zipped({"plan.geojson": GOOD}), "plan.zip")


# size
@case("I01")
def many_features():
    return as_bytes(
        collection(
            *(
                feature(
                    polygon(
                        ring(
                            round(119 + n % 200 / 100, 6),
                            round(35 + n // 200 / 100, 6),
                            round(119.008 + n % 200 / 100, 6),
                            round(35.008 + n // 200 / 100, 6),
                        )
                    ),
                    {"id": f"z{n}"},
                )
                for n in range(20_000)
            )
        )
    )


add("I05", collection(feature(properties={f"k{n}": n for n in range(5_000)})))


@case("I06")
def many_parts():
    parts = [
        [ring(x / 50, y / 50, x / 50 + 0.01, y / 50 + 0.01)]
        for x in range(100)
        for y in range(50)
    ]
    return as_bytes(shape("MultiPolygon", parts))


add("I09", collection(*(feature(point(), {f"k{n}": n}) for n in range(3_000))))

# hostile
VRT = (
    "<OGRVRTDataSource><OGRVRTLayer name='passwd'><SrcDataSource>{}</SrcDataSource>"
    "</OGRVRTLayer></OGRVRTDataSource>"
)
LOCAL = "/srv/beltmap-canary.csv"
REMOTE = "http://127.0.0.1:9/canary"
add("J01", VRT.format(LOCAL))
add("J02", VRT.format(LOCAL), "plan.kml")
add("J03", VRT.format(LOCAL), "plan.csv")
add("J04", VRT.format(f"/vsicurl/{REMOTE}"))
add("J05", zipped({"plan.vrt": VRT.format(LOCAL)}), "plan.zip")


def pipeline(source):
    return {"type": "gdal_streamed_alg", "command_line": f"gdal vector read {source}"}


add("J06", pipeline(LOCAL))
add("J07", pipeline(REMOTE))
add("J08", f"<OGRWFSDataSource><URL>{REMOTE}</URL></OGRWFSDataSource>")
add(
    "J09",
    '<gml:FeatureCollection xmlns:gml="http://www.opengis.net/gml" xmlns:xsi='
    '"http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation='
    f'"http://a {REMOTE}"></gml:FeatureCollection>',
    "plan.gml",
)


def kml(body, head=""):
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n{head}<kml xmlns='
        f'"http://www.opengis.net/kml/2.2"><Document>{body}</Document></kml>'
    )


def placemark(name="R2", coordinates="120.3,36.1,12", more=""):
    return (
        f"<Placemark><name>{name}</name>{more}<Point><coordinates>{coordinates}"
        "</coordinates></Point></Placemark>"
    )


add(
    "J10",
    kml(placemark("&x;"), f'<!DOCTYPE kml [<!ENTITY x SYSTEM "file://{LOCAL}">]>\n'),
    "plan.kml",
)
LAUGHS = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
add(
    "J11",
    kml(placemark("&l9;"), f'<!DOCTYPE kml [<!ENTITY l0 "ha">{LAUGHS}]>\n'),
    "plan.kml",
)
add("J13", kml("<Folder>" * 20_000 + placemark() + "</Folder>" * 20_000), "plan.kml")
SCRIPT = "<img src=x onerror=alert(1)>"
add(
    "J14",
    kml(placemark(more=f"<description><![CDATA[{SCRIPT}]]></description>")),
    "plan.kml",
)


def point_blob(lon, lat, srs=4326):
    return struct.pack("<2sBBi", b"GP", 0, 1, srs) + shapely.Point(lon, lat).wkb


def geopackage(*statements, layers=("zones",), srs=4326, rows=2, tables=True):
    """Write a GeoPackage, then run statements in it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plan.gpkg"
        base = sqlite3.connect(path)
        if tables:
            base.executescript(
                "PRAGMA application_id = 1196444487; PRAGMA user_version = 10300;"
                "CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT, srs_id INTEGER"
                " PRIMARY KEY, organization TEXT, organization_coordsys_id INTEGER,"
                " definition TEXT, description TEXT);"
                "INSERT INTO gpkg_spatial_ref_sys VALUES ('u', -1, 'NONE', -1,"
                " 'undefined', ''), ('WGS 84', 4326, 'EPSG', 4326, '', '');"
                "CREATE TABLE gpkg_contents (table_name TEXT PRIMARY KEY, data_type"
                " TEXT, identifier TEXT, srs_id INTEGER);"
                "CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name"
                " TEXT, geometry_type_name TEXT, srs_id INTEGER, z INTEGER, m"
                " INTEGER);"
            )
        for layer in layers:
            base.execute(
                f'CREATE TABLE "{layer}" (fid INTEGER PRIMARY KEY,'
                " geom BLOB, name TEXT)"
            )
            if tables:
                contents = (layer, "features", layer, srs)
                base.execute("INSERT INTO gpkg_contents VALUES (?,?,?,?)", contents)
                column = (layer, "geom", "POINT", srs, 0, 0)
                base.execute(
                    "INSERT INTO gpkg_geometry_columns VALUES (?,?,?,?,?,?)", column
                )
            for n in range(rows):
                base.execute(
                    f'INSERT INTO "{layer}" (geom, name) VALUES (?, ?)',
                    (point_blob(120.3 + n / 10, 36.1, srs), LAND),
                )
        for statement in statements:
            base.execute(statement)
        base.commit()
        base.close()
        return path.read_bytes()


EVIL = ("evil", "geom", "POINT", 4326, 0, 0)


def view(select):
    return (
        f"CREATE VIEW evil AS {select}",
        "INSERT INTO gpkg_contents VALUES ('evil', 'features', 'evil', 4326)",
        f"INSERT INTO gpkg_geometry_columns VALUES {EVIL}",
    )


ENDLESS = (
    "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) "
    "SELECT x AS fid, NULL AS geom, max(x) AS name FROM n"
)
add("J15", geopackage(*view(ENDLESS), layers=()), "plan.gpkg")
LOADS = "SELECT 1 AS fid, NULL AS geom, load_extension('/tmp/evil.so') AS name"
add("J19", geopackage(*view(LOADS), layers=()), "plan.gpkg")
TRIGGER = "CREATE TRIGGER t AFTER INSERT ON zones BEGIN DELETE FROM zones; END"
add("J20", geopackage(TRIGGER, rows=0), "plan.gpkg")
add("J21", collection(feature(properties={"name": SCRIPT})))
add("J23", collection(feature(), name=SCRIPT))
JINJA = {"a": "{{7*7*1009}}", "b": "{% for x in y %}", "c": "100{% off", "d": "{# x"}
add("J24", collection(feature(properties={"name": JINJA["a"]})))
add("J25", collection(feature(properties={"b": JINJA["b"], "c": JINJA["c"]})))
add("J26", collection(feature(properties={"name": JINJA["d"]})))
add("J27", collection(feature(properties={JINJA["a"]: 1})))
BREAKOUT = 'x": alert(1), "y'
add("J29", collection(feature(properties={BREAKOUT: 1})))
add("J30", collection(feature(properties={"name": "</script><script>alert(1)"})))
MARKDOWN = "![x](http://127.0.0.1:9/canary) :red[b] $x^2$ [l](http://127.0.0.1:9/)"
add("J31", collection(feature(properties={"name": MARKDOWN})))
FORMULAS = ("=1+1", "+1+1", "-1+cmd", "@SUM(A1)", "\t=1", "\r=1", "-5")
add(
    "J32",
    collection(
        *(feature(point(120 + n / 10), {"v": v}) for n, v in enumerate(FORMULAS))
    ),
)
add("J37", GOOD, "p" * 222 + ".geojson")
add("J39", GOOD, "plan\u202enosjoeg.geojson")
add("J40", GOOD, "![x](http://127.0.0.1:9/canary).geojson")

# other-formats
add("K01", geopackage(), "plan.gpkg")
add("K02", geopackage(layers=("zones", "parks")), "plan.gpkg")
add("K03", geopackage(srs=-1, rows=1), "plan.gpkg")
add("K07", geopackage(tables=False), "plan.gpkg")
LINE = "<LineString><coordinates>120.3, 36.1 120.4, 36.2</coordinates></LineString>"
add("K12", kml(f"<Placemark><name>R2</name>{LINE}</Placemark>"), "plan.kml")
add(
    "K14",
    kml(
        "".join(
            f"<Folder><name>{name}</name>{placemark(coordinates=f'120.{n},36')}</Folder>"
            for n, name in enumerate(("带", "城", "园"))
        )
    ),
    "plan.kml",
)
add(
    "K15",
    '<gpx xmlns="http://www.topografix.com/GPX/1/1"><wpt lat="36" lon="120"/></gpx>',
    "plan.kml",
)
add("K16", kml(placemark())[:-60], "plan.kml")
EXTENDED = "<ExtendedData><Data name='code'><value>0101</value></Data></ExtendedData>"
add("K18", kml(placemark(more=EXTENDED)), "plan.kml")
add("K20", "名称,经度,纬度\n甲,120.3,36.1\n乙,120.4,36.2\n", "plan.csv")
add("K21", "name;lon;lat\na;120.3;36.1\nb;120.4;36.2\n", "plan.csv")
add("K22", "name\tlon\tlat\na\t120.3\t36.1\nb\t120.4\t36.2\n", "plan.csv")
add("K25", "name,area\na,1\nb,2\n", "plan.csv")
add("K28", "name,lon,lat\na,120.3,36.1\nb,,\nc,,\n", "plan.csv")
add("K31", "name,name,lon,lat\na,b,120.3,36.1\n", "plan.csv")
add("K33", "name,lon,lat\na\x00b,120.3,36.1\n", "plan.csv")
