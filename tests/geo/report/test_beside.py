"""Two plans, cities or structures side by side, with their figures."""

from pathlib import Path

from beltmap.geo.plan.plan import read_plan
from beltmap.geo.plan.selection import Selection
from beltmap.geo.query.filters import Filters
from beltmap.geo.report.beside import side_by_side
from beltmap.geo.shipped import SHIPPED
from beltmap.layers.map.compare import compare, comparisons
from beltmap.layers.prepared import Prepared

CHENGDU = Path(__file__).parents[2] / "plans" / "chengdu"


def test_areas_sectors_and_goals_of_two_choices(plan):
    sides = [Selection(plan, Filters(city=(city,))) for city in ("Qingdao", "Dalian")]
    table = side_by_side(sides).set_index("about")
    assert table.loc["Zones"].tolist() == ["10", "2"]
    # what Dalian's document does not state is not said to be nothing
    assert table.loc["Stated in the plan"].tolist() == ["59.4 km²", "–"]
    assert table.loc["Logistics"].tolist() == ["1 zone", ""]
    goals = table[table.index.str.startswith("Goal: ")]
    assert len(goals)
    assert (goals[["left", "right"]] != "").any(axis=1).all()
    assert "5 to 8 years" in table.loc["Goal: Time to build the towns", "left"]
    assert table.loc["Goal: Time to build the towns", "right"] == ""


def test_any_two_plans_are_set_side_by_side():
    plan = read_plan(SHIPPED, CHENGDU)
    opened = Prepared(plan)
    assert comparisons(opened)[0] == "plan"
    names = [name for name, _ in plan.parts]
    left, right = compare(opened, Filters(), "plan", values=names[::-1])
    assert left.chosen is not None
    assert right.chosen is not None
    assert left.title == "Bioscience city of Chengdu"
    assert left.mask.sum() == 6
    assert not (left.mask & right.mask).any()
    table = side_by_side([left.chosen, right.chosen]).set_index("about")
    assert table.loc["Zones"].tolist() == ["6", str(len(plan.zones) - 6)]
    assert table.loc["Vaccines", "right"] == ""


def test_one_plan_has_no_other_beside_it():
    opened = Prepared(read_plan(CHENGDU))
    assert comparisons(opened) == ("city",)
