"""Commands that report on a plan: summary, ledger, audit and claims."""

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from geo.commands.helptext import Command, option
from geo.commands.options import F, choose, filter_options
from geo.language.messages import text

if TYPE_CHECKING:
    import pandas as pd

UNITS: Final = {"km2": "km²", "ha": "ha", "mu": "mu"}
"""Units of area as they are typed."""

FALLBACK: Final = (100, 24)
"""Columns and lines where no terminal tells."""


def report_options(command: F) -> F:
    """Give a command the filters and a choice of formats."""
    formats = click.Choice(["text", "json", "csv", "md"])
    give = option("--format", "form", type=formats, default="text", help="cli.format")
    return give(filter_options(command))


def unit_option(command: F) -> F:
    """Give a command a choice of units of area."""
    units = click.Choice(list(UNITS))
    return option("--unit", type=units, default="km2", help="cli.unit")(command)


@click.command(
    cls=Command,
    help="cli.summary",
    examples=(
        "beltmap summary --city Qingdao",
        "beltmap summary --kind town --kind belt --overlaps",
        "beltmap summary --unit mu --format csv",
    ),
)
@option("--overlaps", is_flag=True, help="cli.overlaps")
@unit_option
@report_options
def summary(
    *,
    folder: Path | None,
    form: str,
    unit: str,
    overlaps: bool,
    **choice: Any,  # noqa: ANN401 - options
) -> None:
    """Print the totals of the chosen zones."""
    from geo.audit.explanations import explain_totals
    from geo.commands.reporting import overlap_report, total_report

    plan, mask, _ = choose(folder, choice)
    report = overlap_report if overlaps else total_report
    table = report(plan, mask, unit=UNITS[unit])
    notes = explain_totals(plan.zones[mask], plan.claims)
    if form in {"text", "md"} and not overlaps:
        table = table.drop(columns="total")
    _print(table, form, notes=notes)


@click.command(
    cls=Command,
    help="cli.ledger",
    examples=(
        "beltmap ledger --unit ha",
        "beltmap ledger --city Qingdao --format md > areas.md",
    ),
)
@unit_option
@report_options
def ledger(
    *,
    folder: Path | None,
    form: str,
    unit: str,
    **choice: Any,  # noqa: ANN401 - options
) -> None:
    """Print the area ledger of the chosen zones."""
    from geo.commands.reporting import ledger_report
    from geo.ledger import area_ledger

    plan, mask, _ = choose(folder, choice)
    table = area_ledger(plan.zones[mask], plan.claims, unit=UNITS[unit])
    _print(ledger_report(table, plan) if form in {"text", "md"} else table, form)


@click.command(
    cls=Command,
    help="cli.audit",
    examples=(
        "beltmap audit",
        "beltmap audit --city Dalian",
        "beltmap audit --format json | jq '.[] | select(.severity == \"warning\")'",
    ),
)
@report_options
def audit(
    *,
    folder: Path | None,
    form: str,
    **choice: Any,  # noqa: ANN401 - options
) -> None:
    """Print the findings; end with status 1 where there is an error."""
    from geo.audit.audit import audit as audited
    from geo.commands.reporting import finding_report, findings_within

    plan, mask, filters = choose(folder, choice)
    findings = findings_within(
        audited(plan.zones, plan.claims, glossary=plan.glossary, sectors=plan.sectors),
        plan,
        mask,
        filters,
    )
    table = finding_report(findings, words=form in {"text", "md"})
    _print(table, form, notes=() if findings else (text("audit.clean"),))
    if any(finding.severity == "error" for finding in findings):
        click.get_current_context().exit(1)


@click.command(
    cls=Command,
    help="cli.claims",
    examples=(
        "beltmap claims qd-belt",
        "beltmap claims dl-hitech.declared_area",
        "beltmap claims --city Dalian --format csv",
    ),
)
@click.argument("about", nargs=-1)
@report_options
def claims(
    *,
    about: tuple[str, ...],
    folder: Path | None,
    form: str,
    **choice: Any,  # noqa: ANN401 - options
) -> None:
    """Print claims in words."""
    from geo.commands.reporting import claim_report
    from geo.policy.statements import claims_within, statements

    plan, mask, filters = choose(folder, choice)
    chosen = claims_within(plan, mask, filters)
    known = {*plan.claims["subject"], *plan.claims["id"]}
    for name in about:
        if name not in known:
            raise click.BadParameter(text("cli.unknown_claim", name=name))
    if about:
        chosen = chosen[chosen["subject"].isin(about) | chosen["id"].isin(about)]
    words = form in {"text", "md"}
    _print(claim_report(statements(plan, chosen)) if words else chosen, form)


def _print(table: "pd.DataFrame", form: str, *, notes: Iterable[str] = ()) -> None:
    """Print a table; what must be said besides goes where it does no harm."""
    from geo.commands.output import FORMATS, as_text, paragraph

    width = shutil.get_terminal_size(FALLBACK).columns
    if form in {"text", "md"} and "unit" in table:
        table = table.assign(unit=[text(f"unit.name.{unit}") for unit in table["unit"]])
    if form == "text":
        click.echo(as_text(table, width=width))
    else:
        click.echo(FORMATS[form](table).rstrip("\n"))
    for note in notes:
        if form in {"json", "csv"}:
            click.echo(note, err=True)
        else:
            click.echo(f"\n{paragraph(note, width=width) if form == 'text' else note}")


COMMANDS: Final = (summary, ledger, audit, claims)
