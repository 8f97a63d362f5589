"""A reader who goes away takes everything along: uploads, workers, addresses."""

import json
import random
import sys
import time
from pathlib import Path

import pytest
from playwright.sync_api import Error as PlaywrightError

from tests.browser.harness import at_rest, open_tab, started
from tests.browser.test_page import the_map

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not sys.platform.startswith("linux"), reason="looked up in /proc"
    ),
]

MIB = 2**20
GONE_S = 60


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("spool")


@pytest.fixture(scope="module")
def page(folder):
    """Serve the page with a folder of its own for temporary files."""
    with started(TMPDIR=str(folder)) as (address, server):
        yield address, server.pid


def spooled(pid, folder):
    """Give the sizes of the temporary files that a process has open."""
    sizes = []
    for handle in Path(f"/proc/{pid}/fd").iterdir():
        try:
            if str(folder) in str(handle.readlink()):
                sizes.append(handle.stat().st_size)
        except OSError:
            continue
    return sizes


def workers(pid):
    """Give the processes that a process has started and not yet ended."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = stat.read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue
        if int(parent) == pid and state != "Z":
            found.append(int(stat.parent.name))
    return found


def until(condition, seconds):
    """Tell whether something becomes true within so many seconds."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


def put_file(browser, address, path, *, bytes_a_second=-1):
    """Open the page in a browser of its own and begin to upload a file."""
    context = browser.new_context()
    tab = context.new_page()
    tab.goto(f"{address}?view=bring")
    field = tab.locator("input[type=file]")
    field.wait_for(state="attached")
    slow = {"offline": False, "latency": 0, "downloadThroughput": -1}
    context.new_cdp_session(tab).send(
        "Network.emulateNetworkConditions",
        slow | {"uploadThroughput": bytes_a_second},
    )
    field.set_input_files(str(path))
    return context


@pytest.mark.case("T05")
def test_a_browser_closed_in_the_middle_of_an_upload_leaves_nothing(
    browser, page, folder, tmp_path
):
    address, pid = page
    path = tmp_path / "large.geojson"
    path.write_bytes(b"[" + b" " * (40 * MIB) + b"]")
    context = put_file(browser, address, path, bytes_a_second=2 * MIB)
    assert until(lambda: max(spooled(pid, folder), default=0) > 2 * MIB, 30)
    assert max(spooled(pid, folder)) < 30 * MIB
    context.close()
    assert until(lambda: not spooled(pid, folder), GONE_S)
    assert until(lambda: not workers(pid) and not list(folder.iterdir()), GONE_S)
    with open_tab(browser) as other:
        other.goto(address)
        assert the_map(other).evaluate("map.beltmap.set.rows") == 12


@pytest.mark.case("T05")
def test_a_browser_closed_while_its_file_is_read_leaves_no_worker(
    browser, page, folder, tmp_path
):
    """The file is one that is read to the limit of time."""
    address, pid = page
    dice = random.Random(1)
    ring = [[dice.uniform(100, 130), dice.uniform(20, 40)] for _ in range(3000)]
    path = tmp_path / "slow.geojson"
    path.write_text(
        json.dumps({"type": "Polygon", "coordinates": [[*ring, ring[0]]]}),
        encoding="utf-8",
    )
    context = put_file(browser, address, path)
    assert until(lambda: workers(pid), 30)
    context.close()
    assert until(lambda: not workers(pid), GONE_S)
    assert until(lambda: not list(folder.iterdir()), 5)


def leave(tab):
    """Load the page anew; give the kinds of the browser's questions, all refused."""
    asked = []

    def refuse(dialog):
        asked.append(dialog.type)
        dialog.dismiss()

    tab.once("dialog", refuse)
    try:
        tab.reload(wait_until="commit", timeout=5_000)
    except PlaywrightError:
        # a refused reload never commits
        assert asked
    if not asked:
        tab.remove_listener("dialog", refuse)
    return asked


def test_the_browser_asks_before_uploads_are_lost_and_one_click_keeps_them(
    browser, page
):
    address, _ = page
    points = b"name,lon,lat\nAlpha,120.4,36.1\n"
    more = b"name,lon,lat\nBeta,120.5,36.1\n"
    files = [
        {"name": f"{n}.csv", "mimeType": "text/csv", "buffer": content}
        for n, content in enumerate((points, more))
    ]
    with open_tab(browser) as tab:
        tab.goto(f"{address}?view=bring")
        at_rest(tab)
        assert leave(tab) == []
        at_rest(tab)
        tab.locator("input[type=file]").set_input_files(files)
        tab.get_by_text("Zones from your files: 2").wait_for()
        at_rest(tab)
        # a download is no leaving
        with tab.expect_download() as taken:
            tab.get_by_role("button", name="Take my zones along").click()
        kept = json.loads(Path(taken.value.path()).read_bytes())["features"]
        assert [one["properties"]["name_en"] for one in kept] == ["Alpha", "Beta"]
        assert len({one["id"] for one in kept}) == 2
        assert leave(tab) == ["beforeunload"]
        assert tab.get_by_text("Zones from your files: 2").is_visible()
        for left in (1, 0):
            tab.get_by_role("button", name="Remove").first.click()
            tab.get_by_role("button", name="Remove").nth(left).wait_for(
                state="detached"
            )
        at_rest(tab)
        assert leave(tab) == []
        assert tab.errors == []
