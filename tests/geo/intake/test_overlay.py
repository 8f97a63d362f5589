"""A plan with a user's zones in it."""

import json
from html import unescape

import numpy as np
import pytest

from beltmap.geo.audit.audit import audit
from beltmap.geo.export.write import write
from beltmap.geo.intake.context import context_of
from beltmap.geo.intake.overlay import is_version, with_zones
from beltmap.geo.intake.reading import read_upload
from beltmap.geo.intake.uploads import Upload
from beltmap.geo.intake.zones import UPLOAD
from beltmap.geo.plan.plan import read_plan
from beltmap.geo.plan.selection import Selection
from beltmap.geo.query.filters import Filters
from beltmap.geo.query.ledger import area_ledger
from beltmap.geo.query.matches import facet, index_zones, matches
from beltmap.geo.query.summary import survey, totals
from beltmap.geo.report.zones import zone_table
from beltmap.layers.map.compare import compare
from beltmap.layers.prepared import Prepared
from beltmap.layers.views.card import MOST_OWN, zone_card
from tests.choosing import choose
from tests.geo.intake.recipes import JINJA, collection, feature, polygon, square

FILE = b"""{"type":"FeatureCollection","features":[
{"type":"Feature","id":"qd-belt","properties":{"name":"Mine","kind":"park","own":7},
"geometry":{"type":"Polygon","coordinates":[[[120.5,36.2],[120.51,36.2],[120.51,36.21],
[120.5,36.2]]]}}]}"""


def test_the_users_zones_follow_the_plans_own(plan):
    mine = read_upload(Upload("mine.geojson", FILE)).zones
    joined = with_zones(plan, mine)
    assert len(joined.zones) == 13
    assert joined.zones["id"].is_unique
    assert joined.zones["id"].tolist()[:12] == plan.zones["id"].tolist()
    assert joined.zones[UPLOAD].tolist() == [None] * 12 + ["mine.geojson"]
    assert len(plan.zones) == 12
    assert UPLOAD not in plan.zones


def test_they_join_filters_and_totals(plan):
    mine = read_upload(Upload("mine.geojson", FILE)).zones
    joined = with_zones(plan, mine)
    index = index_zones(joined.zones, sectors=joined.sectors["code"])
    assert np.flatnonzero(matches(index, Filters(text="mine"))).tolist() == [12]
    found = totals(joined.zones, np.ones(13, bool), land=survey(joined.zones))
    assert found.zones == 13
    assert found.declared_km2 == 59.4


def test_another_version_of_the_plan_is_told_from_more_zones(plan):
    assert is_version(plan, plan.zones.iloc[2:])
    two = json.dumps(collection(feature(), feature(), feature(id="qd-belt"))).encode()
    mine = read_upload(Upload("a.geojson", two)).zones
    assert not is_version(plan, mine)
    assert not is_version(plan, mine.iloc[:0])


@pytest.fixture
def grown(plan):
    """Give the plan with a zone of a user's, which says two things of its own."""
    properties = {
        "id": "mine",
        "name": JINJA["a"],
        "kind": "park",
        "sectors": "logistics",
    }
    properties |= {"area_km2": 400, "city": "Qingdao", "part_of": "qd-belt"}
    properties |= {"业主": "a\u202eb", "Name": "b", "empty": None}
    data = json.dumps(collection(feature(polygon(square()), properties))).encode()
    outcome = read_upload(Upload("mine.geojson", data), context=context_of(plan))
    return with_zones(plan, outcome.zones)


def test_they_join_facets_and_sums(grown):
    index = index_zones(grown.zones, sectors=grown.sectors["code"])
    cities = facet(index, Filters(), "city")["zones"]
    assert cities["Qingdao"] == 11
    sums = Prepared(grown).summary(Filters(), "sectors").set_index("value")
    assert sums.loc["logistics", "declared_km2"] == 400


def test_they_join_the_ledger_and_the_audit(grown):
    rows = area_ledger(grown.zones, grown.claims)
    assert (rows.loc[12, "declared"], round(rows.loc[12, "drawn"])) == (400, 100)
    said = [one.say() for one in audit(grown.zones, grown.claims)]
    assert any(JINJA["a"] in words for words in said)


def test_they_join_the_comparison(grown):
    sides = compare(Prepared(grown), Filters(), "city", selected=None)
    masks = [side.drawing.state["mask"] for side in sides]
    alone = compare(Prepared(read_plan()), Filters(), "city", selected=None)
    assert masks != [side.drawing.state["mask"] for side in alone]


def test_they_join_the_exports_marked_as_the_users(grown):
    mask = np.arange(13) == 12
    made = write(choose(grown, mask), format_code="geojson", crs="EPSG:4326")
    (one,) = json.loads(made.content)["features"]
    assert one["properties"][UPLOAD] == "mine.geojson"
    assert one["properties"]["业主"] == "a\u202eb"


def test_columns_of_their_own_are_on_the_card_and_in_the_table(grown):
    card = unescape(zone_card(grown, 12))
    assert "a‹U+202E›b" in card
    assert "From your file" in card
    assert JINJA["a"] in card
    table = zone_table(Selection(grown))
    assert table["业主"].tolist() == [None] * 12 + ["a‹U+202E›b"]
    assert table["Name_2"].tolist()[12] == "b"


def test_a_card_does_not_show_hundreds_of_columns(plan):
    properties = {f"c{n}": n for n in range(MOST_OWN + 5)}
    data = json.dumps(collection(feature(polygon(square()), properties))).encode()
    joined = with_zones(plan, read_upload(Upload("a.geojson", data)).zones)
    assert "5 more columns" in zone_card(joined, 12)
