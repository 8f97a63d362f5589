"""Rules over zones: a clean plan gives none, each planted fault is found."""

import geopandas as gpd
import pytest
import shapely

from geo import schema
from geo.audit.audit import audit
from geo.audit.findings import SEVERITIES
from geo.geometry.area import areas_m2
from tests.claimrows import claim, table

CELL = 0.01
BELT, TOWN, PARK, LOST = range(4)
PATTERN = "one-belt-three-towns-five-parks"
BOXES = [
    shapely.box(0, 0, 4 * CELL, CELL),
    shapely.box(6 * CELL, 0, 8 * CELL, CELL),
    shapely.box(CELL, 0, 2 * CELL, CELL),
    None,
]


def clean_zones():
    """A belt of 4 cells, a town of 2 apart from it, a park in it, one lost."""
    areas = areas_m2(BOXES) / 1e6
    columns = {
        "id": ["belt", "town", "park", "lost"],
        "name_en": ["Belt", "Town", "Park", "Lost park"],
        "city": ["A", "A", "A", "B"],
        "kind": ["belt", "town", "park", "park"],
        "patterns": [PATTERN, PATTERN, PATTERN, None],
        "sectors": ["software;BPO", "BPO", "logistics", "KPO"],
        "declared_area_km2": [areas[BELT], areas[TOWN], None, None],
        "drawn_area_km2": [*areas[:LOST], None],
        "area_basis": ["declared", "declared", "nominal", None],
        "part_of": [None, None, "belt", None],
        "source": ["doc, page 1", "doc, page 2", "doc", "doc"],
    }
    rows = dict.fromkeys(schema.COLUMNS) | columns
    frame = gpd.GeoDataFrame(rows, geometry=BOXES, crs=4326)
    for column in schema.NUMBERS:
        frame[column] = frame[column].astype(float)
    return frame


def clean_claims(zones, *planted, without=()):
    areas = zones["declared_area_km2"]
    aim = {"city": "A", "stance": "goal"}
    rows = [
        claim("belt", "declared_area", areas[BELT], "km²", place="page 1"),
        claim("town", "declared_area", areas[TOWN], "km²", place="page 2"),
        claim("belt", "sectors", text="software;BPO"),
        claim("park", "part_of", text="belt"),
        claim(PATTERN, "belts", 1),
        claim(PATTERN, "towns", 1),
        claim(PATTERN, "parks", 1),
        claim("first", "title", text="software and processes", **aim),
        claim("first", "sectors", text="software;BPO", **aim),
        claim("second", "sectors", text="medical;logistics", **aim),
    ]
    return table(*[row for row in rows if row["id"] not in without], *planted)


def with_value(zones, row, column, value):
    changed = zones.copy()
    changed[column] = [
        value if place == row else old for place, old in enumerate(zones[column])
    ]
    return changed


def moved(zones, row, geometry, **values):
    changed = zones.set_geometry(
        gpd.GeoSeries(
            [geometry if at == row else old for at, old in enumerate(zones.geometry)],
            crs=4326,
        )
    )
    for column, value in values.items():
        changed = with_value(changed, row, column, value)
    return changed


def only(zones, claims):
    [finding] = audit(zones, claims)
    assert finding.say()
    return finding


def test_a_clean_plan_gives_no_finding():
    zones = clean_zones()
    assert audit(zones, clean_claims(zones)) == ()


def test_a_plan_of_nothing_gives_no_finding():
    zones = clean_zones().iloc[:0]
    assert audit(zones, table()) == ()


def test_zones_without_claims_give_no_finding():
    assert audit(clean_zones(), table()) == ()


def test_zones_of_which_little_is_known_give_no_finding():
    zones = clean_zones().assign(patterns=None, sectors=None, part_of=None, city=None)
    assert audit(zones, table(claim("x", "sectors", text="software"))) == ()


@pytest.mark.parametrize("east", [8.1, 8.01, 7.99])
def test_drawn_area_off_the_declared_one(east):
    zones = clean_zones()
    claims = clean_claims(zones)
    larger = shapely.box(6 * CELL, 0, east * CELL, CELL)
    finding = only(moved(zones, TOWN, larger), claims)
    assert (finding.rule, finding.severity) == ("drawn_differs", "error")
    assert (finding.zones, finding.claims) == (("town",), ("town.declared_area",))
    within = shapely.box(6 * CELL, 0, 8.001 * CELL, CELL)
    assert audit(moved(zones, TOWN, within), claims) == ()


def test_nominal_area_is_no_fault_whatever_its_size():
    zones = clean_zones()
    small = moved(zones, PARK, shapely.box(CELL, 0, 1.5 * CELL, CELL))
    assert audit(small, clean_claims(zones)) == ()


def test_containment_stated_but_not_drawn():
    zones = clean_zones()
    half_out = shapely.box(CELL, CELL / 2, 2 * CELL, 1.5 * CELL)
    finding = only(moved(zones, PARK, half_out), clean_claims(zones))
    assert (finding.rule, finding.severity) == ("not_inside", "error")
    assert (finding.zones, finding.claims) == (("park", "belt"), ("park.part_of",))
    assert "50 %" in finding.say()


@pytest.mark.parametrize(("part", "whole"), [(LOST, "belt"), (PARK, "lost")])
def test_what_is_not_drawn_is_not_outside(part, whole):
    zones = with_value(clean_zones(), part, "part_of", whole)
    claims = clean_claims(zones, without={"park.part_of"})
    assert audit(zones, claims) == ()


def test_a_part_that_declares_more_than_its_whole():
    zones = clean_zones()
    zones = with_value(zones, PARK, "declared_area_km2", 99.0)
    zones = with_value(zones, PARK, "area_basis", "declared")
    claims = clean_claims(zones, claim("park", "declared_area", 99, "km²"))
    rules = [finding.rule for finding in audit(zones, claims)]
    assert sorted(rules) == ["drawn_differs", "zone_exceeds_whole"]


def test_declared_areas_that_overlap_with_no_word_on_it():
    zones = clean_zones()
    inside = shapely.box(2 * CELL, 0, 4 * CELL, CELL)
    finding = only(moved(zones, TOWN, inside), clean_claims(zones))
    assert (finding.rule, finding.severity) == ("counted_twice", "warning")
    assert finding.zones == ("belt", "town")
    assert finding.claims == ("belt.declared_area", "town.declared_area")
    said = finding.say()
    assert "add up to 7.385 km²" in said
    assert "they share 2.462 km²" in said
    assert "between 4.924 km² and 7.385 km²" in said


def test_declared_areas_stated_to_lie_inside_are_not_counted_twice():
    zones = clean_zones()
    inside = shapely.box(2 * CELL, 0, 4 * CELL, CELL)
    zones = moved(zones, TOWN, inside, part_of="belt")
    claims = clean_claims(zones, claim("town", "part_of", text="belt"))
    assert audit(zones, claims) == ()


def test_a_pattern_with_fewer_places_than_its_name():
    zones = clean_zones()
    claims = clean_claims(
        zones, claim(PATTERN, "parks", 2), without={f"{PATTERN}.parks"}
    )
    finding = only(zones, claims)
    assert (finding.rule, finding.severity) == ("pattern_incomplete", "warning")
    assert "promises 4 places, but the plan names 3: Belt; Town; Park" in finding.say()
    assert len(finding.claims) == 3


def test_a_priority_that_no_zone_serves():
    zones = clean_zones()
    aim = {"city": "A", "stance": "goal"}
    planted = [
        claim("third", "title", text="medical services", **aim),
        claim("third", "sectors", text="medical;KPO", **aim),
    ]
    finding = only(zones, clean_claims(zones, *planted))
    assert (finding.rule, finding.severity) == ("priority_unserved", "warning")
    assert finding.claims == ("third.sectors",)
    assert "“medical services” (sectors: medical; KPO)" in finding.say()


def test_a_sector_that_no_priority_names():
    zones = clean_zones()
    zones = with_value(zones, TOWN, "sectors", "BPO;training")
    finding = only(zones, clean_claims(zones))
    assert (finding.rule, finding.severity) == ("sector_unprioritised", "note")
    assert finding.zones == ("town",)
    assert "training" in finding.say()


@pytest.mark.parametrize(
    ("row", "column", "value", "attribute"),
    [
        (BELT, "sectors", "software", "sectors"),
        (PARK, "part_of", None, "part_of"),
    ],
)
def test_a_layer_that_differs_from_its_claim(row, column, value, attribute):
    zones = clean_zones()
    claims = clean_claims(zones)
    finding = only(with_value(zones, row, column, value), claims)
    assert (finding.rule, finding.severity) == ("zone_differs_from_claim", "error")
    [rests_on] = finding.claims
    assert rests_on.endswith(attribute)


def test_a_declared_area_that_differs_from_its_claim():
    zones = clean_zones()
    claims = clean_claims(
        zones,
        claim("town", "declared_area", 9, "km²"),
        without={"town.declared_area"},
    )
    assert only(zones, claims).rule == "zone_differs_from_claim"


def test_errors_come_before_warnings_before_notes():
    zones = with_value(clean_zones(), TOWN, "sectors", "BPO;training")
    planted = [
        claim("third", "sectors", text="medical;finance", city="A", stance="goal"),
        claim("x", "whole", 10),
        claim("x", "part", 11, share_of="x.whole"),
    ]
    claims = clean_claims(zones, *planted)
    claims.loc[claims["id"] == "second.sectors", "text"] = "logistics"
    severities = [finding.severity for finding in audit(zones, claims)]
    assert severities == list(SEVERITIES)


def test_neither_zones_nor_claims_are_changed():
    zones = clean_zones()
    claims = clean_claims(zones)
    before = zones.copy(), claims.copy()
    audit(zones, claims)
    assert zones.equals(before[0])
    assert claims.equals(before[1])
