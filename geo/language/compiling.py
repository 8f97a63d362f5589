"""
The catalogues as gettext reads them, made once instead of at every start.

``python -m beltmap.geo.language.compiling`` writes them beside their sources.
"""

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from zlib import crc32

CATALOGUES: Final = Path(__file__).parent / "locale"


def compiled_name(language: str, source: bytes) -> str:
    """Name the compiled form of a catalogue: another content, another name."""
    return f"{language}-{crc32(source):08x}.mo"


def compile_catalogue(language: str, source: bytes) -> bytes:
    """
    Compile a catalogue.

    Parameters
    ----------
    language
        Code of its language.
    source
        Its text, as translators write it.

    Returns
    -------
    compiled
        What `gettext.GNUTranslations` reads.
    """
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    messages = read_po(io.BytesIO(source), locale=language)
    # the same source gives the same bytes, whenever it is compiled
    messages.creation_date = datetime.fromtimestamp(0, UTC)
    compiled = io.BytesIO()
    write_mo(compiled, messages)
    return compiled.getvalue()


def compile_all(folder: Path) -> list[Path]:
    """
    Compile every catalogue into a folder, and delete what others left there.

    Parameters
    ----------
    folder
        Where the compiled catalogues go.

    Returns
    -------
    files
        Those that are up to date now.
    """
    files = []
    for path in sorted(CATALOGUES.glob("*.po")):
        source = path.read_bytes()
        file = folder / compiled_name(path.stem, source)
        if not file.exists():
            file.write_bytes(compile_catalogue(path.stem, source))
        files.append(file)
    for old in {*folder.glob("*.mo")} - {*files}:
        old.unlink()
    return files


if __name__ == "__main__":
    compile_all(CATALOGUES)
