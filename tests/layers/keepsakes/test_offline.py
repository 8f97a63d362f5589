"""The saved map: one file, nothing from elsewhere, no text that runs."""

import base64
import gzip
import re
from dataclasses import replace
from datetime import date

import pytest
from click.testing import CliRunner

from beltmap.geo.language.messages import LANGUAGES, speaking
from beltmap.geo.query.filters import Filters
from beltmap.geo.report.origin import data_version, filter_words, source_words
from beltmap.layers.assets import SAVED_SCRIPTS
from beltmap.layers.commands.main import main
from beltmap.layers.escape import as_html as escape
from beltmap.layers.keepsakes.offline import offline_page
from beltmap.layers.keepsakes.seen import Seen
from beltmap.layers.payload.encode import decode
from beltmap.layers.prepared import Prepared
from tests.browser.harness import CANARY
from tests.choosing import choose

TODAY = date(2026, 3, 1)
MOST_BYTES, MOST_PACKED_BYTES = 400_000, 170_000
HOSTILE = f"{CANARY} </script><script>alert(1)</script> 100{{% off `${{1}}` <!--"


def page(plan, filters=None, **shown):
    selection = choose(plan, **(filters or {}))
    return offline_page(selection, on=TODAY, seen=Seen(**shown)).decode()


def payloads(written):
    """Give the payloads of a saved map by name."""
    found = re.findall(r'id="payload-(\w+)">([^<]*)<', written)
    return {name: gzip.decompress(base64.b64decode(blob)) for name, blob in found}


def payload(written, name):
    return decode(payloads(written)[name])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_file_is_small_and_asks_for_nothing(plan, language):
    written = page(plan, language=language)
    assert len(written.encode()) <= MOST_BYTES
    assert len(gzip.compress(written.encode())) <= MOST_PACKED_BYTES
    assert not re.search(r"<(?:script|link|img|iframe)[^>]+(?:src|href)=", written)
    assert "default-src 'none'" in written
    assert written.count("'sha256-") == written.count("<script>")


@pytest.mark.parametrize("script", SAVED_SCRIPTS[1:], ids=lambda path: path.name)
def test_no_words_of_a_script_go_over_its_lines(script):
    """Their margins are left out, and would be missed within a template."""
    for line in script.read_text(encoding="utf-8").splitlines():
        assert line.count("`") % 2 == 0


def test_the_file_holds_what_was_chosen_and_nothing_else(plan):
    mask = (plan.zones["kind"] == "town").to_numpy()
    written = page(plan, {"kind": ("town",)})
    _, columns, _ = payload(written, "zones")
    assert columns["id"] == plan.zones.loc[mask, "id"].tolist()
    assert "Shown: Kind: Town" in written
    assert "Haier" not in written.split('id="payload-places"')[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_file_begins_with_the_sentence_and_figures_of_the_page(plan, language):
    written = page(plan, language=language)
    with speaking(language):
        opened = Prepared(plan)
        parts = opened.answer(Filters())
    said = re.search(r'<p class="bm-answer">(.*?)</p>', written)[1]
    for part in parts:
        assert escape(part.words) in said
    # a link to the audit would lead nowhere
    assert "<a" not in said
    head, folded = written.split("<details><summary>")[:2]
    assert head.count('<div class="bm-tile"') == 3
    assert folded.split("</details>")[0].count('<div class="bm-tile"') == 4


def test_the_same_choice_makes_the_same_file(plan):
    assert page(plan) == page(plan)


def test_hostile_text_stays_text(plan):
    zones = plan.zones.copy()
    for column in ("name_en", "name_zh", "focus_en", "city", "source"):
        zones.loc[0, column] = HOSTILE
    hostile = replace(plan, zones=zones)
    written = page(hostile, {"text": HOSTILE.split(maxsplit=1)[0]})
    assert "49441" not in written
    assert "alert(1)" in written
    assert "<script>alert(1)" not in written
    assert "<img" not in written.replace("{img", "")
    # the file's own scripts, and no other element, begin and end scripts
    assert written.count("<script") == written.count("</script>")
    _, columns, _ = payload(written, "zones")
    assert columns["name_en"][0] == HOSTILE


@pytest.mark.parametrize("language", LANGUAGES)
def test_that_names_are_translated_back_is_said_once(plan, language):
    with speaking(language):
        note = plan.names_note()
    written = page(plan, language=language)
    assert written.count(note) == 1
    assert note not in str(payload(written, "zones")[2])


def test_the_choice_is_said(plan):
    filters = {"city": ("Qingdao",), "kind": ("town", "park"), "least_km2": 2}
    assert filter_words(choose(plan, **filters, text="a:b")) == (
        "City: Qingdao; Kind: Town, Park; from 2 km²; Search: a:b"
    )
    assert filter_words(choose(plan)) == "all zones"


def test_the_data_version_follows_the_data(plan):
    version = data_version(plan)
    assert re.fullmatch(r"[0-9a-f]{8}", version)
    claims = plan.claims.copy()
    claims.loc[0, "value"] = 41.0
    assert data_version(replace(plan, claims=claims)) != version


def test_the_command_saves_a_map(tmp_path):
    out = tmp_path / "towns.html"
    said = CliRunner().invoke(
        main,
        ["map", str(out), "--kind", "town", "--lang", "zh", "--zone", "qd-town-film"],
    )
    assert said.exit_code == 0, said.output
    written = out.read_text(encoding="utf-8")
    assert '<html lang="zh-CN">' in written
    assert '"selected":2' in written
    assert "类型：产业城" in written


@pytest.mark.parametrize(
    ("language", "lost"), [("en", "address not found"), ("zh", "网址未查到")]
)
def test_a_document_without_an_address_is_cited_as_one(plan, language, lost):
    with speaking(language):
        cited = {re.match(r"[\w-]+", one)[0]: one for one in source_words(choose(plan))}
    assert {key for key, one in cited.items() if lost in one} == {"Q"}
    assert cited["Q"] in page(plan, language=language)
