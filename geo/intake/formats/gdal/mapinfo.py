"""MapInfo: a table (.tab and its files) or its exchange text (.mif and .mid)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from beltmap.geo.intake.formats.columnar import collect
from beltmap.geo.intake.formats.gdal.layers import Source
from beltmap.geo.intake.formats.gdal.packing import packed
from beltmap.geo.intake.limits import Limits
from beltmap.geo.intake.notices import Json, Notice, notice, refuse
from beltmap.geo.intake.raw.encoding import asked_codec, doubted, shown
from beltmap.geo.intake.raw.guess import likely_encodings
from beltmap.geo.intake.rows import Rows

PARTS: Final = {
    "tab": ("dat", "map", "id"),
    "mif": ("mid",),
}
"""Endings of the files that belong to a .tab and to a .mif."""

_RAW: Final = "ISO-8859-1"
_CHARSET: Final = re.compile(
    rb"^(\s*!?charset\s+)\"?([\w.-]+)\"?", re.IGNORECASE | re.MULTILINE
)
_CODECS: Final = {
    "windowslatin1": "cp1252",
    "windowslatin2": "cp1250",
    "windowscyrillic": "cp1251",
    "windowssimpchinese": "gb18030",
    "windowstradchinese": "big5",
    "windowsjapanese": "cp932",
    "windowskorean": "cp949",
    "utf-8": "utf-8",
}
_NO_COLUMNS: Final = re.compile(rb"^\s*columns\s+0\b", re.IGNORECASE | re.MULTILINE)
_OWN: Final = re.compile(rb"^\s*Type\s+(NATIVE|LINKED)\b", re.IGNORECASE | re.MULTILINE)
_OF_OTHERS: Final = re.compile(
    rb"create\s+view|\bopen\s+table|isseamless|\bfile\s+\"", re.IGNORECASE
)
"""Heads of tables that are made of other tables, wherever these lie."""


def read_mapinfo(
    files: Mapping[str, bytes], *, name: str, limits: Limits, encoding: str | None
) -> Rows:
    """
    Read a MapInfo layer.

    Parameters
    ----------
    files
        Its files by ending without the dot.
    name
        Name of the layer.
    limits
        How large it may be.
    encoding
        Encoding of the text that a person chose.

    Returns
    -------
    rows
        One row a record, in the CRS of the file.

    Raises
    ------
    RefusedError
        If a file is missing, if the table is made of others or cannot be read,
        or if this is not the worker.
    """
    main = "tab" if "tab" in files else "mif"
    missing = [end for end in PARTS[main] if end not in files]
    if missing and not (main == "mif" and _without_columns(files["mif"])):
        raise refuse("E_ONE_OF_MANY", found=main.upper())
    head = files[main]
    if main == "tab" and (not _OWN.search(head) or _OF_OTHERS.search(head)):
        raise refuse("E_MAPINFO_BROKEN", found="")
    given = {end: files[end] for end in (main, *PARTS[main]) if end in files}
    given[main] = _CHARSET.sub(rb'\1"Neutral"', head, count=1)
    data = packed({f"layer.{end}": part for end, part in given.items()})
    source = Source("mapinfo", data, "E_MAPINFO_BROKEN", limits, _RAW)
    layer = next(iter(source.layers()), "")
    table = source.table(layer)
    stated = _CHARSET.search(head)
    codec = _CODECS.get(stated[2].decode("latin-1").casefold()) if stated else None
    columns, used, said = _decoded(table.columns, codec, encoding)
    rows = collect(columns, table.shapes, limits, name=name, crs=table.crs)
    return replace(rows, encoding=used, notices=(*said, *rows.notices))


def _without_columns(mif: bytes) -> bool:
    return (
        re.search(rb"^\s*columns\s+0\b", mif, re.IGNORECASE | re.MULTILINE) is not None
    )


def _decoded(
    columns: Mapping[str, Sequence[Json]], stated: str | None, chosen: str | None
) -> tuple[dict[str, Sequence[Json]], str, tuple[Notice, ...]]:
    """Read text that came byte by byte: as chosen, as stated, or as it looks."""
    texts = [*columns, *(v for column in columns.values() for v in column)]
    strange = [
        one.encode("latin-1")
        for one in texts
        if isinstance(one, str) and not one.isascii()
    ]
    said: tuple[Notice, ...] = ()
    if chosen is not None:
        codec = asked_codec(chosen)
    elif stated and all(_decodes(one, stated) for one in strange):
        codec = stated
    else:
        likely = likely_encodings(strange) if strange else ["utf-8"]
        if not likely:
            raise refuse("E_ENCODING", found="")
        codec = likely[0]
        if len(likely) > 1:
            said = (doubted(likely),)
        elif codec != "utf-8":
            said = (notice("W_ENCODING", encoding=shown(codec)),)

    def read(value: Json) -> Json:
        if not isinstance(value, str) or value.isascii():
            return value
        return value.encode("latin-1").decode(codec, "replace")

    whole: dict[str, Sequence[Json]] = {
        str(read(name)): [read(value) for value in values]
        for name, values in columns.items()
    }
    return whole, codec, said


def _decodes(data: bytes, codec: str) -> bool:
    try:
        data.decode(codec)
    except UnicodeDecodeError:
        return False
    return True
