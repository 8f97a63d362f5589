"""Every example in a docstring is true."""

import doctest
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
FILES = [path for name in ("geo", "layers") for path in (ROOT / name).rglob("*.py")]
MODULES = [
    "beltmap",
    *sorted(
        ".".join(("beltmap", *path.relative_to(ROOT).with_suffix("").parts))
        for path in FILES
        if ">>> " in path.read_text(encoding="utf-8")
    ),
]


@pytest.mark.parametrize("name", MODULES)
def test_examples(name):
    failed, tried = doctest.testmod(import_module(name), optionflags=FLAGS)
    assert tried
    assert not failed
