"""
Lay out what the site is built from: docs/, and what it has from beside it.

Links are led to where their files are on the site; one that leads nowhere is an
error. A page that has no Chinese is shown to Chinese readers in English, and says so.
"""

import os
import re
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
OTHERS = {
    "SECURITY.md": "security.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
    "data/README.md": "plan-files.md",
    "tests/bench/cost.png": "pictures/cost.png",
}
"""Files of the repository, and where they are on the site."""

BOTH = ("glossary.md",)
"""Pages that speak both languages at once."""

ENGLISH_ALONE = '!!! note "本页目前只有英文。"\n\n'
LINK = re.compile(r"(?<=\]\()([^)\s#:]+)(?=[)#])")


class LostLinkError(Exception):
    """A link that leads nowhere, or off the site."""


def lay_out(folder: Path) -> None:
    """
    Write all files of the site into a folder, anew.

    Parameters
    ----------
    folder
        What it holds goes.
    """
    shutil.rmtree(folder, ignore_errors=True)
    sources = {path: place(path) for path in DOCS.rglob("*") if path.is_file()}
    sources |= {ROOT / path: name for path, name in OTHERS.items()}
    for path, name in sources.items():
        made = folder / name
        made.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix != ".md":
            shutil.copyfile(path, made)
            continue
        page = led(path, set(sources))
        made.write_text(page, encoding="utf-8")
        chinese = name.replace(".md", ".zh.md")
        if not name.endswith(".zh.md") and chinese not in sources.values():
            note = "" if name in BOTH else ENGLISH_ALONE
            (folder / chinese).write_text(note + page, encoding="utf-8")


def place(path: Path) -> str:
    """Tell where a file of the repository is on the site."""
    inside = path.relative_to(ROOT).as_posix()
    return OTHERS.get(inside, inside.removeprefix("docs/"))


def led(path: Path, known: set[Path]) -> str:
    """Read a page, with its links as they hold on the site."""

    def lead(found: re.Match[str]) -> str:
        target = (path.parent / found[1]).resolve()
        if target not in known:
            raise LostLinkError(f"{path.relative_to(ROOT)}: {found[1]}")
        # the site chooses the language of a page
        name = place(target).replace(".zh.md", ".md")
        return os.path.relpath(name, Path(place(path)).parent)

    return LINK.sub(lead, path.read_text(encoding="utf-8"))


if __name__ == "__main__":
    lay_out(ROOT / "build" / "pages")
