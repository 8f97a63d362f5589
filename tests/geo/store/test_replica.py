"""Pages read a replica: they show what the primary writes, and go on without it."""

import json
import time
import urllib.request

import pytest
from click.testing import CliRunner

from beltmap.geo.shipped import SHIPPED
from beltmap.geo.store.address import read_address
from beltmap.geo.store.folders import push
from beltmap.geo.store.mirror import let_go
from beltmap.layers.commands.main import main
from tests.serving import running
from tests.storing import own_server, sql

TOWN = "qd-town-laoshan"
SOON_S = 2
PATIENCE_S = 30


def named(page):
    """Give the name that the town has on a page."""
    with urllib.request.urlopen(f"{page}plan.geojson?kind=town") as answer:
        features = json.load(answer)["features"]
    [found] = [one for one in features if one["properties"]["id"] == TOWN]
    return found["properties"]["name_en"]


def until_named(page, name):
    """Tell how long it takes until the town has a name."""
    start = time.monotonic()
    while named(page) != name:
        assert time.monotonic() - start < PATIENCE_S
        time.sleep(0.05)
    return time.monotonic() - start


def rename(plan, name):
    let_go()
    said = ["comment", name, "--about", TOWN, "--who", "Li", "--plan", plan]
    return CliRunner().invoke(main, said, env={"LANGUAGE": "en"})


@pytest.mark.deep
def test_pages_on_a_replica_follow_the_primary_and_outlive_it():
    with own_server() as primary, own_server(follows=primary) as replica:
        database = "/template1#plan"
        push(SHIPPED / "qingdao", read_address(primary.address + database))
        both = f"{replica.address},127.0.0.1:{primary.port}{database}"
        serve = ("beltmap", "serve", "--plan", both)
        with running(*serve) as (one, _), running(*serve) as (two, _):
            for page in (one, two):
                assert named(page).startswith("Qingdao Laoshan")
            change = "update plan.towns set name_en = '{}' where id = '{}'"
            took = []
            # the best of some: a machine that has much to do stands still at times
            for name in ("First", "Other", "Second"):
                sql(primary.address + "/template1", change.format(name, TOWN))
                took.append(max(until_named(page, name) for page in (one, two)))
            assert min(took) < SOON_S, took
            # who writes is led to the primary by the same address
            assert rename(both, "why").exit_code == 0
            alone = rename(replica.address + database, "why")
            assert "E_STORE_REFUSED" in alone.output
            assert "only a replica" in alone.output
            primary.kill()
            refused = rename(both, "why")
            assert (refused.exit_code, len(refused.output.splitlines())) == (1, 1)
            assert "only a replica" in refused.output
            time.sleep(1)
            assert {named(one), named(two)} == {"Second"}
            primary.start()
            sql(primary.address + "/template1", change.format("Third", TOWN))
            for page in (one, two):
                until_named(page, "Third")
            assert rename(both, "again").exit_code == 0
