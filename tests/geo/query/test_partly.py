"""A file of a part of a plan deletes nothing, and says nothing of what it lacks."""

import pytest

from beltmap.geo.query.difference import difference
from beltmap.geo.query.partly import part_of_plan


@pytest.fixture
def zones(plan):
    return plan.zones


def test_three_zones_do_not_delete_the_others(zones):
    given = zones.head(3)
    part = part_of_plan(zones, given, set(zones.columns))
    assert part.left == len(zones) - 3
    assert difference(part.before, part.after) == ()


def test_a_column_that_a_file_lacks_is_no_change(zones):
    given = zones.head(3).assign(status=None, sectors=None, name_zh="新")
    part = part_of_plan(zones, given, {"name_zh"})
    changes = difference(part.before, part.after)
    assert {one.column for each in changes for one in each.attributes} == {"name_zh"}
    assert given["status"].isna().all()


def test_a_column_that_a_file_empties_is_a_change(zones):
    given = zones.head(3).assign(status=None)
    part = part_of_plan(zones, given, {"status"})
    changes = difference(part.before, part.after)
    assert {one.column for each in changes for one in each.attributes} == {"status"}


def test_zones_of_a_file_that_the_plan_does_not_have_are_added(zones):
    given = zones.head(2).assign(id=["a", "b"])
    part = part_of_plan(zones, given, set(zones.columns))
    assert [one.change for one in difference(part.before, part.after)] == ["added"] * 2
    assert part.left == len(zones)
