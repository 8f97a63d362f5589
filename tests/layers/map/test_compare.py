"""Two maps side by side: which zones, and that they know of each other."""

from dataclasses import replace

import pytest

from beltmap.geo.language.messages import speaking
from beltmap.geo.query.filters import Filters
from beltmap.layers.map.compare import compare, compared
from beltmap.layers.prepared import Prepared


@pytest.fixture
def opened(plan):
    return Prepared(plan)


def test_two_cities_at_one_scale(opened, plan):
    left, right = compare(opened, Filters(), "city", selected=11)
    assert (left.title, right.title) == ("Qingdao", "Dalian")
    assert set(plan.zones.loc[left.mask, "city"]) == {"Qingdao"}
    assert set(plan.zones.loc[right.mask, "city"]) == {"Dalian"}
    assert left.drawing.setup["pane"] == {"group": "city", "keeps": "scale", "side": 0}
    assert left.drawing.key != right.drawing.key
    assert [side.drawing.state["selected"] for side in (left, right)] == [-1, 11]


def test_existing_pattern_beside_the_planned_one(opened, plan):
    left, right = compare(opened, Filters(), "patterns")
    assert plan.zones.loc[left.mask, "id"].tolist() == [
        "qd-park-shinan",
        "qd-park-haier",
        "qd-park-hisense",
        "qd-base-laoshan",
    ]
    assert right.mask.sum() == 9
    assert left.drawing.setup["pane"]["keeps"] == "view"
    with speaking("zh"):
        assert compare(opened, Filters(), "patterns")[1].title.startswith(
            "一带三城五园"
        )


def test_the_other_filters_hold_on_both_sides(opened):
    left, right = compare(opened, Filters(kind=("park",), city=("Dalian",)), "city")
    assert (left.mask.sum(), right.mask.sum()) == (6, 1)


def test_a_plan_of_one_city_has_nothing_to_compare(plan):
    local = plan.zones[plan.zones["city"] == "Qingdao"].reset_index(drop=True)
    single = Prepared(replace(plan, zones=local))
    assert compared(single, "city") == ("Qingdao",)
    assert compare(single, Filters(), "city") == ()


def test_only_some_facets_are_compared(opened):
    with pytest.raises(ValueError, match="no comparison"):
        compare(opened, Filters(), "sectors")


def test_the_same_choice_writes_the_same(opened):
    first, again = (compare(opened, Filters(), "city") for _ in range(2))
    assert [side.drawing for side in first] == [side.drawing for side in again]
