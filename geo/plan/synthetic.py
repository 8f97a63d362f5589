"""Made-up zones, as many as wanted, for trying out what large plans cost."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from beltmap import data
from beltmap.geo.charter.reading import default_charter
from beltmap.geo.geometry.area import M2_PER_KM2, Floats, Geometries, areas_m2
from beltmap.geo.schema import (
    AREA_BASES,
    COLUMNS,
    NUMBERS,
    SEPARATOR,
)

WEST, SOUTH, EAST, NORTH = 119.0, 35.0, 123.0, 40.0
"""Where the zones lie, in degrees: the land and sea round a gulf."""

CITIES: Final = Path(data.__file__).parent / "demo" / "cities.csv"
"""Names, longitude and latitude; a zone belongs to the nearest."""

SHARES: Final = {"belt": 0.02, "town": 0.08, "park": 0.5, "zone": 0.4}
"""Share of each kind."""

NESTED: Final = 0.15
"""Share of zones that lie within another and are part of it."""

ANYWHERE: Final = 0.1
"""Share of zones that lie anywhere; they overlap the others, which do not."""

LARGEST_DEG: Final = 0.1
"""Radius of the largest zone of a grid, in degrees of latitude."""

FEWEST, MOST = 20, 60
"""Vertices of a zone."""

CHUNK: Final = 50_000
"""Zones drawn at once, so that a million need little more memory than they keep."""

DECIMALS: Final = 7


def synthetic_zones(
    n: int, *, sectors: Sequence[str], seed: int = 7
) -> gpd.GeoDataFrame:
    """
    Make up zones, the same ones for the same arguments.

    Most lie apart in the cells of a grid; some are nested in those, some lie
    anywhere. Their order has nothing to do with their place.

    Parameters
    ----------
    n
        Number of zones.
    sectors
        Codes of the sector vocabulary; a zone has one or two.
    seed
        Begins the random numbers.

    Returns
    -------
    zones
        Columns `geo.schema.COLUMNS` and valid polygons of 20 to 60 vertices
        in EPSG:4326, coordinates with seven decimals.

    Examples
    --------
    >>> zones = synthetic_zones(100, sectors=["software"])
    >>> len(zones), bool(zones.is_valid.all())
    (100, True)
    """
    rng = np.random.default_rng([seed, n])
    lon, lat, radius_deg, parent = _places(rng, n)
    order = rng.permutation(n)
    place = np.argsort(order)
    parent = np.where(parent < 0, -1, place[parent])[order]
    lon, lat, radius_deg = lon[order], lat[order], radius_deg[order]
    chunks = [slice(first, first + CHUNK) for first in range(0, n, CHUNK)]
    blobs = [_blobs(rng, lon[part], lat[part], radius_deg[part]) for part in chunks]
    geometries = np.concatenate([np.empty(0, object), *blobs])
    columns = _columns(rng, lon, lat, parent, sectors) | _areas(rng, geometries)
    frame = pd.DataFrame(
        {
            name: pd.Series(columns[name], dtype=float if name in NUMBERS else object)
            for name in COLUMNS
        }
    )
    return gpd.GeoDataFrame(frame, geometry=geometries, crs=4326)


def _places(
    rng: np.random.Generator, n: int
) -> tuple[Floats, Floats, Floats, NDArray[np.intp]]:
    """Choose longitude, latitude, radius (degrees of latitude) and parent, or -1."""
    nested, anywhere = int(n * NESTED), int(n * ANYWHERE)
    apart = n - nested - anywhere
    wide = int(np.ceil(np.sqrt(apart * (EAST - WEST) / (NORTH - SOUTH)))) or 1
    high = -(-apart // wide) or 1
    across, up = (EAST - WEST) / wide, (NORTH - SOUTH) / high
    cell = rng.permutation(wide * high)[:apart]
    lon = WEST + (cell % wide + rng.uniform(0.4, 0.6, apart)) * across
    lat = SOUTH + (cell // wide + rng.uniform(0.4, 0.6, apart)) * up
    room = min(0.28 * up, 0.28 * across * np.cos(np.radians(NORTH)), LARGEST_DEG)
    radius = room * rng.uniform(0.4, 1, apart)
    parent = rng.integers(0, max(apart, 1), nested)
    around, aside = rng.uniform(0, 2 * np.pi, nested), 0.2 * radius[parent]
    margin = 4 * LARGEST_DEG
    return (
        np.r_[
            lon,
            lon[parent] + aside * np.cos(around),
            rng.uniform(WEST + margin, EAST - margin, anywhere),
        ],
        np.r_[
            lat,
            lat[parent] + aside * np.sin(around),
            rng.uniform(SOUTH + margin, NORTH - margin, anywhere),
        ],
        np.r_[
            radius,
            radius[parent] * rng.uniform(0.15, 0.35, nested),
            room * rng.uniform(0.5, 1.6, anywhere),
        ],
        np.r_[np.full(apart, -1), parent, np.full(anywhere, -1)],
    )


def _blobs(
    rng: np.random.Generator, lon: Floats, lat: Floats, radius_deg: Floats
) -> Geometries:
    """Draw a star-shaped ring round each place: its corners in order of angle."""
    n = len(lon)
    corners = rng.integers(FEWEST, MOST, n)
    zone = np.repeat(np.arange(n), corners)
    corner = np.arange(len(zone)) - np.repeat(np.cumsum(corners) - corners, corners)
    angle = corner / corners[zone] * (2 * np.pi)
    reach = 1 + rng.uniform(-0.06, 0.06, len(zone))
    for waves in (2, 3, 5):
        height = rng.uniform(0, 0.22 / np.sqrt(waves), n)
        shift = rng.uniform(0, 2 * np.pi, n)
        reach += height[zone] * np.cos(waves * angle + shift[zone])
    reach *= radius_deg[zone]
    xy = np.empty((len(zone), 2))
    xy[:, 0] = lon[zone] + reach * np.cos(angle) / np.cos(np.radians(lat))[zone]
    xy[:, 1] = lat[zone] + reach * np.sin(angle)
    rings = shapely.linearrings(xy.round(DECIMALS), indices=zone)
    return np.asarray(shapely.polygons(rings))


def _columns(
    rng: np.random.Generator,
    lon: Floats,
    lat: Floats,
    parent: NDArray[np.intp],
    sectors: Sequence[str],
) -> dict[str, Any]:
    """Make up every column that does not follow from the shape."""
    n = len(lon)
    ids = _texts("z", np.arange(1, n + 1))
    cities = pd.read_csv(CITIES)
    names = cities["name_en"].to_numpy(object)
    chinese = cities["name_zh"].to_numpy(object)
    east, north = cities["lon"].to_numpy(), cities["lat"].to_numpy()
    near = ((lon[:, None] - east) ** 2 + (lat[:, None] - north) ** 2).argmin(axis=1)
    pairs = [f"{a}{SEPARATOR}{b}" for a in sectors for b in sectors if a != b]
    choices = [*sectors, *pairs]
    sector = np.array(choices, object)[rng.integers(0, len(choices), n)]
    part_of = ids[parent]
    part_of[parent < 0] = None
    numbers = _texts(" ", np.arange(1, n + 1))
    pattern = np.array([*default_charter().patterns, None, None], object)
    status = np.array(list(default_charter().statuses), object)
    return {
        "id": ids,
        "name_en": names[near] + " zone" + numbers,
        "name_zh": chinese[near] + "园区" + numbers,
        "city": names[near],
        "kind": rng.choice(np.array(list(SHARES), object), n, p=list(SHARES.values())),
        "status": status[rng.integers(0, len(status), n)],
        "patterns": pattern[rng.integers(0, len(pattern), n)],
        "sectors": sector,
        "focus_en": sector,
        "focus_zh": np.full(n, None, object),
        "location_uncertainty_m": rng.integers(5, 200, n) * 10.0,
        "part_of": part_of,
        "source": np.array([f"S, sheet {sheet}" for sheet in range(1, 41)], object)[
            rng.integers(0, 40, n)
        ],
    }


def _areas(rng: np.random.Generator, geometries: Geometries) -> dict[str, Any]:
    """State areas near the drawn ones, and for some zones none."""
    n = len(geometries)
    drawn = areas_m2(geometries) / M2_PER_KM2
    basis = rng.choice(3, n, p=[0.7, 0.1, 0.2])
    stated = np.round(drawn * rng.uniform(0.95, 1.05, n), 3)
    boundary = np.array(["described", "schematic"], object)[rng.integers(0, 2, n)]
    nominal = basis == AREA_BASES.index("nominal")
    return {
        "declared_area_km2": np.where(nominal, np.nan, stated),
        "drawn_area_km2": drawn.round(6),
        "area_basis": np.array(AREA_BASES, object)[basis],
        "boundary": np.where(nominal, "nominal", boundary),
    }


def _texts(word: str, numbers: NDArray[np.intp]) -> NDArray[np.object_]:
    """Write a word before each number."""
    return np.array([f"{word}{number}" for number in numbers.tolist()], object)
