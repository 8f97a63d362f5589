"""What does not add up, as a list that opens its sources."""

from dataclasses import replace

import pytest

from beltmap.geo.audit.audit import audit
from beltmap.geo.audit.findings import Finding
from beltmap.layers.views.findings import MOST_CLAIMS, finding_list
from tests.layers.views.test_html import HOSTILE, Reader


@pytest.fixture(scope="module")
def findings(plan):
    return audit(plan.zones, plan.claims)


def test_every_finding_is_said_and_opens_its_claims(plan, findings):
    seen = Reader(finding_list(plan, findings))
    assert seen.tags.count("details") == len(findings)
    for finding in findings:
        assert finding.say() in seen.words
    assert "qd-goal-1.large_offshore_turnover" in seen.words
    assert "Development goals" in seen.words
    assert "2010 (inferred)" in seen.words


def test_severities_are_counted_also_where_there_are_none(plan, findings):
    words = Reader(finding_list(plan, findings)).words
    assert words.startswith("0 errors · 10 warnings · 15 notes")


def test_a_long_list_is_cut_and_says_so(plan, findings):
    seen = Reader(finding_list(plan, findings, most=3))
    assert seen.tags.count("details") == 3
    assert f"{len(findings) - 3} more findings" in seen.words
    assert "10 warnings" in seen.words


def test_many_claims_of_a_finding_are_counted(plan):
    ids = tuple(plan.claims["id"][: MOST_CLAIMS + 2])
    [values] = [f.values for f in audit(plan.zones, plan.claims)][:1]
    finding = Finding("currency_contradicts", "warning", values, ids)
    seen = Reader(finding_list(plan, [finding]))
    assert seen.tags.count("cite") == MOST_CLAIMS
    assert "2 more claims" in seen.words


def test_a_finding_without_claims_opens_nothing(plan):
    values = {"zone": "Belt", "declared": "1 km²", "drawn": "2 km²"}
    said = Reader(finding_list(plan, [Finding("drawn_differs", "error", values)]))
    assert "details" not in said.tags
    assert "1 error" in said.words


def test_a_clean_plan_says_so(plan):
    assert "Nothing was found" in Reader(finding_list(plan, [])).words


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_claims_stay_text(plan, words):
    claims = plan.claims.copy()
    chosen = claims["id"] == "qd-belt.focus"
    claims.loc[chosen, ["text", "place", "note"]] = words
    values = {"zone": words, "declared": words, "drawn": words}
    finding = Finding("drawn_differs", "error", values, ("qd-belt.focus",))
    document = finding_list(replace(plan, claims=claims), [finding])
    seen = Reader(document)
    assert seen.words.count(words) >= 5
    assert set(seen.tags) <= {
        "section", "p", "details", "summary", "span", "b", "div", "br", "cite", "em",
        "code", "h4", "a",
    }  # fmt: skip
    assert "{" not in document


def test_findings_are_grouped_and_the_one_asked_for_goes_first(plan, findings):
    seen = Reader(finding_list(plan, findings)).words
    titles = ["Sums and areas (3)", "Sources (1)", "Promises and goals (7)"]
    assert all(title in seen for title in titles)
    last = findings[-1]
    document = finding_list(plan, findings, asked=last.name)
    assert document.count("<details") == len(findings)
    assert document.count('<details class="bm-finding" open') == 1
    words = Reader(document).words
    assert words.index(last.say()) < words.index("Sums and areas")


def test_zones_of_a_finding_can_be_shown_on_the_map(plan):
    finding = Finding("year_inferred", "note", {}, (), ("qd-belt", "no-zone"))
    values = {"subject": "x", "year": "2010", "attributes": "y"}
    document = finding_list(plan, [replace(finding, values=values)])
    assert document.count("data-ask=") == 1
    assert 'data-ask="zone:qd-belt"' in document
    assert 'href="?lang=en&amp;zone=qd-belt"' in document
