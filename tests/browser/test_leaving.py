"""Readers with files of their own: none sees another's, nothing outlives them."""

import json
import re
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.browser.harness import open_tab
from tests.browser.test_page import served, the_map
from tests.intake.recipes import collection, feature, polygon, ring

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads /proc"),
]
MIB = 1024 * 1024
SECONDS = 60


@pytest.fixture
def spool(tmp_path, monkeypatch):
    """Give the server a folder of its own for whatever it puts aside."""
    folder = tmp_path / "spool"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    # how long Streamlit waits for a browser to come back, by default two minutes
    monkeypatch.setenv("STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL", "2")
    return folder


@pytest.fixture
def address(spool):  # noqa: ARG001 - set before the server runs
    with served() as here:
        yield here


def processes():
    """Give pid, parent and command line of every process."""
    for path in Path("/proc").glob("[0-9]*"):
        try:
            parent = int(
                path.joinpath("stat").read_text().rpartition(")")[2].split()[1]
            )
            words = path.joinpath("cmdline").read_bytes().replace(b"\0", b" ").decode()
        except (OSError, ValueError):
            continue
        yield int(path.name), parent, words


def family(address):
    """Give the processes of the page that is served at an address."""
    port = f"--server.port={urlsplit(address).port}"
    found = list(processes())
    pids = {pid for pid, _, words in found if port in words}
    while True:
        more = {pid for pid, parent, _ in found if parent in pids} - pids
        if not more:
            return pids
        pids |= more


def workers(address):
    words = {pid: words for pid, _, words in processes()}
    return [pid for pid in family(address) if "geo.intake.child" in words.get(pid, "")]


def aside(address, spool):
    """Give files in the server's folder, those without a name too."""
    found = [str(path) for path in spool.rglob("*") if path.is_file()]
    for pid in family(address):
        for link in Path(f"/proc/{pid}/fd").glob("*"):
            try:
                target = str(link.readlink())
            except OSError:
                continue
            if target.startswith(str(spool)):
                found.append(target)
    return found


def until_gone(look):
    for _ in range(SECONDS * 4):
        if not look():
            return
        time.sleep(0.25)
    pytest.fail(f"still there after {SECONDS} s: {look()}")


def large(size):
    """Give a table of about so many bytes."""
    row = b"120.3,36.1," + b"x" * 1000 + b"\n"
    return b"lon,lat,note\n" + row * (size // len(row))


@pytest.mark.case("T05")
def test_a_browser_that_is_closed_in_an_upload_leaves_nothing(
    browser, address, spool, tmp_path
):
    path = tmp_path / "large.csv"
    path.write_bytes(large(40 * MIB))
    with open_tab(browser) as tab:
        tab.goto(f"{address}?view=bring")
        tab.locator("input[type=file]").wait_for(state="attached")
        wire = tab.context.new_cdp_session(tab)
        slow = {"offline": False, "latency": 0, "downloadThroughput": -1}
        wire.send(
            "Network.emulateNetworkConditions", slow | {"uploadThroughput": 4 * MIB}
        )
        with tab.expect_request(lambda one: "upload_file" in one.url):
            tab.locator("input[type=file]").set_input_files(str(path))
        tab.wait_for_timeout(2000)
        assert tab.get_by_text("rows =").count() == 0
    until_gone(lambda: [*aside(address, spool), *workers(address)])
    with open_tab(browser) as other:
        other.goto(address)
        assert the_map(other).evaluate("map.beltmap.set.rows") == 12


@pytest.mark.case("T05")
def test_a_browser_that_is_closed_while_its_file_is_read_leaves_nothing(
    browser, address, spool, tmp_path
):
    path = tmp_path / "large.csv"
    path.write_bytes(large(40 * MIB))
    with open_tab(browser) as tab:
        tab.goto(f"{address}?view=bring")
        tab.locator("input[type=file]").set_input_files(str(path))
        for _ in range(600):
            if workers(address):
                break
            tab.wait_for_timeout(50)
        assert workers(address)
    until_gone(lambda: [*aside(address, spool), *workers(address)])


def mine(name, lon):
    shape = polygon(ring(lon, 36.2, lon + 0.02, 36.22))
    document = collection(feature(shape, {"name": name, "city": f"City {name}"}))
    return {
        "name": f"{name}.geojson",
        "mimeType": "application/json",
        "buffer": json.dumps(document).encode(),
    }


def all_of(tab):
    return "".join(frame.content() for frame in tab.frames)


def status(url):
    try:
        return urllib.request.urlopen(url, timeout=5).status
    except urllib.error.HTTPError as error:
        return error.code


@pytest.mark.case("T02")
def test_two_readers_never_see_each_others_files(browser, address):
    gone = []
    with open_tab(browser) as one, open_tab(browser) as two:
        asked = {one: [], two: []}
        for tab, urls in asked.items():
            tab.on("request", lambda request, urls=urls: urls.append(request.url))
            tab.goto(f"{address}?view=bring")
        for tab, file in ((one, mine("Alpha", 120.5)), (two, mine("Omega", 120.6))):
            tab.locator("input[type=file]").set_input_files(file)
        for tab in (one, two):
            tab.get_by_role("button", name="Download the layer").wait_for()
            tab.get_by_role("radio", name="Map").click()
            assert the_map(tab).evaluate("map.beltmap.set.rows") == 13
        for tab, own, other in ((one, "Alpha", "Omega"), (two, "Omega", "Alpha")):
            assert f"City {own}" in all_of(tab)
            assert other not in all_of(tab)
            with tab.expect_download() as taken:
                tab.get_by_test_id("stDownloadButton").first.click()
            text = Path(taken.value.path()).read_bytes()
            assert own.encode() in text
            assert other.encode() not in text
            tab.get_by_role("radio", name="Does it add up?").click()
            tab.get_by_text(own).first.wait_for(state="attached")
            assert other not in all_of(tab)
        # payloads of the two have no address in common but those of the plan
        payload = re.compile(r"/beltmap/[0-9a-f]{64}$")
        theirs = [{u for u in urls if payload.search(u)} for urls in asked.values()]
        gone = sorted(theirs[0] ^ theirs[1])
        assert len(gone) >= 2
        assert {status(url) for url in gone} == {200}
    # Streamlit forgets a session whose time is over when the next one comes or goes
    time.sleep(3)
    with open_tab(browser) as third:
        third.goto(address)
        the_map(third)
    until_gone(lambda: [url for url in gone if status(url) != 404])
