"""The program knows no city: a plan of another one never hears of the shipped ones."""

import io
import re
import shutil
import subprocess
import zipfile
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from streamlit.testing.v1 import AppTest

from beltmap.geo.charter.force import under
from beltmap.geo.export.catalogue import FORMATS
from beltmap.geo.export.write import write
from beltmap.geo.language.messages import LANGUAGES, speaking, text
from beltmap.geo.plan.plan import read_plan
from beltmap.geo.plan.selection import Selection
from beltmap.geo.query.filters import Filters
from beltmap.geo.report.findings import findings
from beltmap.geo.report.totals import total_table
from beltmap.layers.assets import STORE
from beltmap.layers.commands.main import main
from beltmap.layers.keepsakes.brief import write_brief
from beltmap.layers.keepsakes.offline import offline_page
from beltmap.layers.link import Link
from beltmap.layers.page.frame import VIEWS
from beltmap.layers.prepared import Prepared
from tests.layers.keepsakes.test_offline import payloads

ELSEWHERE = Path(__file__).parent / "plans" / "chengdu"
PAGE = str(Path(__file__).parent.parent / "app.py")

KNOWN = re.compile(
    r"青岛|大连|产业带|qingdao|dalian|(?<![a-z])belts?(?![a-z])", re.IGNORECASE
)


def heard(words, *, where):
    """Give what is said of the shipped plans, with some words around."""
    if isinstance(words, bytes):
        words = words.decode("utf-8", "ignore")
    return [
        f"{where}: …{words[max(0, one.start() - 50) : one.end() + 30]!r}…"
        for one in KNOWN.finditer(words)
    ]


@pytest.fixture(scope="module")
def plan():
    return read_plan(ELSEWHERE)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("view", VIEWS)
def test_the_page(monkeypatch, view, language):
    monkeypatch.setenv("BELTMAP_PLAN", str(ELSEWHERE))
    script = AppTest.from_file(PAGE, default_timeout=120)
    for name, value in (
        Link(Filters(), zone="cd-core", view=view).to_query(language).items()
    ):
        script.query_params[name] = value
    script.query_params["lang"] = language
    script.run()
    assert not script.exception
    said = [str(getattr(one, "proto", "")) for one in everything(script._tree)]
    said = [one.encode().decode("unicode_escape", "ignore") for one in said]
    said += [octal(str(getattr(one, "proto", ""))) for one in everything(script._tree)]
    assert any("核心" in one or "Core" in one for one in said)
    # one city has nothing to stand beside it
    with speaking(language):
        nothing = text("compare.nothing")
    assert [one.value for one in script.info] == [nothing] * (view == "compare")
    assert [found for one in said for found in heard(one, where=view)] == []


def octal(words):
    """Read the letters that the text of a message writes as numbers."""
    raw = re.sub(
        rb"\\([0-7]{3})", lambda found: bytes([int(found[1], 8)]), words.encode()
    )
    return raw.decode("utf-8", "ignore")


def everything(node):
    yield node
    for child in getattr(node, "children", {}).values():
        yield from everything(child)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_map_is_sent(plan, language):
    with speaking(language):
        prepared = Prepared(plan, key="elsewhere")
        names = [at.rsplit("/", 1)[-1] for at in prepared.addresses.values()]
        sent = [STORE.get(name) for name in names]
    found = [asset for asset in sent if asset is not None]
    assert found
    for asset in found:
        assert heard(asset.data, where="payload") == []
    named = {"en": "Core", "zh": "核心"}[language]
    assert any(f'"{named}"'.encode() in asset.data for asset in found)


def test_the_plan_orders_the_views_and_chooses_the_unit(monkeypatch, tmp_path):
    folder = Path(shutil.copytree(ELSEWHERE, tmp_path / "plan"))
    charter = folder / "plan.toml"
    head = 'unit = "ha"\nviews = ["audit", "map"]\n'
    charter.write_text(head + charter.read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setenv("BELTMAP_PLAN", str(folder))
    script = AppTest.from_file(PAGE, default_timeout=120)
    script.query_params["view"] = "audit"
    script.run()
    assert not script.exception
    assert script.session_state["unit"] == "ha"
    [views] = [one for one in script.button_group if one.key == "view:0"]
    assert [one.content for one in views.proto.options][:2] == [
        text("view.audit"),
        text("view.map"),
    ]


def unpacked(content):
    """Give a file, and what is in it where it is an archive."""
    yield content
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                yield name.encode()
                yield archive.read(name)
    if content.startswith(b"PAR1"):
        table = pq.read_table(io.BytesIO(content))
        yield repr(table.schema.metadata).encode("utf-8").decode("unicode_escape")
        yield table.drop_columns(["geometry"]).to_pandas().to_csv()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", FORMATS)
def test_every_export(plan, code, language):
    with speaking(language):
        export = write(Selection(plan), format_code=code)
    for part in unpacked(export.content):
        assert heard(part, where=code) == []
    assert heard(" ".join(map(str, export.notes)), where="notes") == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_file_to_take_along(plan, language):
    with speaking(language):
        page = offline_page(Selection(plan), on=date(2026, 11, 26)).decode()
    assert heard(page, where="offline file") == []
    held = payloads(page)
    assert held
    for content in held.values():
        assert heard(content, where="payload") == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_brief(plan, language):
    if shutil.which("pdftotext") is None:
        pytest.skip("poppler is not installed")
    with speaking(language):
        brief = write_brief(Selection(plan), kind="pdf", on=date(2026, 11, 26))
    tool = ("pdftotext", "-", "-")
    said = subprocess.run(tool, input=brief, capture_output=True, check=True).stdout
    words = said.decode()
    assert ("成都" if language == "zh" else "Chengdu") in words
    assert heard(words, where="brief") == []


def commands(command, path=()):
    yield path
    for name, below in getattr(command, "commands", {}).items():
        yield from commands(below, (*path, name))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", list(commands(main)), ids=" ".join)
def test_the_help(path, language):
    said = CliRunner().invoke(main, [*path, "--lang", language, "--help"])
    assert said.exit_code == 0
    assert heard(said.output, where=" ".join(path)) == []


def test_nothing_is_inside_where_nothing_frames(plan):
    with under(plan.charter):
        totals = total_table(Selection(plan))["total"].tolist()
        assert not [one for one in totals if "side" in one]
        assert "covered" in totals
        told = " ".join(total_table(Selection(plan))["what"])
        assert "inside" not in told
        assert "pattern_incomplete" not in {one.rule for one in findings(plan)}


def plain(words):
    """Leave out what examples answer of the shipped plans."""
    return re.sub(r"(?m)^ +>>> .*\n(?: +\S.*\n)*", "", words)


def test_the_code_names_no_city():
    root = Path(PAGE).parent
    files = [
        path
        for folder in ("geo", "layers")
        for ending in ("*.py", "*.po", "*.js", "*.json")
        for path in (root / folder).rglob(ending)
    ]
    cities = re.compile("青岛|大连|产业带|qingdao|dalian", re.IGNORECASE)
    named = [
        f"{path.relative_to(root)}: {found[0]}"
        for path in files
        for found in cities.finditer(plain(path.read_text(encoding="utf-8")))
    ]
    assert named == []
