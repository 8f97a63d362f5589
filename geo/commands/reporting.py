"""What the commands report, as tables whose columns have headers in the catalogue."""

from collections.abc import Iterable

import pandas as pd

from geo.audit.findings import Finding
from geo.filters import Filters
from geo.geometry.overlap import overlaps
from geo.language.messages import text
from geo.language.wording import Name, zone_names
from geo.plan import Plan
from geo.policy.statements import claims_within
from geo.query import Mask
from geo.summary import survey, totals
from geo.units import convert


def total_report(plan: Plan, mask: Mask, *, unit: str) -> pd.DataFrame:
    """
    Add up a choice of zones.

    Parameters
    ----------
    plan, mask
        The plan, and which of its zones are chosen.
    unit
        One of `geo.units.AREA_UNITS`.

    Returns
    -------
    table
        One row a total: its code ``total``, ``counts``, what it counts in
        words, ``value`` and ``unit``; the numbers of zones are "count".
    """
    found = vars(totals(plan.zones, mask, land=survey(plan.zones)))
    scale = convert(1.0, of="km²", to=unit)
    rows = [
        {
            "total": name.removesuffix("_km2"),
            "counts": text(f"total.{name}"),
            "value": value * scale if isinstance(value, float) else value,
            "unit": unit if isinstance(value, float) else "count",
        }
        for name, value in found.items()
    ]
    return pd.DataFrame(rows, dtype=object)


def overlap_report(plan: Plan, mask: Mask, *, unit: str) -> pd.DataFrame:
    """
    List every two chosen zones that cover the same land.

    Parameters
    ----------
    plan, mask, unit
        As for `total_report`.

    Returns
    -------
    table
        One row a pair: the ids ``a`` and ``b``, the ``overlap`` in ``unit``,
        and the percentages of each, ``percent_of_a`` and ``percent_of_b``.
    """
    pairs = overlaps(plan.zones[mask])
    return pd.DataFrame(
        {
            "a": pairs["a"],
            "b": pairs["b"],
            "overlap": pairs["overlap_km2"] * convert(1.0, of="km²", to=unit),
            "unit": unit,
            "percent_of_a": pairs["share_of_a"] * 100,
            "percent_of_b": pairs["share_of_b"] * 100,
        }
    )


def ledger_report(ledger: pd.DataFrame, plan: Plan) -> pd.DataFrame:
    """
    Put the area ledger into words.

    Parameters
    ----------
    ledger
        As `geo.ledger.area_ledger` gives it.
    plan
        The plan that it is of.

    Returns
    -------
    table
        One row a zone with what a reader needs, codes said in words.
    """
    names = zone_names(ledger).values()
    return pd.DataFrame(
        {
            "zone": [name.say() for name in names],
            **{name: ledger[name].array for name in ("declared", "drawn")},
            "unit": ledger["unit"].array,
            "difference_percent": ledger["difference_percent"].array,
            "basis": [basis_words(code) for code in ledger["basis"]],
            "verdict": [verdict_words(code) for code in ledger["verdict"]],
            "source": ledger["source"].array,
            "place": [plan.say(place) for place in ledger["place"]],
        }
    )


def finding_report(findings: Iterable[Finding], *, words: bool) -> pd.DataFrame:
    """
    List findings.

    Parameters
    ----------
    findings
        What an audit found.
    words
        Whether the severity is said in words, for a reader, or as its code.

    Returns
    -------
    table
        One row a finding: ``severity``, ``sentence`` and ``claims``; with
        codes also ``rule`` and ``zones``.
    """
    rows = [
        {
            "severity": text(f"severity.{finding.severity}")
            if words
            else finding.severity,
            "rule": finding.rule,
            "sentence": finding.say(),
            "claims": finding.claims,
            "zones": finding.zones,
        }
        for finding in findings
    ]
    table = pd.DataFrame(
        rows, columns=["severity", "rule", "sentence", "claims", "zones"]
    )
    return table[["severity", "sentence", "claims"]] if words else table


def findings_within(
    findings: Iterable[Finding], plan: Plan, mask: Mask, filters: Filters
) -> tuple[Finding, ...]:
    """
    Choose the findings that concern a choice of zones.

    Parameters
    ----------
    findings
        What an audit of the whole plan found.
    plan, mask, filters
        The plan, which of its zones are chosen, and the choice itself.

    Returns
    -------
    findings
        Those that name a chosen zone or rest on one of the claims that
        `geo.policy.statements.claims_within` gives; all where nothing is filtered.
    """
    if not filters.narrow:
        return tuple(findings)
    zones = set(plan.zones.loc[mask, "id"])
    claims = set(claims_within(plan, mask, filters)["id"])
    return tuple(
        finding
        for finding in findings
        if zones & set(finding.zones) or claims & set(finding.claims)
    )


def claim_report(statements: pd.DataFrame) -> pd.DataFrame:
    """
    Choose what a reader of the claims needs first.

    Parameters
    ----------
    statements
        As `geo.policy.statements.statements` gives them.

    Returns
    -------
    table
        Claim, what is said, year, source, place and method.
    """
    return statements[["claim", "said", "year", "source", "place", "method"]]


def basis_words(code: str | None) -> str:
    """Say whose figure an area is; 'not drawn' where there is none."""
    return text(f"basis.{code}") if code else text("verdict.not_drawn")


def verdict_words(code: str) -> str:
    """
    Say how a drawn area fits the stated one.

    Examples
    --------
    >>> verdict_words("within 1 %")
    'within 1 %'
    """
    return Name("verdict", code.replace("%", "percent").replace(" ", "_")).say()
