"""The desk on the page: a town redrawn, undone, saved, and the numbers everywhere."""

import csv
import io
import json
import re
import shutil
from contextlib import contextmanager

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely
from click.testing import CliRunner
from playwright.sync_api import TimeoutError as TooLateError
from playwright.sync_api import expect

from beltmap.geo.changes.between import difference_between
from beltmap.geo.geometry.area import areas_m2
from beltmap.geo.plan.check import folder_faults
from beltmap.geo.plan.plan import read_plan
from beltmap.geo.shipped import SHIPPED
from beltmap.layers.commands.main import main
from tests.browser.harness import at_rest, open_tab, shows
from tests.browser.test_page import the_map
from tests.serving import running

pytestmark = pytest.mark.browser

TOWN = "qd-town-laoshan"
SAVE = {"en": "Save to the plan", "zh": "保存到规划"}
MAIN = "document.querySelector('[data-testid=stMain]')"
ANSWERED = """(words) => [...document.querySelectorAll("iframe")].some((one) => {
  const status = one.contentDocument?.querySelector(".beltmap-status");
  return words.some((word) => status?.textContent.includes(word));
})"""
SEEN = """() => [...document.querySelectorAll("iframe")].map(({ contentWindow }) => {
  const { told, desk, turn } = contentWindow.map?.beltmap.editing ?? {};
  const status = contentWindow.document.querySelector(".beltmap-status")?.textContent;
  const [open, changes] = [Boolean(desk), desk?.draft.changes.size];
  return JSON.stringify({ status, open, changes, turn, said: told?.said });
})"""
"""What a desk that did not answer is about."""

KM2 = ("km²", "平方公里")
DESK = "map.beltmap.editing.desk"
TOUCH = {"viewport": {"width": 400, "height": 800}, "has_touch": True}


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """Serve a copy of Qingdao's plan that may be changed; give address and folder."""
    folder = (
        shutil.copytree(SHIPPED, tmp_path_factory.mktemp("it") / "data") / "qingdao"
    )
    with running("beltmap", "serve", "--plan", folder, "--edit") as (address, _):
        yield address, folder


@pytest.fixture
def plan(page):
    """Give the plan's folder, and put back what a test has changed."""
    _, folder = page
    before = {
        path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()
    }
    yield folder
    for name, content in before.items():
        if (folder / name).read_bytes() != content:
            (folder / name).write_bytes(content)
    shutil.rmtree(folder / "scenarios", ignore_errors=True)


@contextmanager
def desk(browser, page, *, language="en", zone=TOWN, **options):
    """Open the desk with a zone; give tab and frame."""
    with open_tab(
        browser, **{"viewport": {"width": 1280, "height": 1000}} | options
    ) as tab:
        tab.goto(f"{page[0]}?lang={language}&zone={zone}")
        at_rest(tab)
        tab.locator(".st-key-edit button").click()
        yield tab, opened(tab)
        assert tab.errors == []
        assert tab.strays == []


def opened(tab):
    frame = the_map(tab)
    frame.locator(".beltmap-figures dd").first.wait_for()
    return frame


def figure(frame, name):
    return float(
        frame.locator(f"dd[data-figure={name}]").first.get_attribute("data-value")
    )


def changes(frame):
    return frame.evaluate(f"{DESK}.draft.changes.size")


def difference(frame):
    return json.loads(frame.evaluate(f"JSON.stringify({DESK}.difference())"))


def sign(frame, by="Reader", basis="survey"):
    """Say who changes the plan, and why, by keyboard."""
    part = frame.locator(".beltmap-source")
    if part.get_attribute("open") is None:
        part.locator("summary").focus()
        part.locator("summary").press("Enter")
    for at, words in enumerate((by, basis)):
        part.locator("input").nth(at).fill(words)


def saved(tab, frame, language="en"):
    """Save, and wait until the page has answered with the plan as it is then."""
    button = frame.get_by_role("button", name=SAVE[language])
    button.focus()
    button.press("Enter")
    answered(tab, {"en": "Saved.", "zh": "已保存"}[language])
    return opened(tab)


def answered(tab, *words):
    """Wait until the desk has one of several answers, however busy the server is."""
    try:
        tab.wait_for_function(ANSWERED, arg=list(words), timeout=120_000)
    except TooLateError:
        said = [f"not {words}; the desk is {tab.evaluate(SEEN)}", *tab.talk.heard]
        said.append(tab.locator("body").inner_text()[:2_000])
        pytest.fail("\n".join(map(str, said)))
    at_rest(tab)


def drag(tab, frame, handle, east, south):
    box = frame.locator(handle).first.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    tab.mouse.move(x, y)
    tab.mouse.down()
    tab.mouse.move(x + east / 2, y + south / 2, steps=3)
    tab.mouse.move(x + east, y + south, steps=3)
    # the area is told beside the pointer
    assert frame.locator(".beltmap-tip-name").inner_text().endswith(KM2)
    tab.mouse.up()


def test_a_press_on_the_map_scrolls_nothing(browser, page):
    """The pointer stays on what it pressed, also where the map is partly hidden."""
    with desk(browser, page) as (tab, frame):
        tab.evaluate(f"{MAIN}.scrollTop = 500")
        box = frame.locator(".beltmap-corner").first.bounding_box()
        tab.mouse.move(box["x"] + 6, box["y"] + 6)
        tab.mouse.down()
        assert frame.locator(".beltmap-corner").first.bounding_box() == box
        tab.mouse.up()
        assert tab.evaluate(f"{MAIN}.scrollTop") == 500


def told(*arguments):
    done = CliRunner().invoke(main, [*map(str, arguments)])
    assert done.exit_code in {0, 1}, done.output
    return done.stdout


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_town_is_redrawn_and_all_tell_the_same(
    browser, page, plan, language, tmp_path
):
    old = shutil.copytree(plan, tmp_path / "old")
    start = figure_of(plan)
    with desk(browser, page, language=language) as (tab, frame):
        assert figure(frame, "area") == pytest.approx(start, rel=1e-6)
        drag(tab, frame, ".beltmap-corner", 60, 20)
        dragged = figure(frame, "area")
        assert abs(dragged - start) > 1e-3
        assert changes(frame) == 1
        drag(tab, frame, ".beltmap-whole", -40, -30)
        assert figure(frame, "area") == pytest.approx(dragged, rel=1e-3)
        for key in ("Control+z", "Control+z"):
            frame.locator(".beltmap-desk h2").click()
            tab.keyboard.press(key)
        assert changes(frame) == 0
        assert difference(frame)["features"] == []
        tab.keyboard.press("Control+Shift+z")
        assert figure(frame, "area") == pytest.approx(dragged, rel=1e-12)
        # the stated area is watched until the outline has it
        frame.locator(".beltmap-do-grow").click()
        assert figure(frame, "off") == pytest.approx(0, abs=1e-4)
        shown, overlap = figure(frame, "area"), figure(frame, "overlap")
        sign(frame)
        now = saved(tab, frame, language)
        assert figure(now, "area") == shown
        assert changes(now) == 0
    assert figure_of(plan) == pytest.approx(shown, rel=1e-8, abs=5e-7)
    assert folder_faults(plan) == ()
    zones = read_plan(plan).zones.set_index("id")
    assert areas_m2([zones.geometry[TOWN]])[0] / 1e6 == pytest.approx(shown, rel=1e-8)
    shared = zones.geometry[TOWN] & zones.geometry["qd-belt"]
    assert areas_m2([shared])[0] / 1e6 == pytest.approx(overlap, rel=1e-6)
    ledger = csv.DictReader(
        io.StringIO(told("ledger", "--plan", plan, "--format", "csv"))
    )
    (row,) = (row for row in ledger if row["id"] == TOWN)
    assert float(row["drawn"]) == pytest.approx(shown, abs=5e-7)
    # the audit says what the belt shares with both towns whose place is known
    other = zones.geometry["qd-town-aoshanwei"] & zones.geometry["qd-belt"]
    found = json.loads(told("audit", "--plan", plan, "--format", "json"))
    (twice,) = (one for one in found if one["rule"] == "counted_twice_unknown")
    (both,) = re.findall(r"shares ([\d.]+) km²", twice["sentence"])
    assert float(both) == pytest.approx(overlap + areas_m2([other])[0] / 1e6, abs=6e-4)
    out = tmp_path / "out.geojson"
    told("export", out, "--plan", plan)
    exported = {
        f["id"]: f["properties"] for f in json.loads(out.read_bytes())["features"]
    }
    assert exported[TOWN]["drawn_area_km2"] == pytest.approx(shown, abs=5e-7)
    assert [
        one.id
        for one in difference_between(
            read_plan(old).zones, read_plan(plan).zones
        ).changes
    ] == [TOWN]
    assert TOWN in told("diff", old, plan)
    said = read_plan(plan).claims.set_index("id").loc[f"{TOWN}.outline"]
    assert (said["method"], said["note"]) == (
        "drawn",
        "by Reader (unverified); basis: survey",
    )


BELT = "qd-belt"


def test_what_lies_outside_the_frame_is_measured_while_a_park_is_moved(
    browser, page, plan
):
    """A park of the belt, by keyboard: out of it, as far as shapely says."""
    zones = read_plan(plan).zones.set_index("id")
    belt = zones.geometry[BELT]
    with desk(browser, page, zone="qd-park-bpo") as (_, frame):
        frame.locator(".beltmap-corners summary").press("Enter")
        found = {}
        for east in (0, 300, 40000):
            frame.locator("[data-move=east]").fill(str(east))
            frame.get_by_role("button", name="Move the zone").press("Enter")
            outline = shapely.from_geojson(
                frame.evaluate(
                    f"JSON.stringify(beltmap.edit.toGeometry({DESK}.shape()))"
                )
            )
            outside = areas_m2([shapely.difference(outline, belt)])[0] / 1e6
            assert figure(frame, "outside") == pytest.approx(outside, abs=1e-5)
            found[east] = figure(frame, "outside")
        assert found[0] < found[300]
        assert found[40000] == pytest.approx(figure(frame, "area"), rel=1e-9)
        label = frame.locator("dt", has_text="Outside").inner_text()
        assert zones["name_en"][BELT] in label


def figure_of(folder):
    zones = read_plan(folder).zones
    return float(zones.loc[zones["id"] == TOWN, "drawn_area_km2"].iloc[0])


def test_the_same_by_keyboard_alone(browser, page, plan):
    with desk(browser, page) as (tab, frame):
        frame.locator(".beltmap-corners summary").focus()
        tab.keyboard.press("Enter")
        corner = frame.get_by_label("3 Longitude", exact=True)
        before = figure(frame, "area")
        corner.focus()
        corner.fill("120.5")
        tab.keyboard.press("Tab")
        assert figure(frame, "area") != before
        frame.get_by_label("Put a corner after 3", exact=True).focus()
        tab.keyboard.press("Enter")
        assert len(difference(frame)["features"][0]["geometry"]["coordinates"][0]) == 66
        # the focus is where the next corner is typed
        assert frame.evaluate("document.activeElement.ariaLabel") == "4 Longitude"
        frame.get_by_label("Take out corner 4", exact=True).focus()
        tab.keyboard.press("Enter")
        frame.locator("[data-move=east]").fill("250")
        frame.get_by_role("button", name="Move the zone").press("Enter")
        frame.locator(".beltmap-properties summary").press("Enter")
        frame.locator("[data-column=status]").select_option("existing")
        frame.locator("[data-column=declared_area_km2]").fill("4.6")
        tab.keyboard.press("Tab")
        shows(frame.locator(".beltmap-status"), "figure")
        frame.locator(".beltmap-do-grow").press("Enter")
        sign(frame)
        now = saved(tab, frame)
        assert figure(now, "stated") == 4.6
    zone = read_plan(plan).zones.set_index("id").loc[TOWN]
    assert (zone["status"], zone["declared_area_km2"]) == ("existing", 4.6)
    assert zone["area_basis"] == "published"
    assert zone["drawn_area_km2"] == pytest.approx(4.6, abs=1e-4)


def test_the_same_by_touch_on_a_phone(browser, page, plan):
    with desk(browser, page, **TOUCH) as (tab, frame):
        before = figure(frame, "area")
        handle = frame.locator(".beltmap-corner").nth(20)
        handle.evaluate(
            """(one) => {
              const { left, top } = one.getBoundingClientRect();
              const send = (type, x, y, target) => {
                const at = { clientX: x, clientY: y };
                const touch = new Touch({ identifier: 1, target: one, ...at });
                const touches = type === "touchend" ? [] : [touch];
                const changedTouches = [touch];
                const more = { touches, targetTouches: touches, changedTouches };
                const event = { bubbles: true, cancelable: true, ...more };
                target.dispatchEvent(new TouchEvent(type, event));
              };
              send("touchstart", left, top, one);
              for (let n = 2; n < 26; n += 4) send("touchmove", left - n, top - n, one);
              send("touchend", left - 26, top - 26, one);
            }"""
        )
        assert abs(figure(frame, "area") - before) > 1e-4
        # nothing of the desk is wider than the phone
        assert frame.evaluate("document.documentElement.scrollWidth <= innerWidth")
        frame.locator(".beltmap-do-grow").tap()
        shown = figure(frame, "area")
        sign(frame)
        frame.get_by_role("button", name=SAVE["en"]).tap()
        answered(tab, "Saved.")
    assert figure_of(plan) == pytest.approx(shown, abs=5e-7)


@pytest.mark.usefixtures("plan")
def test_a_draft_outlives_a_reload(browser, page):
    with desk(browser, page) as (tab, frame):
        drag(tab, frame, ".beltmap-corner", 50, 0)
        shown = figure(frame, "area")
        tab.reload()
        at_rest(tab)
        tab.locator(".st-key-edit button").click()
        now = opened(tab)
        now.get_by_role("button", name="Continue").click()
        assert figure(now, "area") == shown
        now.locator(".beltmap-keep").get_by_role("button", name="Discard").click()
        assert changes(now) == 0


def test_what_another_saved_meanwhile_is_refused_and_then_chosen(browser, page, plan):
    with desk(browser, page) as (tab, frame):
        drag(tab, frame, ".beltmap-corner", 50, 0)
        mine = figure(frame, "area")
        with desk(browser, page) as (other, theirs):
            drag(other, theirs, ".beltmap-corner", -20, 10)
            sign(theirs, by="Another")
            saved(other, theirs)
        state = (plan / "towns.geojson").read_bytes()
        sign(frame)
        frame.get_by_role("button", name=SAVE["en"]).press("Enter")
        answered(tab, "E_CONFLICT")
        assert (plan / "towns.geojson").read_bytes() == state
        now = opened(tab)
        now.locator(".beltmap-offer").get_by_role("button", name="Continue").click()
        now.get_by_role("button", name="Keep mine").click()
        sign(now)
        assert figure(saved(tab, now), "area") == pytest.approx(mine, rel=1e-12)


def test_a_crossing_outline_is_shown_and_not_saved(browser, page, plan):
    state = (plan / "towns.geojson").read_bytes()
    with desk(browser, page) as (_, frame):
        frame.locator(".beltmap-do-redraw").click()
        frame.locator(".beltmap-drawing textarea").fill(
            "120.4, 36.1\n120.5, 36.2\n120.5, 36.1\n120.4, 36.2"
        )
        frame.get_by_role("button", name="Finish").click()
        assert figure(frame, "crossings") == 1
        expect(frame.locator(".beltmap-crossing")).to_have_count(1)
        frame.get_by_role("button", name=SAVE["en"]).click()
        shows(frame.locator(".beltmap-status"), "crosses itself")
        assert (plan / "towns.geojson").read_bytes() == state


def test_a_zone_of_very_many_corners_is_changed_part_by_part(browser, page):
    ring = """Array.from({ length: 100_000 }, (_, k) => {
      const angle = (2 * Math.PI * k) / 100_000;
      const [east, north] = [Math.cos(angle), Math.sin(angle)];
      return [1204800000 + Math.round(4e5 * east), 361500000 + Math.round(4e5 * north)];
    })"""
    with desk(browser, page) as (_, frame):
        frame.evaluate(f"{DESK}.put([[{ring}]])")
        shows(frame.locator(".beltmap-status"), "of 100,000 corners")
        assert 0 < frame.locator(".beltmap-corner").count() <= 300
        frame.locator(".beltmap-corners summary").click()
        expect(frame.locator(".beltmap-corners tr")).to_have_count(101)
        before = figure(frame, "area")
        frame.locator(".beltmap-do-simplify").click()
        said = frame.locator(".beltmap-status").inner_text()
        assert "100,000 corners became 5,000" in said
        assert figure(frame, "area") == pytest.approx(before, rel=1e-5)
        assert frame.locator(".beltmap-do-simplify").is_hidden()
        frame.locator(".beltmap-do-undo").click()
        assert figure(frame, "area") == before
        frame.locator(".beltmap-do-undo").click()
        assert changes(frame) == 0


def test_what_is_told_while_the_desk_opens_is_heard(browser, page):
    """A run of the page may follow another before the desk has what it edits."""
    again = """(() => {
      const { editing } = map.beltmap;
      const told = { ...editing.told };
      editing.update(null);
      editing.update({ ...told });
      editing.update({ ...told, said: { turn: "99", lines: ["heard"], file: null } });
    })()"""
    with desk(browser, page) as (tab, frame):
        frame.evaluate(again)
        answered(tab, "heard")
        expect(frame.locator(".beltmap-desk")).to_have_count(1)
        assert figure(frame, "area") == pytest.approx(4.4, rel=1e-3)


def test_new_zones_strips_splits_and_merges(browser, page, plan):
    with desk(browser, page) as (tab, frame):

        def typed(tool, corners, **fields):
            frame.locator(f".beltmap-do-{tool}").click()
            frame.locator(".beltmap-drawing textarea").fill(corners)
            for at, value in enumerate(fields.values()):
                frame.locator(".beltmap-drawing input").nth(at).fill(value)
            frame.get_by_role("button", name="Finish").click()

        typed("new", "120.3, 36.0\n120.32, 36.0\n120.32, 36.02\n120.3, 36.02")
        whole = figure(frame, "area")
        typed("split", "120.29, 36.01\n120.33, 36.01")
        assert figure(frame, "area") == pytest.approx(whole / 2, rel=1e-3)
        frame.locator(".beltmap-do-merge").click()
        frame.locator(".beltmap-drawing select").select_option("zone-2-2")
        frame.get_by_role("button", name="Finish").click()
        assert figure(frame, "area") == pytest.approx(whole, rel=1e-9)
        frame.locator(".beltmap-desk > label select").select_option("")
        typed(
            "strip", "120.35, 36.0\n120.35, 36.05\n120.38, 36.05", width="", km2="1.5"
        )
        assert figure(frame, "area") == pytest.approx(1.5, rel=1e-4)
        # a mouse draws as well, and Escape leaves what it draws
        frame.locator(".beltmap-do-new").click()
        frame.locator("#map").click(position={"x": 100, "y": 300})
        frame.locator("#map").click(position={"x": 200, "y": 300})
        assert frame.evaluate(f"{DESK}.path.length") == 2
        tab.keyboard.press("Escape")
        assert frame.evaluate(f"{DESK}.mode") is None
        assert sorted(one["id"] for one in difference(frame)["features"]) == [
            "zone-2",
            "zone-3",
        ]
        sign(frame)
        saved(tab, frame)
    assert {"zone-2", "zone-3"} <= set(read_plan(plan).zones["id"])


def test_a_page_without_rights_gives_the_changes_to_take_along(browser, plan, tmp_path):
    stated = read_plan(plan).zones["drawn_area_km2"].tolist()
    with (
        running("beltmap", "serve", "--plan", plan) as (address, _),
        desk(browser, (address,)) as (tab, frame),
    ):
        assert frame.get_by_role("button", name=SAVE["en"]).count() == 0
        drag(tab, frame, ".beltmap-whole", 30, 0)
        shown = figure(frame, "area")
        with tab.expect_download() as download:
            frame.get_by_role("button", name="Download changes").click()
        with tab.expect_download(timeout=120_000) as drafted:
            frame.get_by_role("button", name="Download as GeoPackage").click()
        drafted.value.save_as(tmp_path / "draft.gpkg")
        assert read_plan(plan).zones["drawn_area_km2"].tolist() == stated
        # nor does asking for it from a script help
        asked = {"do": "save", "difference": json.dumps(difference(frame))}
        frame.evaluate(f"(asked) => {DESK}.tell(asked)", asked)
        frame.locator(".beltmap-status", has_text="E_NO_RIGHT").wait_for()
        file = tmp_path / "changes.geojson"
        download.value.save_as(file)
    layers = [name for name, _ in pyogrio.list_layers(tmp_path / "draft.gpkg")]
    drawn = pd.concat(
        [
            gpd.read_file(tmp_path / "draft.gpkg", layer=name)
            for name in layers
            if name not in {"claims", "sources", "legend"}
        ]
    )
    there = drawn[drawn["id"] == TOWN].geometry.iloc[0]
    assert areas_m2([there])[0] / 1e6 == pytest.approx(shown, rel=1e-8)
    before = (plan / "towns.geojson").read_bytes()
    assert told("apply", file, "--plan", plan) == "Zones changed: 1\n"
    assert (plan / "towns.geojson").read_bytes() != before
    assert figure_of(plan) == pytest.approx(shown, abs=5e-7)


def test_a_page_that_may_write_answers_this_machine_alone(monkeypatch):
    for name in ("BELTMAP_EDIT", "BELTMAP_PUBLIC_URL"):
        monkeypatch.setenv(name, "")
    for more in (
        ["--server.address=0.0.0.0"],
        ["--public-url", "https://plans.example"],
    ):
        done = CliRunner().invoke(main, ["serve", "--edit", *more])
        assert done.exit_code == 1
        assert "E_EDIT_ADDRESS" in done.stderr
