"""What became of every row of an upload, to read, to keep and to compare."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from beltmap.geo.csvfile import inert
from beltmap.geo.intake.notices import Notice, Severity
from beltmap.geo.language.hidden import excerpt
from beltmap.geo.language.messages import text

MOST_BYTES: Final = 16 * 2**20
"""Size of the zipped receipt, of which a page takes no more."""

LISTED: Final = 5
"""Sentences of one kind that a receipt shows; the others are in JSON and CSV."""

PLACES: Final = 3
"""Places that are named of one sentence."""


@dataclass(frozen=True)
class Told:
    """
    One thing that a receipt says, and where it holds.

    Parameters
    ----------
    severity
        What follows from it.
    where
        The first places; empty where it holds of the whole file.
    what, hint
        What was found, and what to do about it.
    """

    severity: Severity
    where: str
    what: str
    hint: str

    def line(self) -> str:
        """Say what was found, and where, in one line."""
        if not self.where:
            return self.what
        return _labelled(self.where, self.what)


@dataclass(frozen=True)
class Receipt:
    """
    Everything that happened to one file.

    Parameters
    ----------
    name
        Name of the file, as given; only ever shown.
    verdict
        What follows from all notices together.
    notices
        Everything there is to say, worst first.
    rows_in
        Rows in the file; None where it could not be read that far.
    drawn, without_geometry, refused, aside
        What became of them; they add up to `rows_in`. Set aside are rows that
        are no records, such as totals.
    unlisted
        Number of notices by code that are not among these, see
        `geo.intake.apart.listed`.
    format
        What the file was read as.
    layer
        Name of the layer in the file.
    crs, encoding
        As they were used.
    """

    name: str
    verdict: Severity
    notices: tuple[Notice, ...]
    rows_in: int | None = None
    drawn: int = 0
    without_geometry: int = 0
    refused: int = 0
    aside: int = 0
    unlisted: Mapping[str, int] = field(default_factory=dict)
    format: str = ""
    layer: str = ""
    crs: str = ""
    encoding: str = ""

    def rows(self) -> list[dict[str, str]]:
        """Give the notices as rows of a table: severity, code, where, what, hint."""
        return [_row(one) for one in self.notices]

    def verdict_in_words(self) -> str:
        """Say whether the file can be drawn; never of one with nothing to draw."""
        nothing = self.verdict < Severity.ASK and not self.drawn
        return text(f"intake.verdict.{'NOTHING' if nothing else self.verdict.name}")

    def summary(self) -> str:
        """Say in one sentence what became of the rows."""
        if self.rows_in is None:
            return text("intake.receipt.unread")
        counts = {
            "drawn": self.drawn,
            "without": self.without_geometry,
            "refused": self.refused,
            "aside": self.aside,
        }
        parts = [text(f"intake.receipt.part.{k}", n=n) for k, n in counts.items() if n]
        rows = text("intake.receipt.rows", n=self.rows_in)
        if not parts:
            return rows
        said = text("intake.receipt.join").join(parts)
        return text("intake.receipt.sentence", rows=rows, parts=said)

    def told(self) -> list[Told]:
        """Say what there is to say, worst first, one thing once."""
        groups: dict[tuple[str, str], list[Notice]] = {}
        for one in self.notices:
            groups.setdefault((one.code, one.worded().what), []).append(one)
        by_code: dict[str, int] = {}
        told = []
        for (code, what), same in groups.items():
            by_code[code] = by_code.get(code, 0) + 1
            if by_code[code] > LISTED:
                continue
            places = [one.where() for one in same if one.place]
            shown = places[:PLACES] + ["…"] * (len(places) > PLACES)
            where = text("intake.list").join(shown)
            told.append(Told(same[0].severity, where, what, same[0].worded().hint))
        for code, n in by_code.items():
            left = max(0, n - LISTED) + self.unlisted.get(code, 0)
            if left:
                first = next(one for one in self.notices if one.code == code)
                more = text("intake.receipt.more", n=left)
                told.append(Told(first.severity, "", more, ""))
        return sorted(told, key=lambda one: -one.severity)

    def facts(self) -> list[tuple[str, str]]:
        """Give what the file was read as, each with its label."""
        names = ("format", "layer", "crs", "encoding")
        given = [(name, getattr(self, name)) for name in names]
        return [
            (text(f"intake.receipt.{name}"), excerpt(value))
            for name, value in given
            if value
        ]

    def as_text(self) -> str:
        """Write the receipt for a terminal or a mail."""
        return "\n".join(self._lines()) + "\n"

    def as_json(self) -> str:
        """Write the receipt for a program."""
        document = {
            "file": self.name,
            "verdict": self.verdict.name,
            "rows_in": self.rows_in,
            "drawn": self.drawn,
            "without_geometry": self.without_geometry,
            "refused": self.refused,
            "set_aside": self.aside,
            "format": self.format,
            "layer": self.layer,
            "crs": self.crs,
            "encoding": self.encoding,
            "notices": [
                {
                    "code": one.code,
                    "severity": one.severity.name,
                    "place": dict(one.place),
                    "values": dict(one.values),
                    "what": said.what,
                    "hint": said.hint,
                }
                for one in self.notices
                for said in [one.worded()]
            ],
        }
        return json.dumps(document, ensure_ascii=False, indent=1, default=str) + "\n"

    def as_csv(self) -> str:
        """Write the notices for a spreadsheet, which takes none for a formula."""
        return "".join(self._csv_lines())

    def as_zip(self, *, most_bytes: int = MOST_BYTES) -> bytes:
        """
        Write the notices as `as_csv` does, in a small file however many there are.

        Parameters
        ----------
        most_bytes
            Where the file would be larger, the last line says how many notices
            are left out.
        """
        out = io.BytesIO()
        with ZipFile(out, "w", ZIP_DEFLATED) as archive:
            # a date of its own would make two files of the same notices differ
            entry = ZipInfo("receipt.csv", (1980, 1, 1, 0, 0, 0))
            entry.compress_type = ZIP_DEFLATED
            with archive.open(entry, "w", force_zip64=True) as file:
                for n, line in enumerate(self._csv_lines()):
                    if out.tell() > most_bytes:
                        left = len(self.notices) + 1 - n
                        file.write(text("intake.receipt.left", n=left).encode())
                        break
                    file.write(line.encode("utf-8", "replace"))
        return out.getvalue()

    def _csv_lines(self) -> Iterator[str]:
        columns = ("file", "code", "severity", "where", "what", "hint")
        out = io.StringIO()
        writer = csv.DictWriter(out, columns, lineterminator="\r\n")
        writer.writeheader()
        yield "\ufeff" + out.getvalue()
        name = excerpt(self.name)
        for one in self.notices:
            cells = _row(one) | {"file": name}
            out.seek(0)
            out.truncate()
            writer.writerow({key: inert(cell) for key, cell in cells.items()})
            yield out.getvalue()

    def _lines(self) -> Iterator[str]:
        yield _labelled(excerpt(self.name, limit=60), self.verdict_in_words())
        yield f"  {self.summary()}"
        for one in self.told():
            severity = text(f"intake.severity.{one.severity.name}")
            yield f"  {_labelled(severity, one.line())}"
            if one.hint:
                yield f"      {one.hint}"
        for label, value in self.facts():
            yield f"  {_labelled(label, value)}"


def _labelled(label: str, words: str) -> str:
    return text("list.labelled", label=label, meaning=words)


def _row(one: Notice) -> dict[str, str]:
    severity = text(f"intake.severity.{one.severity.name}")
    return {"severity": severity} | vars(one.worded())


def verdict(notices: tuple[Notice, ...], *, left: int, refused: int) -> Severity:
    """
    Decide what follows from all notices together.

    Parameters
    ----------
    notices
        Everything there is to say.
    left
        Rows that could be used.
    refused
        Rows that could not.

    Returns
    -------
    verdict
        The worst of the notices; a file of which no row is left is refused.
    """
    worst = max((one.severity for one in notices), default=Severity.ACCEPT)
    return Severity.REJECT if refused and not left else worst
