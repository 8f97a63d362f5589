"""Priorities, the zones that serve them, and the filters they stand for."""

from beltmap.geo.audit.priorities import priorities, priority_filters, priority_matrix
from beltmap.geo.query.matches import index_zones, matches
from tests.claimrows import claim, table

AIM = {"stance": "goal", "city": "Qingdao"}


def test_nine_priorities_three_without_a_zone(plan):
    rows = priorities(plan.zones, plan.claims).set_index("priority")
    assert len(rows) == 9
    unserved = [name for name, zones in rows["zones"].items() if not zones]
    assert unserved == ["qd-priority-3", "qd-priority-7", "qd-priority-8"]
    assert "qd-belt" in rows.loc["qd-priority-6", "zones"]
    assert rows.loc["qd-priority-5", "zones"] == ("qd-park-logistics",)
    assert rows.loc["qd-priority-5", "claims"] == (
        "qd-priority-5.title",
        "qd-priority-5.sectors",
    )


def test_six_of_nine_are_named_in_no_focus(plan):
    rows = priorities(plan.zones, plan.claims, sectors=plan.sectors)
    rows = rows.set_index("priority")
    unnamed = [name for name, zones in rows["named"].items() if not zones]
    assert unnamed == [f"qd-priority-{n}" for n in (3, 4, 6, 7, 8, 9)]
    reached = [name for name in unnamed if rows.loc[name, "zones"]]
    assert reached == [f"qd-priority-{n}" for n in (4, 6, 9)]
    assert "qd-base-laoshan" not in rows.loc["qd-priority-1", "named"]
    assert "qd-base-laoshan" in rows.loc["qd-priority-1", "zones"]


def test_cells_name_the_shared_sectors_of_the_same_city(plan):
    matrix = priority_matrix(plan.zones, plan.claims)
    assert matrix.shape == (9, 10)
    assert matrix.loc["qd-priority-1", "qd-park-shinan"] == "software;ITO"
    assert matrix.loc["qd-priority-9", "qd-belt"] == "BPO"
    assert not any(zone.startswith("dl-") for zone in matrix.columns)


def test_the_filters_of_a_priority_find_exactly_its_zones(plan):
    index = index_zones(plan.zones, sectors=plan.sectors["code"])
    rows = priorities(plan.zones, plan.claims)
    for zones, filters in zip(
        rows["zones"], priority_filters(plan.zones, plan.claims), strict=True
    ):
        found = plan.zones.loc[matches(index, filters), "id"]
        assert tuple(found) == zones


def test_a_zone_of_another_city_serves_no_priority(zones):
    claims = table(
        claim("p", "sectors", text="logistics;BPO", **AIM),
        claim("q", "sectors", text="BPO", **(AIM | {"city": "Dalian"})),
    )
    matrix = priority_matrix(zones, claims)
    assert matrix.loc["p"].tolist() == ["BPO", "BPO", "", ""]
    assert matrix.loc["q"].tolist() == ["", "", "", ""]


def test_a_priority_without_a_city_may_be_served_anywhere(zones):
    claims = table(claim("p", "sectors", text="logistics", stance="goal"))
    assert priority_matrix(zones, claims).loc["p", "z2"] == "logistics"
    [filters] = priority_filters(zones, claims)
    assert (filters.city, filters.sectors) == ((), ("logistics",))


def test_no_priorities(zones):
    assert priorities(zones, table()).empty
    assert priority_matrix(zones, table()).empty
    assert priority_filters(zones, table()) == []
