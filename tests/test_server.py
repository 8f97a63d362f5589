"""The server gives back what sessions that are over have left."""

import gc
from weakref import ref

import pytest

from layers.page import session
from layers.page.server import tidy


class Knot:
    """Something that holds itself, as a session does."""

    def __init__(self):
        self.self = self


@pytest.fixture(autouse=True)
def thawed():
    session.visits_over()
    yield
    session.visits_over()
    gc.unfreeze()


def test_a_session_that_is_over_is_found_even_if_it_was_frozen():
    knot = Knot()
    left = ref(knot)
    gc.freeze()
    del knot
    tidy()
    assert left() is not None
    session._OVER.set()
    tidy()
    assert left() is None
    assert gc.get_freeze_count() > 0


def test_what_was_frozen_stays_so_while_no_session_ends():
    gc.freeze()
    frozen = gc.get_freeze_count()
    tidy()
    assert gc.get_freeze_count() == frozen
