"""The site that is built from the documents: pages, links, pictures, languages."""

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.screenshots.take import PICTURES, names

ROOT = Path(__file__).parent.parent
PICTURE = re.compile(r"!\[[^\]]*\]\(([^)]+)\)")
CODE = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
LOADED = re.compile(r'<(?:script|img|link)\b[^>]*\b(?:src|href)="(?:https?:)?//')


def loaded(name):
    found = importlib.util.spec_from_file_location(name, ROOT / ".ci" / f"{name}.py")
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def pages():
    return loaded("pages")


@pytest.fixture(scope="module")
def site(pages, tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    pages.lay_out(folder)
    return folder


def listed():
    words = (ROOT / ".ci" / "mkdocs.yml").read_text(encoding="utf-8")
    return set(re.findall(r"^ +- .+: ([\w-]+\.md)$", words, re.MULTILINE))


def test_every_page_is_in_the_contents_and_in_both_languages(site):
    there = {path.name for path in site.glob("*.md")}
    english = {name for name in there if not name.endswith(".zh.md")}
    assert english == listed()
    assert there - english == {name.replace(".md", ".zh.md") for name in english}


@pytest.mark.parametrize("name", ["index", "install", "jobs", "bring", "formats"])
def test_what_one_needs_first_is_in_chinese(site, pages, name):
    words = (site / f"{name}.zh.md").read_text(encoding="utf-8")
    assert pages.ENGLISH_ALONE not in words


def test_every_page_of_docs_is_in_both_languages(pages):
    there = {path.name for path in pages.DOCS.glob("*.md")} - set(pages.BOTH)
    english = {name for name in there if not name.endswith(".zh.md")}
    assert there - english == {name.replace(".md", ".zh.md") for name in english}


@pytest.mark.parametrize("name", ["embedding", "many-readers"])
def test_code_to_copy_is_the_same_in_both_languages(pages, name):
    english, chinese = (
        CODE.findall((pages.DOCS / f"{name}{end}").read_text(encoding="utf-8"))
        for end in (".md", ".zh.md")
    )
    assert english == chinese != []


def test_a_page_in_english_alone_says_so(site, pages):
    words = (site / "security.zh.md").read_text(encoding="utf-8")
    assert words.startswith(pages.ENGLISH_ALONE)


def test_links_hold_on_the_site(site):
    """Also those of documents that stand elsewhere in the repository."""
    for page in site.glob("*.md"):
        words = page.read_text(encoding="utf-8")
        for link in re.findall(r"(?<=\]\()([^)\s#:]+)(?=[)#])", words):
            assert (site / link).is_file(), (page.name, link)


def test_a_link_that_leads_nowhere_is_an_error(pages, monkeypatch, tmp_path):
    page = tmp_path / "docs" / "index.md"
    page.parent.mkdir()
    page.write_text("[lost](nowhere.md)")
    for name, value in (("ROOT", tmp_path), ("DOCS", page.parent), ("OTHERS", {})):
        monkeypatch.setattr(pages, name, value)
    with pytest.raises(pages.LostLinkError, match=r"docs/index.md: nowhere.md"):
        pages.lay_out(tmp_path / "out")


def test_every_picture_is_made_by_a_script_and_shown():
    shown = {
        Path(link).name
        for path in (*ROOT.glob("README*.md"), *(ROOT / "docs").glob("*.md"))
        for link in PICTURE.findall(path.read_text(encoding="utf-8"))
    }
    made = names()
    assert shown == made | {"cost.png"}
    assert {path.name for path in (ROOT / "docs" / "pictures").iterdir()} == made


def test_ten_jobs_have_their_pictures():
    for name in ("jobs.md", "jobs.zh.md"):
        words = (ROOT / "docs" / name).read_text(encoding="utf-8")
        jobs = re.split(r"^## ", words, flags=re.MULTILINE)[1:]
        assert len(jobs) == 10
        assert all(PICTURE.search(job) for job in jobs)
    assert {"desk-draw", "desk-area", "desk-saved"} <= set(PICTURES)


@pytest.mark.deep
def test_the_site_is_built():
    """Strictly; needs the extra called docs. No page loads anything from elsewhere."""
    pytest.importorskip("mkdocs")
    command = [sys.executable, ".ci/dev.py", "docs", "--keep-pictures"]
    subprocess.run(command, cwd=ROOT, check=True)
    built = ROOT / "build" / "site"
    for name in ("jobs.html", "zh/jobs.html", "api.html", "search/search_index.json"):
        assert (built / name).is_file()
    for page in built.rglob("*.html"):
        words = page.read_text(encoding="utf-8")
        assert not LOADED.search(words), page
    assert "beltmap.read_plan" in (built / "api.html").read_text(encoding="utf-8")
