"""The claims hold every figure of the two documents, and refuse broken ones."""

import shutil
from pathlib import Path

import pandas as pd
import pytest

from beltmap import data
from beltmap.geo.charter.reading import shipped_plans
from beltmap.geo.claims.table import (
    CLAIMS_FILE,
    SECTORS_FILE,
    SOURCES_FILE,
    claimed_text,
    claimed_value,
    claims_about,
    read_claims,
    read_sectors,
    read_sources,
)
from beltmap.geo.errors import PlanError

SHIPPED = Path(data.__file__).parent
QINGDAO = SHIPPED / "qingdao"

EXISTING = "one-base-four-parks"
PLANNED = "one-belt-three-towns-five-parks"
OUTSOURCING = "qd-2006-outsourcing"
NO_CURRENCY = "million (currency not stated)"

# written by hand from the documents: subject, attribute, qualifier, value, unit
FIGURES = [
    ("qd-belt", "declared_area", "exact", 40, "km²"),
    ("qd-belt", "axis_length", "exact", 40.46, "km"),
    ("qd-belt", "axis_inland", "about", 4, "km"),
    ("qd-belt", "axis_farthest_inland", "about", 11.6, "km"),
    ("qd-belt", "half_width", "about", 488.5, "m"),
    ("qd-belt", "width", "about", 977, "m"),
    ("qd-town-laoshan", "declared_area", "exact", 4.4, "km²"),
    ("qd-town-aoshanwei", "declared_area", "exact", 10, "km²"),
    ("qd-town-film", "declared_area", "exact", 5, "km²"),
    ("qd-base-laoshan", "estate_area", "exact", 0.188, "km²"),
    ("dl-hitech", "declared_area", "exact", 153, "km²"),
    ("dl-hitech", "declared_area", "exact", 35.6, "km²"),
    ("dl-ctx-tiandi", "planned_area", "exact", 26.5, "km²"),
    (PLANNED, "declared_area", "exact", 59.4, "km²"),
    (PLANNED, "towns_declared_area", "exact", 19.4, "km²"),
    (PLANNED, "towns_build_horizon", "range", 5, "year"),
    (PLANNED, "belts", "exact", 1, "count"),
    (PLANNED, "towns", "exact", 3, "count"),
    (PLANNED, "parks", "exact", 5, "count"),
    (EXISTING, "bases", "exact", 1, "count"),
    (EXISTING, "parks", "exact", 4, "count"),
    (EXISTING, "facilities", "exact", 300_000, "m²"),
    (EXISTING, "enterprises", "exact", 398, "count"),
    ("qd-2006", "revenue", "exact", 20.7, "billion CNY"),
    ("qd-2006", "enterprises", "exact", 436, "count"),
    ("qd-2006", "employees", "nearly", 20_000, "count"),
    ("qd-2006", "software_revenue", "exact", 9.02, "billion CNY"),
    ("qd-2006", "software_export_revenue", "exact", 190, "million USD"),
    ("qd-2006", "iso_9001_enterprises", "more than", 30, "count"),
    ("qd-2006", "cmm1_enterprises", "exact", 7, "count"),
    ("qd-2006", "cmm3_enterprises", "exact", 6, "count"),
    ("qd-2006", "cmm2_enterprises", "exact", 2, "count"),
    ("qd-2006", "integration_enterprises", "exact", 19, "count"),
    ("qd-2006", "integration_class_1_enterprises", "exact", 1, "count"),
    ("qd-2006", "integration_class_2_enterprises", "exact", 2, "count"),
    ("qd-2006", "integration_class_3_enterprises", "exact", 9, "count"),
    ("qd-2006", "integration_class_4_enterprises", "exact", 7, "count"),
    ("qd-2006", "trained_per_year", "more than", 6_000, "count"),
    ("qd-2006", "optical_fibre", "exact", 200_000, "km"),
    (OUTSOURCING, "offshore_business", "exact", 16, "million USD"),
    (OUTSOURCING, "offshore_growth", "above", 50, "%"),
    (OUTSOURCING, "enterprises", "nearly", 20, "count"),
    (OUTSOURCING, "employees", "about", 1_500, "count"),
    (OUTSOURCING, "japan_share", "exact", 80, "%"),
    ("qd-goal-1", "business", "exact", 40, "billion CNY"),
    ("qd-goal-1", "offshore_business", "exact", 800, "million USD"),
    ("qd-goal-1", "offshore_companies", "exact", 150, "count"),
    ("qd-goal-1", "large_offshore_companies", "more than", 30, "count"),
    ("qd-goal-1", "large_offshore_turnover", "exact", 45, NO_CURRENCY),
    ("qd-goal-1", "large_offshore_turnover", "exact", 5, "million USD"),
    ("qd-goal-1", "employees", "more than", 100_000, "count"),
    ("qd-goal-1", "large_employers", "at least", 5, "count"),
    ("qd-goal-1", "large_employer_size", "more than", 1_000, "count"),
    ("qd-goal-1", "well_known_companies", "at least", 10, "count"),
    ("qd-goal-1", "demonstration_bases", "range", 3, "count"),
    ("qd-goal-2", "business", "at least", 120, "billion CNY"),
    ("qd-goal-2", "business", "exact", 120, "billion CNY"),
    ("qd-goal-2", "offshore_business", "exact", 4, "billion USD"),
    ("qd-goal-2", "offshore_companies", "exact", 800, "count"),
    ("qd-goal-2", "large_offshore_companies", "at least", 150, "count"),
    ("qd-goal-2", "large_offshore_turnover", "exact", 10, "million USD"),
    ("qd-goal-2", "employees", "more than", 300_000, "count"),
    ("qd-goal-2", "employees", "more than", 300_000, "count"),
    ("qd-goal-2", "large_employers", "at least", 150, "count"),
    ("qd-goal-2", "large_employer_size", "exact", 1_000, "count"),
    ("qd-goal-2", "well_known_companies", "more than", 50, "count"),
    ("qd-actual-2013", "business", "exact", 1.71, "billion USD"),
    ("qd-actual-2013", "business_growth", "exact", 103.1, "%"),
    ("qd-actual-2013", "signed", "exact", 2.44, "billion USD"),
    ("qd-actual-2013", "large_offshore_companies", "exact", 40, "count"),
    ("qd-actual-2010", "enterprises", "exact", 222, "count"),
    ("qd-actual-2013", "offshore_business", "exact", 1.63, "billion USD"),
    ("qd-actual-2013", "enterprises", "exact", 547, "count"),
    ("qd-actual-2015", "business", "exact", 2.99, "billion USD"),
    ("qd-actual-2015", "offshore_business", "exact", 2.42, "billion USD"),
    ("qd-actual-2015", "enterprises", "exact", 944, "count"),
    ("qd-actual-2015", "employees", "exact", 244_000, "count"),
    ("dl-2010", "export_revenue", "exact", 1.8, "billion USD"),
    ("dl-2010", "export_growth", "exact", 28.6, "%"),
    ("dl-2010", "sales_revenue", "exact", 8.1, "billion USD"),
    ("dl-2010", "sales_growth", "exact", 33.75, "%"),
    ("dl-2010", "employees", "exact", 100_000, "count"),
    ("dl-2010", "outsourcing_cities", "exact", 21, "count"),
    ("dl-2010", "enterprises", "exact", 941, "count"),
    ("dl-2010", "fortune_500_enterprises", "exact", 56, "count"),
    ("dl-2010", "leading_vendors", "exact", 6, "count"),
    ("dl-2010", "leading_vendors_worldwide", "exact", 10, "count"),
    ("dl-2010", "japan_share", "exact", 80, "%"),
    ("dl-2010", "training_funds", "exact", 4.7, "million USD"),
    ("dl-software-park", "jobs", "exact", 200_000, "count"),
    ("dl-software-park", "output", "about", 15.2, "billion USD"),
    ("dl-software-park", "investment", "exact", 7.6, "billion USD"),
    ("dl-software-park", "investment_period", "exact", 5, "year"),
]

SECTORS = {
    "qd-belt": "software;ITO;BPO;R&D;training",
    "qd-town-laoshan": "software;ITO;BPO",
    "qd-town-aoshanwei": "training;ITO;BPO",
    "qd-town-film": "film-tv-animation",
    "qd-park-shinan": "software;ITO",
    "qd-park-haier": "embedded",
    "qd-park-hisense": "embedded",
    "qd-park-bpo": "BPO",
    "qd-park-logistics": "logistics",
    "qd-base-laoshan": "software",
    "dl-hitech": (
        "ITO;BPO;KPO;finance;internet;digital-trade;industrial-design;film-tv-animation"
    ),
    "dl-software-park": "software",
    "qd-priority-1": "embedded;software;ITO",
    "qd-priority-2": "film-tv-animation;BPO",
    "qd-priority-3": "data-backup",
    "qd-priority-4": "finance;BPO",
    "qd-priority-5": "logistics",
    "qd-priority-6": "R&D;industrial-design;BPO",
    "qd-priority-7": "medical",
    "qd-priority-8": "human-resources",
    "qd-priority-9": "call-centre;BPO",
}

WORDS = [
    ("qd-park-bpo", "part_of", "qd-belt"),
    ("qd-park-logistics", "part_of", "qd-belt"),
    ("dl-software-park", "part_of", "dl-hitech"),
    ("qd-town-film", "focus", "film, TV and media"),
    ("qd-park-hisense", "focus", "intelligent traffic equipment"),
    ("qd-belt", "axis", "seaside highway"),
    (EXISTING, "companies_named", "T.R.E.;Fujitsu;Caterpillar"),
    (OUTSOURCING, "companies_named", "Haier Software;FBSE;Softbrain"),
    (OUTSOURCING, "markets", "South Korea;Japan"),
    (OUTSOURCING, "fields", "integrated-circuit design"),
    ("qd-2006-bpo", "manufacturing_design_companies", "Mesnac"),
    ("qd-2006-bpo", "data_processing_companies", "Resource Pro"),
    ("qd-2006-bpo", "creative_animation_companies", "Mirrorink"),
    ("qd-2006-bpo", "offshore_companies_named", "Alcatel-Lucent;Ericsson;Korea Air"),
    ("qd-2006", "training_mainstay", "Ocean University of China;Qingdao University"),
    ("qd-markets", "first", "Japan;South Korea"),
    ("qd-markets", "next", "Europe;United States"),
    ("qd-advantage-1", "summary", "next to Japan"),
    ("qd-advantage-2", "summary", "marine science"),
    ("qd-advantage-3", "summary", "submarine cables"),
    (EXISTING, "base", "as a whole"),
    ("qd-goal-1", "overall", "Tier 1 city"),
    ("qd-goal-2", "overall", "world-famous centre"),
    ("dl-2010", "status", "model city"),
    ("dl-2010", "next_markets", "North America;Europe"),
    ("qd-priority-9", "title", "call centre"),
]


@pytest.fixture(scope="module")
def claims(plan):
    return plan.claims


@pytest.fixture
def folder(tmp_path):
    for file in (CLAIMS_FILE, SOURCES_FILE, SECTORS_FILE):
        shutil.copy(QINGDAO / file, tmp_path / file)
    return tmp_path


def mended(folder, file, old, new):
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")


def faults_of(read, folder):
    with pytest.raises(PlanError) as caught:
        read(folder)
    return caught.value.faults


def test_claims_hold_every_figure_and_no_other(claims):
    numbers = claims.dropna(subset=["value"])
    columns = ["subject", "attribute", "qualifier", "value", "unit"]
    found = sorted(numbers[columns].itertuples(index=False, name=None))
    assert found == sorted(FIGURES)


def test_ranges_end_where_the_plan_says(claims):
    ranges = claims.dropna(subset=["value_max"]).set_index("id")["value_max"]
    assert ranges.to_dict() == {
        "qd-goal-1.demonstration_bases": 5,
        f"{PLANNED}.towns_build_horizon": 8,
    }


@pytest.mark.parametrize(("subject", "codes"), SECTORS.items())
def test_sectors_are_those_of_the_focus(claims, subject, codes):
    assert claimed_text(claims, subject, "sectors") == codes


@pytest.mark.parametrize(("subject", "attribute", "words"), WORDS)
def test_claims_hold_the_words(claims, subject, attribute, words):
    assert words in claimed_text(claims, subject, attribute)


def test_every_sector_of_the_vocabulary_is_used(claims):
    used = claims.loc[claims["attribute"] == "sectors", "text"].str.split(";")
    assert set(used.explode()) == {
        code
        for folder in shipped_plans().values()
        for code in read_sectors(folder)["code"]
    }


@pytest.mark.parametrize("folder", shipped_plans().values())
def test_every_source_is_used_and_known(folder):
    claims = read_claims(folder)
    assert set(claims["source"]) == set(read_sources(folder)["id"])


def test_a_year_that_is_not_in_the_document_says_so(claims):
    basis = claims.groupby("subject")["year_basis"].unique().map(set)
    years = claims.groupby("subject")["year"].unique().map(set)
    assert (years["qd-goal-1"], basis["qd-goal-1"]) == ({2010}, {"inferred"})
    assert years["qd-goal-2"] == {2015}
    second = claims_about(claims, "qd-goal-2")
    elsewhere = second[second["year_basis"] == "stated elsewhere"]
    assert set(elsewhere["attribute"]) == {"business", "employees"}
    stated = second[second["year_basis"] == "stated"]
    assert set(stated["source"]) == {"shandong-tv-2011"}


def test_the_map_follows_the_first_of_two_rivals(claims):
    assert claimed_value(claims, "dl-hitech", "declared_area") == 153
    assert len(claims_about(claims, "dl-hitech", "declared_area")) == 2


def test_what_no_one_claims_is_none(claims):
    assert claimed_value(claims, "qd-park-haier", "declared_area") is None
    assert claimed_text(claims, "nowhere", "focus") is None
    assert claims_about(claims, "nowhere").empty


def test_missing_values_are_none_nan_and_na(claims):
    words = claims.loc[claims["id"] == "qd-belt.focus"].iloc[0]
    assert words["unit"] is None
    assert pd.isna(words["value"])
    assert words["year"] is pd.NA


BROKEN = [
    ("qd-belt.declared_area,qd-belt", "qd-belt.focus,qd-belt", "E_DUPLICATE_ID"),
    ("exact,40,,,km²", "exact,40,,,acre", "E_UNKNOWN_UNIT"),
    ("exact,40,,,km²", "exact,40 km²,,,km²", "E_NOT_A_NUMBER"),
    ("exact,40,,,km²", "exact,1e999,,,km²", "E_NOT_A_NUMBER"),
    ("exact,40,,,km²", "roughly,40,,,km²", "E_UNKNOWN_QUALIFIER"),
    ("exact,40,,,km²", ",40,,,km²", "E_CLAIM_VALUE"),
    ("exact,40,,,km²", "exact,40,,,", "E_CLAIM_VALUE"),
    ("exact,40,,,km²", "exact,40,,wide,km²", "E_CLAIM_VALUE"),
    ("exact,40,,,km²", ",,,,", "E_CLAIM_VALUE"),
    ("exact,40,,,km²", "exact,40,50,,km²", "E_CLAIM_RANGE"),
    ("range,3,5", "range,3,", "E_CLAIM_RANGE"),
    ("range,3,5", "range,3,2", "E_CLAIM_RANGE"),
    ("One belt,stated", "One belt,guessed", "E_UNKNOWN_METHOD"),
    ("One belt,stated", "One belt,", "E_EMPTY_CELL"),
    (",Q,One belt", ",Z,One belt", "E_UNKNOWN_SOURCE"),
    ("Qingdao,measured", "Qingdao,hoped", "E_UNKNOWN_STANCE"),
    (",2006,stated", ",2006,", "E_YEAR_BASIS"),
    (",2006,stated", ",,stated", "E_YEAR_BASIS"),
    (",2006,stated", ",2006,maybe", "E_UNKNOWN_YEAR_BASIS"),
    (",2006,stated", ",'06,stated", "E_NOT_A_YEAR"),
    ("software;ITO;BPO;R&D", "software;it;BPO;R&D", "E_UNKNOWN_SECTOR"),
    ("software=software;ITO", "software=software;BPO", "E_RESTS_ON"),
    (";BPO=BPO", "", "E_RESTS_ON"),
    (f",{PLANNED}.declared_area,", ",qd-belt.declared_aera,", "E_UNKNOWN_CLAIM"),
    (f",{PLANNED}.declared_area,", ",qd-belt.declared_area,", "E_UNKNOWN_CLAIM"),
    (f",{PLANNED}.declared_area,", ",qd-belt.focus,", "E_UNKNOWN_CLAIM"),
    ("qd-belt.width,", "belt-width,", "E_CLAIM_ID"),
    (",a strip of land", ",a strip,of land", "E_TABLE_ROW"),
    ("id,subject", "id,zone", "E_TABLE_COLUMNS"),
    ("a strip of land", '"a strip of land', "E_TABLE_SYNTAX"),
]


@pytest.mark.parametrize(("old", "new", "code"), BROKEN)
def test_a_broken_claim_is_a_fault_with_its_file(folder, old, new, code):
    mended(folder, CLAIMS_FILE, old, new)
    faults = faults_of(read_claims, folder)
    assert code in {fault.code for fault in faults}
    assert all(fault.where.startswith(CLAIMS_FILE) for fault in faults)


def test_all_faults_come_at_once_and_name_their_lines(folder):
    mended(folder, CLAIMS_FILE, "exact,40,,,km²", "exact,forty,,,km²")
    mended(folder, CLAIMS_FILE, ",Q,Three towns", ",Z,Three towns")
    faults = faults_of(read_claims, folder)
    assert [(fault.code, fault.where) for fault in faults] == [
        ("E_NOT_A_NUMBER", "claims.csv, line 2 (qd-belt.declared_area)"),
        ("E_UNKNOWN_SOURCE", "claims.csv, line 15 (qd-town-laoshan.declared_area)"),
    ]


@pytest.mark.parametrize("file", [CLAIMS_FILE, SOURCES_FILE, SECTORS_FILE])
def test_a_missing_table_is_one_clear_fault(folder, file):
    (folder / file).unlink()
    faults = faults_of(read_claims, folder)
    assert ("E_FILE_MISSING", file) in {(f.code, f.where) for f in faults}


def test_a_source_without_title_and_a_sector_twice_are_faults(folder):
    mended(folder, SOURCES_FILE, "own,Computed or assigned by beltmap", "own,")
    mended(folder, SECTORS_FILE, "ITO,IT", "software,IT")
    [source] = faults_of(read_sources, folder)
    assert (source.code, source.where) == ("E_EMPTY_CELL", "sources.csv, line 9 (own)")
    [sector] = faults_of(read_sectors, folder)
    assert sector.where == "sectors.csv, line 3 (software)"
    assert sector.code == "E_DUPLICATE_ID"


def test_a_byte_order_mark_and_another_encoding(folder):
    text = (folder / SECTORS_FILE).read_text(encoding="utf-8")
    (folder / SECTORS_FILE).write_text(text, encoding="utf-8-sig")
    assert read_sectors(folder).equals(read_sectors(QINGDAO))
    (folder / SECTORS_FILE).write_text(text, encoding="gb18030")
    [fault] = faults_of(read_sectors, folder)
    assert fault.code == "E_TABLE_SYNTAX"
