"""Many editors of one plan at once: no edit is lost, and none is made twice."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import psycopg
import pytest

from beltmap.geo.shipped import SHIPPED
from beltmap.geo.store import history
from beltmap.geo.store.address import read_address
from beltmap.geo.store.folders import push
from beltmap.geo.store.plans import find, read_state
from beltmap.geo.store.server import CONFLICT, connected

FEW = pytest.param(4, 10, id="few")
MANY = pytest.param(20, 50, id="many", marks=pytest.mark.deep)


@pytest.mark.parametrize(("editors", "edits"), [FEW, MANY])
def test_no_edit_is_lost_and_none_is_made_twice(database, editors, edits):
    address = read_address(f"{database}#plan")
    push(SHIPPED / "qingdao", address)

    def edit(editor):
        """Add a mark to one zone after another, as often as it is refused."""
        refused = 0
        with psycopg.connect(address.server, autocommit=True) as connection:
            zones = connection.execute(
                "select id from plan.zones order by id"
            ).fetchall()
            for number in range(edits):
                # half of the edits are of one zone, which all want
                [zone] = zones[0 if number % 2 else (editor + number) % len(zones)]
                while not tried(connection, zone, f"[{editor}.{number}]"):
                    refused += 1
        return refused

    with ThreadPoolExecutor(editors) as pool:
        refused = sum(pool.map(edit, range(editors)))
    with connected(address, via="test") as connection:
        plan = find(connection, address)
        rows = read_state(connection, plan.name).rows["zones"].values()
        marks = Counter(
            mark
            for row in rows
            for mark in (row["focus_en"] or "").replace("]", "[").split("[")
            if mark.replace(".", "").isdigit()
        )
    wanted = {f"{e}.{n}" for e in range(editors) for n in range(edits)}
    assert set(marks) == wanted
    assert set(marks.values()) == {1}
    assert plan.version == 1 + editors * edits
    log = history.log(address)
    assert [one.number for one in log] == list(range(plan.version, 0, -1))
    assert all(later.at >= sooner.at for later, sooner in pairwise(log))
    assert refused > 0


def tried(connection, zone, mark):
    """Read a zone and change it, unless someone else has changed it meanwhile."""
    [(focus, version)] = connection.execute(
        "select focus_en, version from plan.zones where id = %s", (zone,)
    ).fetchall()
    try:
        connection.execute(
            "update plan.zones set focus_en = %s, version = %s where id = %s",
            (f"{focus or ''}{mark}", version, zone),
        )
    except psycopg.DatabaseError as error:
        if error.sqlstate != CONFLICT:
            raise
        return False
    return True
