"""What an export loses, measured by reading it back."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from beltmap.geo.export.crs import Crs, unproject
from beltmap.geo.export.extract import Extract, in_one_order
from beltmap.geo.export.readback import Readback
from beltmap.geo.language.messages import text
from beltmap.geo.language.wording import in_a_row

MOST_NAMES: Final = 3
"""Names that a loss gives before it only counts."""

LONG: Final = 2_000
"""Vertices above which corners are compared with corners, not with edges."""

SHIFT_MM: Final = 1.0
"""Movement of a corner, in millimetres, below which nothing is lost."""

MM_PER_DEGREE: Final = 111_319_490.8
"""Length of a degree on the equator of WGS 84: no degree is longer by much."""


@dataclass(frozen=True)
class Loss:
    """
    One thing that an export does not keep.

    Parameters
    ----------
    kind
        What is lost: picture, zones, geometry, heights, precision, crs,
        columns, names, types, values, style or claims.
    names
        Zones, columns or values that it touches.
    shift_mm
        How far corners move, in millimetres, where precision is lost.
    """

    kind: str
    names: tuple[str, ...] = ()
    shift_mm: float = 0.0

    def __str__(self) -> str:
        if self.kind == "precision":
            return text("export.loss.precision", mm=f"{self.shift_mm:.3g}")
        if not self.names:
            return text(f"export.loss.{self.kind}")
        shown = in_a_row(self.names[:MOST_NAMES])
        more = len(self.names) - MOST_NAMES
        if more > 0:
            shown = text("export.loss.more", names=shown, n=more)
        return text(f"export.loss.{self.kind}", n=len(self.names), names=shown)


def find_losses(extract: Extract, found: Readback) -> tuple[Loss, ...]:
    """
    Compare what was written with what could be read again.

    Parameters
    ----------
    extract
        What was written.
    found
        What could be read.

    Returns
    -------
    losses
        Everything that is not the same, gravest first; none if nothing is
        lost. A missing value and an empty text count as one.
    """
    if found.zones is None:
        return (Loss("picture"),)
    return tuple(_losses(extract, found.zones, found))


def loss_line(losses: Sequence[Loss]) -> str:
    """
    Say in a line what an export loses.

    Parameters
    ----------
    losses
        As `find_losses` gives them.

    Returns
    -------
    line
        One sentence.

    Examples
    --------
    >>> loss_line([Loss("style"), Loss("names", ("declared_area_km2",))])
    'Does not keep: colours; 1 column name (declared_area_km2).'
    >>> loss_line([])
    'Keeps everything.'
    """
    if not losses:
        return text("export.loss.none")
    return text(
        "export.loss.sentence", losses=text("list.separator").join(map(str, losses))
    )


def _losses(
    extract: Extract, zones: gpd.GeoDataFrame, found: Readback
) -> Iterator[Loss]:
    written = _by_id(extract.zones, extract.columns[0])
    read = _by_id(zones, _match(extract.columns, zones).get("id"))
    gone = [str(zone) for zone in written.index if zone not in read.index]
    if gone:
        yield Loss("zones", tuple(gone))
    kept = written.index.intersection(read.index, sort=False)
    yield from _geometry(written.loc[kept], read.loc[kept], extract.crs)
    high = _by_id(extract.located, extract.columns[0]).loc[kept].has_z.to_numpy()
    flat = kept[high & ~read.loc[kept].has_z.to_numpy()]
    if len(flat):
        yield Loss("heights", tuple(map(str, flat)))
    if zones.crs is None:
        yield Loss("crs")
    yield from _columns(written.loc[kept], read.loc[kept], extract.columns)
    if not found.styled:
        yield Loss("style")
    if found.claims < len(extract.claims):
        yield Loss("claims")


def _by_id(zones: gpd.GeoDataFrame, column: str | None) -> gpd.GeoDataFrame:
    """Find the zones by id, or by their order where they have no ids."""
    ids = zones.get(column)
    if ids is None or ids.isna().any() or ids.duplicated().any():
        return zones.reset_index(drop=True)
    return zones.set_axis(pd.Index(ids.astype(str)), axis=0)


def _match(columns: Sequence[str], zones: gpd.GeoDataFrame) -> dict[str, str]:
    """Tell which column of the file is which: by name, else by place."""
    there = [str(c) for c in zones.columns if c != zones.geometry.name]
    matched = {c: c for c in columns if c in there}
    if len(there) == len(columns):
        pairs = zip(columns, there, strict=True)
        matched |= {old: new for old, new in pairs if old not in matched}
    return matched


def _geometry(
    written: gpd.GeoDataFrame, read: gpd.GeoDataFrame, crs: Crs
) -> Iterator[Loss]:
    there = in_one_order(unproject(written, crs).geometry.array)
    back = in_one_order(unproject(read, crs).geometry.array)
    redrawn = [
        str(zone)
        for zone, old, new in zip(written.index, there, back, strict=True)
        if not _alike(old, new)
    ]
    if redrawn:
        yield Loss("geometry", tuple(redrawn))
    alike = ~written.index.astype(str).isin(redrawn)
    moved_mm = _shift_mm(there[alike], back[alike])
    if moved_mm > SHIFT_MM:
        yield Loss("precision", shift_mm=moved_mm)


def _alike(old: shapely.Geometry | None, new: shapely.Geometry | None) -> bool:
    """Tell whether two outlines have the same corners, but for rounding."""
    if old is None or new is None:
        return old is new
    return bool(
        shapely.get_num_coordinates(old) == shapely.get_num_coordinates(new)
        and _distance(old, new) * MM_PER_DEGREE < 1e6 * SHIFT_MM
    )


def _shift_mm(old: npt.NDArray[Any], new: npt.NDArray[Any]) -> float:
    long = shapely.get_num_coordinates(old) > LONG
    plain = shapely.hausdorff_distance(old[~long], new[~long])
    pairs = zip(old[long], new[long], strict=True)
    distances = np.append(plain, [_distance(*pair) for pair in pairs])
    return float(np.nanmax(distances, initial=0.0) * MM_PER_DEGREE)


def _distance(old: shapely.Geometry | None, new: shapely.Geometry | None) -> float:
    """Measure how far two outlines lie apart at most, in degrees; NaN for none."""
    if shapely.get_num_coordinates(old) <= LONG:
        return float(shapely.hausdorff_distance(old, new))
    # the plain way takes minutes for a coast; corners lie near corners here
    from scipy.spatial import KDTree

    here, there = shapely.get_coordinates(old), shapely.get_coordinates(new)
    if not len(there):
        return float("nan")
    if here.shape == there.shape:
        moved = float(np.hypot(*(here - there).T).max())
        # corner by corner, they lie no farther apart than that
        if moved * MM_PER_DEGREE < 1e6 * SHIFT_MM:
            return moved
    return float(
        max(
            np.max(KDTree(there).query(here)[0]),
            np.max(KDTree(here).query(there)[0]),
        )
    )


def _columns(
    written: gpd.GeoDataFrame, read: gpd.GeoDataFrame, columns: Sequence[str]
) -> Iterator[Loss]:
    matched = _match(columns, read)
    gone = [c for c in columns if c not in matched and written[c].notna().any()]
    if gone:
        yield Loss("columns", tuple(gone))
    renamed = [old for old, new in matched.items() if old != new]
    if renamed:
        yield Loss("names", tuple(renamed))
    numbers = [c for c in matched if written[c].dtype.kind == "f"]
    typeless = [
        c
        for c in numbers
        if written[c].notna().any() and read[matched[c]].dtype.kind not in "fi"
    ]
    if typeless:
        yield Loss("types", tuple(typeless))
    changed = [
        f"{zone}: {old}"
        for old, new in matched.items()
        for zone in _changed(written[old], read[new])
    ]
    if changed:
        yield Loss("values", tuple(changed))


def _changed(written: "pd.Series[Any]", read: "pd.Series[Any]") -> list[str]:
    """Name the zones of which a column's value is not what it was."""
    if written.dtype.kind == "f":
        numbers = pd.to_numeric(read, errors="coerce").to_numpy(np.float64)
        same = np.isclose(
            written.to_numpy(), numbers, rtol=1e-12, atol=0, equal_nan=True
        )
    else:
        pairs = zip(written, read, strict=True)
        same = np.array([_text(a) == _text(b) for a, b in pairs], bool)
    return [str(zone) for zone in written.index[~same]]


def _text(value: Any) -> str:  # noqa: ANN401 - a cell of any type
    return "" if pd.isna(value) else str(value)
