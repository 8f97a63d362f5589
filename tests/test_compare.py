"""Two maps side by side: which zones, and that they know of each other."""

import pytest

from geo.filters import Filters
from geo.language.messages import speaking
from layers.compare import compare, compared
from layers.opened import Opened


@pytest.fixture
def opened(plan):
    return Opened(plan)


def test_two_cities_at_one_scale(opened, plan):
    left, right = compare(opened, Filters(), "city", selected=11)
    assert (left.title, right.title) == ("Qingdao", "Dalian")
    assert set(plan.zones.loc[left.mask, "city"]) == {"Qingdao"}
    assert set(plan.zones.loc[right.mask, "city"]) == {"Dalian"}
    assert left.drawing.setup["pane"] == {"group": "city", "keeps": "scale", "side": 0}
    assert left.key != right.key
    assert (left.state.state["selected"], right.state.state["selected"]) == (-1, 11)


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
    assert (left.mask.sum(), right.mask.sum()) == (5, 1)


def test_a_plan_of_one_city_has_nothing_to_compare(plan):
    local = plan.zones[plan.zones["city"] == "Qingdao"].reset_index(drop=True)
    single = Opened(type(plan)(**{**vars(plan), "zones": local}))
    assert compared(single, "city") == ("Qingdao",)
    assert compare(single, Filters(), "city") == ()


def test_only_some_facets_are_compared(opened):
    with pytest.raises(ValueError, match="no comparison"):
        compare(opened, Filters(), "sectors")


def test_the_same_choice_writes_the_same(opened):
    first, again = (compare(opened, Filters(), "city") for _ in range(2))
    assert [side.key for side in first] == [side.key for side in again]
