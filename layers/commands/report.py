"""Commands that report on a plan: summary, ledger, audit and claims."""

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from beltmap.geo.language.messages import text
from beltmap.layers.commands.batch import chosen, parts_options
from beltmap.layers.commands.options import F, choose, filter_options
from beltmap.layers.commands.terminal.helptext import Command, option

if TYPE_CHECKING:
    import pandas as pd

UNITS: Final = {"km2": "km²", "ha": "ha", "mu": "mu"}
"""Units of area as they are typed."""

WORDS: Final = ("text", "md")
"""Formats for people, in which codes are said in words."""

LEDGER: Final = (
    "zone",
    "declared",
    "drawn",
    "unit",
    "difference_percent",
    "basis",
    "verdict",
    "source",
    "place",
)
SAID: Final = ("claim", "said", "year", "source", "place", "method")
"""Columns for which a terminal has room."""

FALLBACK: Final = (100, 24)
"""Columns and lines where no terminal tells."""


def report_options(command: F) -> F:
    """Give a command the filters and a choice of formats."""
    formats = click.Choice(["text", "json", "csv", "md"])
    give = option("--format", "form", type=formats, default="text", help="cli.format")
    return give(filter_options(command))


def _unit(typed: str | None) -> str:
    """Give the unit that is asked for, or the plan's."""
    from beltmap.geo.claims.shown import area_unit

    return area_unit() if typed is None else UNITS[typed]


def unit_option(command: F) -> F:
    """Give a command a choice of units of area."""
    units = click.Choice(list(UNITS))
    return option("--unit", type=units, help="cli.unit")(command)


@click.command(
    cls=Command,
    help="cli.summary",
    examples=(
        "beltmap summary --kind park",
        "beltmap summary --kind town --kind park --overlaps",
        "beltmap summary --unit mu --format csv",
    ),
)
@option("--overlaps", is_flag=True, help="cli.overlaps")
@parts_options
@unit_option
@report_options
def summary(  # noqa: PLR0913 - an argument an option
    *,
    parts: tuple[Path, ...],
    scheduler: str | None,
    folders: tuple[Path, ...],
    form: str,
    unit: str | None,
    overlaps: bool,
    **choice: Any,  # noqa: ANN401 - options
) -> None:
    """Print the totals of the chosen zones."""
    from beltmap.geo.audit.explanations import explain_totals
    from beltmap.geo.report.areas import overlap_pairs, overlap_table
    from beltmap.geo.report.totals import total_table

    selection, measures = chosen(
        parts, scheduler, folders, choice, land=not overlaps, pairs=True
    )
    if overlaps:
        pairs = overlap_pairs(selection, measures=measures)
        table = overlap_table(selection, unit=_unit(unit), pairs=pairs)
        columns = ("a", "b", "overlap", "unit", "percent_of_a", "percent_of_b")
        ids = table.assign(a=table["a_id"], b=table["b_id"])
        table = (table if form in WORDS else ids)[list(columns)]
    else:
        table = total_table(selection, unit=_unit(unit))
        if form in WORDS:
            table = table.drop(columns="total")
    notes = explain_totals(selection.zones, selection.plan.claims, measures=measures)
    print_table(table, form, notes=notes)


@click.command(
    cls=Command,
    help="cli.ledger",
    examples=(
        "beltmap ledger --unit ha",
        "beltmap ledger --kind park --format md > areas.md",
    ),
)
@parts_options
@unit_option
@report_options
def ledger(
    *,
    parts: tuple[Path, ...],
    scheduler: str | None,
    folders: tuple[Path, ...],
    form: str,
    unit: str | None,
    **choice: Any,  # noqa: ANN401 - options
) -> None:
    """Print the area ledger of the chosen zones."""
    from beltmap.geo.query.ledger import area_ledger
    from beltmap.geo.report.areas import ledger_table
    from beltmap.geo.report.origin import source_words

    selection, measures = chosen(parts, scheduler, folders, choice)
    notes: list[str] = []
    if form in WORDS:
        told = ledger_table(selection, unit=_unit(unit), measures=measures)
        # titles would leave no room: they are spelled out below
        table = told.assign(source=told["document"])[list(LEDGER)]
        notes = source_words(selection)
    else:
        table = area_ledger(
            selection.zones,
            selection.plan.claims,
            unit=_unit(unit),
            measures=measures,
        )
    print_table(table, form, notes=notes)


@click.command(
    cls=Command,
    help="cli.audit",
    examples=(
        "beltmap audit",
        "beltmap audit --kind park",
        "beltmap audit --format json > findings.json",
    ),
)
@parts_options
@report_options
def audit(
    *,
    parts: tuple[Path, ...],
    scheduler: str | None,
    folders: tuple[Path, ...],
    form: str,
    **choice: Any,  # noqa: ANN401 - options
) -> None:
    """Print the findings; end with status 1 where there is an error."""
    from beltmap.geo.report.findings import finding_table, findings, findings_within

    selection, measures = chosen(parts, scheduler, folders, choice, pairs=True)
    audited = findings(selection.plan, measures=measures if parts else None)
    found = findings_within(audited, selection)
    table = finding_table(found, words=form in WORDS)
    if form in WORDS:
        table = table[["severity", "sentence", "claims"]]
    print_table(table, form, notes=() if found else (text("audit.clean"),))
    if any(finding.severity == "error" for finding in found):
        click.get_current_context().exit(1)


@click.command(
    cls=Command,
    help="cli.claims",
    examples=(
        "beltmap claims ID",
        "beltmap claims --kind park --format csv",
    ),
)
@click.argument("about", nargs=-1)
@report_options
def claims(
    *,
    about: tuple[str, ...],
    folders: tuple[Path, ...],
    form: str,
    **choice: Any,  # noqa: ANN401 - options
) -> None:
    """Print claims in words."""
    from beltmap.geo.report.statements import statements

    selection = choose(folders, choice)
    plan, chosen = selection.plan, selection.claims
    known = {*plan.claims["subject"], *plan.claims["id"]}
    for name in about:
        if name not in known:
            raise click.BadParameter(text("cli.unknown_claim", name=name))
    if about:
        chosen = chosen[chosen["subject"].isin(about) | chosen["id"].isin(about)]
    if form in WORDS:
        told = statements(plan, chosen)
        # what a figure counts belongs to it, and there is no room for a column
        figures = [
            text("list.labelled", label=said, meaning=counts) if counts else said
            for said, counts in zip(told["said"], told["counts"], strict=True)
        ]
        chosen = told.assign(said=figures)[list(SAID)]
    print_table(chosen, form)


def print_table(table: "pd.DataFrame", form: str, *, notes: Iterable[str] = ()) -> None:
    """Print a table; what must be said besides goes where it does no harm."""
    from beltmap.geo.language.typeset import paragraph
    from beltmap.layers.commands.terminal.output import FORMATS, as_text
    from beltmap.layers.commands.terminal.stream import echo_exact

    width = shutil.get_terminal_size(FALLBACK).columns
    if form in WORDS and "unit" in table:
        table = table.assign(unit=[text(f"unit.name.{unit}") for unit in table["unit"]])
    if form == "text":
        click.echo(as_text(table, width=width))
    elif form not in WORDS:
        echo_exact(FORMATS[form](table).rstrip("\n") + "\n")
    else:
        click.echo(FORMATS[form](table).rstrip("\n"))
    for note in notes:
        if form in {"json", "csv"}:
            click.echo(note, err=True)
        else:
            click.echo(f"\n{paragraph(note, width=width) if form == 'text' else note}")


COMMANDS: Final = (summary, ledger, audit, claims)
