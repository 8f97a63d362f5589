"""The rows of an upload as they come out of a file, before anything is judged."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, SupportsIndex

import numpy as np
import shapely

from beltmap.geo.geometry.area import Geometries, Shape
from beltmap.geo.intake.limits import Limits
from beltmap.geo.intake.notices import Json, Notice, RefusedError, notice, refuse


class _Absent:
    """Stands for a member that a row does not have; null is a value."""

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Final = _Absent()


@dataclass(frozen=True, eq=False)
class Rows:
    """
    One layer of a file.

    Parameters
    ----------
    name
        Name that the file gives the layer; empty if it gives none.
    columns
        Values by column, one a row, `ABSENT` where the row has no such member.
    geometries
        Shapely geometry or None of each row, in the coordinates of the file.
    numbers
        Number of each row in the file, from one.
    ids
        Feature id of each row as given, or `ABSENT`.
    word
        What the format calls a row: feature, row, record, placemark.
    crs
        CRS that the file states, as a text that `geo.intake.checks.crs` knows; None
        if it states none.
    refused
        Rows that cannot be used, one notice each.
    notices
        Everything else there is to say.
    encoding
        Encoding of the text.
    unit
        Unit of the areas that stands beside the table; empty if none does.
    aside
        How many rows of the file are no records, and are left out.
    """

    name: str
    columns: Mapping[str, list[Json]]
    geometries: Geometries
    numbers: list[int]
    ids: list[Json]
    word: str = "feature"
    crs: str | None = None
    refused: tuple[Notice, ...] = ()
    notices: tuple[Notice, ...] = ()
    encoding: str = "utf-8"
    unit: str = ""
    aside: int = 0

    def __len__(self) -> int:
        return len(self.numbers)

    def place(self, row: SupportsIndex) -> dict[str, Json]:
        """Say where a row is in the file."""
        return {self.word: int(self.numbers[row])}


NO_ROWS: Final = Rows("", {}, np.empty(0, dtype=object), [], [])


@dataclass
class Collector:
    """
    Gathers rows one by one, and stops where a limit is passed.

    Parameters
    ----------
    limits
        How large a layer may be.
    word
        What the format calls a row.
    """

    limits: Limits
    word: str = "feature"
    records: list[dict[str, Json]] = field(default_factory=list)
    shapes: list[Shape | None] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    ids: list[Json] = field(default_factory=list)
    names: dict[str, None] = field(default_factory=dict)
    refused: list[Notice] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    counted: dict[str, list[int]] = field(default_factory=dict)
    told: set[tuple[str, str]] = field(default_factory=set)
    count: int = 0

    def begin(self) -> dict[str, Json]:
        """Count one more row of the file and say where it is."""
        self.count += 1
        if self.count > self.limits.rows:
            raise refuse("E_TOO_MANY_ROWS", limit=self.limits.rows)
        return {self.word: self.count}

    def add(
        self,
        record: dict[str, Json],
        shape: Shape | None,
        *,
        identity: Json = ABSENT,
    ) -> None:
        """Keep the row that `begin` began."""
        self.names |= dict.fromkeys(record)
        if len(self.names) > self.limits.columns:
            raise refuse("E_TOO_MANY_COLUMNS", limit=self.limits.columns)
        self.records.append(record)
        self.shapes.append(shape)
        self.numbers.append(self.count)
        self.ids.append(identity)

    def refuse(self, error: RefusedError) -> None:
        """Set the row aside that `begin` began."""
        self.refused.append(error.notice)

    def tell(self, code: str) -> None:
        """Count the current row among those of which one notice speaks."""
        rows = self.counted.setdefault(code, [])
        if not rows or rows[-1] != self.count:
            rows.append(self.count)

    def tell_column(self, code: str, column: str) -> None:
        """Say something of a column, once."""
        if (code, column) not in self.told:
            self.told.add((code, column))
            self.notices.append(notice(code, column=column))

    def rows(self, *, name: str = "", crs: str | None = None) -> Rows:
        """Put everything together."""
        cells = len(self.names) * len(self.records)
        if cells > self.limits.cells:
            raise refuse("E_TOO_MANY_CELLS", found=cells, limit=self.limits.cells)
        geometries = np.empty(len(self.shapes), dtype=object)
        geometries[:] = self.shapes
        vertices = int(shapely.get_num_coordinates(geometries).sum())
        if vertices > self.limits.vertices:
            limit = self.limits.vertices
            raise refuse("E_TOO_MANY_VERTICES", found=vertices, limit=limit)
        counted = [
            notice(code, {f"{self.word}s": rows}, n=len(rows))
            for code, rows in self.counted.items()
        ]
        return Rows(
            name=name,
            columns={
                key: [record.get(key, ABSENT) for record in self.records]
                for key in self.names
            },
            geometries=geometries,
            numbers=self.numbers,
            ids=self.ids,
            word=self.word,
            crs=crs,
            refused=tuple(self.refused),
            notices=(*self.notices, *counted),
        )
