"""Where each claim belongs, and how it is put into words."""

from beltmap.geo.claims.chapters import CHAPTERS, base_year, chapters, leading_city
from beltmap.geo.language.messages import speaking
from beltmap.geo.plan.selection import Selection
from beltmap.geo.query.filters import Filters
from beltmap.geo.report.statements import STATEMENT_COLUMNS, statements
from tests.claimrows import claim, table


def told(plan, *ids):
    return statements(plan, plan.claims[plan.claims["id"].isin(ids)])


def within(plan, **choice):
    filters = Filters(**choice)
    return set(Selection(plan, filters).claims["id"])


def test_the_plan_is_about_the_city_with_the_goals(plan):
    assert leading_city(plan.claims) == "Qingdao"
    assert base_year(plan.claims, city="Qingdao") == 2006
    assert base_year(plan.claims, city="Dalian") == 2010
    assert base_year(plan.claims, city="Atlantis") is None
    assert leading_city(table()) is None


def test_no_claim_is_in_two_chapters_and_only_descriptions_in_none(plan):
    parts = chapters(plan.claims)
    assert tuple(parts) == CHAPTERS
    ids = [claim for part in parts.values() for claim in part["id"]]
    assert len(ids) == len(set(ids))
    left = plan.claims[~plan.claims["id"].isin(ids)]
    assert left["stance"].isna().all()


def test_chapters_hold_what_their_names_say(plan):
    sizes = {name: len(part) for name, part in chapters(plan.claims).items()}
    assert sizes == {
        "existing": 42,
        "layout": 18,
        "goals": 24,
        "outcomes": 11,
        "priorities": 45,
        "markets": 4,
        "advantages": 12,
        "elsewhere": 23,
    }


def test_chapters_of_nothing_are_empty():
    assert [len(part) for part in chapters(table()).values()] == [0] * len(CHAPTERS)


def test_a_statement_says_claim_year_and_source_in_words(plan):
    [row] = told(plan, "qd-goal-1.employees").to_dict("records")
    assert tuple(row) == STATEMENT_COLUMNS
    assert row["said"] == "more than 100,000"
    assert row["year"] == "2010 (inferred)"
    assert row["subject"] == "Goals of the first horizon"
    assert row["source"].startswith("Qingdao service outsourcing")
    assert (row["place"], row["method"]) == ("Development goals", "stated")
    assert "heading with the year is lost" in row["note"]


def test_codes_are_said_as_names_and_no_list_is_cut(plan):
    sectors, park = told(plan, "dl-hitech.sectors", "dl-software-park.part_of").to_dict(
        "records"
    )
    assert sectors["said"].count(";") == 7
    assert "Film, TV and animation" in sectors["said"]
    assert park["said"] == "Dalian High-tech Industrial Zone"


def test_words_of_a_document_are_not_said_as_the_codes_that_they_also_are(plan):
    """“finance” is a code, too, and its label would add insurance."""
    told = told_by(plan, "qd-markets.emphasis", "qd-priority-1.industries")
    assert all("finance" in said and "insurance" not in said for said in told)
    with speaking("zh"):
        chinese = told_by(plan, "qd-markets.emphasis", "dl-2010.services")
    assert "金融、" in chinese[0]
    assert "业务流程外包（BPO）" in chinese[1]


def told_by(plan, *ids):
    return told(plan, *ids)["said"].tolist()


def test_every_claim_is_told_and_nothing_is_told_as_nan(plan):
    everything = statements(plan)
    assert everything["claim"].tolist() == plan.claims["id"].tolist()
    assert everything["said"].str.len().min() > 0
    assert not everything.isin(["nan", "None", "<NA>"]).any(axis=None)


def test_years_that_are_not_stated_say_so(plan):
    years = told(
        plan, "dl-software-park.output", "qd-belt.focus", "qd-goal-2.business"
    )["year"].tolist()
    assert years == ["", "2015 (stated elsewhere)", "year not stated"]


def test_claims_follow_the_choice_of_zones(plan):
    assert within(plan) == set(plan.claims["id"])
    dalian = within(plan, city=("Dalian",))
    assert {"dl-hitech.declared_area", "dl-2010.employees"} <= dalian
    assert "qd-2006.employees" not in dalian
    towns = within(plan, city=("Qingdao",), kind=("town",))
    assert "qd-town-film.declared_area" in towns
    assert all(name.startswith("qd-town-") for name in towns)
    assert within(plan, text="no such zone") == set()


def test_a_plan_without_statements_still_has_the_columns(plan):
    assert tuple(statements(plan, table()).columns) == STATEMENT_COLUMNS
    own = table(claim("nowhere", "wonders", 7))
    assert statements(plan, own)["said"].tolist() == ["7"]
