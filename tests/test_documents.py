"""The two documents and the claims, row by row: nothing added, nothing left out."""

import re

import pandas as pd
import pytest

from beltmap.geo.language.messages import LANGUAGES, speaking
from beltmap.geo.report.statements import statements as told_of
from beltmap.geo.shipped import SHIPPED
from beltmap.layers.views.card import zone_card
from beltmap.layers.views.sections import plan_sections
from tests.geo.claims.test_claims import FIGURES
from tests.layers.views.test_html import Reader

TABLE = SHIPPED.parent / "tests" / "facts" / "documents.csv"
DOCUMENTS = ("Q", "D")

UNREAD = "when it was read is not recorded"

SUBJECTS = ("qd-2006", "qd-2006-outsourcing", "qd-2006-bpo", "dl-2010")
"""What tables of the page are about: they have no card, and a name of their own."""

OURS = ("sectors",)
"""Attributes that are never in a document: beltmap assigns them."""


@pytest.fixture(scope="module")
def claims(plan):
    return plan.claims.set_index("id")


@pytest.fixture(scope="module")
def statements():
    return pd.read_csv(TABLE, dtype=str, keep_default_na=False)


def numbers(words):
    """Give the numbers in a text, without the commas between thousands."""
    found = re.findall(r"\d[\d,]*(?:\.\d+)?", words)
    return {float(number.replace(",", "")) for number in found}


def test_every_statement_is_a_claim_of_its_document(claims, statements):
    assert statements["claim"].is_unique
    for row in statements.itertuples():
        claim = claims.loc[row.claim]
        assert claim["source"] == row.document, row.claim
        assert row.place in re.split("; ", claim["place"]), row.claim


def test_every_figure_of_a_statement_is_the_one_claimed(claims, statements):
    for row in statements.itertuples():
        claim = claims.loc[row.claim]
        if pd.notna(claim["value"]) and claim["value"] != 1:
            assert claim["value"] in numbers(row.says), row.claim
        if pd.notna(claim["value_max"]):
            assert claim["value_max"] in numbers(row.says), row.claim
        said = {"exact": "", "range": "to"}.get(claim["qualifier"] or "exact")
        assert (claim["qualifier"] if said is None else said) in row.says, row.claim


def test_no_claim_says_what_its_document_does_not(claims, statements):
    own = claims["attribute"].isin(OURS)
    said = claims.index[claims["source"].isin(DOCUMENTS) & ~own]
    assert set(said) == set(statements["claim"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_that_the_documents_say_is_on_the_page(plan, statements, language):
    with speaking(language):
        tables = [one.table for one in plan_sections(plan) if one.table is not None]
        cards = {
            zone: Reader(zone_card(plan, row)).words
            for row, zone in enumerate(plan.zones["id"])
        }
        said = told_of(plan).set_index("claim")["said"]
    listed = {cell for table in tables for cell in table.iloc[:, -1].astype(str)}
    left = {
        claim
        for claim in statements["claim"]
        if claim not in listed
        and said[claim] not in cards.get(claim.partition(".")[0], "")
    }
    assert left == {f"{subject}.named" for subject in SUBJECTS}


def test_what_is_stated_is_in_a_document_and_the_rest_is_not(claims):
    by = claims.groupby("source")["method"].unique().map(set)
    for source, methods in by.items():
        stated = "stated" in methods
        assert stated == (source in DOCUMENTS), source
    assert by["own"] <= {"computed", "inferred"}


def test_an_inference_says_what_it_rests_on(claims):
    inferred = (claims["method"] == "inferred") | (claims["year_basis"] == "inferred")
    assert claims.index[inferred & claims["rests_on"].isna()].tolist() == []


def test_a_source_says_where_it_is_or_that_no_one_knows(plan):
    for source in plan.sources.to_dict("records"):
        assert source["publisher"], source["id"]
        if source["id"] == "own":
            continue
        assert source["date"] or "undated" in source["note"], source["id"]
        assert source["url"] or "address not found" in source["note"], source["id"]
        assert source["accessed"] or not source["url"] or UNREAD in source["note"]
        assert not (source["accessed"] and UNREAD in source["note"]), source["id"]


def test_figures_by_hand_and_by_document_are_the_same(claims, statements):
    told = claims.loc[statements["claim"]].dropna(subset=["value"])
    by_hand = {
        (subject, attribute, value) for subject, attribute, _, value, _ in FIGURES
    }
    columns = ["subject", "attribute", "value"]
    assert set(told[columns].itertuples(index=False, name=None)) <= by_hand
