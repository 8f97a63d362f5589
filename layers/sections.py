"""Sections of the page's views: what stands in each, without a page."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from geo.audit.audit import audit
from geo.audit.explanations import explain_totals
from geo.audit.findings import Finding
from geo.claims.chapters import chapters
from geo.claims.statements import statements
from geo.filters import Filters
from geo.language.messages import text
from geo.plan import Plan
from geo.policy.priorities import priority_filters
from geo.query import Mask
from geo.summary import Totals
from layers import html
from layers.charts.cities import comparison_chart
from layers.charts.goals import progress_chart
from layers.charts.parts import written
from layers.charts.priorities import priority_chart
from layers.findings import finding_list
from layers.ledger import ledger_table, overlap_square, overlap_table, total_tiles
from layers.plantables import (
    ORIGIN,
    comparison_told,
    headed,
    matrix_told,
    not_compared,
    priorities_told,
    progress_told,
)

STATED = ("subject", "attribute", "said", *ORIGIN)


@dataclass(frozen=True, eq=False)
class Section:
    """
    One section of a view.

    Parameters
    ----------
    key
        Name of the section, for downloads and widgets.
    title
        Heading.
    notes
        Sentences under it.
    body
        HTML that is ready to be shown; may be empty.
    chart
        A chart in Vega-Lite, if there is one.
    selects
        Name of the chart's selection, if a click on it selects.
    choices
        Filters that a selected value stands for.
    table
        Figures of the section, to be read and downloaded.
    """

    key: str
    title: str
    notes: tuple[str, ...] = ()
    body: str = ""
    chart: Mapping[str, Any] | None = None
    selects: str = ""
    choices: Mapping[str, Filters] = field(default_factory=dict)
    table: pd.DataFrame | None = None


def plan_sections(plan: Plan) -> Iterator[Section]:
    """
    Tell the plan itself: where it starts, what it wants, what came of it.

    Parameters
    ----------
    plan
        The plan.

    Yields
    ------
    section
        Goals, cities side by side, priorities, and the other chapters of the
        claims; those of which nothing is said are left out.
    """
    told = progress_told(plan)
    if len(told):
        yield Section(
            "goals",
            text("section.goals"),
            notes=(text("section.goals.what"), *not_compared(told)),
            chart=written(progress_chart(told)),
            table=headed(told, ("label", "step", "said", "percent", *ORIGIN)),
        )
    priorities = priorities_told(plan)
    if len(priorities):
        filters = priority_filters(plan.zones, plan.claims)
        columns = ("title", "sectors", "zones", "source", "place", "claim")
        yield Section(
            "priorities",
            text("section.priorities"),
            notes=(text("section.priorities.what"),),
            chart=written(priority_chart(matrix_told(plan))),
            selects="priority",
            choices=dict(zip(priorities["priority"], filters, strict=True)),
            table=headed(priorities, columns),
        )
    compared = comparison_told(plan)
    if len(compared):
        yield Section(
            "comparison",
            text("section.comparison"),
            notes=(text("section.comparison.what"),),
            chart=written(comparison_chart(compared)),
            table=headed(compared, ("label", "series", "said", *ORIGIN)),
        )
    yield from _chapters(plan, "existing", "outcomes", "markets", "advantages")
    yield from _chapters(plan, "goals", "elsewhere")


def _findings(plan: Plan) -> tuple[Finding, ...]:
    return audit(plan.zones, plan.claims, glossary=plan.glossary, sectors=plan.sectors)


def audit_sections(
    plan: Plan, mask: Mask, found: Totals, *, unit: str
) -> Iterator[Section]:
    """
    Tell whether the plan adds up.

    Parameters
    ----------
    plan
        The plan, which is audited whole.
    mask
        Which zones are chosen, for totals, ledger and overlaps.
    found
        Totals of the chosen zones.
    unit
        Unit of the areas, one of `geo.units.AREA_UNITS`.

    Yields
    ------
    section
        Findings, totals side by side, the ledger of areas, and overlaps.
    """
    yield Section(
        "findings",
        text("section.findings"),
        body=finding_list(plan, _findings(plan)),
    )
    yield Section(
        "totals",
        text("section.totals"),
        notes=explain_totals(plan.zones[mask], plan.claims),
        body=html.tiles(total_tiles(found, unit=unit)),
    )
    yield Section(
        "ledger",
        text("section.ledger"),
        table=ledger_table(plan, mask, unit=unit),
    )
    pairs = overlap_table(plan, mask, unit=unit)
    if len(pairs):
        yield Section("overlaps", text("section.overlaps"), table=pairs)
        square = overlap_square(plan, mask, unit=unit).reset_index(names=" ")
        yield Section("matrix", text("section.matrix"), table=square)


def _chapters(plan: Plan, *names: str) -> Iterator[Section]:
    """Tell chapters of the claims as tables; those with nothing are left out."""
    kept = chapters(plan.claims)
    for name in names:
        if len(kept[name]):
            yield Section(
                f"chapter-{name}",
                text(f"section.chapter.{name}"),
                table=headed(statements(plan, kept[name]), STATED),
            )
