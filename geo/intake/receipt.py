"""What became of every row of an upload, to read, to keep and to compare."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass

from geo.intake.notices import Notice, Severity, visible
from geo.language.messages import text

LISTED = 20
"""Notices of one code that the text shows; the others are in JSON and CSV."""


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
    drawn, without_geometry, refused
        What became of them; they add up to `rows_in`.
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
    format: str = ""
    layer: str = ""
    crs: str = ""
    encoding: str = ""

    @property
    def adds_up(self) -> bool:
        """Whether every row of the file is accounted for."""
        counted = self.drawn + self.without_geometry + self.refused
        return counted == (self.rows_in or 0)

    def rows(self, language: str | None = None) -> list[dict[str, str]]:
        """Give the notices as rows of a table: code, severity, where, what, mend."""
        return [
            {
                "code": one.code,
                "severity": text(
                    f"intake.severity.{one.severity.name}", language=language
                ),
                "where": one.where(language),
                "what": one.what(language),
                "mend": one.mend(language),
            }
            for one in self.notices
        ]

    def summary(self, language: str | None = None) -> str:
        """Say in one line what became of the rows."""
        if self.rows_in is None:
            return text("intake.receipt.unread", language=language)
        return text(
            "intake.receipt.rows",
            language=language,
            rows_in=self.rows_in,
            drawn=self.drawn,
            without=self.without_geometry,
            refused=self.refused,
        )

    def as_text(self, language: str | None = None) -> str:
        """Write the receipt for a terminal or a mail."""
        return "\n".join(self._lines(language)) + "\n"

    def as_json(self) -> str:
        """Write the receipt for a program."""
        document = {
            "file": self.name,
            "verdict": self.verdict.name,
            "rows_in": self.rows_in,
            "drawn": self.drawn,
            "without_geometry": self.without_geometry,
            "refused": self.refused,
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
                    "what": one.what(),
                    "mend": one.mend(),
                }
                for one in self.notices
            ],
        }
        return json.dumps(document, ensure_ascii=False, indent=1, default=str) + "\n"

    def as_csv(self, language: str | None = None) -> str:
        """Write the notices for a spreadsheet, which takes none for a formula."""
        columns = ("file", "code", "severity", "where", "what", "mend")
        out = io.StringIO()
        writer = csv.DictWriter(out, columns, lineterminator="\r\n")
        writer.writeheader()
        for row in self.rows(language):
            cells = row | {"file": visible(self.name)}
            writer.writerow({key: _plain(cell) for key, cell in cells.items()})
        return "\ufeff" + out.getvalue()

    def _lines(self, language: str | None) -> Iterator[str]:
        verdict = text(f"intake.verdict.{self.verdict.name}", language=language)
        yield f"{visible(self.name, limit=60)}: {verdict}"
        yield f"  {self.summary(language)}"
        for fact in ("format", "layer", "crs", "encoding"):
            value = getattr(self, fact)
            if value:
                label = text(f"intake.receipt.{fact}", language=language)
                yield f"  {label}: {visible(value)}"
        seen: dict[str, int] = {}
        for row in self.rows(language):
            seen[row["code"]] = seen.get(row["code"], 0) + 1
            if seen[row["code"]] <= LISTED:
                where = f"{row['where']}: " if row["where"] else ""
                yield f"  {row['severity']} {row['code']}: {where}{row['what']}"
                if row["mend"]:
                    yield f"      {row['mend']}"
        for code, n in seen.items():
            if n > LISTED:
                yield "  " + text(
                    "intake.receipt.more", language=language, code=code, n=n - LISTED
                )


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


def _plain(cell: str) -> str:
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
