"""A plan with a user's zones in it."""

import numpy as np

from geo.filters import Filters
from geo.intake.frame import UPLOAD, zones_of
from geo.intake.joined import with_zones
from geo.intake.reading import Upload, read_upload
from geo.query import index_zones, matches
from geo.summary import survey, totals

FILE = b"""{"type":"FeatureCollection","features":[
{"type":"Feature","id":"qd-belt","properties":{"name":"Mine","kind":"park","own":7},
"geometry":{"type":"Polygon","coordinates":[[[120.5,36.2],[120.51,36.2],[120.51,36.21],
[120.5,36.2]]]}}]}"""


def test_the_users_zones_follow_the_plans_own(plan):
    mine = zones_of(read_upload(Upload("mine.geojson", FILE)))
    joined = with_zones(plan, mine)
    assert len(joined.zones) == 13
    assert joined.zones["id"].is_unique
    assert joined.zones["id"].tolist()[:12] == plan.zones["id"].tolist()
    assert joined.zones[UPLOAD].tolist() == [None] * 12 + ["mine.geojson"]
    assert len(plan.zones) == 12
    assert UPLOAD not in plan.zones


def test_they_join_filters_and_totals(plan):
    mine = zones_of(read_upload(Upload("mine.geojson", FILE)))
    joined = with_zones(plan, mine)
    index = index_zones(joined.zones, sectors=joined.sectors["code"])
    assert np.flatnonzero(matches(index, Filters(text="mine"))).tolist() == [12]
    found = totals(joined.zones, np.ones(13, bool), land=survey(joined.zones))
    assert found.zones == 13
    assert found.declared_km2 == 59.4
