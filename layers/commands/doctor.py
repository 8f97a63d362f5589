"""What this machine lacks for the program, and what to do about it."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click

from beltmap.geo.language.messages import text
from beltmap.layers.commands.options import plan_option
from beltmap.layers.commands.terminal.helptext import Command

BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome", "firefox", "safari")
"""Programs that show the page; on Windows and macOS the system has one."""

FORMATS: Final = ("GeoJSON", "GPKG", "ESRI Shapefile", "OpenFileGDB", "FlatGeobuf")
"""GDAL's drivers without which files could be neither read nor written."""


@dataclass(frozen=True)
class Sign:
    """
    One thing that was looked at.

    Attributes
    ----------
    name
        Ends the keys ``doctor.…`` of the catalogue.
    found
        What is there; None where it is missing.
    needed
        Whether the program fails without it; else only a part of it does.
    """

    name: str
    found: str | None
    needed: bool = True


def examine(folders: tuple[Path, ...]) -> Iterator[Sign]:
    """
    Look at everything that the program needs of a machine.

    Parameters
    ----------
    folders
        Plans that are to be changed here; may be none.

    Yields
    ------
    sign
        In the order in which they are told.
    """
    from beltmap.geo.cache import cache_folder

    yield Sign("gdal", _attempt(_gdal))
    yield Sign("font", _attempt(_font), needed=False)
    yield Sign("browser", _attempt(_browser), needed=False)
    yield Sign("store", _attempt(_store), needed=False)
    yield Sign("cache", _writable(cache_folder()), needed=False)
    for folder in folders:
        yield Sign("plan", _writable(folder))


def _attempt(look: Callable[[], str | None]) -> str | None:
    """Take what cannot be loaded as missing."""
    try:
        return look()
    except (ImportError, OSError):
        return None


def _gdal() -> str | None:
    import pyogrio

    drivers = pyogrio.list_drivers()
    version = ".".join(map(str, pyogrio.__gdal_version__))
    return version if all("w" in drivers.get(name, "") for name in FORMATS) else None


def _font() -> str | None:
    from beltmap.geo.export.picture.panel import chinese_font

    return chinese_font()


def _browser() -> str | None:
    import webbrowser

    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    try:
        return found or webbrowser.get().__class__.__name__
    except webbrowser.Error:
        return None


def _store() -> str | None:
    import psycopg

    return psycopg.__version__


def _writable(folder: Path) -> str | None:
    """Try whether a file can be put into a folder, made for it if need be."""
    import tempfile

    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return str(folder)
    except OSError:
        return None


@click.command(
    cls=Command,
    help="cli.doctor",
    examples=("beltmap doctor", "beltmap doctor --plan my-plan"),
)
@plan_option
def doctor(folders: tuple[Path, ...]) -> None:
    """Say what is there and what is missing; end with 1 if the program fails so."""
    signs = list(examine(folders))
    for sign in signs:
        name = text(f"doctor.{sign.name}")
        if sign.found is not None:
            click.echo(text("doctor.there", name=name, found=sign.found))
        else:
            what_to_do = text(f"doctor.{sign.name}.hint")
            click.echo(text("doctor.missing", name=name, hint=what_to_do))
    if any(sign.needed and sign.found is None for sign in signs):
        raise click.exceptions.Exit(1)
