"""Audits, overlaps and totals of plans with very many zones, or zones in one heap."""

import io
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from beltmap.geo.audit.audit import audit, audit_claims
from beltmap.geo.audit.explanations import explain_totals
from beltmap.geo.charter.reading import DEFAULT
from beltmap.geo.claims.table import read_sectors
from beltmap.geo.errors import PlanError
from beltmap.geo.geometry.area import areas_m2
from beltmap.geo.geometry.overlap import SLIVER_KM2, overlaps
from beltmap.geo.geometry.pairs import MOST_VERTICES, cross_much, triangles
from beltmap.geo.intake.overlay import with_zones
from beltmap.geo.intake.reading import read_upload
from beltmap.geo.intake.uploads import Upload
from beltmap.geo.plan.plan import Plan
from beltmap.geo.plan.synthetic import synthetic_zones
from beltmap.geo.query.filters import Filters
from beltmap.layers import prepared as openings
from beltmap.layers.prepared import Prepared
from beltmap.layers.views import sections
from beltmap.layers.views.sections import MOST_NOTES, audit_sections
from tests.choosing import choose
from tests.claimrows import table
from tests.geo.intake import hostile

CODES = read_sectors(DEFAULT)["code"].tolist()


@pytest.fixture(scope="module")
def many():
    return synthetic_zones(1_500, sectors=CODES)


@pytest.fixture(scope="module")
def large(many, plan):
    return Plan(
        zones=many,
        places=plan.places.iloc[:0],
        claims=plan.claims.iloc[:0],
        sources=plan.sources,
        sectors=plan.sectors,
    )


def heap(n):
    """Lay so many equal zones on one spot."""
    zones = synthetic_zones(n, sectors=CODES)
    spot = shapely.box(120, 36, 120.01, 36.01)
    return zones.assign(area_basis="declared").set_geometry(
        gpd.GeoSeries([spot] * n, crs=4326)
    )


def audited(plan, mask=None):
    return {s.key: s for s in audit_sections(choose(plan, mask), unit="km²")}


def test_overlaps_equal_the_plain_intersection_of_every_pair(many):
    shapes = many.geometry.to_numpy()
    a, b = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    pairs = pd.DataFrame({"a": a[a < b], "b": b[a < b]}).sort_values(["a", "b"])
    shared = areas_m2(shapely.intersection(shapes[pairs["a"]], shapes[pairs["b"]]))
    pairs = pairs.assign(km2=shared / 1e6)[shared / 1e6 > SLIVER_KM2]
    found = overlaps(many)
    assert found["a"].tolist() == many["id"].to_numpy()[pairs["a"]].tolist()
    assert found["b"].tolist() == many["id"].to_numpy()[pairs["b"]].tolist()
    assert found["overlap_km2"].to_numpy() == pytest.approx(pairs["km2"], rel=1e-7)


def test_threes_equal_the_plain_search():
    rng = np.random.default_rng(7)
    first, second = np.triu_indices(30, 1)
    chosen = rng.random(len(first)) < 0.3
    first, second = first[chosen], second[chosen]
    turned = rng.random(len(first)) < 0.5
    found = triangles(
        np.where(turned, second, first), np.where(turned, first, second), 30
    )
    known = set(zip(first.tolist(), second.tolist(), strict=True))
    plain = {
        (a, b, c) for a, b in known for c in range(30) if {(a, c), (b, c)} <= known
    }
    assert {tuple(three) for three in found.tolist()} == plain
    assert len(found) == len(plain) > 50


def test_a_heap_is_told_and_not_taken_apart(plan):
    zones = heap(600)
    with pytest.raises(PlanError, match="so many of these zones overlap"):
        overlaps(zones)
    found = audit(zones, table())
    assert [one.rule for one in found].count("not_compared") == 1
    heaped = replace(plan, zones=zones, claims=table())
    told = audited(heaped)
    assert "so many of these zones overlap" in told["overlaps"].notes[0]
    assert "matrix" not in told


def test_long_outlines_are_told_and_not_taken_apart(many, monkeypatch):
    monkeypatch.setattr("beltmap.geo.geometry.overlap.MOST_WORK", 100)
    with pytest.raises(PlanError, match="outlines are so long"):
        overlaps(many)


def test_of_many_reasons_the_greatest_are_said_and_the_others_counted(many):
    everything = explain_totals(many, table())
    some = explain_totals(many, table(), most=MOST_NOTES)
    assert some[:-1] == everything[:MOST_NOTES]
    assert some[-1].startswith(f"{len(everything) - MOST_NOTES} more findings")


def test_above_a_size_the_page_says_that_zones_are_not_compared(large, monkeypatch):
    monkeypatch.setattr(sections, "MOST_SURVEYED", 1_000)
    told = audited(large)
    line = "Zones are not compared with each other above 1,000 zones"
    assert told["findings"].notes[0].startswith(line)
    assert told["overlaps"].notes[0].startswith(line)
    assert told["overlaps"].table is None
    assert told["ledger"].table is not None
    few = audited(large, np.arange(len(large.zones)) < 900)
    assert len(few["overlaps"].table)
    assert len(few["totals"].notes) == MOST_NOTES + 1


def test_claims_alone_are_audited_as_with_the_zones(plan):
    whole = audit(plan.zones, plan.claims, glossary=plan.glossary)
    alone = audit_claims(plan.zones, plan.claims, glossary=plan.glossary)
    said = [finding.say() for finding in whole]
    assert alone
    assert all(finding.say() in said for finding in alone)
    about_zones = {"drawn_differs", "counted_twice", "pattern_incomplete"}
    assert not about_zones & {finding.rule for finding in alone}


def test_the_audit_is_not_made_again_at_every_rerun(large, monkeypatch):
    asked, told = [], []

    def once(*given, unit, **known):
        asked.append((given, unit))
        told.append(known["told"])
        return iter(())

    monkeypatch.setattr(openings, "audit_sections", once)
    prepared = Prepared(large)
    for filters in (Filters(), Filters(), Filters(kind=("park",))):
        prepared.audited(filters, "km²")
    assert len(asked) == 2
    assert told[0] is told[1]


def crossing(teeth):
    frame = gpd.read_file(io.BytesIO(hostile.combs(teeth)))
    return frame.geometry.to_numpy()


def test_outlines_that_cross_very_often_are_told_from_others():
    assert cross_much(crossing(250))
    assert not cross_much(crossing(10))
    cells = gpd.read_file(io.BytesIO(hostile.squares(3_000))).geometry.to_numpy()
    assert not cross_much(cells)
    heap = gpd.read_file(io.BytesIO(hostile.heap(300))).geometry.to_numpy()
    assert cross_much(heap)
    long = shapely.linestrings(np.zeros((MOST_VERTICES + 1, 2)))
    assert cross_much(np.array([long]))
    assert not cross_much(np.array([None, shapely.Point(1, 2)]))


@pytest.mark.parametrize("teeth", [10, 250])
def test_a_reader_s_land_is_measured_where_that_costs_little(plan, teeth):
    upload = Upload("a.geojson", hostile.combs(teeth))
    zones = read_upload(upload, context=Prepared(plan).context).zones
    opened = Prepared(with_zones(plan, zones))
    found = opened.own_totals(Filters())
    assert (opened.mine, found.zones) == (2, 2)
    assert opened.measured is (teeth == 10)
    assert np.isfinite(found.covered_km2) == opened.measured
