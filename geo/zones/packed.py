"""Geometries kept as a file has them, and made into shapes when they are asked for."""

import numbers
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import shapely
from geopandas.array import GeometryArray, _get_common_crs
from numpy.typing import ArrayLike, NDArray

MOST_SHAPES: Final = 200_000
"""Zones whose shapes are all kept; of more, they are packed."""

BATCH: Final = 8_192
"""Rows gone through at once: their shapes fit the memory that the last ones left."""

UNREADABLE: Final = shapely.Point()
"""Stands for what is no geometry at all, which is not the same as none."""

Shapes = NDArray[np.object_]


class PackedArray(GeometryArray):  # type: ignore[misc]  # geopandas has no types
    """
    A column of geometries as well-known binary.

    That takes half the memory of shapely's objects: of a million zones, more
    than all else that is known of them. A row, or a choice of up to
    `MOST_SHAPES` of them, is made into shapes when it is taken; a larger
    choice stays packed. What geopandas computes of all rows at once makes
    shapes of them all for as long as that takes, also whether they are missing
    if a series is asked: ask its array.

    Parameters
    ----------
    wkb
        Well-known binary of each row, null where it has no geometry; what
        cannot be read becomes `UNREADABLE`.
    crs
        Anything that `pyproj.CRS.from_user_input` knows, or None.
    bounds
        As the property, where they are known already.

    Examples
    --------
    >>> packed = PackedArray(pack([shapely.Point(1, 2), None]), crs=4326)
    >>> packed[0], packed[1]
    (<POINT (1 2)>, None)
    """

    def __init__(
        self,
        wkb: pa.ChunkedArray,
        crs: object = None,
        bounds: NDArray[np.float64] | None = None,
    ) -> None:
        self._wkb = wkb
        self._crs = None
        self.crs = crs
        self._sindex = None
        self._bounds: Any = bounds

    @property
    def _data(self) -> Shapes:
        # geopandas computes with this attribute whatever is not said below
        shapes = np.concatenate([np.empty(0, object), *self.batches()])
        # what is written into them would be lost
        shapes.flags.writeable = False
        return shapes

    def batches(self) -> Iterator[Shapes]:
        """Make shapes of all rows, a part at a time."""
        bounds = [np.empty((0, 4))]
        for chunk in self._wkb.iterchunks():
            for start in range(0, len(chunk), BATCH):
                shapes = read_shapes(chunk.slice(start, BATCH))
                bounds.append(shapely.bounds(shapes))
                yield shapes
        # to go through all once more for them would take as long again
        self._bounds = np.concatenate(bounds)
        self._bounds.flags.writeable = False

    def _of(self, wkb: pa.ChunkedArray) -> GeometryArray:
        """Give some of the rows, packed if they are many."""
        chosen = PackedArray(wkb, crs=self.crs)
        if len(wkb) > MOST_SHAPES:
            return chosen
        return GeometryArray(chosen._data.copy(), crs=self.crs)

    def _at(self, rows: NDArray[np.intp], missing: NDArray[np.bool_]) -> GeometryArray:
        # Arrow's own take of a chunked array would first make one of all chunks
        lengths = [len(chunk) for chunk in self._wkb.iterchunks()]
        ends = np.cumsum([0, *lengths])
        chunk = np.searchsorted(ends[1:], np.where(missing, 0, rows), side="right")
        pieces = [
            self._wkb.chunk(at).take(
                pa.array(rows[chunk == at] - ends[at], mask=missing[chunk == at])
            )
            for at in np.unique(chunk).tolist()
        ]
        taken = pa.chunked_array(pieces, pa.large_binary())
        order = np.argsort(chunk, kind="stable")
        if (np.diff(order) < 0).any():
            taken = taken.take(pa.array(np.argsort(order)))
        return self._of(taken)

    def __getitem__(self, item: Any) -> Any:  # noqa: ANN401 - as numpy's
        if isinstance(item, numbers.Integral):
            row = range(len(self))[int(item)]
            return read_shapes(self._wkb.slice(row, 1))[0]
        chosen = pd.api.indexers.check_array_indexer(self, item)
        if isinstance(chosen, slice) and chosen.step in (None, 1):
            rows = range(len(self))[chosen]
            if len(rows) == len(self):
                return self.copy()
            return self._of(self._wkb.slice(rows.start, len(rows)))
        return self.take(np.arange(len(self))[chosen])

    def __setitem__(self, key: Any, value: Any) -> None:  # noqa: ANN401 - as numpy's
        shapes = GeometryArray(self._data.copy(), crs=self.crs)
        shapes[key] = value
        self._wkb, self._sindex, self._bounds = pack(shapes), None, None

    def __iter__(self) -> Iterator[Any]:
        for batch in self.batches():
            yield from batch

    def __reduce__(self) -> tuple[Any, ...]:
        return PackedArray, (self._wkb, self._crs)

    @property
    def size(self) -> int:
        """Number of rows."""
        return len(self._wkb)

    @property
    def nbytes(self) -> int:
        """Bytes of the packed rows."""
        return int(self._wkb.nbytes)

    @property
    def bounds(self) -> NDArray[np.float64]:
        """Least x, least y, most x and most y, shape ``(n, 4)``; NaN without any."""
        if self._bounds is None:
            for _ in self.batches():
                pass
        bounds: NDArray[np.float64] = self._bounds
        return bounds

    def isna(self) -> NDArray[np.bool_]:
        """Tell which rows have no geometry."""
        return np.asarray(self._wkb.is_null().to_numpy(), bool)

    def copy(self, *_: object, **__: object) -> "PackedArray":
        """Give the same rows; what is written into either stays there."""
        same = PackedArray(self._wkb, self.crs, self._bounds)
        same._sindex = self._sindex
        return same

    def take(
        self,
        indices: ArrayLike,
        allow_fill: bool = False,  # noqa: FBT001, FBT002 - as pandas calls it
        fill_value: object = None,
    ) -> GeometryArray:
        """Take rows by number, as `pandas.api.extensions.take` does."""
        rows = np.asarray(indices, np.intp)
        least = -1 if allow_fill else -len(self)
        if allow_fill and rows.size and rows.min() < least:
            raise ValueError("allow_fill takes no row before -1")
        if rows.size and not least <= rows.min() <= rows.max() < len(self):
            raise IndexError("out of bounds")
        filled = allow_fill and isinstance(fill_value, shapely.Geometry)
        if filled or not len(self):
            return super().take(rows, allow_fill=allow_fill, fill_value=fill_value)
        if allow_fill:
            return self._at(rows, rows < 0)
        return self._at(rows % len(self), np.zeros(len(rows), bool))

    def fillna(self, *args: Any, **options: Any) -> GeometryArray:  # noqa: ANN401 - as pandas calls it
        """Fill missing rows, in a copy that is not packed."""
        return GeometryArray(self._data.copy(), crs=self.crs).fillna(*args, **options)

    @classmethod
    def _concat_same_type(cls, to_concat: Sequence[GeometryArray]) -> GeometryArray:
        chunks = [chunk for one in to_concat for chunk in pack(one).iterchunks()]
        known = [
            one._bounds if isinstance(one, cls) else one.bounds  # noqa: SLF001 - of this module
            for one in to_concat
        ]
        whole = all(one is not None for one in known)
        bounds = np.concatenate(known) if whole else None
        wkb = pa.chunked_array(chunks, pa.large_binary())
        return cls(wkb, _get_common_crs(to_concat), bounds)


def pack(geometries: Iterable[Any]) -> pa.ChunkedArray:
    """
    Write geometries as well-known binary; what is packed already stays as it is.

    Parameters
    ----------
    geometries
        An array or list of shapely geometries or None.

    Returns
    -------
    wkb
        For `PackedArray`.
    """
    if isinstance(geometries, PackedArray):
        return geometries._wkb  # noqa: SLF001 - of this module
    shapes = np.asarray(geometries, object)
    return pa.chunked_array(
        [
            pa.array(shapely.to_wkb(shapes[start : start + BATCH]), pa.large_binary())
            for start in range(0, len(shapes), BATCH)
        ],
        pa.large_binary(),
    )


def in_batches(geometries: "Shapes | PackedArray") -> Iterator[Shapes]:
    """Go through geometries as shapes: packed ones a part at a time, others at once."""
    if isinstance(geometries, PackedArray):
        return geometries.batches()
    return iter((geometries,))


def read_shapes(column: "pa.Array | pa.ChunkedArray") -> Shapes:
    """Read well-known binary; `UNREADABLE` stands for what is none."""
    binary = _objects(column)
    shapes = np.asarray(shapely.from_wkb(binary, on_invalid="ignore"), dtype=object)
    shapes[shapely.is_missing(shapes) & pd.notna(binary)] = UNREADABLE
    return shapes


def _objects(column: "pa.Array | pa.ChunkedArray") -> Shapes:
    if isinstance(column, pa.ChunkedArray):
        return np.asarray(column.to_numpy(), object)
    return np.asarray(column.to_numpy(zero_copy_only=False), object)
