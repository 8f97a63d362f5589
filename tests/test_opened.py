"""What a page asks of a plan is computed once, and gone with it."""

import gc

from geo.filters import Filters
from layers.assets import FROM_FRAME, STORE
from layers.opened import Opened


def kept(address):
    return STORE.get(address.removeprefix(FROM_FRAME)) is not None


def test_an_answer_is_computed_once(plan):
    opened = Opened(plan, key="a")
    filters = Filters(city=("Qingdao",))
    assert opened.totals(filters) is opened.totals(Filters(city=("Qingdao",)))
    assert opened.table(filters) is opened.table(filters)
    assert opened.row("qd-belt") == 0
    assert opened.row("no such zone") is None


def test_zones_on_the_map_are_gone_with_their_session(plan):
    mine, other = Opened(plan, key="mine"), Opened(plan, key="other")
    here, there = mine.addresses["zones"], other.addresses["zones"]
    assert here != there
    assert kept(here)
    del mine
    gc.collect()
    assert not kept(here)
    assert kept(there)
