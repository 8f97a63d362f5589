"""Texts of a plan are text in every viewer: no HTML in KML, no codes in DXF."""

import html
import io
import shutil
import subprocess
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from ezdxf.filemanagement import read
from ezdxf.tools.text import MTextParser, TokenType

from beltmap.geo.export.formats.dxf import _unescaped
from beltmap.geo.export.write import write
from tests.choosing import choose
from tests.geo.export.test_tools import needed

CODES = [
    "100%%d of %%c and %%p, %%%%u %%%x %%065",
    "a^Jb ^I ^ c ^^J ^",
    "\\P \\~ \\fArial|b0; \\S1/2; \\A1;",
    "{\\C1;red} }{ \\{ \\}",
    "\\U+0041 \\\\U+4E00 \\M+1B2A3 \\U+12",
    "=1+1 <b> & {{7*7}} $[name] %s",
    "产业带 🌏 \\U+4E2D",
]
HTML = [
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    "<![CDATA[<b>x</b>]]>",
    "$[name] $[zone/id] &lt;b&gt;",
    "a & b < c > d \"e\" 'f'",
    "<a href='http://127.0.0.1:9/'>x</a>",
]
KML = "{http://www.opengis.net/kml/2.2}"


def exported(shipped, texts, code):
    """Export as many parks as there are texts, each called and described by one."""
    parks = shipped.zones[shipped.zones["kind"] == "park"]
    parks = parks[parks.geometry.notna()]
    few = parks.iloc[[n % len(parks) for n in range(len(texts))]].assign(
        id=[f"z{n}" for n in range(len(texts))],
        name_en=texts,
        name_zh=None,
        focus_en=texts,
    )
    few = few.reset_index(drop=True)
    return write(choose(replace(shipped, zones=few)), format_code=code)


def shown(mtext):
    """Give what a CAD program writes for a text with codes."""
    said = []
    for token in MTextParser(mtext.text):
        if token.type == TokenType.WORD:
            said.append(token.data)
        elif token.type == TokenType.SPACE:
            said.append(" ")
        elif token.type == TokenType.NBSP:
            said.append("\u00a0")
        else:
            said.append(f"«{token.type.name}»")
    return "".join(said)


@pytest.fixture(scope="module")
def drawing(shipped):
    return exported(shipped, CODES, "dxf").content


def test_dxf_shows_each_text_letter_for_letter(drawing):
    # ezdxf leaves characters in their codes in files of this version
    decoded = _unescaped(drawing.decode("ascii"))
    space = read(io.StringIO(decoded)).modelspace()
    assert [shown(text) for text in space.query("MTEXT")] == CODES


def test_dxf_keeps_each_value_letter_for_letter(shipped):
    export = exported(shipped, CODES, "dxf")
    assert export.format_.read(export.content).zones["name_en"].tolist() == CODES
    assert not [loss for loss in export.losses if loss.kind == "values"]


def test_gdal_shows_each_text_of_dxf(drawing, tmp_path):
    needed(shutil.which("ogrinfo"), "gdal-bin")
    path = tmp_path / "plan.dxf"
    path.write_bytes(drawing)
    done = subprocess.run(
        ["ogrinfo", "-al", "-where", "Text IS NOT NULL", path],
        capture_output=True,
        check=True,
    )
    # gdal writes the two halves of a character beyond 16 bits each by itself
    halves = done.stdout.decode("utf-8", "surrogatepass")
    said = halves.encode("utf-16", "surrogatepass").decode("utf-16")
    for text in CODES:
        assert f"Text (String) = {text}\n" in said


def test_dxf_has_no_line_that_a_text_broke(shipped):
    texts = ["a\n0\nENDSEC\nb", "c\r\n  0\r\nEOF", "d\u2028e\x85f\x0bg"]
    renamed = replace(shipped, sources=shipped.sources.assign(title="t\n0\nENDSEC"))
    for plan in (shipped, renamed):
        content = exported(plan, texts, "dxf").content.decode("ascii")
        codes = content.splitlines()[::2]
        assert all(line.strip().lstrip("-").isdigit() for line in codes)
        assert content.count("\n  0\nENDSEC") == content.count("ENDSEC\n  0")


def described(content):
    root = ET.fromstring(content)
    return [mark.findtext(f"{KML}description") for mark in root.iter(f"{KML}Placemark")]


def test_kml_shows_descriptions_as_text_where_they_are_html(shipped):
    export = exported(shipped, HTML, "kml")
    said = described(export.content)
    assert [html.unescape(words) for words in said] == HTML
    assert not any("<" in words or "$[" in words for words in said)
    # the values themselves stay as they are
    assert export.format_.read(export.content).zones["focus_en"].tolist() == HTML
    root = ET.fromstring(export.content)
    balloons = {one.text for one in root.iterfind(f".//{KML}BalloonStyle/{KML}text")}
    assert balloons == {"$[description]"}


def test_kml_escapes_what_the_plan_says_of_itself(shipped):
    titled = replace(shipped, sources=shipped.sources.assign(title=HTML[0]))
    root = ET.fromstring(exported(titled, HTML[:1], "kml").content)
    words = root.findtext(f"{KML}Document/{KML}description")
    assert "<" not in words
    for folder in root.iter(f"{KML}Folder"):
        assert "<" not in folder.findtext(f"{KML}description")
