"""A compiled catalogue is that of its source, or none."""

import gettext

from beltmap.geo.language.compiling import (
    CATALOGUES,
    compile_all,
    compile_catalogue,
    compiled_name,
)
from beltmap.geo.language.messages import catalogue


def test_another_content_has_another_name():
    source = (CATALOGUES / "en.po").read_bytes()
    assert compiled_name("en", source) != compiled_name("en", source + b"\n")


def test_what_is_compiled_says_what_its_source_says(tmp_path):
    for file in compile_all(tmp_path):
        language = file.name.partition("-")[0]
        source = (CATALOGUES / f"{language}.po").read_bytes()
        assert file.name == compiled_name(language, source)
        with file.open("rb") as opened:
            made = gettext.GNUTranslations(opened)
        assert made._catalog == catalogue(language)._catalog
        assert file.read_bytes() == compile_catalogue(language, source)


def test_what_is_out_of_date_goes(tmp_path):
    old = tmp_path / "en-00000000.mo"
    old.write_bytes(b"")
    files = compile_all(tmp_path)
    assert sorted(tmp_path.iterdir()) == sorted(files)
    assert len(files) == 2
