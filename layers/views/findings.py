"""What does not add up, as a list in which each finding opens its claims."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from beltmap.geo.audit.findings import SEVERITIES, Finding
from beltmap.geo.language.messages import text
from beltmap.geo.plan.plan import Plan
from beltmap.geo.report.areas import zone_labels
from beltmap.geo.report.statements import statements
from beltmap.layers.escape import as_html as escape
from beltmap.layers.views.html import ask

MOST_FINDINGS: Final = 60
"""Findings that are listed; the rest is counted, the command lists it."""

MOST_ZONES: Final = 12
"""Zones of a finding that can be shown on the map."""

ZONE: Final = "zone:"
"""Begins what asks for a zone on the map; its id follows."""

MOST_CLAIMS: Final = 12
"""Claims that a finding shows; the others are counted."""


def finding_list(
    plan: Plan,
    findings: Sequence[Finding],
    *,
    most: int = MOST_FINDINGS,
    asked: str = "",
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
    asked
        Name of a finding that is shown before the others, opened.

    Returns
    -------
    html
        How many findings of each severity, then by group one entry a finding:
        a badge with its severity and its sentence, which opens the claims that
        it rests on, each with source, place, method and note, and links that
        show its zones on the map. Every text in it is escaped.
    """
    if not findings:
        return f'<p class="bm-clean">{escape(text("audit.clean"))}</p>'
    shown = findings[:most]
    first = [one for one in findings if one.name == asked]
    told = _told(plan, [*first, *shown])
    entries = "".join(_entry(one, told, is_open=True) for one in first)
    # the group of the gravest finding goes first
    for group in dict.fromkeys(one.group for one in shown):
        of = [one for one in shown if one.group == group and one not in first]
        if of:
            title = text("audit.grouped", group=group_label(group), n=len(of))
            entries += f'<h4 class="bm-group">{escape(title)}</h4>'
            entries += "".join(_entry(one, told) for one in of)
    rest = len(findings) - len(shown)
    more = f'<p class="bm-more">{escape(text("audit.more", n=rest))}</p>'
    return (
        f'<section class="bm-findings"><p class="bm-counts">{_counts(findings)}</p>'
        f"{entries}{more if rest else ''}</section>"
    )


def group_label(group: str) -> str:
    """Say what the rules of a group look at."""
    return text(f"audit.group.{group}")


@dataclass(frozen=True)
class _Told:
    """Claims by their ids, and names of zones by theirs, in words."""

    claims: dict[str, dict[str, Any]]
    zones: dict[str, str]


def _told(plan: Plan, findings: Sequence[Finding]) -> _Told:
    """Put the claims and zones that are shown into words."""
    ids = {claim for finding in findings for claim in finding.claims[:MOST_CLAIMS]}
    claims = plan.claims[plan.claims["id"].isin(ids)]
    said = statements(plan, claims).to_dict("records")
    named = {zone for finding in findings for zone in finding.zones[:MOST_ZONES]}
    zones = plan.zones[plan.zones["id"].isin(named)]
    return _Told(
        {str(row["claim"]): {str(k): v for k, v in row.items()} for row in said},
        dict(zip(zones["id"], zone_labels(zones), strict=True)),
    )


def _counts(findings: Sequence[Finding]) -> str:
    """Say how many findings of each severity there are; none is said too."""
    counted = Counter(finding.severity for finding in findings)
    return " · ".join(
        escape(text(f"audit.count.{severity}", n=counted[severity]))
        for severity in SEVERITIES
    )


def _entry(finding: Finding, told: _Told, *, is_open: bool = False) -> str:
    badge = (
        f'<span class="bm-badge bm-severity-{escape(finding.severity)}">'
        f"{escape(text(f'severity.{finding.severity}'))}</span>"
    )
    head = f"{badge}<b>{escape(finding.say())}</b>"
    claims = [
        told.claims[claim]
        for claim in finding.claims[:MOST_CLAIMS]
        if claim in told.claims
    ]
    zones = _on_the_map(finding, told)
    if not claims and not zones:
        return f'<div class="bm-finding">{head}</div>'
    rest = len(finding.claims) - len(claims) if claims else 0
    more = f"<p>{escape(text('audit.more_claims', n=rest))}</p>" if rest else ""
    return (
        f'<details class="bm-finding"{" open" if is_open else ""}>'
        f"<summary>{head}</summary>"
        f'<div class="bm-origin">{zones}{"".join(map(_claim, claims))}{more}</div>'
        "</details>"
    )


def _on_the_map(finding: Finding, told: _Told) -> str:
    """Offer to show the zones of a finding on the map."""
    named = [zone for zone in finding.zones[:MOST_ZONES] if zone in told.zones]
    if not named:
        return ""
    buttons = " · ".join(
        ask(ZONE + zone, told.zones[zone], zone=zone) for zone in named
    )
    return f"<p>{escape(text('audit.on_the_map'))} {buttons}</p>"


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
