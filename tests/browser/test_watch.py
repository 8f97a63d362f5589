"""An open page says that the plan has changed, or that its store is away."""

import re

import pytest

from beltmap.geo.shipped import SHIPPED
from beltmap.geo.store.address import read_address
from beltmap.geo.store.folders import push
from tests import storing
from tests.browser.harness import at_rest, open_tab
from tests.elsewhere import write_flat
from tests.serving import running

pytestmark = pytest.mark.browser

OLD, NEW = "Shinan Software Park", "Shinan Park of Software"
TOWN = "update plan.zones set name_en = '{}' where id = 'qd-park-shinan'"


def opened(tab, address):
    tab.goto(f"{address}?view=map&lang=en")
    appears(tab, OLD)
    at_rest(tab)


def appears(tab, words):
    """Wait for words in the table, whose canvas stands over them."""
    cell = tab.get_by_role("gridcell", name=words, include_hidden=True)
    cell.first.wait_for(state="attached", timeout=120_000)


def shown_on_request(tab):
    """Wait for the line, see that nothing else has changed, and ask for it."""
    line = tab.get_by_text("The plan has changed.")
    line.wait_for(timeout=30_000)
    content = tab.content()
    assert OLD in content
    assert NEW not in content
    tab.get_by_role("button", name="Show it").click()
    appears(tab, NEW)
    line.wait_for(state="detached", timeout=30_000)
    assert not tab.errors


def test_a_folder_that_changes_is_shown_when_asked_for(browser, tmp_path):
    folder = tmp_path / "plan"
    write_flat(folder)
    with (
        running("beltmap", "serve", "--plan", folder) as (address, _),
        open_tab(browser, locale="en") as tab,
    ):
        opened(tab, address)
        parks = folder / "parks.geojson"
        parks.write_text(parks.read_text().replace(OLD, NEW))
        shown_on_request(tab)


@pytest.fixture
def own_server():
    """Run a server that a test may end, and start again where it was."""
    with storing.own_server() as server:
        yield server


def test_a_page_on_a_store_follows_it_and_outlives_it(browser, own_server):
    plan = f"{own_server.address}/template1#plan"
    push(SHIPPED / "qingdao", read_address(plan))
    with (
        running("beltmap", "serve", "--plan", plan) as (address, _),
        open_tab(browser, locale="en") as tab,
    ):
        opened(tab, address)
        storing.sql(plan, TOWN.format(NEW))
        shown_on_request(tab)
        own_server.end()
        away = tab.get_by_text(re.compile("cannot be reached"))
        away.wait_for(timeout=30_000)
        # it goes on reading what it has
        tab.get_by_role("radio", name="Plan").or_(
            tab.get_by_role("button", name="Plan")
        ).first.click()
        at_rest(tab)
        tab.get_by_role("radio", name="Map").or_(
            tab.get_by_role("button", name="Map")
        ).first.click()
        appears(tab, NEW)
        assert away.count()
        own_server.start()
        away.wait_for(state="detached", timeout=60_000)
        storing.sql(plan, TOWN.format("Third Park"))
        tab.get_by_role("button", name="Show it").click(timeout=30_000)
        appears(tab, "Third Park")
        assert not tab.errors


def test_a_page_whose_store_is_away_at_first_opens_when_it_comes(browser, own_server):
    plan = f"{own_server.address}/template1#plan"
    push(SHIPPED / "qingdao", read_address(plan))
    own_server.end()
    with (
        running("streamlit", "run", "app.py", environment={"BELTMAP_PLAN": plan}) as (
            address,
            _,
        ),
        open_tab(browser, locale="en") as tab,
    ):
        tab.goto(f"{address}?view=map&lang=en")
        tab.get_by_text("the store cannot be reached").wait_for(timeout=120_000)
        own_server.start()
        appears(tab, OLD)
        assert not tab.errors
