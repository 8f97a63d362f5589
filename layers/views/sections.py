"""Sections of the page's views: what stands in each, without a page."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import pandas as pd

from beltmap.geo.audit.explanations import explain_totals, unplaced_words
from beltmap.geo.audit.findings import Finding
from beltmap.geo.audit.priorities import priority_filters
from beltmap.geo.claims.chapters import chapters
from beltmap.geo.errors import PlanError
from beltmap.geo.language.messages import text
from beltmap.geo.plan.plan import Plan
from beltmap.geo.plan.selection import Selection
from beltmap.geo.query.filters import Filters
from beltmap.geo.query.summary import MOST_SURVEYED
from beltmap.geo.report.areas import (
    ledger_table,
    overlap_pairs,
    overlap_square,
    overlap_table,
)
from beltmap.geo.report.findings import findings
from beltmap.geo.report.goals import (
    ORIGIN,
    comparison_in_words,
    matrix_in_words,
    not_compared,
    priorities_in_words,
    progress_in_words,
)
from beltmap.geo.report.headers import headed
from beltmap.geo.report.sources import SOURCES, sources_in_words
from beltmap.geo.report.statements import statements
from beltmap.geo.report.zones import MOST_ROWS
from beltmap.layers.charts.cities import comparison_chart
from beltmap.layers.charts.goals import progress_chart
from beltmap.layers.charts.priorities import priority_chart
from beltmap.layers.views import html
from beltmap.layers.views.findings import finding_list
from beltmap.layers.views.method import METHOD, method_words
from beltmap.layers.views.totals import total_tiles

MOST_NOTES: Final = 6
"""Reasons why totals differ that are spelled out; the others are counted."""

PRIORITY: Final = "priority:"
"""Begins what a link asks for that leads to the zones of a priority."""

STATED: Final = ("subject", "attribute", "said", *ORIGIN)
LEDGER: Final = (
    "zone",
    "declared",
    "drawn",
    "difference",
    "difference_percent",
    "basis",
    "verdict",
    "source",
    "place",
    "method",
    "claim",
)
PAIRS: Final = ("a", "b", "overlap", "percent_of_a", "percent_of_b")
"""Columns of the tables, by their codes."""


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
        HTML as well, if the section has one, with its table folded below.
    choices
        Filters that a link of the chart stands for.
    table
        Figures of the section, to be read and downloaded.
    """

    key: str
    title: str
    notes: tuple[str, ...] = ()
    body: str = ""
    chart: str = ""
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
        claims; those of which nothing is said are left out. Then the documents.
    """
    told = progress_in_words(plan)
    if len(told):
        yield Section(
            "goals",
            text("section.goals"),
            notes=(text("section.goals.what"), *not_compared(told)),
            chart=progress_chart(told),
            table=headed(told, ("label", "step", "said", "percent", *ORIGIN)),
        )
    priorities = priorities_in_words(plan)
    if len(priorities):
        filters = priority_filters(plan.zones, plan.claims)
        columns = ("title", "sectors", "named", "zones", "source", "place", "claim")
        yield Section(
            "priorities",
            text("section.priorities"),
            notes=(text("section.priorities.what"),),
            chart=priority_chart(matrix_in_words(plan), link=_to_zones),
            choices=dict(zip(priorities["priority"], filters, strict=True)),
            table=headed(priorities, columns),
        )
    compared = comparison_in_words(plan)
    if len(compared):
        yield Section(
            "comparison",
            text("section.comparison"),
            notes=(text("section.comparison.what"),),
            chart=comparison_chart(compared),
            table=headed(compared, ("label", "series", "said", *ORIGIN)),
        )
    yield from _chapters(plan, "existing", "layout", "outcomes", "priorities")
    yield from _chapters(plan, "markets", "advantages", "goals", "elsewhere")
    if len(plan.claims) and len(plan.sources):
        yield Section(
            "sources",
            text("section.sources"),
            table=headed(sources_in_words(plan), SOURCES),
        )


def _to_zones(priority: str, title: str) -> str:
    return html.ask(f"{PRIORITY}{priority}", title, view="plan")


def finding_section(plan: Plan, found: Sequence[Finding]) -> Section:
    """
    Tell what does not fit in a plan.

    Parameters
    ----------
    plan
        The plan. Of one with more than `geo.query.summary.MOST_SURVEYED` zones the
        claims are audited, and it is said that the zones are not.
    found
        What `geo.report.findings.findings` found in it.

    Returns
    -------
    section
        The findings, the gravest first.
    """
    large = len(plan.zones) > MOST_SURVEYED
    return Section(
        "findings",
        text("section.findings"),
        notes=(_not_compared(),) if large else (),
        body=finding_list(plan, found),
    )


def audit_sections(
    selection: Selection, *, unit: str, told: Section | None = None
) -> Iterator[Section]:
    """
    Tell whether the plan adds up.

    Parameters
    ----------
    selection
        The plan, which is audited whole, and the zones that are chosen for
        totals, ledger and overlaps.
    unit
        Unit of the areas, one of `geo.units.AREA_UNITS`.
    told
        What `finding_section` gives for the plan, if it is known.

    Yields
    ------
    section
        Findings, totals side by side, the ledger of areas, overlaps, and how all
        that is measured. Of
        more than `geo.query.summary.MOST_SURVEYED` zones it is said that they are
        not compared with each other.
    """
    plan = selection.plan
    yield told or finding_section(plan, findings(plan))
    few = len(selection) <= MOST_SURVEYED
    yield Section(
        "totals",
        text("section.totals"),
        notes=explain_totals(selection.zones, plan.claims, most=MOST_NOTES)
        if few
        else (),
        body=html.tiles(total_tiles(selection.summary, unit=unit)),
    )
    ledger = ledger_table(selection, unit=unit, most=MOST_ROWS)
    yield Section(
        "ledger", text("section.ledger"), table=headed(ledger, LEDGER, unit=unit)
    )
    if few:
        yield from _overlaps(selection, unit)
    else:
        yield Section("overlaps", text("section.overlaps"), notes=(_not_compared(),))
    yield Section(METHOD, text("section.method"), body=method_words())


def _overlaps(selection: Selection, unit: str) -> Iterator[Section]:
    """Tell which zones overlap, as pairs and as a square."""
    try:
        known = overlap_pairs(selection)
    except PlanError as error:
        told = tuple(str(fault) for fault in error.faults)
        yield Section("overlaps", text("section.overlaps"), notes=told)
        return
    if len(known):
        pairs = overlap_table(selection, unit=unit, pairs=known).head(MOST_ROWS)
        square = overlap_square(selection, unit=unit, pairs=known)
        table = headed(pairs, PAIRS, unit=unit)
        notes = tuple(filter(None, [unplaced_words(selection.unplaced)]))
        yield Section("overlaps", text("section.overlaps"), notes=notes, table=table)
        head = text("report.zone")
        # a zone may be called so as well
        while head in square:
            head += " "
        square = square.reset_index(names=head)
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
