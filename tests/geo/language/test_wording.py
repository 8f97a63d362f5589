"""One word a thing: words that were given up are in no message and no document."""

import re
from pathlib import Path

import pytest

from beltmap.geo.language.messages import catalogue

ROOT = Path(__file__).parents[3]
GLOSSARY = ROOT / "docs" / "glossary.md"

DOCUMENTS = sorted(
    [
        *(ROOT / name for name in ("SECURITY.md", "CONTRIBUTING.md", "data/README.md")),
        *(ROOT / name for name in ("README.md", "README.zh.md")),
        *(ROOT / "docs").rglob("*.md"),
    ]
)

RETIRED = {
    "en": (
        r"\bDeclared\b",
        r"\bdeclared areas?\b",
        r"km² declared",
        r"(?<!, )\b[Nn]ominal\b(?! \(only)",
        r"(?<!, )published elsewhere",
        r"[Rr]ival candidate",
        r"[Pp]attern of the plan",
        r"\b[Ll]oses\b",
        r"[Pp]rint a brief",
        r"what came of them",
        r"aims at this figure",
        r"\blying\.",
        r"random numbers",
        r"two by two",
        r"nowhere on the Earth",
        r"which means nothing",
        r"what is over is",
        r"asked for longest",
        r"no one else (?:finds|sees)",
        r"\btaken for\b",
        r"\b[Mm]end(?:ing|s)?\b",
        r"plain sum",
        r"Places and rivals",
    ),
    "zh": (
        "规划用地",
        "覆盖用地",
        "另行公布",
        "名义",
        "有描述",
        "备选",
        "规划格局",
        "区域",
        "其后实测",
        "实测",
        r"第\d阶段",
        "损失",
        "回执",
        "没有形状",
        "被拒绝",
        "导入规划",
        "保存此地图",
        "幅面",
        "关闭卡片",
        "尚未选择",
        "地块|图上面积|面积依据|主导产业|隶属|外包带|软件带|数字核查",
    ),
}
"""What the glossary calls otherwise. Codes of data stay."""

CODES = {"store.zones.area_basis", "store.claims.method"}
"""Messages that list the codes of a column."""


def messages(language):
    """Give every message by key, plurals apart."""
    for key, said in catalogue(language)._catalog.items():
        if key:
            yield (key[0] if isinstance(key, tuple) else key), said


@pytest.mark.parametrize("language", sorted(RETIRED))
def test_retired_words_are_in_no_message(language):
    retired = re.compile("|".join(RETIRED[language]))
    found = {
        key: said
        for key, said in messages(language)
        if key not in CODES and not key.endswith(".en") and retired.search(said)
    }
    assert not found


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_retired_words_are_in_no_document(path):
    # what stands in backticks, or in a table of codes, is a code
    said = re.sub(r"`[^`]*`", "", path.read_text(encoding="utf-8"))
    chinese = re.compile("|".join(RETIRED["zh"]))
    english = re.compile("|".join(RETIRED["en"]))
    found = [
        line
        for line in said.splitlines()
        if chinese.search(line)
        or english.search(re.sub(r"\b[a-z ]+: |published elsewhere, inf", "", line))
    ]
    assert not found


def test_the_glossary_has_the_words_that_are_said():
    """What it gives for a key is what the key says, in both languages."""
    words = GLOSSARY.read_text(encoding="utf-8")
    rows = re.findall(
        r"^\| (.+?) \| (.+?) \| .+ \| `([\w. ]+)` \|$", words, re.MULTILINE
    )
    assert len(rows) > 25
    for english, chinese, key in rows:
        for language, word in (("en", english), ("zh", chinese)):
            said = dict(messages(language))[key]
            assert said.rstrip("。.") == word, (key, said)
