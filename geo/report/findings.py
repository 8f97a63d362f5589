"""What does not fit in a plan, as a reader is told it."""

from collections.abc import Iterable

import pandas as pd

from beltmap.geo.audit.audit import audit, audit_claims
from beltmap.geo.audit.findings import Finding
from beltmap.geo.charter.force import chartered
from beltmap.geo.geometry.measures import NOW, Measures
from beltmap.geo.language.messages import text
from beltmap.geo.plan.plan import Plan
from beltmap.geo.plan.selection import Selection
from beltmap.geo.query.summary import MOST_SURVEYED

FINDING_COLUMNS = ("severity", "rule", "sentence", "claims", "zones")


@chartered
def findings(plan: Plan, *, measures: Measures | None = None) -> tuple[Finding, ...]:
    """
    Audit a plan.

    Parameters
    ----------
    plan
        The plan. Of one with more than `geo.query.summary.MOST_SURVEYED` zones the
        claims are audited, and the zones are not.
    measures
        What knows the measures of the zones; then all are audited.

    Returns
    -------
    findings
        The gravest first; none for a plan that adds up.
    """
    zones, claims, glossary = plan.zones, plan.claims, plan.glossary
    if measures is None and len(zones) > MOST_SURVEYED:
        return audit_claims(zones, claims, glossary=glossary)
    return audit(
        zones,
        claims,
        glossary=glossary,
        sectors=plan.sectors,
        places=plan.places,
        rival_axes=plan.rival_axes,
        comments=plan.comments,
        measures=measures or NOW,
    )


def findings_within(
    found: Iterable[Finding], selection: Selection
) -> tuple[Finding, ...]:
    """
    Choose the findings that concern a choice of zones.

    Parameters
    ----------
    found
        What `findings` found in the whole plan.
    selection
        The chosen zones.

    Returns
    -------
    findings
        Those that name a chosen zone or rest on a claim of the selection; all
        where nothing is filtered.
    """
    if not selection.filters.narrow:
        return tuple(found)
    zones, claims = set(selection.zones["id"]), set(selection.claims["id"])
    return tuple(
        finding
        for finding in found
        if zones & set(finding.zones) or claims & set(finding.claims)
    )


def finding_table(found: Iterable[Finding], *, words: bool = True) -> pd.DataFrame:
    """
    List findings.

    Parameters
    ----------
    found
        What `findings` found.
    words
        Whether the severity is said in words, for a reader, or as its code.

    Returns
    -------
    table
        One row a finding, columns `FINDING_COLUMNS`; ``claims`` and ``zones``
        are tuples of ids.
    """
    rows = [
        {
            "severity": text(f"severity.{one.severity}") if words else one.severity,
            "rule": one.rule,
            "sentence": one.say(),
            "claims": one.claims,
            "zones": one.zones,
        }
        for one in found
    ]
    return pd.DataFrame(rows, columns=list(FINDING_COLUMNS))
