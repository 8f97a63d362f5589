"""What a file is: its name and its first bytes must agree."""

from typing import Final

from geo.intake.notices import refuse

FORMATS: Final = {
    "geojson": ("geojson", "json", "geojsonl", "geojsons", "ndjson", "jsonl"),
    "csv": ("csv", "tsv", "tab", "txt"),
    "xlsx": ("xlsx", "xlsm"),
    "kml": ("kml",),
    "kmz": ("kmz",),
    "zip": ("zip",),
    "gpkg": ("gpkg",),
    "fgb": ("fgb",),
    "parquet": ("parquet", "geoparquet"),
    "shp": ("shp",),
}
"""Formats that can be read, and the endings of their names."""

_BY_ENDING: Final = {
    ending: kind for kind, endings in FORMATS.items() for ending in endings
}
_OTHERS: Final = """
    gml gpx vrt wfs dxf dwg dgn mif mid osm pbf topojson gdb mdb sqlite db xls
    ods numbers rar 7z gz tgz tar bz2 pdf doc docx svg html htm png jpg jpeg gif
    tif tiff webp ecw exe qgz qgs lyr lyrx mxd"""
_NOT_READ: Final = frozenset(_OTHERS.split())
SIDECARS: Final = frozenset({"shx", "dbf", "prj", "cpg", "sbn", "sbx", "qix", "qpj"})
"""Endings of the files that come with a .shp."""

_MAGIC: Final = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"SQLite format 3\x00", "gpkg"),
    (b"fgb\x03", "fgb"),
    (b"PAR1", "parquet"),
    (b"\x00\x00\x27\x0a", "shp"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"%PDF", "PDF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7z"),
    (b"\x1f\x8b", "gzip"),
    (b"\xd0\xcf\x11\xe0", "XLS"),
    (b"\x7fELF", "binary"),
    (b"MZ", "binary"),
)
_WRONG: Final = {
    "zip": "E_ARCHIVE_NOT_ZIP",
    "kmz": "E_ARCHIVE_NOT_ZIP",
    "xlsx": "E_ARCHIVE_NOT_ZIP",
    "gpkg": "E_NOT_GPKG",
    "fgb": "E_FGB_BROKEN",
    "parquet": "E_PARQUET_BROKEN",
    "shp": "E_SHP_BROKEN",
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
    head = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n\x1e")
    if head.startswith((b"{", b"[")):
        return "geojson"
    if head.startswith(b"<"):
        return "XML"
    return "binary" if data[:512].count(0) > len(data[:512]) // 2 else ""


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
    kind = _BY_ENDING.get(end)
    if kind is None:
        return _unnamed(end, inside)
    if kind in _WRONG and inside != {"kmz": "zip", "xlsx": "zip"}.get(kind, kind):
        raise refuse(_WRONG[kind], found=_said(inside))
    if kind == "geojson" and inside not in {"", "geojson", "XML"}:
        raise refuse("E_NOT_JSON", found=_said(inside))
    if kind == "csv" and inside not in {"", "geojson", "XML"}:
        raise refuse("E_CSV_BINARY", {"row": 1}, found=_said(inside))
    return kind


def _unnamed(end: str, inside: str) -> str:
    if end in SIDECARS:
        raise refuse("E_SHP_MISSING", found=f".{end}")
    if end in _NOT_READ:
        raise refuse("E_FORMAT_NAMED", found=end.upper())
    if inside in FORMATS:
        return inside
    if inside == "XML":
        return "kml"
    raise refuse("E_FORMAT_UNKNOWN", found=_said(inside) if inside else f".{end}")


def _said(inside: str) -> str:
    names = {"geojson": "GeoJSON", "gpkg": "a database", "fgb": "FlatGeobuf"}
    plain = names.get(inside, inside)
    return f"binary ({plain})" if inside and inside != "geojson" else plain or "text"
