"""One way to word a fault: each code has its words, in both languages."""

import ast
import re
from pathlib import Path

import pytest

from beltmap.geo.errors import fault, unknown_value
from beltmap.geo.intake.notices import SEVERITY, notice
from beltmap.geo.language.messages import LANGUAGES, catalogue, speaking

ROOT = Path(__file__).parents[2]

OF_COLUMNS = {
    f"E_UNKNOWN_{column}"
    for column in ("KIND", "STATUS", "PATTERNS", "SECTOR", "SECTORS")
}
"""Codes that `unknown_value` makes of a column's name, in words of its own."""


def called():
    """Give the codes of the program's faults as patterns: a star where one varies."""
    for path in [*(ROOT / "geo").rglob("*.py"), *(ROOT / "layers").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                if re.fullmatch(r"[EWQ]_[A-Z_0-9]*[A-Z0-9](\.\w+)*", node.value):
                    yield node.value
            elif isinstance(node, ast.JoinedStr):
                parts = [getattr(part, "value", "*") for part in node.values]
                pattern = "".join(p if isinstance(p, str) else "*" for p in parts)
                if re.match(r"[EWQ]_[A-Z_0-9]+\.\*$", pattern):
                    yield pattern


def known(language):
    keys = catalogue(language)._catalog
    return {key[0] if isinstance(key, tuple) else key for key in keys}


def worded(language):
    """Give the codes that the catalogue words, and those for which it has a hint."""
    keys = {k.removeprefix("fault.") for k in known(language) if k.startswith("fault.")}
    hints = {key.removesuffix(".hint") for key in keys if key.endswith(".hint")}
    return {key for key in keys if not key.endswith(".hint")} - {"line"}, hints


def above(code):
    """Give a code and the shorter ones behind which its words may stand."""
    parts = code.split(".")
    return {".".join(parts[:n]) for n in range(1, len(parts) + 1)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_of_the_program_has_words_and_a_hint(language):
    whats, hints = worded(language)
    codes = {code for code in called() if not code.endswith("*")} - OF_COLUMNS
    assert len(codes) > 150
    for code in sorted(codes):
        assert above(code) & whats, code
        assert above(code) & hints or not code.startswith("E_"), code


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_words_are_left_that_no_code_says(language):
    said = set(called()) | set(SEVERITY)
    reached = {short for code in said for short in above(code)}
    for code in sorted(set.union(*worded(language))):
        stem = code.rpartition(".")[0]
        assert code in reached or f"{stem}.*" in said, code


@pytest.mark.parametrize(
    ("code", "what", "hint"),
    [
        ("E_FILE_MISSING.table", "the file is missing or cannot be opened", "folder"),
        ("E_FILE_MISSING.layer", "the file is missing or cannot be opened", "rebuild"),
        ("E_CRS_MISSING.zones.write", "the coordinate", "before writing"),
        ("E_CRS_MISSING.zones.file", "the coordinate", "Write the file with its CRS"),
        ("E_CRS_MISSING", "The file does not say", "Choose the CRS"),
        ("E_BAD_GEOMETRY.empty", "the geometry is empty", "Give a valid Polygon"),
    ],
)
def test_the_longest_name_with_words_says_it(code, what, hint):
    said = fault(code, "here")
    assert said.code == code.partition(".")[0]
    assert said.what.startswith(what)
    assert hint in said.hint


def test_a_code_without_words_is_a_fault_of_the_program():
    with pytest.raises(KeyError):
        fault("E_NO_SUCH_CODE", "here")


def test_hidden_characters_show_in_place_and_values():
    said = fault("E_MISSING_PROPERTY", "a\u202eb.geojson", names="x\u200by")
    assert (said.where, said.what) == ("a‹U+202E›b.geojson", "without x‹U+200B›y")


def test_words_of_a_fault_with_braces_are_said_as_they_are():
    assert '{"type":"FeatureCollection"' in fault("E_ROOT_TYPE.layer", "a").hint


def test_an_unknown_value_names_the_known_ones_in_either_language():
    assert unknown_value("a", "unit", "acre", ("ha", "mu")).code == "E_UNKNOWN_UNIT"
    with speaking("zh"):
        said = unknown_value("a", "unit", "acre", ("ha", "mu"), code="E_UNKNOWN_VALUE")
    assert said.code == "E_UNKNOWN_VALUE"
    assert "ha, mu" in said.hint


def test_a_hint_is_said_where_no_value_is_known():
    assert unknown_value("a", "source", "S9", ()).hint.startswith("Use one of")


def test_a_notice_and_its_fault_say_the_same():
    one = notice("E_RING_SHORT", {"feature": 2, "ring": 1}, found=3)
    said, given = one.worded(), one.fault("parks.geojson")
    assert (said.code, said.where) == (one.code, one.where())
    assert given.where == f"parks.geojson, {said.where}"
    assert (given.what, given.hint) == (said.what.rstrip("."), said.hint.rstrip("."))
