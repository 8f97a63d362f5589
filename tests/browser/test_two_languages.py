"""The page in the language of the browser, of the link, and of the reader's choice."""

import re

import pytest

from beltmap.geo.intake.columns.guesses import usual_headings
from beltmap.geo.plan.plan import read_plan
from beltmap.layers.page.frame import VIEWS
from tests.browser.harness import FRAME, at_rest, open_tab, served, shows, visit
from tests.browser.test_page import the_map
from tests.elsewhere import write_flat
from tests.geo.language.test_languages import NAMES

pytestmark = pytest.mark.browser

STREAMLIT = {"Skip to main content", "upload"}
"""What Streamlit itself says to readers with screen readers, and its icons."""

CODES = re.compile(
    r"keyboard_\w+|beltmap|English|OpenStreetMap|OpenTopoMap|GSHHG|contributors|"
    r"TopoJSON|Esri JSON|GeoJSON|GeoPackage|Shapefile|FlatGeobuf|GeoParquet|MapInfo|"
    r"nonsense|broken|https?://\S+|OGC API|Features|"
    r"\w+\.(?:csv|geojson)|china-briefing\.com|“45 million”|"
    # an entry of BibTeX, by its names of fields
    r"@misc|(?:title|organization|year|date|url|urldate) ="
)
WORD = re.compile(r"[A-Za-z][A-Za-z']*[a-z]{2}[A-Za-z']*")
MAIN = "document.querySelector('[data-testid=stMain]')"
TALL = {"width": 1280, "height": 1600}


@pytest.fixture(scope="module")
def names():
    """What is the same in every language: names, and ids of claims and sources."""
    plan = read_plan()
    names = {*plan.zones["name_en"], *plan.places["name_en"], *NAMES, *STREAMLIT}
    # headings of files that are understood, as they stand there
    usual = {word for words in usual_headings().values() for word in words}
    # a letter alone would be taken out of the words around it
    names |= {word for word in usual if len(word) > 1}
    return names | {*plan.claims["id"], *plan.claims["subject"], *plan.sources["id"]}


def foreign(said, names):
    """Find every word of Latin letters that is no name and no code."""
    said = CODES.sub("", said)
    for name in sorted(names, key=len, reverse=True):
        said = said.replace(name, "")
    return WORD.findall(said)


def press(tab, label):
    tab.get_by_role("radio", name=label).or_(
        tab.get_by_role("button", name=label)
    ).first.click()


@pytest.fixture(scope="module")
def chinese(browser, address):
    """Open the page in a Chinese browser, by a link of which something is unknown."""
    with open_tab(browser, locale="zh-CN", viewport=TALL) as tab:
        tab.goto(f"{address}?zone=qd-belt&nonsense=1")
        tab.get_by_text("青岛“一带三城五园”").wait_for(timeout=30_000)
        yield tab


@pytest.mark.parametrize("view", VIEWS)
def test_a_chinese_browser_gets_a_chinese_page(chinese, names, view):
    visit(chinese, view)
    if view in {"map", "compare"}:
        said = the_map(chinese).locator("body").inner_text()
        assert "图例" in said
        assert foreign(said, names) == []
    # also what opens on a click: the origins of the card's values, findings
    chinese.evaluate(
        "document.querySelectorAll('details').forEach((d) => d.open = true)"
    )
    said = chinese.locator("body").inner_text()
    assert "链接中有部分内容无法识别" in said
    assert foreign(said, names) == []
    assert chinese.strays == []
    assert chinese.errors == []


def test_card_and_chart_speak_chinese(browser, address):
    with open_tab(browser, locale="zh-CN", viewport=TALL) as tab:
        tab.goto(f"{address}?zone=qd-belt")
        the_map(tab)
        card = tab.locator(".bm-card").inner_text()
        for part in ("规划面积", "40平方公里", "发展重点", "±18公里"):
            assert part in card
        chart = tab.locator(".bm-chart").first
        chart.wait_for(timeout=30_000)
        drawn = chart.inner_text()
        assert "平方公里" in drawn
        assert "km" not in drawn


def test_the_scale_bar_is_in_the_reader_s_units(browser, address):
    for locale, unit in (("zh-CN", r"\d+公里"), ("en-GB", r"\d+ km")):
        with open_tab(browser, locale=locale) as tab:
            tab.goto(address)
            bar = the_map(tab).locator(".leaflet-control-scale-line")
            assert re.fullmatch(unit, bar.inner_text())


def test_faults_of_a_plan_are_told_in_chinese(browser, tmp_path):
    broken = tmp_path / "broken"
    write_flat(broken)
    (broken / "towns.geojson").unlink()
    with served(broken) as here, open_tab(browser, locale="zh-CN") as tab:
        tab.goto(here)
        main = tab.get_by_test_id("stMain")
        shows(main, "规划无法显示")
        shows(main, "请放回该文件，或用 beltmap build 重新生成图层。")
        shows(main, "文件不存在")


def test_a_refused_file_is_told_in_chinese(browser, address, names):
    bad = {"name": "broken.geojson", "mimeType": "text/plain", "buffer": b"{oh"}
    with open_tab(browser, locale="zh-CN", viewport=TALL) as tab:
        tab.goto(f"{address}?view=bring")
        tab.locator("input[type=file]").set_input_files(bad)
        tab.get_by_text("未导入").first.wait_for(timeout=60_000)
        said = tab.locator("body").inner_text()
        assert "未导入。" in said
        assert foreign(said.replace("broken.geojson", ""), names) == []


def test_the_uploader_speaks_chinese(browser, address):
    with open_tab(browser, locale="zh-CN") as tab:
        tab.goto(f"{address}?view=bring")
        button = tab.locator("[data-testid=stFileUploaderDropzone] button")
        button.wait_for(timeout=30_000)
        assert button.locator("p").is_hidden()
        said = """(place) => getComputedStyle(document.querySelector(
            `[data-testid=stFileUploaderDropzone${place}`), "::after").content"""
        label = "] button [data-testid=stMarkdownContainer]"
        assert tab.evaluate(said, label) == '"选择文件"'
        assert tab.evaluate(said, "Instructions]") == '"每个不超过 64 MB"'


def test_the_link_decides_over_the_browser(browser, address):
    with open_tab(browser, locale="en-GB") as tab:
        tab.goto(f"{address}?lang=zh")
        tab.get_by_text("清除全部筛选").wait_for(timeout=30_000)
        assert "lang=zh" in tab.url


def test_the_reader_changes_the_language_and_the_link_keeps_it(browser, address):
    with open_tab(browser, locale="en-GB") as tab:
        tab.goto(f"{address}?kind=town")
        the_map(tab)
        press(tab, "中文")
        tab.get_by_text("清除全部筛选").wait_for(timeout=30_000)
        tab.wait_for_url("**lang=zh**")
        assert "kind=town" in tab.url
        frame = the_map(tab)
        shows(frame.locator("body"), "图例")


TOO_WIDE = """(wide) => {
  const main = document.querySelector("[data-testid=stMain]");
  const said = (one) => one.innerText ?? one.className;
  const unseen = ".bm-voice, .bm-skip, [data-testid=stDataFrame]";
  const shown = [...main.querySelectorAll("*")].filter(
    (one) => one.checkVisibility() && !one.closest(unseen)
  );
  const out = shown.filter((one) => {
    const { left, right, width } = one.getBoundingClientRect();
    return width && (left < -1 || right > wide + 1);
  });
  const cut = shown.filter((one) => {
    const dots = getComputedStyle(one).textOverflow === "ellipsis";
    return dots && one.innerText?.trim() && one.scrollWidth > one.clientWidth;
  });
  return [document.documentElement.scrollWidth, out.map(said), cut.map(said)];
}"""
"""What sticks out of a phone, or is cut off, besides the bars of Streamlit's own."""


@pytest.fixture(scope="module", params=["zh-CN", "en-GB"])
def phone(browser, address, request):
    """Open the page on a phone."""
    size = {"width": 390, "height": 844}
    with open_tab(browser, locale=request.param, viewport=size) as tab:
        tab.goto(address)
        yield tab


@pytest.mark.parametrize("view", VIEWS)
def test_a_phone_shows_nothing_wider_than_itself(phone, view):
    visit(phone, view)
    assert phone.evaluate(TOO_WIDE, 390) == [390, [], []]
    phone.evaluate(f"{MAIN}.scrollTo(0, 0)")
    title = phone.locator("[data-testid=stMain] h1").bounding_box()
    bar = phone.locator("[data-testid=stHeader]").bounding_box()
    assert title["y"] >= bar["y"] + bar["height"] - 1
    for chart in phone.locator(".bm-chart").all():
        # all of a bar's length is in its column, and so is its figure
        assert chart.evaluate("(one) => one.scrollWidth - one.clientWidth") <= 0


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
@pytest.mark.parametrize("wide", [768, 1280])
def test_titles_are_read_whole_and_maps_stand_level(browser, address, locale, wide):
    screen = {"width": wide, "height": 1024}
    with open_tab(browser, locale=locale, viewport=screen) as tab:
        tab.goto(f"{address}?view=compare")
        at_rest(tab)
        title = tab.locator("[data-testid=stMain] h1").bounding_box()
        opener = tab.get_by_test_id("stExpandSidebarButton")
        if opener.count():
            # nothing of the bar lies over it
            bar = tab.get_by_test_id("stHeader").bounding_box()
            assert title["y"] >= bar["y"] + bar["height"] - 1
            opener.click()
        cut = "({ parentElement: one }) => one.scrollWidth - one.clientWidth"
        for plan in tab.locator("[data-testid=stSidebar] button p").all():
            assert plan.evaluate(cut) <= 0, plan.inner_text()
        for pair in ("[data-testid=stMain] [data-testid=stSelectbox]", FRAME):
            left, right = (tab.locator(pair).nth(n).bounding_box() for n in range(2))
            assert left["y"] == pytest.approx(right["y"], abs=1)
