"""Exports in a terminal: saved, printed, and the table of formats."""

import shutil
import sys
import textwrap
from pathlib import Path
from typing import Final

import click
import numpy as np

from geo.errors import Fault, PlanError
from geo.export.files import STEPS, save, write
from geo.export.formats import FORMATS, Format
from geo.language.messages import text
from geo.plan import Plan
from geo.query import Mask

PRINTABLE: Final = ("geojson", "csv")
"""Formats that are text and one file."""

LONG_WORK: Final = 20_000
"""Zones from which on a bar shows how far the work is."""


def save_export(
    plan: Plan,
    mask: Mask,
    out: Path,
    *,
    format_code: str | None,
    crs: str | None,
) -> None:
    """
    Save an export, and say what it loses.

    Parameters
    ----------
    plan, mask, format_code, crs
        As in `geo.export.files.save`.
    out
        File to write.

    Raises
    ------
    PlanError
        As in `geo.export.files.save`.
    """
    long = mask.sum() >= LONG_WORK
    with click.progressbar(
        length=len(STEPS), file=sys.stderr, hidden=not (long and sys.stderr.isatty())
    ) as bar:

        def step(_: str) -> None:
            bar.update(1)

        export = save(plan, mask, out, format_code=format_code, crs=crs, on_step=step)
    click.echo(text("cli.exported", n=int(mask.sum()), file=out), err=True)
    for note in export.notes:
        click.echo(note, err=True)


def print_export(plan: Plan, mask: Mask, *, format_code: str, crs: str | None) -> None:
    """
    Write an export to standard output.

    Parameters
    ----------
    plan, mask, crs
        As in `geo.export.files.write`.
    format_code
        One of `PRINTABLE`.

    Raises
    ------
    PlanError
        If the format is not one of those, and as in `geo.export.files.write`.
    """
    if format_code.lower() not in PRINTABLE:
        raise PlanError([_not_printable(format_code)])
    export = write(plan, mask, format_code=format_code, crs=crs)
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
    everything = np.ones(len(plan.zones), bool)
    width = shutil.get_terminal_size((88, 24)).columns
    blocks = []
    for format_ in FORMATS.values():
        export = write(plan, everything, format_code=format_.code)
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
    return Fault(
        "E_NOT_PRINTABLE",
        "--stdout",
        text("fault.not_printable", code=code),
        text("fault.not_printable.mend", known=", ".join(PRINTABLE)),
    )
