"""The layers of a file, as GDAL reads them from memory."""

import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from beltmap.geo.intake.formats.columnar import check_apart
from beltmap.geo.intake.formats.gdal.drivers import DRIVERS
from beltmap.geo.intake.limits import Limits
from beltmap.geo.intake.notices import Json, RefusedError, refuse


@dataclass(frozen=True)
class Table:
    """
    One layer as GDAL gives it.

    Parameters
    ----------
    columns
        Values by column.
    shapes
        Well-known binary, None where there is none; curves are lines.
    crs
        As a code or a definition; None where the file states none.
    """

    columns: Mapping[str, Sequence[Json]]
    shapes: Sequence[bytes | None]
    crs: str | None


@dataclass(frozen=True)
class Source:
    """
    A file that GDAL reads.

    Parameters
    ----------
    kind
        A key of `geo.intake.formats.gdal.drivers.DRIVERS`.
    data
        Its bytes; a ZIP of them where there are several.
    broken
        Code of what is said where it cannot be read.
    limits
        How large a layer may be.
    encoding
        Encoding of its text, where GDAL must be told.
    """

    kind: str
    data: bytes
    broken: str
    limits: Limits
    encoding: str | None = None

    @property
    def found(self) -> str:
        """Name the format where the message does not."""
        return self.kind.upper() if self.kind in {"gml", "gpx"} else ""

    def layers(self) -> dict[str, str]:
        """
        List the layers with shapes, each with the kind of its geometry.

        Raises
        ------
        RefusedError
            If the file cannot be read, or if this is not the worker.
        """
        check_apart()
        import pyogrio

        with self._reading():
            listed = pyogrio.list_layers(self.data).tolist()
        return {str(name): str(kind) for name, kind in listed if kind is not None}

    def table(self, layer: str) -> Table:
        """
        Read one layer.

        Raises
        ------
        RefusedError
            If it cannot be read, or is too large.
        """
        check_apart()
        import pyogrio
        import pyogrio.raw

        limits = self.limits
        with self._reading():
            about = pyogrio.read_info(self.data, layer=layer, encoding=self.encoding)
            if about["driver"] != DRIVERS[self.kind]:
                raise refuse(self.broken, found=self.found)
            if len(about["fields"]) > limits.columns:
                raise refuse("E_TOO_MANY_COLUMNS", limit=limits.columns)
            if about["features"] > limits.rows:
                raise refuse("E_TOO_MANY_ROWS", limit=limits.rows)
            meta, _, shapes, values = pyogrio.raw.read(
                self.data,
                layer=layer,
                encoding=self.encoding,
                max_features=limits.rows + 1,
                datetime_as_string=True,
            )
        columns = {
            str(name): column.tolist()
            for name, column in zip(meta["fields"], values, strict=True)
        }
        listed = [] if shapes is None else shapes.tolist()
        return Table(columns, listed, meta["crs"])

    def shapes(self, layer: str) -> list[bytes | None]:
        """
        Read the shapes of one layer that `table` has read, curves as curves.

        Raises
        ------
        RefusedError
            If they cannot be read, or if this is not the worker.
        """
        check_apart()
        import pyogrio.raw

        with (
            self._reading(),
            pyogrio.raw.open_arrow(
                self.data, layer=layer, columns=[], use_pyarrow=True
            ) as (_, reader),
        ):
            found = reader.read_all()
            listed: list[bytes | None] = found.column(found.num_columns - 1).to_pylist()
        return listed

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Say in our words what the library says in its own."""
        import pyogrio.errors as of

        known: tuple[type[Exception], ...] = (
            of.DataSourceError,
            of.DataLayerError,
            of.FieldError,
            of.GeometryError,
            of.FeatureError,
            RuntimeError,
            ValueError,
        )
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                yield
        except known as error:
            if isinstance(error, RefusedError):
                raise
            raise refuse(self.broken, found=self.found) from None


def without_blank(columns: Mapping[str, Sequence[Json]]) -> dict[str, Sequence[Json]]:
    """
    Leave out the columns that say nothing in any row.

    Examples
    --------
    >>> without_blank({"name": ["A", None], "sym": [None, ""]})
    {'name': ['A', None]}
    """
    return {
        name: values
        for name, values in columns.items()
        if any(value not in (None, "") and value == value for value in values)  # noqa: PLR0124 - not NaN
    }
