"""What a PDF of Matplotlib says of itself: title, language and bookmarks."""

import re
from collections.abc import Sequence
from typing import Final

LANGUAGES: Final = {"en": "en", "zh": "zh-CN"}
"""Languages as PDF names them."""


def tell_of_itself(
    content: bytes,
    *,
    title: str,
    language: str,
    marks: Sequence[tuple[str, int, float]],
) -> bytes:
    """
    Add title, language and bookmarks, which Matplotlib cannot write.

    Parameters
    ----------
    content
        A PDF as Matplotlib writes it.
    title
        What a reader's window is called.
    language
        Code of the language that is spoken aloud.
    marks
        Words of each bookmark, the number of the page to which it leads, from 0,
        and how far above its lower edge, in points.

    Returns
    -------
    content
        The same with an update after its end, as ISO 32000 lays down in 7.5.6:
        what was there stays as it was.
    """
    size = int(_found(rb"/Size (\d+)", content))
    root = int(_found(rb"/Root (\d+) 0 R", content))
    info = int(_found(rb"/Info (\d+) 0 R", content))
    pages = int(_found(rb"/Pages (\d+) 0 R", content))
    leaves = re.findall(rb"(\d+) 0 R", _found(rb"/Kids \[([^\]]*)\]", content))
    outline, first = size, size + 1
    objects = {
        root: f"<< /Type /Catalog /Pages {pages} 0 R /Lang ({LANGUAGES[language]})"
        f" /ViewerPreferences << /DisplayDocTitle true >> /PageMode /UseOutlines"
        f" /Outlines {outline} 0 R >>",
        info: f"<< /Title {_text(title)} /Creator (beltmap) >>",
        outline: f"<< /Type /Outlines /First {first} 0 R"
        f" /Last {size + len(marks)} 0 R /Count {len(marks)} >>",
    }
    for place, (words, page, top) in enumerate(marks):
        number = first + place
        before = f" /Prev {number - 1} 0 R" if place else ""
        after = f" /Next {number + 1} 0 R" if place + 1 < len(marks) else ""
        objects[number] = (
            f"<< /Title {_text(words)} /Parent {outline} 0 R{before}{after}"
            f" /Dest [{int(leaves[page])} 0 R /XYZ 0 {top:.1f} 0] >>"
        )
    start = int(_found(rb"startxref\s+(\d+)\s+%%EOF\s*$", content))
    made, table = bytearray(content), "xref\n"
    for number, words in objects.items():
        table += f"{number} 1\n{len(made):010d} 00000 n \n"
        made += f"{number} 0 obj\n{words}\nendobj\n".encode("ascii")
    end = len(made)
    total = size + 1 + len(marks)
    table += f"trailer\n<< /Size {total} /Root {root} 0 R /Info {info} 0 R"
    table += f" /Prev {start} >>\nstartxref\n{end}\n%%EOF\n"
    return bytes(made) + table.encode("ascii")


def _found(pattern: bytes, content: bytes) -> bytes:
    """Find the last of what Matplotlib always writes."""
    return re.findall(pattern, content)[-1]  # type: ignore[no-any-return]


def _text(words: str) -> str:
    """Write any text as PDF holds it: UTF-16 with its mark, in hexadecimal."""
    return f"<FEFF{words.encode('utf-16-be', errors='replace').hex().upper()}>"
