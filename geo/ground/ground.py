"""What lies under a plan's zones: land, roads and names, its own or the shipped."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import orjson
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely.errors import GEOSException
from shapely.geometry.base import BaseGeometry

from beltmap.geo.charter.charter import NO_GROUND
from beltmap.geo.charter.reading import inner_plans
from beltmap.geo.errors import Fault, PlanError, fault, no_access
from beltmap.geo.language.messages import text
from beltmap.geo.language.wording import in_a_row
from beltmap.geo.shipped import SHIPPED

BASEMAP: Final = "basemap"
"""Folder of a plan's own basemap, in the folder of the plan."""

FILES: Final = ("land.geojson", "water.geojson", "roads.geojson")
"""Files of a basemap that hold shapes."""

LABEL_COLUMNS: Final = ("name_en", "name_zh", "role")
EXTENT_COLUMNS: Final = ("west", "south", "east", "north", "scale")


@dataclass(frozen=True, eq=False)
class Ground:
    """
    The basemap of a plan, read when it is asked for; all in EPSG:4326.

    Parameters
    ----------
    folders
        Folders with ``land.geojson``, ``water.geojson``, ``roads.geojson``,
        ``labels.csv`` and ``extent.csv``; what is not there is not drawn. Where two
        reach, the first is drawn.
    """

    folders: tuple[Path, ...]

    @cached_property
    def land(self) -> NDArray[np.object_]:
        """Polygons of land; none where no folder has any."""
        return self._parts("land.geojson")

    @cached_property
    def water(self) -> NDArray[np.object_]:
        """Lakes as polygons and rivers as lines; none where no folder has any."""
        return self._parts("water.geojson")

    @cached_property
    def roads(self) -> NDArray[np.object_]:
        """Lines of roads; none where no folder has any."""
        return self._parts("roads.geojson")

    @cached_property
    def labels(self) -> gpd.GeoDataFrame:
        """Names of cities, districts and waters: points with `LABEL_COLUMNS`."""
        tables = [_labels(folder) for folder in self.folders]
        full = [table for table in tables if len(table)] or tables[:1]
        joined: gpd.GeoDataFrame = pd.concat(full, ignore_index=True)
        return joined

    @cached_property
    def extents(self) -> gpd.GeoDataFrame:
        """
        Boxes within which it is drawn.

        Each has as ``scale`` the number of the largest scale that its outline bears,
        such as 1000000 for 1:1,000,000; 0 where it bears all. Without
        ``extent.csv`` a folder bears all within the bounds of what it holds.
        """
        tables = [_extents(folder) for folder in self.folders]
        joined: gpd.GeoDataFrame = pd.concat(tables, ignore_index=True)
        return joined

    def drawn(self, scale: float) -> BaseGeometry:
        """Give where it may be drawn at a scale, such as 50000 for 1:50,000."""
        bearing = self.extents[self.extents["scale"] <= scale]
        return shapely.union_all(bearing.geometry.to_numpy())

    @property
    def shipped(self) -> bool:
        """Whether it is the one that comes with beltmap, alone."""
        return self.folders == (SHIPPED / BASEMAP,)

    @property
    def land_credit(self) -> str:
        """Whose the land is, in a sentence; nothing where its file does not say."""
        own = _sentence(
            one for folder in self._own for one in _credits(folder, "land.geojson")
        )
        return " ".join(filter(None, [own, text("export.land") * self.with_shipped]))

    @property
    def credit(self) -> str:
        """Whose land, water and roads are, in a sentence or two."""
        own = _sentence(self.credits)
        shipped = text("ground.credits") * self.with_shipped
        return " ".join(filter(None, [own, shipped]))

    @property
    def credits(self) -> tuple[str, ...]:
        """What ``attribution``, or else ``source``, of the plan's own files say."""
        said = (
            one
            for folder in self._own
            for file in FILES
            for one in _credits(folder, file)
        )
        return tuple(dict.fromkeys(said))

    @property
    def _own(self) -> list[Path]:
        return [folder for folder in self.folders if folder != SHIPPED / BASEMAP]

    @property
    def with_shipped(self) -> bool:
        """Whether the one that comes with beltmap is part of it."""
        return SHIPPED / BASEMAP in self.folders

    def meets(self, shapes: NDArray[np.object_]) -> bool:
        """
        Tell whether it is drawn with care around zones.

        Parameters
        ----------
        shapes
            The zones, EPSG:4326.

        Returns
        -------
        meets
            Whether one of them touches where it bears every scale: farther off its
            coast is good to some kilometres, which is wrong at the scale of a park.
        """
        return bool(self._beside(shapes).any())

    def reaches(self, shapes: NDArray[np.object_]) -> bool:
        """Tell whether all zones lie where it bears every scale."""
        return bool(self._beside(shapes).all())

    def _beside(self, shapes: NDArray[np.object_]) -> NDArray[np.bool_]:
        boxes = shapely.box(*shapely.bounds(shapes).T)
        return np.asarray(shapely.intersects(boxes, self.drawn(0)))

    def _parts(self, name: str) -> NDArray[np.object_]:
        """Read the shapes of a file, one a part, so that a view reads what it shows."""
        first, *others = self.folders
        found = [_shapes(first / name)]
        before = [_extents(first)]
        for folder in others:
            shapes = _shapes(folder / name)
            covered = shapely.union_all(pd.concat(before).geometry.to_numpy())
            left = shapely.difference(shapely.make_valid(shapes), covered)
            found.append(shapely.get_parts(left))
            before.append(_extents(folder))
        return np.concatenate(found)


def ground_under(
    folder: Path | None, zones: gpd.GeoDataFrame, *, wanted: str = ""
) -> Ground | None:
    """
    Choose the basemap of a plan.

    Parameters
    ----------
    folder
        Folder of the plan, if it has one.
    zones
        Its zones, EPSG:4326.
    wanted
        What the plan's charter says of its basemap.

    Returns
    -------
    ground
        The plan's own, see `own_basemap`; else the
        shipped one where it is drawn with care around the zones, and else none:
        no coast is better than a wrong one. None as well where the charter wants
        `NO_GROUND`.

    Raises
    ------
    PlanError
        If the plan's own may not be looked at.
    """
    if wanted == NO_GROUND:
        return None
    own = None if folder is None or folder == SHIPPED else own_basemap(folder)
    if own is not None and own != SHIPPED / BASEMAP:
        return Ground((own,))
    shapes = zones.geometry.array
    drawn = np.asarray(shapes[~shapes.isna()], dtype=object)
    ground = _shipped()
    return ground if len(drawn) and ground.meets(drawn) else None


def own_basemap(folder: Path) -> Path | None:
    """
    Find the basemap of a plan's own.

    Parameters
    ----------
    folder
        Folder of the plan.

    Returns
    -------
    basemap
        Its folder `BASEMAP`, or that of the folder of plans which it is one of;
        None where there is neither.

    Raises
    ------
    PlanError
        If it may not be looked at.
    """
    try:
        if (folder / BASEMAP).is_dir():
            return folder / BASEMAP
        if folder in inner_plans(folder.parent) and (folder.parent / BASEMAP).is_dir():
            return folder.parent / BASEMAP
    except OSError as error:
        raise PlanError([no_access(BASEMAP, error)]) from error
    return None


def joined_ground(grounds: Iterable[Ground | None]) -> Ground | None:
    """Put the basemaps of plans together, the plans' own first; None of none."""
    folders = [one for ground in grounds if ground for one in ground.folders]
    own = [folder for folder in folders if folder != SHIPPED / BASEMAP]
    found = tuple(dict.fromkeys([*own, *folders]))
    return (
        (_shipped() if found == _shipped().folders else Ground(found))
        if found
        else None
    )


@lru_cache(maxsize=1)
def _shipped() -> Ground:
    """Read the shipped basemap once for all plans."""
    return Ground((SHIPPED / BASEMAP,))


def _labels(folder: Path) -> gpd.GeoDataFrame:
    file = folder / "labels.csv"
    try:
        if not file.is_file():
            nothing: dict[str, list[str]] = {name: [] for name in LABEL_COLUMNS}
            return gpd.GeoDataFrame(nothing, geometry=[], crs=4326)
        table = pd.read_csv(file, dtype=dict.fromkeys(LABEL_COLUMNS, str))
        points = gpd.points_from_xy(table["lon"], table["lat"], crs=4326)
        return gpd.GeoDataFrame(table[list(LABEL_COLUMNS)], geometry=points)
    except (KeyError, OSError, ValueError) as error:
        raise PlanError([_unreadable(file, error)]) from error


def _extents(folder: Path) -> gpd.GeoDataFrame:
    file = folder / "extent.csv"
    try:
        table = pd.read_csv(file, dtype=float) if file.is_file() else None
        if table is not None:
            boxes = shapely.box(*table[list(EXTENT_COLUMNS[:4])].to_numpy().T)
            return gpd.GeoDataFrame(table[["scale"]], geometry=boxes, crs=4326)
    except (KeyError, OSError, ValueError) as error:
        raise PlanError([_unreadable(file, error)]) from error
    shapes = np.concatenate([_shapes(folder / name) for name in FILES])
    box = [shapely.box(*shapely.total_bounds(shapes))] if len(shapes) else []
    return gpd.GeoDataFrame({"scale": [0.0] * len(box)}, geometry=box, crs=4326)


def _shapes(file: Path) -> NDArray[np.object_]:
    """Read the shapes of a file, one a part."""
    try:
        if not file.is_file():
            return np.empty(0, dtype=object)
        given = shapely.from_geojson(file.read_bytes())
    except (GEOSException, OSError) as error:
        raise PlanError([_unreadable(file, error)]) from error
    return shapely.get_parts(shapely.get_parts(given))


def _credits(folder: Path, name: str) -> Iterator[str]:
    file = folder / name
    try:
        if not file.is_file():
            return
        features = orjson.loads(file.read_bytes())["features"]
        told = [feature["properties"] or {} for feature in features]
        owners = [_owner(one) for one in told]
    except (AttributeError, KeyError, OSError, TypeError, ValueError) as error:
        raise PlanError([_unreadable(file, error)]) from error
    yield from (owner for owner in owners if isinstance(owner, str))


def _owner(told: Mapping[str, Any]) -> str | None:
    """Say whose a shape is, and under which licence if it is told besides."""
    owner, licence = told.get("attribution") or told.get("source"), told.get("licence")
    if not isinstance(owner, str) or not isinstance(licence, str) or licence in owner:
        return owner if isinstance(owner, str) else None
    return text("ground.licensed", owner=owner, licence=licence)


def _sentence(owners: Iterable[str]) -> str:
    said = in_a_row(dict.fromkeys(owners))
    return text("ground.own", credits=said) if said else ""


def _unreadable(file: Path, error: Exception) -> Fault:
    where = f"{BASEMAP}/{file.name}"
    if isinstance(error, OSError):
        return no_access(where, error)
    return fault("E_BAD_BASEMAP", where, error=" ".join(str(error).split()))
