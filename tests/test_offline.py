"""The saved map: one file, nothing from elsewhere, no text that runs."""

import base64
import re
from datetime import date

import numpy as np
import pytest
from click.testing import CliRunner

from geo.filters import Filters
from geo.language.messages import LANGUAGES
from layers.cli import main
from layers.offline import offline_page
from layers.payload.encode import decode
from layers.wording import Chosen, data_version, filter_words
from tests.browser.harness import CANARY

TODAY = date(2026, 3, 1)
MOST_BYTES = 1_500_000
HOSTILE = f"{CANARY} </script><script>alert(1)</script> 100{{% off `${{1}}` <!--"


def page(plan, mask=None, **shown):
    everything = np.ones(len(plan.zones), bool)
    chosen = everything if mask is None else mask
    return offline_page(plan, chosen, on=TODAY, chosen=Chosen(**shown)).decode()


def payload(written, name):
    blob = re.search(f'id="payload-{name}">([^<]*)<', written)[1]
    return decode(base64.b64decode(blob))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_file_is_small_and_asks_for_nothing(plan, language):
    written = page(plan, language=language)
    assert len(written.encode()) < MOST_BYTES
    assert not re.search(r"<(?:script|link|img|iframe)[^>]+(?:src|href)=", written)
    assert "default-src 'none'" in written
    assert written.count("'sha256-") == written.count("<script>")


def test_the_file_holds_what_was_chosen_and_nothing_else(plan):
    mask = (plan.zones["kind"] == "town").to_numpy()
    written = page(plan, mask, filters=Filters(kind=("town",)))
    _, columns, _ = payload(written, "zones")
    assert columns["id"] == plan.zones.loc[mask, "id"].tolist()
    assert "Shown: Kind: Town" in written
    assert "Haier" not in written.split('id="payload-places"')[0]


def test_the_same_choice_makes_the_same_file(plan):
    assert page(plan) == page(plan)


def test_hostile_text_stays_text(plan):
    zones = plan.zones.copy()
    for column in ("name_en", "name_zh", "focus_en", "city", "source"):
        zones.loc[0, column] = HOSTILE
    hostile = type(plan)(**{**vars(plan), "zones": zones})
    written = page(hostile, filters=Filters(text=HOSTILE))
    assert "49441" not in written
    assert "alert(1)" in written
    assert "<script>alert(1)" not in written
    assert "<img" not in written.replace("{img", "")
    # the file's own scripts, and no other element, begin and end scripts
    assert written.count("<script") == written.count("</script>")
    _, columns, _ = payload(written, "zones")
    assert columns["name_en"][0] == HOSTILE


def test_the_choice_is_said(plan):
    filters = Filters(city=("Qingdao",), kind=("town", "park"), least_km2=2, text="a:b")
    assert filter_words(plan, filters) == (
        "City: Qingdao; Kind: Town, Park; from 2 km²; Search: a:b"
    )
    assert filter_words(plan, Filters()) == "all zones"


def test_the_data_version_follows_the_data(plan):
    version = data_version(plan)
    assert re.fullmatch(r"[0-9a-f]{8}", version)
    claims = plan.claims.copy()
    claims.loc[0, "value"] = 41.0
    assert data_version(type(plan)(**{**vars(plan), "claims": claims})) != version


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
