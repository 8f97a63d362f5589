"""Several readers at once: each sees their own choice, and no half-read plan."""

import json
import re
import shutil
from pathlib import Path

import pytest

import data
from tests.browser.harness import open_tab
from tests.browser.test_page import check, started, the_map, until

pytestmark = pytest.mark.browser

GROWTH_MIB = 48


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("plans") / "plan"
    shutil.copytree(Path(data.__file__).parent, folder)
    return folder


@pytest.fixture(scope="module")
def page(folder):
    with started(folder) as (address, server):
        yield address, server


@pytest.fixture(scope="module")
def address(page):
    return page[0]


@pytest.fixture(scope="module")
def server(page):
    return page[1]


@pytest.mark.case("T07")
def test_two_tabs_do_not_change_each_other(browser, address):
    with open_tab(browser) as one:
        two = one.context.new_page()
        one.goto(f"{address}?kind=town")
        two.goto(f"{address}?kind=belt")
        until(the_map(one), [1, 2, 3])
        until(the_map(two), [0])
        check(two, "Town")
        until(the_map(two), [0, 1, 2, 3])
        assert "kind=belt" not in one.url
        until(the_map(one), [1, 2, 3])


CLICK = """async ([times, ms]) => {
  const box = () => [...document.querySelectorAll(
    "[data-testid=stSidebar] [data-testid=stCheckbox] label"
  )].find((label) => label.textContent.startsWith("Town"));
  for (let n = 0; n < times; n++) {
    box().querySelector("input").click();
    await new Promise((done) => setTimeout(done, ms));
  }
}"""


CHANGED = """[...document.querySelectorAll("iframe")].some((frame) => {
  const drawn = frame.contentWindow?.map?.beltmap;
  return drawn?.ready && drawn.set.rows === 10;
})"""


def resident_mib(pid):
    """Give the memory that a process holds now."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) // 1024


@pytest.mark.case("T08")
def test_the_last_of_many_quick_clicks_wins(browser, address, server):
    with open_tab(browser, viewport={"width": 1280, "height": 1000}) as tab:
        tab.goto(address)
        frame = the_map(tab)
        tab.evaluate(CLICK, [11, 100])
        until(frame, [1, 2, 3])
        before = resident_mib(server.pid)
        tab.evaluate(CLICK, [101, 100])
        until(frame, list(range(12)))
        assert resident_mib(server.pid) - before < GROWTH_MIB
        assert tab.errors == []


@pytest.mark.case("T10")
def test_a_plan_that_changes_on_disk_is_told_and_read(browser, address, folder):
    with open_tab(browser) as tab:
        tab.goto(address)
        the_map(tab)
        towns = folder / "towns.geojson"
        collection = json.loads(towns.read_text(encoding="utf-8"))
        collection["features"] = collection["features"][:1]
        draft = folder / "draft"
        draft.write_text(json.dumps(collection), encoding="utf-8")
        draft.replace(towns)
        check(tab, "Town")
        tab.get_by_text("W_PLAN_CHANGED").wait_for()
        # the map of the plan as it was gives way to another
        tab.wait_for_function(CHANGED)
        until(the_map(tab), [1])
        tab.reload()
        assert the_map(tab).evaluate("map.beltmap.set.rows") == 10
        assert tab.errors == []
