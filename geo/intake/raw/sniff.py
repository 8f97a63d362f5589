"""What a file is: its name and its first bytes must agree."""

import re
from typing import Final

from beltmap.geo.intake.notices import RefusedError, refuse
from beltmap.geo.intake.raw.kinds import json_kind, xml_kind
from beltmap.geo.language.messages import text

FORMATS: Final = {
    "geojson": ("geojson", "json", "geojsonl", "geojsons", "ndjson", "jsonl"),
    "topojson": ("topojson",),
    "esrijson": ("esrijson",),
    "parcels": (),
    "csv": ("csv", "tsv", "tab", "txt"),
    "xlsx": ("xlsx", "xlsm"),
    "xls": ("xls",),
    "xlsb": ("xlsb",),
    "ods": ("ods",),
    "kml": ("kml",),
    "kmz": ("kmz",),
    "zip": ("zip",),
    "gpkg": ("gpkg",),
    "fgb": ("fgb",),
    "parquet": ("parquet", "geoparquet"),
    "shp": ("shp",),
    "gml": ("gml",),
    "gpx": ("gpx",),
    "dxf": ("dxf",),
    "gdb": (),
    "mapinfo": (),
}
"""Formats that can be read, and the endings of their names."""

_BY_CONTENT: Final = frozenset({"topojson", "esrijson", "parcels", "gml", "gpx", "dxf"})
"""Formats known by what is in the file, whatever its name."""

_LABELS: Final = (
    "GeoJSON",
    "TopoJSON",
    "Esri JSON",
    "GeoPackage",
    "shp",
    "KML",
    "KMZ",
    "FlatGeobuf",
    "GeoParquet",
    "parcels",
    "CSV",
    "XLSX",
    "XLS",
    "XLSB",
    "ODS",
    "GML",
    "GPX",
    "DXF",
    "gdb",
    "mapinfo",
)

_BY_ENDING: Final = {
    ending: kind for kind, endings in FORMATS.items() for ending in endings
}
_OTHERS: Final = """
    vrt wfs dgn osm pbf mdb sqlite db numbers pdf
    doc docx svg html htm exe qgz qgs lyr lyrx mxd"""
_NOT_READ: Final = frozenset(_OTHERS.split())
_CONVERTED: Final = {
    "E_DWG": "dwg dwt",
    "E_OVITAL": "ovkml ovkmz ovobj ovjsn",
    "E_ONE_OF_MANY": "mif mid gdb gdbtable gdbtablx gdbindexes",
    "E_PACKED": "rar 7z gz tgz tar bz2 xz",
    "E_RASTER": "png jpg jpeg gif tif tiff webp bmp ecw img jp2 sid asc",
}
"""What is said of formats that another program converts, by ending."""

_CONVERTED_BY: Final = {
    end: code for code, endings in _CONVERTED.items() for end in endings.split()
}
SIDECARS: Final = frozenset({"shx", "dbf", "prj", "cpg", "sbn", "sbx", "qix", "qpj"})
"""Endings of the files that come with a .shp."""

_MAGIC: Final = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"SQLite format 3\x00", "gpkg"),
    (b"fgb\x03", "fgb"),
    *((b"fgb" + bytes([n]), "old fgb") for n in range(3)),
    (b"PAR1", "parquet"),
    (b"\x00\x00\x27\x0a", "shp"),
    (b"AC10", "DWG"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"GIF8", "GIF"),
    (b"%PDF", "PDF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7z"),
    (b"\x1f\x8b", "gzip"),
    (b"\xd0\xcf\x11\xe0", "xls"),
    (b"AutoCAD Binary DXF", "dxf"),
    (b"\x7fELF", "binary"),
    (b"MZ", "binary"),
)
_INSIDE: Final = {
    "DWG": "dwg",
    "PNG": "png",
    "JPEG": "jpg",
    "TIFF": "tif",
    "GIF": "gif",
    "RAR": "rar",
    "7z": "7z",
    "gzip": "gz",
}
"""Ending of what the first bytes show."""

_PARCELS: Final = tuple(
    head.encode(codec)
    for head in ("[属性描述]", "[地块坐标]")
    for codec in ("utf-8", "gb18030", "utf-16-le", "utf-16-be")
)
"""What an exchange text of parcels begins with."""

_DXF: Final = re.compile(rb"(?:\s*999\r?\n[^\n]*\n)*\s*0\r?\n\s*SECTION\b")
"""Begin of a drawing, after comments."""

_REFUSED: Final = {"echarts": "E_ECHARTS", "old fgb": "E_FGB_OLD"}
"""Contents that no name makes readable."""

_WIDE: Final = frozenset({b"\xff\xfe", b"\xfe\xff"})
"""Begin of a text with two bytes a letter."""

_TABLE: Final = b"!table"
"""Begin of a MapInfo table's head."""

_ZIPPED: Final = frozenset({"kmz", "xlsx", "xlsb", "ods"})
"""Formats that are archives."""

_WRONG: Final = {
    "zip": "E_ARCHIVE_NOT_ZIP",
    "kmz": "E_ARCHIVE_NOT_ZIP",
    "xlsx": "E_ARCHIVE_NOT_ZIP",
    "xlsb": "E_ARCHIVE_NOT_ZIP",
    "ods": "E_ARCHIVE_NOT_ZIP",
    "gpkg": "E_NOT_GPKG",
    "fgb": "E_FGB_BROKEN",
    "parquet": "E_PARQUET_BROKEN",
    "shp": "E_SHP_BROKEN",
    "gml": "E_GML_BROKEN",
    "gpx": "E_GML_BROKEN",
    "dxf": "E_DRAWING_BROKEN",
}


def ending(name: str) -> str:
    r"""
    Give the ending of a file's name.

    Examples
    --------
    >>> ending("Plan.2030.GeoJSON"), ending("C:\\plans\\no ending")
    ('geojson', '')
    """
    last = name.replace("\\", "/").rpartition("/")[2]
    return last.rpartition(".")[2].strip().lower() if "." in last else ""


def content(data: bytes) -> str:
    """
    Name what the first bytes of a file show.

    Returns
    -------
    content
        A key of `FORMATS`, the name of another format, ``XML``, or empty.

    Examples
    --------
    >>> content(b'  {"type": "Feature"}'), content(b"<kml>"), content(b"id,lon,lat")
    ('geojson', 'XML', '')
    """
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            return kind
    if data[:2] in _WIDE:
        return _text_kind(data[:8192].decode("utf-16", "ignore").encode())
    return _text_kind(data)


def _text_kind(data: bytes) -> str:
    """Name what a text begins like."""
    head = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n\x1e")
    if head.startswith((b"{", b"[")) and not _is_parcels(data):
        return json_kind(data)
    if head.startswith(b"<"):
        return xml_kind(data[:8192].removeprefix(b"\xef\xbb\xbf"))
    if _DXF.match(data[:4096]):
        return "dxf"
    if _is_parcels(data):
        return "parcels"
    return "binary" if data[:512].count(0) > len(data[:512]) // 2 else ""


def _is_parcels(data: bytes) -> bool:
    return any(mark in data[:512] for mark in _PARCELS)


def format_names() -> tuple[str, ...]:
    """
    Name every format that is read, as a reader knows them.

    Examples
    --------
    >>> format_names()[:2]
    ('GeoJSON', 'TopoJSON')
    """
    return tuple(
        text(f"intake.format.{one}") if one.islower() else one for one in _LABELS
    )


def read_formats() -> str:
    """Name the formats of `format_names` in one line."""
    return text("intake.list").join(format_names())


def read_endings() -> tuple[str, ...]:
    """
    Give the endings of the formats that are read, the usual one of each.

    Examples
    --------
    >>> read_endings()[:2]
    ('.geojson', '.topojson')
    """
    return tuple(f".{endings[0]}" for endings in FORMATS.values() if endings)


def sniff(name: str, data: bytes) -> str:
    """
    Find the format of a file.

    Parameters
    ----------
    name
        Name of the file as given; only its ending is looked at.
    data
        The whole file.

    Returns
    -------
    kind
        A key of `FORMATS`.

    Raises
    ------
    RefusedError
        If the file is empty, of a format that is not read, or not what its
        name says.

    Examples
    --------
    >>> sniff("plan.geojson", b"{}"), sniff("plan", b"PAR1")
    ('geojson', 'parquet')
    """
    if not data.strip():
        raise refuse("E_EMPTY")
    end, inside = ending(name), content(data)
    if inside in _REFUSED:
        raise refuse(_REFUSED[inside], found=data[3])
    kind = _BY_ENDING.get(end)
    if kind is None:
        return _unnamed(end, inside)
    if inside in _BY_CONTENT and kind not in _WRONG:
        return inside
    if kind in _BY_CONTENT and kind not in _WRONG:
        return _misnamed(kind, data)
    if kind == "xls" and inside != "xls":
        return _renamed_sheet(inside)
    _check_content(kind, inside, data)
    return kind


def _check_content(kind: str, inside: str, data: bytes) -> None:
    """Refuse a file whose content is not what its name says."""
    if kind in _WRONG and inside != ("zip" if kind in _ZIPPED else kind):
        raise refuse(_WRONG[kind], found=_said(inside))
    if kind == "geojson" and inside not in {"", "geojson", "XML"}:
        raise refuse("E_NOT_JSON", found=_said(inside))
    if kind == "csv" and data[:20].lstrip().lower().startswith(_TABLE):
        raise refuse("E_ONE_OF_MANY", found="TAB")
    if kind == "csv" and inside not in {"", "geojson", "XML"}:
        raise refuse("E_CSV_BINARY", {"row": 1}, found=_said(inside))


def _renamed_sheet(inside: str) -> str:
    """Find what a file is that only its name calls an old workbook."""
    kind = {"zip": "xlsx", "": "csv"}.get(inside)
    if kind is None:
        raise refuse("E_XLSX_BROKEN", found=f": {_said(inside)}")
    return kind


def _unnamed(end: str, inside: str) -> str:
    if end in SIDECARS:
        raise refuse("E_SHP_MISSING", found=f".{end}")
    code = _CONVERTED_BY.get(end) or _CONVERTED_BY.get(_INSIDE.get(inside, ""))
    if code:
        raise refuse(code, found=(end or _INSIDE[inside]).upper())
    if inside in _BY_CONTENT:
        return inside
    if end in _NOT_READ:
        raise not_read(end.upper())
    if inside in FORMATS:
        return inside
    if inside == "XML":
        return "kml"
    if not end and not inside:
        # text without a name, as from a pipe: a table says so, or is refused as one
        return "csv"
    found = _said(inside) if inside else f".{end}"
    raise refuse("E_FORMAT_UNKNOWN", found=found, endings=read_endings())


def not_read(found: str) -> RefusedError:
    """Make the error that names a format which is known but not read."""
    return refuse("E_FORMAT_NAMED", found=found, formats=list(format_names()))


def _misnamed(kind: str, data: bytes) -> str:
    """Take a file at its name where its content could still be it."""
    begin = data.lstrip()[:1]
    if kind.endswith("json") and begin in (b"{", b"["):
        return "geojson"
    raise refuse("E_MISNAMED", found=kind)


def _said(inside: str) -> str:
    names = {"geojson": "GeoJSON", "gpkg": "a database", "fgb": "FlatGeobuf"}
    plain = names.get(inside, inside)
    return f"binary ({plain})" if inside and inside != "geojson" else plain or "text"
