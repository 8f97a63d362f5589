"""Basemaps: what is offered, whose it is, and a file of one's own."""

import pytest

from beltmap.geo.errors import PlanError
from beltmap.geo.language.messages import LANGUAGES, speaking
from beltmap.layers.basemap.basemaps import (
    BASEMAPS,
    DATUMS,
    EMBEDDED,
    ONLINE,
    basemap_table,
)
from beltmap.layers.basemap.file import VARIABLE, own_basemaps, read_basemaps

OWN = """
[keys]
tianditu = "0123abc"

[[basemap]]
code = "office"
name = "Office"
name_zh = "市局"
url = "http://tiles.office.lan/{z}/{x}/{y}.png"
attribution = "© Planning bureau {{7*7}} <b>"
link = "http://office.lan/"
datum = "gcj02"
max_zoom = 16

[[basemap]]
code = "plain"
name = "Plain"
url = ["/tiles/{z}/{x}/{y}.png", "/names/{z}/{x}/{y}.png"]
attribution = "own"
datum = "bd09"
"""


@pytest.fixture
def read(tmp_path):
    def read_text(written):
        file = tmp_path / "basemaps.toml"
        file.write_text(written, encoding="utf-8")
        return read_basemaps(file)

    return read_text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_basemap_says_whose_it_is_and_in_which_datum(language):
    with speaking(language):
        table = basemap_table((EMBEDDED, *ONLINE))
    for one in table:
        assert one["label"]
        assert one["attribution"]
        assert one["datum"] in DATUMS
        assert one["max_zoom"] > 0
    assert len({one["label"] for one in table}) == len(table)


def test_only_what_needs_no_key_is_offered():
    assert BASEMAPS[0] is EMBEDDED
    assert not [one.code for one in BASEMAPS if one.key]
    assert "amap" in {one.code for one in BASEMAPS}


def test_a_file_adds_servers_and_keys(read):
    offered = read(OWN)
    codes = [one.code for one in offered]
    assert codes[:3] == ["embedded", "office", "plain"]
    assert codes[-2:] == ["tianditu", "tianditu-image"]
    assert "tk=0123abc" in offered[-1].urls[0]
    assert "KEY" not in "".join(offered[-1].urls)
    office = basemap_table(offered)[1]
    assert office["attribution"] == [
        {"text": "© Planning bureau {{7*7}} <b>", "href": "http://office.lan/"}
    ]
    assert (office["datum"], office["max_zoom"]) == ("gcj02", 16)
    assert len(offered[2].urls) == 2
    with speaking("zh"):
        assert basemap_table(offered)[1]["label"] == "市局"


def test_an_intranet_offers_no_public_service(read):
    codes = [one.code for one in read("public = false\n" + OWN)]
    assert codes == ["embedded", "office", "plain"]


def test_every_fault_of_the_file_is_told_at_once(read):
    wrong = """
    [[basemap]]
    code = "osm"
    name = "x"
    url = "javascript:alert(1)//{z}{x}{y}"
    attribution = "x"
    datum = "tokyo"
    link = "javascript:alert(1)"
    max_zoom = 99
    colour = "red"

    [[basemap]]
    code = "b"
    """
    with pytest.raises(PlanError) as raised:
        read(wrong)
    codes = [fault.code for fault in raised.value.faults]
    assert codes == [
        "E_BASEMAP_UNKNOWN",
        "E_BASEMAP_CODE",
        "E_BASEMAP_DATUM",
        "E_BASEMAP_URL",
        "E_BASEMAP_LINK",
        "E_BASEMAP_ZOOM",
        "E_BASEMAP_MISSING",
    ]


@pytest.mark.parametrize("written", ["= nonsense", "basemap = 3"])
def test_what_is_no_list_of_basemaps_is_refused(read, written):
    with pytest.raises(PlanError):
        read(written)


def test_the_environment_names_the_file(tmp_path):
    assert own_basemaps({}) == BASEMAPS
    with pytest.raises(PlanError, match="E_BASEMAP_UNREADABLE"):
        own_basemaps({VARIABLE: str(tmp_path / "none.toml")})
