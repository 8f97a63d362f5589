"""A plan's own basemap, cut out of files that people have."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import orjson
import pandas as pd
import pyproj
import shapely
from numpy.typing import NDArray

from beltmap.geo.commit import commit, writing
from beltmap.geo.errors import Fault, PlanError, fault
from beltmap.geo.geometry.geojson import DECIMALS
from beltmap.geo.ground.ground import BASEMAP, EXTENT_COLUMNS

ROLES: Final = ("land", "water", "roads")

AROUND: Final = 0.6
"""Ground around the zones, as a share of their extent."""

LEAST_AROUND_DEG: Final = 0.08

FINENESS: Final = 8_000
"""Steps across the map below which a bend of a line is left out."""

_WORDS: Final = {
    "roads": r"road|street|highway|道路|公路|街",
    "water": r"water|river|lake|hydro|水|河|湖",
    "land": r"land|coast|bound|border|admin|countr|province|行政|界|陆|区划",
}
_CLASSES: Final = ("highway", "fclass", "waterway", "natural", "class", "type")
_ROADS: Final = ("motorway", "trunk", "primary", "secondary")
_WATER: Final = ("river", "canal", "water", "lake", "reservoir", "riverbank", "bay")
_OPEN_STREET_MAP: Final = ("osm_id", "osm_way_id", "@id")
_CREDIT: Final = "© OpenStreetMap contributors"
_MAGIC: Final = {
    ".gpkg": b"SQLite format 3",
    ".shp": b"\x00\x00\x27\x0a",
    ".zip": b"PK",
    ".geojson": b"{",
    ".json": b"{",
}


@dataclass(frozen=True)
class Cut:
    """
    What a basemap was cut out of.

    Parameters
    ----------
    parts
        Number of shapes of each of `ROLES` that has any.
    left_out
        Layers, and classes of lines, that are no part of it.
    files
        What was written.
    """

    parts: Mapping[str, int]
    left_out: tuple[str, ...]
    files: tuple[Path, ...]


def cut_basemap(
    folder: Path,
    zones: gpd.GeoDataFrame,
    files: Sequence[tuple[str, Path]],
    *,
    source: str = "",
    licence: str = "",
) -> Cut:
    """
    Cut a basemap for a plan, and write it into the plan's folder, all or none.

    Parameters
    ----------
    folder
        Folder of the plan.
    zones
        Its zones, EPSG:4326.
    files
        GeoPackages, Shapefiles, also zipped, and GeoJSON files in any CRS that
        they state, each with its role, one of `ROLES`; empty to tell it by the
        names of layers and the classes of features.
    source, licence
        Whose the files are, and under which licence; may be left out of extracts
        of OpenStreetMap, which are known by their columns.

    Returns
    -------
    cut
        What it consists of; the lines are simplified.

    Raises
    ------
    PlanError
        If no zone is drawn, a file cannot be read or states no CRS, nothing of
        them lies around the zones, or nobody says whose they are.
    """
    box = _around(zones)
    faults: list[Fault] = []
    found: dict[str, list[NDArray[np.object_]]] = {role: [] for role in ROLES}
    left_out: list[str] = []
    open_street_map = True
    for role, file in files:
        try:
            for name, table in _layers(file, box):
                open_street_map &= any(one in table for one in _OPEN_STREET_MAP)
                for part, shapes in _sorted(role, f"{file.stem} {name}", table):
                    if part in ROLES:
                        found[part].append(shapes)
                    elif len(shapes):
                        left_out.append(f"{file.name}: {part or name}")
        except PlanError as error:
            faults += error.faults
    if not source and not open_street_map:
        faults.append(fault("E_BASEMAP_WHOSE", "--source"))
    if faults:
        raise PlanError(faults)
    drawn = {role: _drawn(shapes, box, role=role) for role, shapes in found.items()}
    parts = {role: len(shapes) for role, shapes in drawn.items() if len(shapes)}
    if not parts:
        raise PlanError([fault("E_BASEMAP_NOTHING", files[0][1].name)])
    told = {"attribution": source or _CREDIT}
    told |= {"licence": licence or "ODbL-1.0"} if licence or not source else {}
    written = _write(folder / BASEMAP, drawn, told, box)
    return Cut(parts, tuple(dict.fromkeys(left_out)), written)


def _around(zones: gpd.GeoDataFrame) -> NDArray[np.float64]:
    """Give the box that is cut, in degrees."""
    if not zones.geometry.notna().any():
        raise PlanError([fault("E_BASEMAP_NO_ZONES", BASEMAP)])
    west, south, east, north = zones.total_bounds
    more = max(AROUND * max(east - west, north - south), LEAST_AROUND_DEG)
    box = np.array([west - more, south - more, east + more, north + more])
    clipped = np.clip(box, [-180, -85, -180, -85], [180, 85, 180, 85])
    return np.asarray(clipped.round(4), dtype=np.float64)


def _layers(
    file: Path, box: NDArray[np.float64]
) -> Iterator[tuple[str, gpd.GeoDataFrame]]:
    """Read what lies around the zones of each layer of a file, in EPSG:4326."""
    import pyogrio
    import pyogrio.errors

    path = _opened(file)
    try:
        for name, kind in pyogrio.list_layers(path):
            if kind is None:
                continue
            crs = pyogrio.read_info(path, layer=name)["crs"]
            if crs is None:
                raise PlanError([fault("E_BASEMAP_CRS", f"{file.name}: {name}")])
            change = pyproj.Transformer.from_crs(4326, crs, always_xy=True)
            window = change.transform_bounds(*box)
            yield (
                name,
                pyogrio.read_dataframe(path, layer=name, bbox=window).to_crs(4326),
            )
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
        raise PlanError([_unreadable(file, error)]) from error
    except (pyproj.exceptions.ProjError, ValueError) as error:
        raise PlanError([_unreadable(file, error)]) from error


def _opened(file: Path) -> str:
    """Name a file so that GDAL opens it as what it is, and as nothing else."""
    ending = file.suffix.lower()
    with file.open("rb") as content:
        begins = content.read(64).lstrip(b"\xef\xbb\xbf \t\r\n")
    if ending not in _MAGIC or not begins.startswith(_MAGIC[ending]):
        raise PlanError([fault("E_BASEMAP_FORMAT", file.name, known=list(_MAGIC))])
    if ending in {".geojson", ".json"}:
        return f"GeoJSON:{file}"
    return f"/vsizip/{file}" if ending == ".zip" else str(file)


def _sorted(
    role: str, name: str, table: gpd.GeoDataFrame
) -> Iterator[tuple[str, NDArray[np.object_]]]:
    """Tell what shapes are: their role, or what they are called and left out as."""
    shapes = np.asarray(table.geometry.array, dtype=object)
    classes = _classes(table)
    if role == "land" or (not role and not len(classes) and _role(name) == "land"):
        yield "land", shapes
        return
    areas = np.isin(shapely.get_type_id(shapes), (3, 6))
    roads = classes.str.removesuffix("_link").isin(_ROADS).to_numpy(bool)
    water = classes.isin(_WATER).to_numpy(bool)
    guessed = role or _role(name)
    if not len(classes) or not (roads.any() or water.any()):
        if guessed in ROLES:
            yield guessed, shapes
        else:
            yield "", shapes
        return
    if guessed == "roads":
        water = np.zeros_like(water)
    yield "roads", shapes[roads & ~areas]
    yield "water", shapes[water & ~roads]
    for one in classes[~(roads | water)].unique():
        if one:
            yield str(one), shapes[classes.to_numpy() == one]


def _classes(table: gpd.GeoDataFrame) -> "pd.Series[str]":
    """Give the class of each feature by the columns that extracts have for it."""
    known = [name for name in _CLASSES if name in table]
    if not known:
        return pd.Series([], dtype=str)
    # of a feature that is no road, some files have an empty text for its highway
    given = table[known].astype(object).replace("", None)
    first: pd.Series[str] = given.bfill(axis=1).iloc[:, 0]
    return first.fillna("").astype(str)


def _role(name: str) -> str:
    """Guess a role by the name of a file and its layer."""
    for role, words in _WORDS.items():
        if re.search(words, name, re.IGNORECASE):
            return role
    return ""


def _drawn(
    shapes: Sequence[NDArray[np.object_]], box: NDArray[np.float64], *, role: str
) -> NDArray[np.object_]:
    """Cut shapes to the box and simplify them; areas are joined."""
    given = np.concatenate([*shapes, np.empty(0, dtype=object)])
    given = given[~shapely.is_missing(given)]
    cut = shapely.get_parts(shapely.clip_by_rect(shapely.make_valid(given), *box))
    areas = cut[shapely.get_type_id(cut) == 3]  # noqa: PLR2004 - polygons
    lines = shapely.get_parts(
        shapely.line_merge(shapely.multilinestrings(cut[shapely.get_type_id(cut) == 1]))
    )
    if role == "land":
        lines = lines[:0]
    joined = shapely.get_parts(shapely.union_all(areas)) if len(areas) else areas
    if role == "roads":
        joined = joined[:0]
    step = float(max(box[2] - box[0], box[3] - box[1])) / FINENESS
    simple = shapely.simplify(np.concatenate([joined, lines]), step)
    large = shapely.length(shapely.envelope(simple)) > 4 * step
    return shapely.get_parts(shapely.make_valid(simple[large]))


def _write(
    folder: Path,
    drawn: Mapping[str, NDArray[np.object_]],
    told: Mapping[str, str],
    box: NDArray[np.float64],
) -> tuple[Path, ...]:
    """Write the files of a basemap together."""
    contents = {
        f"{role}.geojson": _collection(role, shapes, told)
        for role, shapes in drawn.items()
        # what a former cut has left would be drawn beside the new one
        if len(shapes) or (folder / f"{role}.geojson").exists()
    }
    numbers = ",".join(f"{number:g}" for number in box)
    extent = f"{','.join(EXTENT_COLUMNS)}\n{numbers},0\n"
    contents["extent.csv"] = extent.encode()
    made = not folder.exists()
    folder.mkdir(exist_ok=True)
    try:
        with writing(folder):
            commit(folder, contents)
    except BaseException:
        if made and not any(folder.iterdir()):
            folder.rmdir()
        raise
    return tuple(folder / name for name in contents)


def _collection(
    role: str, shapes: NDArray[np.object_], told: Mapping[str, str]
) -> bytes:
    rounded = shapely.set_precision(shapes, 10.0**-DECIMALS)
    features: list[dict[str, Any]] = [
        {
            "type": "Feature",
            "properties": {"id": f"{role}-{number}", **told},
            "geometry": orjson.loads(shapely.to_geojson(shape)),
        }
        for number, shape in enumerate(shapely.get_parts(rounded))
        if not shape.is_empty
    ]
    return orjson.dumps({"type": "FeatureCollection", "features": features}) + b"\n"


def _unreadable(file: Path, error: Exception) -> Fault:
    return fault("E_BAD_BASEMAP", file.name, error=" ".join(str(error).split()))
