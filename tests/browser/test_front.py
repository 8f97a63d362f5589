"""Two pages behind nginx, which read a replica: what their readers see of it all."""

import json
import time
import urllib.request
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from beltmap.geo.shipped import SHIPPED
from beltmap.geo.store.address import read_address
from beltmap.geo.store.folders import push
from beltmap.geo.store.mirror import let_go
from beltmap.layers.commands.main import main
from tests.browser.harness import at_rest, open_tab
from tests.browser.nginx import front, nginx
from tests.browser.test_desk import answered, desk, sign
from tests.browser.test_desk_elsewhere import move
from tests.browser.test_page import the_map
from tests.browser.test_watch import OLD, TOWN, appears
from tests.serving import free_port, running
from tests.storing import own_server, sql

pytestmark = pytest.mark.browser

DATABASE = "/template1#plan"
SOON_S = 2
READERS = 12


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """Run a primary, a replica, two pages that know both, and nginx before them."""
    nginx()
    port = free_port()
    public = f"http://127.0.0.1:{port}"
    with own_server() as primary, own_server(follows=primary) as replica:
        push(SHIPPED / "qingdao", read_address(primary.address + DATABASE))
        both = f"{replica.address},127.0.0.1:{primary.port}{DATABASE}"
        serve = ("beltmap", "serve", "--plan", both)
        serve += ("--public-url", public, "--edit-anywhere")
        with running(*serve) as one, running(*serve) as two:
            pages = {
                address.split("//")[1].strip("/"): page for address, page in (one, two)
            }
            ports = [name.rpartition(":")[2] for name in pages]
            with front(tmp_path_factory.mktemp("nginx"), port, *ports) as asked:
                yield SimpleNamespace(
                    public=public, pages=pages, asked=asked, primary=primary
                )


def ask(address, *, reader=None):
    """Ask as a reader who is new or known; give the cookie that is then sent."""
    headers = {"Cookie": f"page={reader}"} if reader else {}
    with urllib.request.urlopen(
        urllib.request.Request(address, headers=headers)
    ) as answer:
        cookies = answer.headers.get_all("Set-Cookie")
    [own] = [one for one in cookies if one.startswith("page=")]
    return own.partition("=")[2].partition(";")[0]


def led(office, reader):
    """Tell which pages a reader was led to."""
    return {page for who, page, *_ in office.asked() if who == reader}


def test_each_reader_is_led_to_one_of_two_pages(office):
    readers = [ask(office.public) for _ in range(READERS)]
    # both times after each other: pages that take turns would be told apart
    for reader in sorted(readers * 2):
        assert ask(office.public, reader=reader) == reader
    assert all(len(led(office, one)) == 1 for one in readers)
    assert set.union(*(led(office, one) for one in readers)) == set(office.pages)


def reader_of(tab):
    [cookie] = [one for one in tab.context.cookies() if one["name"] == "page"]
    return cookie["value"]


def test_a_page_works_behind_it(browser, office, tmp_path):
    square = [[120.3, 36.1], [120.4, 36.1], [120.4, 36.2], [120.3, 36.1]]
    feature = {
        "type": "Feature",
        "properties": {"name": "Mine", "note": "x" * 2_000_000},
        "geometry": {"type": "Polygon", "coordinates": [square]},
    }
    mine = tmp_path / "mine.geojson"
    mine.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    with open_tab(browser, locale="en") as tab:
        tab.goto(f"{office.public}/?view=map&lang=en&kind=park")
        appears(tab, OLD)
        at_rest(tab)
        assert the_map(tab).evaluate("map.beltmap.set.rows") > 0
        # links name the front
        tab.get_by_text(f"{office.public}/ogc/kind=park").first.wait_for(
            state="attached"
        )
        tab.goto(f"{office.public}/?view=bring&lang=en")
        tab.locator("input[type=file]").set_input_files(str(mine))
        tab.get_by_text("1 row: 1 drawn").first.wait_for(timeout=60_000)
        assert not tab.errors
        reader = reader_of(tab)
    assert len(led(office, reader)) == 1
    told = [one for one in office.asked() if one[0] == reader]
    assert {"101", "200"} <= {status for _, _, status, _ in told}
    # 499 is what the browser broke off itself, as it went on to another page
    assert not [one for one in told if one[2] >= "400" and one[2] != "499"]


def renamed(office, tab, name):
    """Change a name on the primary; tell how long until a page says so."""
    sql(office.primary.address + DATABASE, TOWN.format(name))
    start = time.monotonic()
    tab.get_by_text("The plan has changed.").wait_for(timeout=60_000)
    took = time.monotonic() - start
    tab.get_by_role("button", name="Show it").click()
    appears(tab, name)
    tab.get_by_text("The plan has changed.").wait_for(state="detached")
    return took


def test_a_change_on_the_primary_shows_on_a_page_of_the_replica(browser, office):
    with open_tab(browser, locale="en") as tab:
        tab.goto(f"{office.public}/?view=map&lang=en")
        appears(tab, OLD)
        at_rest(tab)
        # the best of some: a machine that has much to do stands still at times
        took = [renamed(office, tab, f"Park {n}") for n in range(3)]
        renamed(office, tab, OLD)
        assert min(took) < SOON_S, took
        assert not tab.errors


def test_pages_outlive_the_primary_and_say_why_nothing_is_kept(browser, office):
    with desk(browser, (f"{office.public}/",)) as (tab, frame):
        move(frame)
        sign(frame, by="Office")
        save = frame.get_by_role("button", name="Save to the plan")
        office.primary.kill()
        save.press("Enter")
        answered(tab, "only a replica")
        with open_tab(browser, locale="en") as other:
            other.goto(f"{office.public}/?view=map&lang=en")
            appears(other, OLD)
            assert other.get_by_text("cannot be reached").count() == 0
            office.primary.start()
            save.press("Enter")
            answered(tab, "Saved.")
            other.get_by_text("The plan has changed.").wait_for(timeout=60_000)


def test_a_reader_is_who_the_proxy_says(browser, office, tmp_path):
    plan, port = office.primary.address + DATABASE, free_port()
    public = f"http://127.0.0.1:{port}"
    login = tmp_path / "readers"
    login.write_text("安娜:{PLAIN}known\n", encoding="utf-8")
    serve = ("beltmap", "serve", "--plan", plan, "--public-url", public)
    serve += ("--edit-anywhere", "--who-header", "X-Forwarded-User")
    known = {"http_credentials": {"username": "安娜", "password": "known"}}
    with running(*serve) as (address, _):
        behind = [address.strip("/").rpartition(":")[2]] * 2
        with (
            front(tmp_path, port, *behind, login=login),
            desk(browser, (f"{public}/",), **known) as (tab, frame),
        ):
            assert frame.locator("input[readonly]").input_value() == "安娜"
            assert "unverified" not in frame.locator(".beltmap-source").text_content()
            move(frame)
            frame.locator(".beltmap-source summary").press("Enter")
            frame.locator(".beltmap-source input").nth(1).fill("survey")
            frame.get_by_role("button", name="Save to the plan").press("Enter")
            answered(tab, "Saved.")
        # who comes past the proxy has no name, and changes nothing
        with desk(browser, (address,)) as (_, frame):
            save = frame.get_by_role("button", name="Save to the plan")
            assert save.count() == 0
    let_go()
    said = CliRunner().invoke(main, ["log", plan], env={"LANGUAGE": "en"}).output
    assert "安娜 (named by the proxy, role postgres), by beltmap page" in said


def test_readers_of_a_page_that_ends_go_on_with_the_other(browser, office):
    with open_tab(browser, locale="en") as tab:
        tab.goto(f"{office.public}/?view=map&lang=en")
        appears(tab, OLD)
        at_rest(tab)
        reader = reader_of(tab)
        [page] = led(office, reader)
        office.pages[page].kill()
        # the page finds by itself that it has to begin anew
        for _ in range(600):
            if led(office, reader) >= set(office.pages):
                break
            tab.wait_for_timeout(100)
        at_rest(tab)
        tab.get_by_role("radio", name="Plan").or_(
            tab.get_by_role("button", name="Plan")
        ).first.click()
        tab.wait_for_function("!location.search.includes('view=map')")
        at_rest(tab)
        assert not tab.errors
