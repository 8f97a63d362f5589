"""Tile servers of one's own, and keys of public ones, in a small file."""

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from beltmap.geo.errors import Fault, PlanError, fault
from beltmap.geo.language.messages import text
from beltmap.layers.basemap.basemaps import (
    BASEMAPS,
    CODE,
    DATUMS,
    EMBEDDED,
    ONLINE,
    Basemap,
)

VARIABLE: Final = "BELTMAP_BASEMAPS"
"""Variable of the environment that names the file."""

NEEDED: Final = ("code", "name", "url", "attribution", "datum")
ADDRESS: Final = re.compile(r"(https?://|/)[^\s\"'<>]+")
PLACES: Final = ("{z}", "{x}", "{y}")
OPTIONAL: Final = ("max_zoom", "subdomains")
ALLOWED: Final = (*NEEDED, "name_zh", "link", *OPTIONAL)
DEEPEST: Final = 24


def own_basemaps(environment: Mapping[str, str] = os.environ) -> tuple[Basemap, ...]:
    """
    Give the basemaps that this installation offers.

    Parameters
    ----------
    environment
        Variables; `VARIABLE` names the file, if there is one.

    Returns
    -------
    basemaps
        The embedded one first; see `read_basemaps`.

    Raises
    ------
    PlanError
        As `read_basemaps` does.
    """
    file = environment.get(VARIABLE)
    return read_basemaps(Path(file)) if file else BASEMAPS


def read_basemaps(file: Path) -> tuple[Basemap, ...]:
    """
    Read which basemaps to offer.

    Parameters
    ----------
    file
        TOML: tables ``[[basemap]]`` with ``code``, ``name``, ``url`` (one
        template, or a list with the lowest layer first), ``attribution``,
        ``datum`` and, if wanted, ``name_zh``, ``link``, ``max_zoom`` and
        ``subdomains``; a table ``[keys]`` with keys of providers, such as
        ``tianditu``; and ``public = false`` where no public service may be
        offered.

    Returns
    -------
    basemaps
        The embedded one, those of the file, then the public ones whose keys
        are there.

    Raises
    ------
    PlanError
        With everything that is wrong with the file.
    """
    try:
        given = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise PlanError(
            [fault("E_BASEMAP_UNREADABLE", file.name, error=error)]
        ) from error
    tables = given.get("basemap", [])
    faults = list(_faults(file.name, tables))
    if faults:
        raise PlanError(faults)
    own = [_basemap(table) for table in tables]
    keys = given.get("keys", {})
    public = [_unlocked(one, keys) for one in ONLINE if not one.key or one.key in keys]
    return EMBEDDED, *own, *(public if given.get("public", True) else ())


def _unlocked(basemap: Basemap, keys: Mapping[str, Any]) -> Basemap:
    """Put a user's key into the addresses."""
    if basemap.key is None:
        return basemap
    key = str(keys[basemap.key])
    return replace(basemap, urls=tuple(url.replace("KEY", key) for url in basemap.urls))


def _basemap(table: Mapping[str, Any]) -> Basemap:
    given = {name: table[name] for name in OPTIONAL if name in table}
    return Basemap(
        code=table["code"],
        urls=_urls(table),
        credits=((table["attribution"], table.get("link")),),
        datum=table["datum"],
        names=(table["name"], table.get("name_zh", table["name"])),
        **given,
    )


def _urls(table: Mapping[str, Any]) -> tuple[str, ...]:
    given = table["url"]
    return (given,) if isinstance(given, str) else tuple(given)


def _faults(name: str, tables: Any) -> Iterator[Fault]:  # noqa: ANN401 - any TOML
    """Find everything that is wrong with the basemaps of a file."""
    taken = {EMBEDDED.code, *(one.code for one in ONLINE)}
    if not isinstance(tables, list):
        yield fault("E_BASEMAP_NO_LIST", name)
        return
    for number, table in enumerate(tables, start=1):
        where = text("where.basemap", name=name, at=number)
        wanted = {column: table.get(column) for column in NEEDED}
        missing = [column for column, value in wanted.items() if not value]
        unknown = [column for column in table if column not in ALLOWED]
        if missing:
            yield fault("E_BASEMAP_MISSING", where, names=", ".join(missing))
            continue
        if unknown:
            yield fault("E_BASEMAP_UNKNOWN", where, names=", ".join(unknown))
        if not CODE.fullmatch(str(table["code"])) or table["code"] in taken:
            yield fault("E_BASEMAP_CODE", where, code=table["code"])
        taken.add(table["code"])
        if table["datum"] not in DATUMS:
            yield fault("E_BASEMAP_DATUM", where, datum=table["datum"], known=DATUMS)
        yield from _value_faults(where, table)


def _value_faults(where: str, table: Mapping[str, Any]) -> Iterator[Fault]:
    for url in _urls(table):
        good = isinstance(url, str) and ADDRESS.fullmatch(url)
        if not good or not all(place in url for place in PLACES):
            yield fault("E_BASEMAP_URL", where, url=url)
    link = table.get("link", "https://")
    if not str(link).startswith(("https://", "http://", "/")):
        yield fault("E_BASEMAP_LINK", where, link=link)
    zoom = table.get("max_zoom", 0)
    if not isinstance(zoom, int) or not 0 <= zoom <= DEEPEST:
        yield fault("E_BASEMAP_ZOOM", where, zoom=zoom)
