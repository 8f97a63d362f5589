"""The brief: one sheet with everything on it, in both languages, as vectors."""

import io
import itertools
import os
import re
import shutil
import subprocess
import zlib
from dataclasses import replace
from datetime import date
from functools import cache

import numpy as np
import pandas as pd
import pytest
import shapely
from click.testing import CliRunner
from PIL import Image
from pyproj import Geod

import beltmap.layers.keepsakes.brief
from beltmap.geo.audit.explanations import unplaced_words
from beltmap.geo.charter.charter import Words
from beltmap.geo.errors import PlanError
from beltmap.geo.export.picture.labels import holds, meet
from beltmap.geo.language.messages import LANGUAGES, speaking, text
from beltmap.geo.report.origin import data_version, source_words
from beltmap.layers.commands.main import main
from beltmap.layers.keepsakes.brief import PAPERS, kind_of, write_brief
from beltmap.layers.keepsakes.seen import Imprint, Seen
from tests.choosing import choose
from tests.geo.language.test_languages import NAMES, english

TODAY = date(2026, 3, 1)
LABELS = 5
"""Layer of the names of zones on a panel."""

BELT, ZONE = (0x00, 0x72, 0xB2), (0xC9, 0x85, 0x00)


def brief(plan, mask=None, *, kind="pdf", paper="a4", text="", **seen):
    selection = choose(plan, mask, text=text)
    return write_brief(selection, kind=kind, on=TODAY, paper=paper, seen=Seen(**seen))


def poppler(tool, content, *options):
    """Give a PDF to a tool of poppler, and what it says or makes."""
    if shutil.which(tool) is None:
        if os.environ.get("CI"):
            pytest.fail(f"no {tool}, and CI must have one")
        pytest.skip(f"no {tool}")
    command = [tool, *options, "-"]
    if tool == "pdftotext":
        command.append("-")
    made = subprocess.run(command, input=content, capture_output=True, check=True)
    assert b"rror" not in made.stderr
    return made.stdout


def words(content):
    return " ".join(poppler("pdftotext", content, "-layout").decode().split())


@cache
def whole(language):
    """Print the shipped plan whole: several tests look at the same sheet."""
    from beltmap.geo.plan.plan import read_plan

    return brief(read_plan(), language=language)


@pytest.fixture
def sheet():
    return whole("zh")


def test_a_chinese_brief_says_everything_in_chinese(plan, sheet):
    said = words(sheet)
    for part in (
        "面积台账",
        "产业带与园区规划图：青岛、大连",
        "量算",
        "规划面积",
        "59.4平方公里",
        "有文字依据",
        "北",
        "10 公里",
        "未定位，图上不绘：大连高新区规划软件园",
        "比例尺1:500 000",
        "参照地点",
        "© OpenStreetMap 贡献者",
        "2026年3月1日",
        data_version(plan),
        "青岛市服务外包产业发展规划",
    ):
        assert part.replace(" ", "") in said.replace(" ", ""), part
    names = {*plan.zones["name_en"], *plan.places["name_en"], *NAMES}
    assert english(said, names) == []


def test_an_english_brief_says_everything_in_english(plan):
    said = words(brief(plan, text="a"))
    for part in ("Area ledger", "Shown: Search: a", "from other sources", "March 1"):
        assert part in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_totals_name_the_zones_whose_place_is_unknown(plan, language):
    with speaking(language):
        note = unplaced_words(plan.zones)
    said = "".join(words(whole(language)).split())
    assert note
    assert "".join(note.split()) in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_that_names_are_translated_back_is_said_once(plan, language):
    with speaking(language):
        note = plan.names_note().replace(" ", "")
    said = "".join(words(whole(language)).split())
    assert note
    assert said.count(note) == 1


def test_a_line_to_a_possible_place_is_in_the_legend_and_says_where_it_leads(plan):
    said = words(whole("en"))
    assert "To a possible place" in said
    assert "Another possible axis" in said
    [away] = re.findall(r"to Phoenix Island .*? (\d+) km outside", said)
    assert 1 < int(away) < 50
    dalian = words(brief(plan, plan.zones["city"] == "Dalian", language="en"))
    assert "possible" not in dalian


def test_every_source_of_the_plan_is_cited(plan):
    for language in LANGUAGES:
        said = words(whole(language))
        with speaking(language):
            cited = source_words(choose(plan))
        assert len(cited) > 5
        for citation in cited:
            name = re.match(r"[\w-]+", citation)[0]
            assert re.search(rf"\b{name} ?[:：]", said), (language, name)


def test_the_scale_is_true_on_the_paper(plan):
    """A square of 10 km is as long on the sheet as the scale says."""
    east = Geod(ellps="WGS84").fwd(120.0, 36.2, 90, 10_000)[0]
    north = Geod(ellps="WGS84").fwd(120.0, 36.2, 0, 10_000)[1]
    zones = plan.zones.head(1).copy()
    zones["id"] = "square"
    zones = zones.set_geometry([shapely.box(120.0, 36.2, east, north)], crs=4326)
    drawn = brief(replace(plan, zones=zones), kind="svg").decode()
    path = re.search(r'id="square".*? d="([^"]*)"', drawn, re.DOTALL)[1]
    points = np.array(re.findall(r"[ML] (\S+) (\S+)", path), float)
    scale = float(re.search(r"1:([\d ]+) on A4", drawn)[1].replace(" ", ""))
    metres = np.ptp(points, axis=0) / 72 * 0.0254 * scale
    assert metres == pytest.approx([10_000, 10_000], rel=0.003)


def test_the_sheet_is_drawn_as_vectors_with_its_fonts_inside(sheet):
    assert b"/Subtype /Image" not in sheet
    fonts = poppler("pdffonts", sheet).decode().splitlines()[2:]
    assert fonts
    assert all(" yes yes yes " in font for font in fonts)


@pytest.mark.parametrize("paper", PAPERS)
def test_the_sheet_has_the_size_asked_for(plan, paper):
    mask = (plan.zones["kind"] == "town").to_numpy()
    said = poppler("pdfinfo", brief(plan, mask, paper=paper)).decode()
    assert f"({paper.upper()})" in said
    assert "Pages:           1" in said


def test_the_printed_map_shows_the_zones_in_their_colours(sheet):
    made = poppler("pdftoppm", sheet, "-r", "100", "-png")
    pixels = np.asarray(Image.open(io.BytesIO(made)).convert("RGB")).astype(int)
    for colour in (BELT, ZONE):
        alike = (np.abs(pixels - colour) <= 24).all(axis=-1)
        # more than the sample of the legend has
        assert alike[:, : int(pixels.shape[1] * 0.73)].sum() > 300


def test_the_same_choice_makes_the_same_bytes(plan, sheet):
    assert brief(plan, language="zh") == sheet


def test_nothing_drawn_is_said(plan):
    lost = plan.zones.geometry.isna().to_numpy()
    assert "No zone of this choice is drawn" in words(brief(plan, lost))


def test_more_zones_than_fit_are_counted(plan):
    zones = pd.concat([plan.zones] * 6, ignore_index=True)
    zones["id"] = [f"{zone}-{row}" for row, zone in enumerate(zones["id"])]
    many = replace(plan, zones=zones)
    said = words(brief(many))
    assert "more zones" in said
    assert "Sources" in said


def test_zones_without_a_source_have_an_empty_cell(plan):
    bare = replace(
        plan, zones=plan.zones.assign(source=None), claims=plan.claims.iloc[:0]
    )
    assert plan.zones["name_en"][0] in words(brief(bare))


def test_hostile_text_is_printed_letter_for_letter(plan):
    zones = plan.zones.copy()
    zones.loc[0, ["name_en", "name_zh"]] = r"$\frac{1}{2}$ {{7*7*1009}} <b> \bad"
    hostile, mask = replace(plan, zones=zones), [True] * len(zones)
    said = words(brief(hostile, mask, text="${x}$"))
    assert "{{7*7*1009}}" in said
    assert "${x}$" in said


def test_without_a_chinese_font_the_package_is_named(plan, monkeypatch):
    monkeypatch.setattr(beltmap.layers.keepsakes.brief, "chinese_font", lambda: None)
    with pytest.raises(PlanError, match="fonts-noto-cjk"):
        brief(plan, language="zh")


def test_other_formats(plan, tmp_path):
    mask = (plan.zones["kind"] == "zone").to_numpy()
    assert brief(plan, mask, kind="svg").startswith(b"<?xml")
    assert brief(plan, mask, kind="png").startswith(b"\x89PNG")
    assert kind_of(tmp_path / "x.PDF") == "pdf"
    with speaking("zh"), pytest.raises(PlanError, match="简报"):
        kind_of(tmp_path / "x.docx")


def test_the_command_prints_a_brief(tmp_path):
    out = tmp_path / "towns.pdf"
    said = CliRunner().invoke(
        main, ["brief", str(out), "--kind", "town", "--lang", "zh", "--paper", "a3"]
    )
    assert said.exit_code == 0, said.output
    assert "类型：产业城" in words(out.read_bytes())
    refused = CliRunner().invoke(main, ["brief", str(tmp_path / "x.docx")])
    assert refused.exit_code == 1
    assert "E_BRIEF_FORMAT" in refused.output


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_letter_of_a3_is_smaller_than_9_points(plan, language):
    sizes = written_sizes(brief(plan, paper="a3", language=language))
    assert len(sizes) > 50
    assert min(sizes) >= 9


def written_sizes(content):
    """Give the sizes of all letters, as a page chooses its fonts."""
    sizes = []
    for packed in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL):
        try:
            drawn = zlib.decompress(packed)
        except zlib.error:
            continue
        sizes += [float(size) for size in re.findall(rb"/F\S+ (\S+) Tf", drawn)]
    return sizes


@pytest.mark.parametrize(
    ("language", "tag", "title"),
    [("en", "en", "Belt, towns, parks"), ("zh", "zh-CN", "产业带与园区规划图：青岛")],
)
def test_the_file_says_its_title_its_language_and_its_parts(language, tag, title):
    content = whole(language)
    said = poppler("pdfinfo", content).decode()
    assert re.search(rf"Title: +{title}", said)
    # the last of what a PDF says holds
    assert f"/Lang ({tag})".encode() in content.rpartition(b"/Type /Catalog")[2]
    assert b"/DisplayDocTitle true" in content
    marks = re.findall(rb"<< /Title <FEFF(\w+)> /Parent .* /XYZ 0 (\S+) 0", content)
    words = [bytes.fromhex(mark.decode()).decode("utf-16-be") for mark, _ in marks]
    with speaking(language):
        wanted = [text(f"brief.{part}") for part in ("kinds", "sources", "certainty")]
    assert set(wanted) <= set(words)
    assert all(0 < float(top) < 8.27 * 72 for _, top in marks)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_range_of_the_land_and_what_is_disputed_are_on_the_sheet(plan, language):
    said = "".join(words(whole(language)).split())
    wanted = {
        "en": ("between 40 km² and 59.4 km²", "35.6 km² (source dl-older)"),
        "zh": ("40平方公里至59.4平方公里之间", "35.6平方公里（来源：dl-older"),
    }
    for part in wanted[language]:
        assert part.replace(" ", "") in said
    zone = "".join(words(brief(plan, plan.zones["id"] == "dl-hitech")).split())
    assert "35.6km²" in zone
    assert "59.4km²" not in zone


def test_who_made_the_map_its_number_and_its_approval_are_in_the_corner(plan):
    numbered = replace(
        plan.charter,
        author=Words("Office of Planning", "青岛市规划局"),
        map_number="图一",
        map_approval="鲁青S(2026)001号",
    )
    said = words(brief(replace(plan, charter=numbered), language="zh"))
    for part in ("编制单位 青岛市规划局", "图号 图一", "审图号 鲁青S(2026)001号"):
        assert part.replace(" ", "") in said.replace(" ", "")
    assert "审图号" not in words(whole("zh"))


@pytest.fixture(scope="module")
def sixty():
    """Make up sixty zones side by side, with names as long as zones are wide."""
    from beltmap.geo.plan.plan import read_plan

    plan, n = read_plan(), range(60)
    rows = pd.concat([plan.zones.iloc[[1]]] * len(n), ignore_index=True)
    corners = [(120.45 + 0.006 * (one % 10), 36.1 + 0.006 * (one // 10)) for one in n]
    zones = rows.assign(
        id=[f"z-{one}" for one in n],
        name_en=[f"Service Outsourcing Quarter {one:02d} of Laoshan" for one in n],
        name_zh=[f"崂山服务外包第{one:02d}片区" for one in n],
        geometry=[shapely.box(x, y, x + 0.004, y + 0.004) for x, y in corners],
    )
    return replace(plan, zones=zones.set_crs(4326, allow_override=True))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("paper", PAPERS)
def test_sixty_zones_have_each_a_name_or_a_number_and_none_hides_another(
    sixty, language, paper, monkeypatch
):
    drawn = []
    panel = beltmap.layers.keepsakes.brief.draw_panel

    def watch(axes, *args, style, **options):
        made = panel(axes, *args, style=style, **options)
        labels = [one for one in axes.texts if one.get_zorder() == LABELS]
        boxes = [one.get_window_extent().extents for one in labels]
        drawn[:] = [
            (one.get_text(), box) for one, box in zip(labels, boxes, strict=True)
        ]
        drawn.append((list(style.key), axes.get_window_extent().extents))
        return made

    monkeypatch.setattr(beltmap.layers.keepsakes.brief, "draw_panel", watch)
    content = brief(sixty, language=language, paper=paper)
    key, frame = drawn.pop()
    assert len(drawn) == 60
    for (one, a), (other, b) in itertools.combinations(drawn, 2):
        assert not meet(a, b), (one, other)
    assert all(holds(frame, box) for _, box in drawn)
    numbers = {said for said, _ in drawn if said.isdecimal()}
    assert numbers == {str(n) for n, _ in enumerate(key, start=1)}
    names = {said for said, _ in drawn} - numbers
    own = "name_en" if language == "en" else "name_zh"
    assert names | set(key) == set(sixty.zones[own])
    assert numbers
    said = "".join(words(content).split())
    for n, name in enumerate(key, start=1):
        assert f"{n}{name}".replace(" ", "") in said


def test_a_key_that_has_no_room_beside_the_map_comes_on_a_further_sheet(sixty):
    content = brief(sixty)
    info = poppler("pdfinfo", content).decode()
    assert re.search(r"Pages:\s+2", info)
    second = poppler("pdftotext", content, "-f", "2", "-layout").decode()
    assert "Numbers on the map" in second
    assert "on the sheets that follow" in words(content)
    # in a picture it stands below the first sheet
    with Image.open(io.BytesIO(brief(sixty, kind="png"))) as picture:
        assert picture.height > 1.4 * picture.width


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_short_key_stands_on_the_sheet_itself(language):
    content = whole(language)
    assert re.search(r"Pages:\s+1", poppler("pdfinfo", content).decode())
    if language == "en":
        named = "Numbers on the map: 1 Qingdao Laoshan Service Outsourcing Town"
        assert named in words(content)


def test_a_long_title_is_made_smaller_before_it_is_cut(plan):
    title = "软件与服务外包产业发展规划图" * 4
    content = brief(plan, language="zh", imprint=Imprint(title=title))
    assert title in words(content).replace(" ", "")
    title += title
    content = brief(plan, language="zh", imprint=Imprint(title=title))
    assert title not in words(content).replace(" ", "")
    # the mark of what is cut is within the frame
    seen = poppler("pdftotext", content, "-bbox").decode()
    ends = [float(at) for at in re.findall(r'xMax="([\d.]+)"[^>]*>[^<]*…<', seen)]
    assert ends
    assert max(ends) < 11.69 * 72 - 0.3 * 72


def test_a_sheet_says_what_its_reader_typed_letter_for_letter(plan):
    typed = Imprint(
        title="$x$ {{7*7}} <b>",
        author="Bureau \\frac{1}{2}",
        number="No. 7",
        approval="审图号" + "长" * 200,
    )
    said = words(brief(plan, imprint=typed, language="en"))
    for part in ("$x$ {{7*7}} <b>", "Bureau \\frac{1}{2}", "No. 7"):
        assert part in said
    assert "Belt, towns, parks and zones" not in said
    title = poppler("pdfinfo", brief(plan, imprint=typed)).decode()
    assert "$x$ {{7*7}} <b>" in title
