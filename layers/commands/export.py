"""Exports in a terminal: saved, printed, and the table of formats."""

import shutil
import sys
import textwrap
from pathlib import Path
from typing import Final

import click

from beltmap.geo.errors import Fault, PlanError, fault
from beltmap.geo.export.catalogue import FORMATS, Format
from beltmap.geo.export.write import STEPS, save, write
from beltmap.geo.language.messages import text
from beltmap.geo.plan.plan import Plan
from beltmap.geo.plan.selection import Selection

PRINTABLE: Final = ("geojson", "csv")
"""Formats that are text and one file."""

LONG_WORK: Final = 20_000
"""Zones from which on a bar shows how far the work is."""


def save_export(
    selection: Selection,
    out: Path,
    *,
    format_code: str | None,
    crs: str | None,
) -> None:
    """
    Save an export, and say what it loses.

    Parameters
    ----------
    selection, format_code, crs
        As in `geo.export.write.save`.
    out
        File to write.

    Raises
    ------
    PlanError
        As in `geo.export.write.save`.
    """
    long = len(selection) >= LONG_WORK
    with click.progressbar(
        length=len(STEPS), file=sys.stderr, hidden=not (long and sys.stderr.isatty())
    ) as bar:

        def step(_: str) -> None:
            bar.update(1)

        export = save(selection, out, format_code=format_code, crs=crs, on_step=step)
    click.echo(text("cli.exported", n=len(selection), file=out), err=True)
    for note in export.notes:
        click.echo(note, err=True)


def print_export(selection: Selection, *, format_code: str, crs: str | None) -> None:
    """
    Write an export to standard output.

    Parameters
    ----------
    selection, crs
        As in `geo.export.write.write`.
    format_code
        One of `PRINTABLE`.

    Raises
    ------
    PlanError
        If the format is not one of those, and as in `geo.export.write.write`.
    """
    if format_code.lower() not in PRINTABLE:
        raise PlanError([_not_printable(format_code)])
    export = write(selection, format_code=format_code, crs=crs)
    sys.stdout.buffer.write(export.content)
    for note in export.notes:
        click.echo(note, err=True)


def format_table(plan: Plan) -> str:
    """
    Tell what each format is for and what it loses of a plan.

    Parameters
    ----------
    plan
        The plan, of which every format is written and read back.

    Returns
    -------
    table
        Lines for a terminal.
    """
    everything = Selection(plan)
    width = shutil.get_terminal_size((88, 24)).columns
    blocks = []
    for format_ in FORMATS.values():
        export = write(everything, format_code=format_.code)
        lines = [
            text("cli.formats.for", purpose=format_.purpose),
            text("cli.formats.crs", crs=_crs_list(format_)),
            text("cli.formats.loses", losses=export.notes[0], size=export.size),
        ]
        head = f"{format_.label} ({format_.code}: {', '.join(format_.suffixes)})"
        indented = [
            textwrap.fill(line, width, initial_indent="  ", subsequent_indent=" " * 4)
            for line in lines
        ]
        blocks.append("\n".join([head, *indented]))
    return "\n\n".join(blocks)


def _crs_list(format_: Format) -> str:
    if len(format_.crs) == 1:
        return text("cli.formats.only", crs=format_.crs[0])
    return ", ".join(format_.crs)


def _not_printable(code: str) -> Fault:
    return fault("E_NOT_PRINTABLE", "--stdout", code=code, known=PRINTABLE)
