"""What does not add up, as a list in which each finding opens its claims."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from beltmap.geo.audit.findings import SEVERITIES, Finding
from beltmap.geo.language.messages import text
from beltmap.geo.plan.plan import Plan
from beltmap.geo.report.statements import statements
from beltmap.layers.escape import as_html as escape

MOST_FINDINGS: Final = 60
"""Findings that are listed; the rest is counted, the command lists it."""

MOST_CLAIMS: Final = 12
"""Claims that a finding shows; the others are counted."""


def finding_list(
    plan: Plan, findings: Sequence[Finding], *, most: int = MOST_FINDINGS
) -> str:
    """
    List what an audit found as HTML.

    Parameters
    ----------
    plan
        The plan that was audited.
    findings
        What was found, the gravest first.
    most
        Findings that are shown; the others are counted.

    Returns
    -------
    html
        How many findings of each severity, then one entry a finding: a badge
        with its severity and its sentence, which opens the claims that it
        rests on, each with source, place, method and note. Every text in it
        is escaped.
    """
    if not findings:
        return f'<p class="bm-clean">{escape(text("audit.clean"))}</p>'
    shown = findings[:most]
    told = _claims_in_words(plan, shown)
    entries = "".join(_entry(finding, told) for finding in shown)
    rest = len(findings) - len(shown)
    more = f'<p class="bm-more">{escape(text("audit.more", n=rest))}</p>'
    return (
        f'<section class="bm-findings"><p class="bm-counts">{_counts(findings)}</p>'
        f"{entries}{more if rest else ''}</section>"
    )


def _claims_in_words(
    plan: Plan, findings: Sequence[Finding]
) -> dict[str, dict[str, Any]]:
    """Put the claims that are shown into words, by id."""
    ids = {claim for finding in findings for claim in finding.claims[:MOST_CLAIMS]}
    claims = plan.claims[plan.claims["id"].isin(ids)]
    said = statements(plan, claims).to_dict("records")
    return {str(row["claim"]): {str(k): v for k, v in row.items()} for row in said}


def _counts(findings: Sequence[Finding]) -> str:
    """Say how many findings of each severity there are; none is said too."""
    counted = Counter(finding.severity for finding in findings)
    return " · ".join(
        escape(text(f"audit.count.{severity}", n=counted[severity]))
        for severity in SEVERITIES
    )


def _entry(finding: Finding, told: dict[str, dict[str, Any]]) -> str:
    badge = (
        f'<span class="bm-badge bm-severity-{escape(finding.severity)}">'
        f"{escape(text(f'severity.{finding.severity}'))}</span>"
    )
    head = f"{badge}<b>{escape(finding.say())}</b>"
    claims = [told[claim] for claim in finding.claims[:MOST_CLAIMS] if claim in told]
    if not claims:
        return f'<div class="bm-finding">{head}</div>'
    rest = len(finding.claims) - len(claims)
    more = f"<p>{escape(text('audit.more_claims', n=rest))}</p>" if rest else ""
    return (
        f'<details class="bm-finding"><summary>{head}</summary>'
        f'<div class="bm-origin">{"".join(map(_claim, claims))}{more}</div></details>'
    )


def _claim(claim: dict[str, Any]) -> str:
    """Show a claim: what is said of whom, where, how it was come by."""
    words = text(
        "audit.claim",
        subject=claim["subject"],
        attribute=claim["attribute"],
        said=claim["said"],
    )
    year = f" · {escape(claim['year'])}" if claim["year"] else ""
    place = f" · {escape(claim['place'])}" if claim["place"] else ""
    note = f"<br>{escape(claim['note'])}" if claim["note"] else ""
    return (
        f"<p>{escape(words)}{year}<br><cite>{escape(claim['source'])}</cite>{place} "
        f"<em>{escape(claim['method'])}</em>{note}<br>"
        f"<code>{escape(claim['claim'])}</code></p>"
    )
