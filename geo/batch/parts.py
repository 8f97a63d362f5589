"""A part of a plan: a table of zones that one worker reads and measures at a time."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from beltmap.geo.charter.charter import Charter
from beltmap.geo.charter.force import under
from beltmap.geo.errors import Fault
from beltmap.geo.language.messages import speaking
from beltmap.geo.zones.bulk import read_bulk
from beltmap.geo.zones.packed import in_batches

Rows = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Part:
    """
    What is known of a part without its outlines.

    Parameters
    ----------
    path
        Its file.
    columns
        `geo.schema.COLUMNS` of its zones.
    boxes
        West, south, east and north of each in degrees; NaN where nothing is drawn.
    faults
        What is wrong with it.
    """

    path: Path
    columns: pd.DataFrame
    boxes: NDArray[np.float64]
    faults: tuple[Fault, ...]

    def __len__(self) -> int:
        """Count its zones."""
        return len(self.columns)

    @property
    def box(self) -> NDArray[np.float64]:
        """The box round all its zones; NaN where nothing is drawn."""
        return around(self.boxes)


def look(path: Path, sectors: Collection[str], charter: Charter, language: str) -> Part:
    """
    Read a part, check it, and tell what it holds.

    Parameters
    ----------
    path
        GeoParquet with the columns of a plan's zones, in any CRS that it states.
    sectors
        Codes of the sector vocabulary.
    charter, language
        In which the faults are said.

    Returns
    -------
    part
        The part; with faults it has no zones.
    """
    with speaking(language), under(charter):
        layer = read_bulk(path, sectors=sectors)
    if layer.faults:
        return Part(path, layer.columns[:0], np.empty((0, 4)), layer.faults)
    boxes = [shapely.bounds(one) for one in in_batches(layer.geometries)]
    return Part(path, layer.columns, np.concatenate([np.empty((0, 4)), *boxes]), ())


def around(boxes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the box round boxes; NaN round none."""
    drawn = boxes[~np.isnan(boxes[:, 0])]
    if not len(drawn):
        return np.full(4, np.nan)
    return np.concatenate([drawn[:, :2].min(axis=0), drawn[:, 2:].max(axis=0)])


def touching(boxes: NDArray[np.float64], box: NDArray[np.float64]) -> Rows:
    """Find the boxes that touch another one; those of nothing touch none."""
    near = (boxes[:, 0] <= box[2]) & (boxes[:, 2] >= box[0])
    near &= (boxes[:, 1] <= box[3]) & (boxes[:, 3] >= box[1])
    return np.flatnonzero(near)
