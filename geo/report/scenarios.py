"""A plan and its scenarios side by side: totals, kinds, sectors, goals, findings."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from beltmap.geo.audit.findings import Finding
from beltmap.geo.audit.priorities import priorities
from beltmap.geo.audit.progress import progress
from beltmap.geo.changes.change import REMOVED, Difference
from beltmap.geo.changes.fitting import changed_zones
from beltmap.geo.changes.tables import claimed
from beltmap.geo.charter.charter import Words
from beltmap.geo.charter.force import chartered
from beltmap.geo.claims.chapters import leading_city
from beltmap.geo.claims.table import CLAIM_COLUMNS
from beltmap.geo.language.labels import facet_label
from beltmap.geo.language.messages import LANGUAGES, speaking, text
from beltmap.geo.language.wording import capital
from beltmap.geo.plan.plan import Plan
from beltmap.geo.plan.selection import Selection
from beltmap.geo.report.findings import findings
from beltmap.geo.report.totals import in_words

FACETS: Final = ("kind", "sectors")

Cells = dict[tuple[str, str], str]


def plan_with(plan: Plan, difference: Difference, *, name: str = "") -> Plan:
    """
    Give a plan as it would be with changes, in memory alone.

    Parameters
    ----------
    plan
        The plan, which stays as it is.
    difference
        The changes, whether or not they fit.
    name
        What the title then says the plan is a scenario by.

    Returns
    -------
    changed
        Its zones, and the claims that saving the changes would add.
    """
    zones = changed_zones(plan.zones, difference)
    taken = set(plan.claims["id"])
    bases = dict(zip(zones["id"], zones["area_basis"], strict=True))
    rows = [
        dict.fromkeys(CLAIM_COLUMNS) | {k: v for k, v in row.items() if v}
        for change in difference.changes
        if change.sort != REMOVED
        for row in claimed(
            change, difference.edit_of(change), taken, basis=bases[change.id]
        )
    ]
    more = pd.DataFrame(rows, columns=list(CLAIM_COLUMNS), dtype=object)
    for column in ("value", "value_max"):
        more[column] = more[column].astype(np.float64)
    more["year"] = pd.array([None] * len(more), dtype="Int64")
    # those of a reader come first: the plan's pages follow the first
    claims = pd.concat([more, plan.claims], ignore_index=True)
    charter = replace(plan.charter, title=_titled(plan.charter.title, name))
    return replace(plan, zones=zones, claims=claims, charter=charter, parts=())


def _titled(title: Words, name: str) -> Words:
    """Let whatever is made of a scenario say that it is one."""
    if not name:
        return title
    said = {}
    for language in LANGUAGES:
        with speaking(language):
            of = title.say(language=language)
            said[language] = text("scenario.title", title=of, name=name)
    return Words(**said)


@chartered
def scenario_table(plan: Plan, scenarios: Mapping[str, Difference]) -> pd.DataFrame:
    """
    Set a plan and its scenarios side by side.

    Parameters
    ----------
    plan
        The plan as it is.
    scenarios
        Differences over it, by their names.

    Returns
    -------
    table
        One row a total, a kind or sector that zones have, the goals met, each
        priority that a scenario serves otherwise, and a finding that comes or
        goes: what it is ``about``, the plan's, and a column a scenario.
    """
    plans = {text("scenario.base"): plan}
    plans |= {name: plan_with(plan, one) for name, one in scenarios.items()}
    told = _findings(list(plans.values()))
    columns: dict[str, Cells] = {
        name: dict(_figures(one)) | _goals(one) | found
        for (name, one), found in zip(plans.items(), told, strict=True)
    }
    order = ["total", *FACETS, "goal", "each goal", "finding"]
    keys = dict.fromkeys(key for cells in columns.values() for key in cells)
    # of the single goals, those that a scenario changes
    rows = sorted(
        (
            key
            for key in keys
            if key[0] != "each goal" or len({c.get(key) for c in columns.values()}) > 1
        ),
        key=lambda key: order.index(key[0]),
    )
    table = {text("report.about"): [about for _, about in rows]}
    for name, cells in columns.items():
        table[name] = [cells.get(key, "") for key in rows]
    return pd.DataFrame(table)


def _figures(plan: Plan) -> Iterator[tuple[tuple[str, str], str]]:
    selection = Selection(plan)
    for one in in_words(selection.summary):
        yield ("total", one.name), one.say()
    for facet in FACETS:
        counts = selection.count(facet)
        for code, zones, km2 in counts.itertuples():
            if zones:
                label = facet_label(plan.sectors, facet, str(code))
                said = text("scenario.count", n=f"{zones:,}", km2=f"{km2:,.2f}")
                yield (facet, label), said


def _goals(plan: Plan) -> Cells:
    """Count the goals that are met, and say of each whether it is."""
    cells: Cells = {}
    met = dict(_figures_met(plan))
    if met:
        said = text("scenario.met_of", n=sum(met.values()), all=len(met))
        cells["goal", text("scenario.met")] = said
    wanted = priorities(plan.zones, plan.claims, sectors=plan.sectors)
    if len(wanted):
        served = sum(map(bool, wanted["zones"]))
        said = text("scenario.served_of", n=served, all=len(wanted))
        cells["goal", text("scenario.served")] = said
    for title, zones in zip(wanted["title"], wanted["zones"], strict=True):
        about = text("scenario.priority", title=capital(plan.say(title)))
        cells["each goal", about] = text("scenario.served_by", n=len(zones))
    return cells


def _figures_met(plan: Plan) -> Iterator[tuple[tuple[str, str, int], bool]]:
    """Tell of each goal in figures whether what was measured later reaches it."""
    way = progress(plan.claims, city=leading_city(plan.claims))
    for (attribute, measure), rows in way.groupby(["attribute", "measure"], sort=False):
        reached = rows.loc[rows["role"] == "outcome", "share"].max()
        goals = rows[rows["role"] == "goal"]
        for horizon, share in zip(goals["horizon"], goals["share"], strict=True):
            yield (str(attribute), str(measure), int(horizon)), bool(reached >= share)


def _findings(plans: Sequence[Plan]) -> list[Cells]:
    """Mark in which plans a finding stands that does not stand in all of them."""
    found = [Counter(_said(one) for one in findings(plan)) for plan in plans]
    common = set.intersection(*(set(one) for one in found))
    return [
        {
            ("finding", sentence): text("scenario.found")
            for sentence in one
            if sentence not in common
        }
        for one in found
    ]


def _said(finding: Finding) -> str:
    return finding.say()
