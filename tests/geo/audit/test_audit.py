"""Rules over zones: a clean plan gives none, each planted fault is found."""

from dataclasses import replace

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from beltmap.geo import schema
from beltmap.geo.audit.audit import audit
from beltmap.geo.audit.findings import SEVERITIES
from beltmap.geo.charter.charter import Structure, Words
from beltmap.geo.charter.force import under
from beltmap.geo.charter.reading import default_charter
from beltmap.geo.geometry.area import areas_m2
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


@pytest.fixture(autouse=True)
def promised():
    """Let the structure promise what the clean zones are."""
    structure = Structure(
        PATTERN, Words(PATTERN, PATTERN), promises={"belt": 1, "town": 1, "park": 1}
    )
    with under(replace(default_charter(), structures=(structure,))):
        yield structure


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


def test_a_structure_with_fewer_zones_than_it_promises(promised):
    zones = clean_zones()
    claims = clean_claims(zones, claim(PATTERN, "parks", 2))
    more = replace(promised, promises=promised.promises | {"park": 2})
    with under(replace(default_charter(), structures=(more,))):
        finding = only(zones, claims)
        said = finding.say()
    assert (finding.rule, finding.severity) == ("pattern_incomplete", "warning")
    assert "promises Park: 2, but the zones that name it make Park: 1" in said
    assert finding.claims == (f"{PATTERN}.parks",)


def test_a_structure_with_zones_of_other_kinds_than_it_promises():
    zones = with_value(clean_zones(), TOWN, "kind", "park")
    said = only(zones, clean_claims(zones)).say()
    assert "promises Town: 1, Park: 1, but" in said
    assert "make Town: 0, Park: 2" in said


def test_only_zones_that_name_a_structure_are_counted_for_it():
    zones = with_value(clean_zones(), LOST, "patterns", PATTERN)
    assert only(zones, clean_claims(zones)).rule == "pattern_incomplete"
    assert not audit(with_value(zones, LOST, "patterns", None), clean_claims(zones))


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
    assert "“medical services” (sectors: medical, KPO)" in finding.say()


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


def places(*rows):
    """Put points into a frame as `geo.plan.places.read_anchors` does."""
    columns = ["id", "role", "rival_of", "basis", "name_en", "name_zh"]
    table_of = [dict(zip(columns, row[:4], strict=False)) for row in rows]
    frame = pd.DataFrame(table_of, columns=columns).astype(object)
    frame = frame.assign(uncertainty_m=[row[5] if row[5:] else 0.0 for row in rows])
    points = [row[4] for row in rows]
    return gpd.GeoDataFrame(frame.where(frame.notna(), None), geometry=points, crs=4326)


TOO_SMALL = ("uncertainty_too_small", "error")


def rules(*arguments, **options):
    found = audit(*arguments, **options)
    assert all(finding.say() for finding in found)
    return [(finding.rule, finding.severity) for finding in found]


def test_a_claim_stated_where_its_zone_is_not_named():
    zones = clean_zones()
    paper = {"source": "paper", "rival": "a"}
    named = claim("town", "named", text="a town", place="page 2", **paper)
    there = claim("town", "purpose", text="BPO", place="page 2", **paper)
    assert audit(zones, clean_claims(zones, named, there)) == ()
    for elsewhere in (
        there | {"place": "page 3"},
        there | {"place": None},
        # a zone that this paper names nowhere
        claim("belt", "purpose", text="BPO", place="page 2", **paper),
    ):
        claims = clean_claims(zones, named, elsewhere)
        assert rules(zones, claims) == [("stated_of_another", "error")]


def test_what_is_no_zone_is_looked_for_where_it_is_named():
    """A city, a pattern or a priority; what has no name in the document is left."""
    zones = clean_zones()
    paper = {"source": "paper", "rival": "a"}
    goal = claim("goals", "jobs", 5, place="page 9", **paper)
    for naming in ("named", "title"):
        known = claim("city", naming, text="Mu", place="page 1; page 2", **paper)
        there = claim("city", "jobs", 5, place="page 2", **paper)
        assert audit(zones, clean_claims(zones, known, there, goal)) == ()
        claims = clean_claims(zones, known, goal, there | {"place": "page 3"})
        (found,) = audit(zones, claims)
        assert (found.rule, found.severity) == ("stated_of_another", "error")
        assert found.zones == ()


def test_a_year_that_no_other_source_attests():
    zones = clean_zones()
    dated = claim("x", "jobs", 5, year=2015, year_basis="stated elsewhere")
    other = claim("x", "jobs", 5, rival="b", year=2015, year_basis="stated", source="b")
    assert audit(zones, clean_claims(zones, dated, other)) == ()
    own = other | {"method": "computed"}
    assert rules(zones, clean_claims(zones, dated, own)) == [
        ("year_not_attested", "error")
    ]
    claims = clean_claims(zones, dated)
    assert rules(zones, claims) == [("year_not_attested", "error")]


def test_a_focus_that_no_one_states_and_a_code_without_words():
    zones = with_value(clean_zones(), BELT, "focus_en", "software and processes")
    assert rules(zones, clean_claims(zones)) == [("focus_not_stated", "error")]
    stated = claim("belt", "focus", text="software and processes")
    claims = clean_claims(zones, stated)
    assert audit(zones, claims) == ()
    sectors = claims["id"] == "belt.sectors"
    claims.loc[sectors, "rests_on"] = "software=software;BPO=processes"
    assert audit(zones, claims) == ()
    claims.loc[sectors, "rests_on"] = "software=software;BPO=call centre"
    assert rules(zones, claims) == [("sector_without_words", "error")]
    claims.loc[sectors, "rests_on"] = "software=software;BPO=name: Processes"
    assert rules(zones, claims) == [("sector_without_words", "error")]
    claims.loc[sectors, "rests_on"] = "software=software;BPO=name: belt"
    assert audit(zones, claims) == ()


def test_a_focus_that_the_layer_carries_otherwise_than_its_claim():
    stated = claim("belt", "focus", text="software and processes")
    zones = with_value(clean_zones(), BELT, "focus_en", "software and processes")
    other = with_value(zones, BELT, "focus_en", "software, processes, logistics")
    assert rules(other, clean_claims(zones, stated)) == [
        ("zone_differs_from_claim", "error")
    ]
    none = with_value(zones, BELT, "focus_en", None)
    assert rules(none, clean_claims(zones, stated)) == [
        ("zone_differs_from_claim", "error")
    ]


def test_a_radius_smaller_than_the_way_to_a_rival():
    zones = with_value(clean_zones(), TOWN, "location_uncertainty_m", 20_000.0)
    here, there = (shapely.Point(cells * CELL, CELL / 2) for cells in (7, 17))
    rival = ("other", "rival", "town", "inferred", there)
    points = places(("town", "zone", None, "inferred", here, 20_000.0), rival)
    assert audit(zones, clean_claims(zones), places=points) == ()
    # the rival is 11.1 km away, and somewhere around that itself
    points = places(
        ("town", "zone", None, "inferred", here, 20_000.0), (*rival, 9_000.0)
    )
    assert rules(zones, clean_claims(zones), places=points) == [TOO_SMALL]
    points = places(("town", "zone", None, "inferred", here, 10_000.0), rival)
    small = with_value(zones, TOWN, "location_uncertainty_m", 10_000.0)
    assert rules(small, clean_claims(zones), places=points) == [TOO_SMALL]


def test_a_radius_that_does_not_reach_a_rival_axis_or_the_outline_itself():
    zones = with_value(clean_zones(), TOWN, "location_uncertainty_m", 9_000.0)
    line = shapely.LineString([(0, 9 * CELL), (20 * CELL, 9 * CELL)])
    rows = {"name_en": ["coast"], "name_zh": ["海岸"], "zone": ["town"]}

    def found(around_m):
        axes = gpd.GeoDataFrame(
            rows | {"uncertainty_m": [around_m]}, geometry=[line], crs=4326
        )
        options = {"places": places(), "rival_axes": axes}
        return rules(zones, clean_claims(zones), **options)

    far_m = 15_000
    zones = with_value(zones, TOWN, "location_uncertainty_m", float(far_m + 2_000))
    assert found(500.0) == []
    assert found(5_000.0) == [TOO_SMALL]
    sketch = with_value(clean_zones(), TOWN, "boundary", "schematic")
    sketch = with_value(sketch, TOWN, "location_uncertainty_m", 500.0)
    here = places(
        ("town", "zone", None, "inferred", shapely.Point(7 * CELL, 0.005), 500.0)
    )
    assert rules(sketch, clean_claims(sketch), places=here) == [TOO_SMALL]


def test_a_radius_that_only_the_anchors_say():
    zones = with_value(clean_zones(), TOWN, "location_uncertainty_m", 20_000.0)
    here = shapely.Point(7 * CELL, CELL / 2)
    points = places(("town", "zone", None, "inferred", here, 25_000.0))
    found = rules(zones, clean_claims(zones), places=points)
    assert found == [("uncertainty_differs", "error")]


def test_a_zone_drawn_away_from_its_anchor():
    zones = with_value(clean_zones(), TOWN, "location_uncertainty_m", 2_000.0)
    there = shapely.Point(17 * CELL, CELL / 2)
    points = places(("town", "zone", None, "inferred", there, 2_000.0))
    [finding] = audit(zones, clean_claims(zones), places=points)
    assert (finding.rule, finding.zones) == ("away_from_anchor", ("town",))


def test_a_radius_that_does_not_reach_all_of_the_whole():
    zones = with_value(clean_zones(), PARK, "location_uncertainty_m", 3_500.0)
    here = shapely.Point(0.015, 0.005)
    points = places(("park", "zone", None, "schematic", here, 3_500.0))
    assert audit(zones, clean_claims(zones), places=points) == ()
    small = with_value(zones, PARK, "location_uncertainty_m", 2_000.0)
    points = places(("park", "zone", None, "schematic", here, 2_000.0))
    assert rules(small, clean_claims(zones), places=points) == [TOO_SMALL]


def test_a_zone_of_unknown_place_drawn_in_another():
    zones = with_value(clean_zones(), PARK, "boundary", schema.PLACE_UNKNOWN)
    points = places()
    assert audit(zones, clean_claims(zones), places=points) == ()
    apart = with_value(zones, PARK, "part_of", None)
    claims = clean_claims(zones, without={"park.part_of"})
    assert rules(apart, claims, places=points) == [("drawn_on", "error")]


def test_a_zone_drawn_in_another_that_no_claim_puts_it_in():
    apart = with_value(clean_zones(), PARK, "part_of", None)
    claims = clean_claims(apart, without={"park.part_of"})
    [finding] = audit(apart, claims, places=places())
    assert (finding.rule, finding.zones) == ("drawn_inside", ("park", "belt"))
    told = claim("park", "drawn_inside", text="belt", source="own")
    assert audit(apart, clean_claims(apart, told, without={"park.part_of"})) == ()


def test_figures_compared_of_which_one_does_not_say_what_it_counts():
    zones = clean_zones()
    aim = claim("aim", "jobs", 50, counts="heads", stance="goal", city="A")
    found = claim("then", "jobs", 60, stance="measured", city="A")
    assert rules(zones, clean_claims(zones, aim, found)) == [
        ("measure_not_said", "warning")
    ]
    same = found | {"counts": "heads"}
    assert audit(zones, clean_claims(zones, aim, same)) == ()
    dated = {"year": 2015, "year_basis": "stated"}
    less = same | dated | {"value": 40, "counts": "people taken on"}
    claims = clean_claims(zones, aim | dated, less)
    assert rules(zones, claims) == [("goal_measured_otherwise", "note")]
    silent = found | dated | {"value": 40}
    claims = clean_claims(zones, aim | dated, silent)
    unsaid, missed = audit(zones, claims)
    assert (unsaid.rule, missed.rule) == ("measure_not_said", "goal_measured_otherwise")
    assert "counts something that is not said" in missed.say()


def test_a_schematic_outline_of_another_size_may_be_scaled():
    zones = clean_zones()
    claims = clean_claims(zones)
    zones = with_value(zones, TOWN, "boundary", "schematic")
    larger = moved(zones, TOWN, shapely.box(6 * CELL, 0, 8.1 * CELL, CELL))
    finding = only(larger, claims)
    assert (finding.rule, finding.severity) == ("drawn_to_scale", "note")
    assert "0.9759 times" in finding.say()


def test_a_place_that_is_unknown_may_be_counted_twice():
    zones = with_value(clean_zones(), TOWN, "boundary", schema.PLACE_UNKNOWN)
    overlapping = shapely.box(CELL, 0, 2 * CELL, CELL)
    zones = moved(zones, PARK, overlapping, part_of=None, area_basis="declared")
    zones = with_value(zones, PARK, "declared_area_km2", zones["drawn_area_km2"][PARK])
    claims = clean_claims(zones, without={"park.part_of"})
    [finding] = audit(zones, claims)
    assert finding.rule == "counted_twice_unknown"
    assert finding.zones == ("belt", "park", "town")
    assert "between 4.924 km²" in finding.say()
