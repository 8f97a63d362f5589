"""Several readers at once: each sees their own choice, and no half-read plan."""

import json
import shutil
from pathlib import Path

import pytest

import data
from tests.browser.harness import open_tab
from tests.browser.test_page import check, served, the_map, until

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("plans") / "plan"
    shutil.copytree(Path(data.__file__).parent, folder)
    return folder


@pytest.fixture(scope="module")
def address(folder):
    with served(folder) as here:
        yield here


@pytest.mark.case("T07")
def test_two_tabs_do_not_change_each_other(browser, address):
    with open_tab(browser) as one, open_tab(browser) as two:
        one.goto(f"{address}?kind=town")
        two.goto(f"{address}?kind=belt")
        until(the_map(one), [1, 2, 3])
        until(the_map(two), [0])
        check(two, "Town")
        until(the_map(two), [0, 1, 2, 3])
        assert "kind=belt" not in one.url
        until(the_map(one), [1, 2, 3])


@pytest.mark.case("T08")
def test_the_last_of_many_quick_clicks_wins(browser, address):
    with open_tab(browser, viewport={"width": 1280, "height": 1000}) as tab:
        tab.goto(address)
        frame = the_map(tab)
        for _ in range(21):
            check(tab, "Town")
            tab.wait_for_timeout(100)
        until(frame, [1, 2, 3])
        assert tab.errors == []


@pytest.mark.case("T10")
def test_a_plan_that_changes_on_disk_is_read_anew(browser, address, folder):
    with open_tab(browser) as tab:
        tab.goto(address)
        the_map(tab)
        towns = folder / "towns.geojson"
        collection = json.loads(towns.read_text(encoding="utf-8"))
        collection["features"] = collection["features"][:1]
        draft = folder / "draft"
        draft.write_text(json.dumps(collection), encoding="utf-8")
        draft.replace(towns)
        tab.reload()
        assert the_map(tab).evaluate("map.beltmap.set.rows") == 10
        assert tab.errors == []
