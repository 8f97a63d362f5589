"""Sections of the page's views: what stands in each, without a page."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import pandas as pd

from geo.audit.audit import audit, audit_claims
from geo.audit.explanations import explain_totals
from geo.claims.chapters import chapters
from geo.errors import PlanError
from geo.filters import Filters
from geo.geometry.overlap import overlaps
from geo.language.messages import text
from geo.plan import Plan
from geo.policy.priorities import priority_filters
from geo.policy.statements import statements
from geo.query import Mask
from geo.summary import MOST_SURVEYED, Totals
from layers import html
from layers.findings import finding_list
from layers.ledger import ledger_table, overlap_square, overlap_table
from layers.plantables import (
    ORIGIN,
    comparison_told,
    headed,
    matrix_told,
    not_compared,
    priorities_told,
    progress_told,
)
from layers.totals import total_tiles

MOST_NOTES: Final = 6
"""Reasons why totals differ that are spelled out; the others are counted."""

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
    # as in `layers.opened`: the map does not wait for the charts' library
    from layers.charts.cities import comparison_chart
    from layers.charts.goals import progress_chart
    from layers.charts.parts import written
    from layers.charts.priorities import priority_chart

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


def finding_section(plan: Plan) -> Section:
    """
    Tell what does not fit in a plan.

    Parameters
    ----------
    plan
        The plan. Of one with more than `geo.summary.MOST_SURVEYED` zones the
        claims are audited, and it is said that the zones are not.

    Returns
    -------
    section
        The findings, the gravest first.
    """
    large = len(plan.zones) > MOST_SURVEYED
    zones, claims, glossary = plan.zones, plan.claims, plan.glossary
    found = (
        audit_claims(zones, claims, glossary=glossary)
        if large
        else audit(zones, claims, glossary=glossary, sectors=plan.sectors)
    )
    return Section(
        "findings",
        text("section.findings"),
        notes=(_not_compared(),) if large else (),
        body=finding_list(plan, found),
    )


def audit_sections(
    plan: Plan,
    mask: Mask,
    found: Totals,
    *,
    unit: str,
    findings: Section | None = None,
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
    findings
        What `finding_section` gives for the plan, if it is known.

    Yields
    ------
    section
        Findings, totals side by side, the ledger of areas, and overlaps. Of
        more than `geo.summary.MOST_SURVEYED` zones it is said that they are
        not compared with each other.
    """
    zones = plan.zones
    yield findings or finding_section(plan)
    few = mask.sum() <= MOST_SURVEYED
    yield Section(
        "totals",
        text("section.totals"),
        notes=explain_totals(zones[mask], plan.claims, most=MOST_NOTES) if few else (),
        body=html.tiles(total_tiles(found, unit=unit)),
    )
    yield Section(
        "ledger",
        text("section.ledger"),
        table=ledger_table(plan, mask, unit=unit),
    )
    if not few:
        yield Section("overlaps", text("section.overlaps"), notes=(_not_compared(),))
        return
    try:
        known = overlaps(zones[mask])
    except PlanError as error:
        told = tuple(str(fault) for fault in error.faults)
        yield Section("overlaps", text("section.overlaps"), notes=told)
        return
    if len(known):
        pairs = overlap_table(plan, mask, unit=unit, pairs=known)
        square = overlap_square(plan, mask, unit=unit, pairs=known)
        square = square.reset_index(names=" ")
        yield Section("overlaps", text("section.overlaps"), table=pairs)
        yield Section("matrix", text("section.matrix"), table=square)


def _not_compared() -> str:
    return text("audit.large", n=f"{MOST_SURVEYED:,}")


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
