"""Small files of the formats that GDAL reads, made by code."""

import io
import tempfile
import zipfile
from pathlib import Path

import geopandas as gpd
import pyogrio
import shapely

SQUARE = ((120, 36), (120.1, 36), (120.1, 36.1), (120, 36.1))
GML = "http://www.opengis.net/gml/3.2"


def zipped(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def gml(*members, root="", head='<?xml version="1.0" encoding="UTF-8"?>'):
    body = "".join(f"<gml:featureMember>{one}</gml:featureMember>" for one in members)
    return (
        f'{head}<p:All xmlns:p="http://example.org/p" xmlns:gml="{GML}" '
        f'xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:xsi='
        f'"http://www.w3.org/2001/XMLSchema-instance" {root}>{body}</p:All>'
    )


def gml_ring(corners):
    places = " ".join(f"{x} {y}" for x, y in [*corners, corners[0]])
    return f"<gml:LinearRing><gml:posList>{places}</gml:posList></gml:LinearRing>"


def gml_zone(name, ring=None, crs="EPSG:4326", kind="zone", more=""):
    outline = ring or gml_ring(SQUARE)
    srs = f'srsName="{crs}"' if crs else ""
    return (
        f"<p:{kind}><p:名称>{name}</p:名称>{more}<p:outline><gml:Polygon {srs}>"
        f"<gml:exterior>{outline}</gml:exterior></gml:Polygon></p:outline></p:{kind}>"
    )


ARC_RING = (
    "<gml:Ring><gml:curveMember><gml:Curve><gml:segments>"
    "<gml:Arc><gml:posList>120 36 120.05 35.95 120.1 36</gml:posList></gml:Arc>"
    "<gml:LineStringSegment><gml:posList>120.1 36 120.1 36.1 120 36.1 120 36"
    "</gml:posList></gml:LineStringSegment></gml:segments></gml:Curve>"
    "</gml:curveMember></gml:Ring>"
)


def gpx(body, head=""):
    return f'{head}<gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1">{body}</gpx>'


def pairs(*given):
    return "".join(f"{code:>3}\n{value}\n" for code, value in given)


def outline(handle, corners, *, layer="0", closed=1, bulge=None, paper=0):
    points = [
        pair
        for x, y in corners
        for pair in ((10, x), (20, y), *(((42, bulge),) if bulge else ()))
    ]
    return pairs(
        (0, "LWPOLYLINE"),
        (5, handle),
        (100, "AcDbEntity"),
        *(((67, 1),) if paper else ()),
        (8, layer),
        (100, "AcDbPolyline"),
        (90, len(corners)),
        (70, closed),
        *points,
    )


def hatch(handle, corners, layer="0"):
    edges = [pair for x, y in corners for pair in ((10, x), (20, y))]
    return pairs(
        (0, "HATCH"),
        (5, handle),
        (100, "AcDbEntity"),
        (8, layer),
        (100, "AcDbHatch"),
        *((10, 0), (20, 0), (30, 0), (210, 0), (220, 0), (230, 1)),
        *((2, "SOLID"), (70, 1), (71, 0), (91, 1), (92, 3), (72, 0), (73, 1)),
        (93, len(corners)),
        *edges,
        *((97, 0), (75, 1), (76, 1), (98, 0)),
    )


def text(handle, at, words, kind="TEXT"):
    name = {"TEXT": "AcDbText", "MTEXT": "AcDbMText"}[kind]
    return pairs(
        (0, kind),
        (5, handle),
        (100, "AcDbEntity"),
        (8, "字"),
        (100, name),
        *((10, at[0]), (20, at[1]), (40, 1), (1, words)),
    )


def dxf(*entities, version="AC1021", page="ANSI_936"):
    head = pairs(
        *((0, "SECTION"), (2, "HEADER"), (9, "$ACADVER"), (1, version)),
        *((9, "$DWGCODEPAGE"), (3, page), (0, "ENDSEC")),
        *((0, "SECTION"), (2, "ENTITIES")),
    )
    return head + "".join(entities) + pairs((0, "ENDSEC"), (0, "EOF"))


def box(x, y, size):
    return [(x, y), (x + size, y), (x + size, y + size), (x, y + size)]


def frame(crs=4326, **columns):
    shapes = [shapely.Polygon(SQUARE), shapely.box(120.2, 36, 120.3, 36.1)]
    given = columns or {"名称": ["甲园", "乙园"], "面积公顷": [9998.0, 9998.0]}
    return gpd.GeoDataFrame(given, geometry=shapes, crs=4326).to_crs(crs)


def written(zones, name, driver, layers=(), **options):
    """Write a file and what comes with it; gives bytes by name."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        for n, layer in enumerate(layers or [None]):
            more = {"layer": layer, "append": n > 0} if layer else {}
            pyogrio.write_dataframe(zones, path, driver=driver, **more, **options)
        inside = path if path.is_dir() else Path(folder)
        return {one.name: one.read_bytes() for one in inside.iterdir()}


def mapinfo(name, charset, zones=None):
    """Write a MapInfo layer whose text is GBK, and that says it is in `charset`."""
    form = {"FORMAT": "MIF"} if name.endswith("mif") else {}
    files = written(
        frame() if zones is None else zones,
        name,
        "MapInfo File",
        ENCODING="CP936",
        **form,
    )
    said = charset.encode()
    return {
        one: data.replace(b"WindowsSimpChinese", said) for one, data in files.items()
    }
