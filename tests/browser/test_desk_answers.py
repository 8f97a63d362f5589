"""What the desk asks is answered, whatever else happens on the page meanwhile."""

import shutil

import pytest

from beltmap.geo.commit import writing
from beltmap.geo.shipped import SHIPPED
from tests.browser.test_desk import answered, desk, sign
from tests.browser.test_desk_elsewhere import move
from tests.browser.test_page import check
from tests.serving import running

pytestmark = pytest.mark.browser

QUICKER = """() => {
  const wait = window.setTimeout;
  window.setTimeout = (then, ms, ...more) => wait(then, ms / 10, ...more);
}"""
AGAIN_MS = 500
"""After which the map then asks again, see frame.js."""

LOSE_ONE = """() => {
  const page = window.parent, told = page.postMessage.bind(page);
  page.postMessage = (message, ...more) => {
    if (message.value?.edit) page.postMessage = told;
    else told(message, ...more);
  };
}"""


@pytest.fixture
def served(tmp_path):
    """Serve a plan that may be changed; give its address and folder."""
    folder = shutil.copytree(SHIPPED / "qingdao", tmp_path / "qingdao")
    with running("beltmap", "serve", "--plan", folder, "--edit") as (address, _):
        yield address, folder


def saves(frame):
    move(frame)
    sign(frame)
    frame.get_by_role("button", name="Save to the plan").press("Enter")


def test_another_choice_does_not_take_the_answer_away(browser, served):
    address, folder = served
    with desk(browser, (address,)) as (tab, frame):
        # asked once: the run that begins second has to tell it
        frame.evaluate("window.setTimeout = () => 0")
        with writing(folder):
            saves(frame)
            tab.wait_for_timeout(500)
            check(tab, "Town")
            tab.wait_for_timeout(500)
        answered(tab, "Saved.")


def test_what_is_lost_on_the_way_is_asked_again(browser, served):
    address, _ = served
    with desk(browser, (address,)) as (tab, frame):
        frame.evaluate(QUICKER)
        frame.evaluate(LOSE_ONE)
        saves(frame)
        answered(tab, "Saved.")
        # and what was answered is not
        heard = list(tab.talk.heard)
        tab.wait_for_timeout(AGAIN_MS + 500)
        assert list(tab.talk.heard) == heard
