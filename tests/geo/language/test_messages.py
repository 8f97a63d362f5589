"""One catalogue: every key that the program says is in it."""

import re
from pathlib import Path

import pytest

from beltmap.geo.language.messages import LANGUAGES, catalogue, text

ROOT = Path(__file__).parents[3]
SAID = re.compile(r'\b(?:text|say)\(\s*"([a-z_0-9]+\.[a-z_0-9.]+)"')


def test_plural_follows_the_number():
    assert text("summary.zones", n=1) == "1 zone"
    assert text("summary.zones", n=0) == "0 zones"


def test_unknown_key_is_a_fault_of_the_program():
    with pytest.raises(KeyError):
        text("no.such.key")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_in_the_code_is_in_the_catalogue(language):
    files = [ROOT / "app.py", *(ROOT / "geo").rglob("*.py")]
    files += (ROOT / "layers").rglob("*.py")
    keys = {
        key
        for path in files
        for key in SAID.findall(path.read_text(encoding="utf-8"))
        if key != "no.such.key"
    }
    assert len(keys) > 20
    known = {k[0] if isinstance(k, tuple) else k for k in catalogue(language)._catalog}
    assert keys <= known, f"not in {language}.po: {sorted(keys - known)}"
