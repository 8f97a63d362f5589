"""Several readers at once: each sees their own choice, and no half-read plan."""

import json

import pytest

from tests.browser.harness import at_rest, open_tab, served
from tests.browser.test_page import check, the_map, until
from tests.elsewhere import write_flat

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("plans") / "plan"
    write_flat(folder)
    return folder


@pytest.fixture(scope="module")
def address(folder):
    with served(folder) as address:
        yield address


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
    ".bm-pick label"
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


@pytest.mark.case("T08")
def test_the_last_of_many_quick_clicks_wins(browser, address):
    with open_tab(browser, viewport={"width": 1280, "height": 1000}) as tab:
        tab.goto(address)
        frame = the_map(tab)
        tab.locator(".bm-pick label").first.wait_for()
        tab.evaluate(CLICK, [11, 20])
        until(frame, [1, 2, 3])
        tab.evaluate(CLICK, [101, 20])
        until(frame, list(range(12)))
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


def test_a_file_that_broke_is_told_and_read_again_when_it_is_mended(
    browser, address, folder
):
    with open_tab(browser) as tab:
        tab.goto(address)
        the_map(tab)
        check(tab, "Park")
        # a run that is under way would read the file when it is broken
        at_rest(tab)
        shown = "document.body.innerText.includes('parks.geojson')"
        parks = folder / "parks.geojson"
        content = parks.read_bytes()
        parks.write_bytes(content[: len(content) // 2])
        check(tab, "Park")
        tab.wait_for_function(shown)
        at_rest(tab)
        again = tab.get_by_role("button", name="Read the files again")
        again.click()
        at_rest(tab)
        assert tab.evaluate(shown)
        parks.write_bytes(content)
        again.click()
        the_map(tab)
        # what was chosen before is what the widgets show when they are back
        at_rest(tab)
        assert tab.get_by_role("radio", name="Map").is_checked()
        assert tab.get_by_role("checkbox", name="Park").first.is_checked() is False
        check(tab, "Park")
        tab.wait_for_function("location.search.includes('kind=park')")
        at_rest(tab)
        assert tab.get_by_test_id("stException").count() == 0
        assert "parks.geojson" not in tab.locator("body").inner_text()
        assert tab.errors == []
