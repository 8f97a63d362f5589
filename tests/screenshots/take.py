"""
Take all pictures of README and site anew, from the page as it is.

    python -m tests.screenshots.take           all
    python -m tests.screenshots.take find card those alone
"""

import io
import shutil
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

from click.testing import CliRunner
from PIL import Image
from playwright.sync_api import sync_playwright

import beltmap
from beltmap.geo.language.messages import LANGUAGES, speaking, text
from beltmap.geo.shipped import SHIPPED
from beltmap.layers.commands.main import main as command
from tests.browser.conftest import CHROMIUM, FLAGS
from tests.browser.harness import at_rest, open_tab, settled
from tests.browser.test_desk import SAVE, answered, opened, sign
from tests.browser.test_page import the_map
from tests.serving import ROOT, running

FOLDER = ROOT / "docs" / "pictures"
WIDE = {"width": 1280, "height": 900}
TALL = {"width": 1280, "height": 1200}
"""Room for map and desk, so that nothing is scrolled to reach a corner."""

PHONE = {"width": 390, "height": 844}
SIZES = {"brief": "a4", "phone": PHONE["width"]}
SHEET = (1169, 827)
TOWN = "qd-town-laoshan"
DRAWN = ((0.12, 0.3), (0.3, 0.26), (0.36, 0.34), (0.25, 0.42), (0.14, 0.4))
"""Corners that are drawn beside the desk, as parts of the map's width and height."""

VIEWS = {
    "page": f"zone={TOWN}",
    "find": "city=Qingdao&kind=park",
    "card": "zone=qd-belt",
    "audit": "view=audit",
    "compare": "view=compare",
    "take": "",
    "phone": f"zone={TOWN}",
}
"""Pictures of the page as a link shows it."""

PICTURES = (
    *VIEWS,
    "brief",
    "saved",
    "bring",
    "desk-draw",
    "desk-area",
    "desk-saved",
)
NOTEBOOK = "notebook.png"


def name_of(picture, language):
    """Name the file of a picture."""
    own = "" if language == "en" else f"-{language}"
    return f"{picture}{own}-{SIZES.get(picture, WIDE['width'])}.png"


def names():
    """Name the files of all pictures."""
    return {
        NOTEBOOK,
        *(name_of(picture, one) for picture in PICTURES for one in LANGUAGES),
    }


def keep(tab, picture, language):
    """Take a picture of what a tab shows."""
    store(tab.screenshot(), name_of(picture, language))


def store(content, name):
    """Write a picture in few colours, which makes it a third as large."""
    with Image.open(io.BytesIO(content)) as shown:
        # the usual choice of colours gives small parks that of the land
        few = shown.convert("RGB").quantize(
            256, Image.Quantize.MAXCOVERAGE, kmeans=1, dither=Image.Dither.NONE
        )
        few.save(FOLDER / name, optimize=True)


def run(*arguments):
    """Run a command of beltmap; it must go well."""
    done = CliRunner().invoke(command, [str(word) for word in arguments])
    assert done.exit_code == 0, done.output


@contextmanager
def page(browser, address, query, language, size=WIDE):
    """Open the page where a link leads, at rest."""
    phone = size is PHONE
    with open_tab(browser, viewport=size, has_touch=phone, is_mobile=phone) as tab:
        tab.goto(f"{address}?lang={language}&{query}")
        at_rest(tab)
        yield tab


def take_views(browser, address, language, wanted):
    """Take the page as links show it."""
    for picture, query in VIEWS.items():
        if picture not in wanted:
            continue
        size = PHONE if picture == "phone" else WIDE
        with page(browser, address, query, language, size) as tab:
            if "view=" not in query:
                settled(the_map(tab))
            if picture == "take":
                tab.locator(".st-key-take").scroll_into_view_if_needed()
            tab.wait_for_timeout(1500)
            keep(tab, picture, language)


def take_bring(browser, address, language, folder):
    """Take the receipt of a file."""
    file = folder / "my-parks.geojson"
    run("export", file, "--kind", "park", "--city", "Qingdao")
    with page(browser, address, "view=bring", language) as tab:
        tab.locator("input[type=file]").set_input_files(str(file))
        with speaking(language):
            receipt = text("bring.receipt")
        tab.get_by_text(receipt).first.wait_for(timeout=60_000)
        at_rest(tab)
        tab.wait_for_timeout(1000)
        keep(tab, "bring", language)


def take_keepsakes(browser, language, folder, wanted):
    """Take the printed sheet, and the map as a file without a server."""
    if "brief" in wanted:
        sheet = folder / f"brief-{language}.png"
        run("brief", sheet, "--lang", language, "--paper", "a4", "--city", "Qingdao")
        with Image.open(sheet) as drawn:
            drawn.convert("RGB").resize(SHEET, Image.Resampling.LANCZOS).save(sheet)
        store(sheet.read_bytes(), name_of("brief", language))
    if "saved" in wanted:
        file = folder / f"map-{language}.html"
        run("map", file, "--lang", language, "--city", "Qingdao", "--zone", TOWN)
        tab = browser.new_page(viewport=WIDE)
        tab.goto(file.as_uri())
        tab.wait_for_timeout(4000)
        keep(tab, "saved", language)
        tab.close()


def take_desk(browser, language, folder):
    """Draw an outline; then drag a corner with the area in view, and save."""
    plan = shutil.copytree(SHIPPED, folder / f"desk-{language}") / "qingdao"
    with running("beltmap", "serve", "--plan", plan, "--edit") as (address, _):
        with desk(browser, address, language) as (tab, frame):
            frame.locator(".beltmap-do-new").click()
            box = frame.locator("#map").bounding_box()
            for across, down in DRAWN:
                spot = across * box["width"], down * box["height"]
                tab.mouse.click(box["x"] + spot[0], box["y"] + spot[1])
                tab.wait_for_timeout(400)
            keep(tab, "desk-draw", language)
        with desk(browser, address, language) as (tab, frame):
            drag(tab, frame, language)
            sign(frame, by="Li Na", basis="survey of 2026")
            frame.get_by_role("button", name=SAVE[language]).click()
            answered(tab, {"en": "Saved.", "zh": "已保存"}[language])
            now = opened(tab)
            settled(now)
            now.locator(".beltmap-status").first.scroll_into_view_if_needed()
            keep(tab, "desk-saved", language)


@contextmanager
def desk(browser, address, language):
    """Open the desk with a town; give tab and frame."""
    with page(browser, address, f"zone={TOWN}", language, TALL) as tab:
        tab.locator(".st-key-edit button").click()
        frame = opened(tab)
        settled(frame)
        yield tab, frame


def drag(tab, frame, language):
    """Drag a corner, and take the picture while it is held."""
    box = frame.locator(".beltmap-corner").first.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    tab.mouse.move(x, y)
    tab.mouse.down()
    tab.mouse.move(x + 30, y + 10, steps=4)
    tab.mouse.move(x + 60, y + 20, steps=4)
    keep(tab, "desk-area", language)
    tab.mouse.up()


def take_notebook(browser):
    """Take what the README's last line shows."""
    shown = beltmap.read_plan().select(city="Qingdao", sectors=["BPO"])
    tab = browser.new_page(viewport={"width": 1280, "height": 1015})
    tab.set_content(f"<!doctype html><body>{shown._repr_html_()}")
    tab.wait_for_timeout(4000)
    store(tab.screenshot(), NOTEBOOK)
    tab.close()


def main(*wanted):
    """Take the pictures that are wanted, or all."""
    chosen = set(wanted or (*PICTURES, "notebook"))
    FOLDER.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as made,
        sync_playwright() as playwright,
        running("beltmap", "serve") as (address, _),
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for language in LANGUAGES:
            take_views(browser, address, language, chosen)
            take_keepsakes(browser, language, Path(made), chosen)
            if "bring" in chosen:
                take_bring(browser, address, language, Path(made))
            if any(one.startswith("desk") for one in chosen):
                take_desk(browser, language, Path(made))
        if "notebook" in chosen:
            take_notebook(browser)
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
