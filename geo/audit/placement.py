"""Rules over places: how far off they may be, and what they must not lie in."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely
from shapely.geometry.base import BaseGeometry

from beltmap.geo.audit.findings import Finding
from beltmap.geo.claims.quantities import Quantity
from beltmap.geo.errors import PlanError
from beltmap.geo.geometry.measures import NOW, Measures
from beltmap.geo.language.wording import Listing, Names, Sayable, Value, ZoneName
from beltmap.geo.schema import PLACE_UNKNOWN, SEPARATOR

TOUCHING: Final = 0.001
"""Share of a zone that may lie across another's edge unnoticed."""

MOSTLY: Final = 0.6
"""Share of a zone from which on it is drawn inside another one."""

TELLING: Final = ("part_of", "drawn_inside")
"""Attributes of claims that put a zone into another: in truth, or as drawn."""

_EARTH: Final = pyproj.Geod(ellps="WGS84")


def uncertainties(
    zones: gpd.GeoDataFrame,
    places: gpd.GeoDataFrame,
    names: Names,
    *,
    axes: gpd.GeoDataFrame | None = None,
) -> Iterator[Finding]:
    """
    Compare how far off a place may be with where else it might be.

    Parameters
    ----------
    zones
        Zones of the plan, EPSG:4326.
    places
        Anchors, rivals and context, see `geo.plan.places.read_anchors`.
    names
        What to call zones and places.
    axes
        Rival axes, see `geo.plan.places.read_rival_axes`.

    Yields
    ------
    finding
        ``uncertainty_too_small`` for a zone whose radius of uncertainty does
        not reach a rival candidate for its place or a rival axis, both of
        which are uncertain themselves; where its place is assumed, all of the
        zone that it is stated to lie in; or, where its shape is, all of its
        own outline.
    """
    shapes = dict(zip(zones["id"], zones.geometry, strict=True))
    wholes = dict(zip(zones["id"], zones["part_of"], strict=True))
    radii = dict(zip(zones["id"], zones["location_uncertainty_m"], strict=True))
    drawn = zones["area_basis"].isin(["declared", "published"])
    sketched = set(zones.loc[drawn & (zones["boundary"] == "schematic"), "id"])
    known = dict(_points(places))
    rivals = defaultdict(list)
    for rival, zone in zip(places["id"], places["rival_of"], strict=True):
        # a rival is somewhere around its point itself
        at = known[rival]
        rivals[zone].append((rival, at.geometry, at.uncertainty_m))
    for zone, anchor in known.items():
        if anchor.role != "zone" or zone not in shapes:
            continue
        others = rivals[zone]
        whole = wholes[zone]
        if anchor.basis != "located" and shapes.get(whole) is not None:
            others.append((whole, shapes[whole], 0.0))
        if zone in sketched and shapes[zone] is not None:
            others.append((zone, shapes[zone], 0.0))
        far = [
            (other, farthest_m(anchor.geometry, shape) + around_m)
            for other, shape, around_m in others
        ]
        yield from _too_small(zone, float(radii[zone]), far, names)
    for axis in () if axes is None else axes.itertuples():
        if shapes.get(axis.zone) is not None:
            far_m = _departure_m(axis.geometry, shapes[axis.zone])
            around_m = float(axis.uncertainty_m or 0)
            far = [(ZoneName(axis.zone, axis.name_en, axis.name_zh), far_m + around_m)]
            yield from _too_small(axis.zone, float(radii[axis.zone]), far, names)


def _too_small(
    zone: str,
    radius_m: float,
    far: Sequence[tuple[str | Sayable, float]],
    names: Names,
) -> Iterator[Finding]:
    for other, far_m in far:
        if far_m > radius_m:
            values: dict[str, Value] = {
                "zone": names[zone],
                "radius": Quantity(radius_m, "length"),
                "other": names.get(other, other) if isinstance(other, str) else other,
                "distance": Quantity(round(far_m, -2), "length"),
            }
            yield Finding("uncertainty_too_small", "error", values, (), (zone,))


def _departure_m(line: BaseGeometry, shape: BaseGeometry) -> float:
    """Measure how far a line departs from a shape, at most."""
    corners = shapely.points(shapely.get_coordinates(shapely.segmentize(line, 0.005)))
    ways = shapely.get_coordinates(shapely.shortest_line(corners, shape))
    start, end = ways[::2].T, ways[1::2].T
    return float(np.max(_EARTH.inv(*start, *end)[2]))


class _Point(NamedTuple):
    """A row of the anchors."""

    role: str
    basis: str
    uncertainty_m: float
    geometry: shapely.Point


def _points(places: gpd.GeoDataFrame) -> Iterator[tuple[str, _Point]]:
    columns = (places[name] for name in ("id", "role", "basis", "uncertainty_m"))
    for row in zip(*columns, places.geometry, strict=True):
        zone, role, basis, uncertainty_m, point = row
        yield zone, _Point(role, basis, float(uncertainty_m), point)


def away_from_anchors(
    zones: gpd.GeoDataFrame, places: gpd.GeoDataFrame, names: Names
) -> Iterator[Finding]:
    """
    Find zones that the layers place otherwise than the anchors do.

    Parameters
    ----------
    zones, places, names
        As for `uncertainties`.

    Yields
    ------
    finding
        ``away_from_anchor`` for a zone whose outline does not take in its
        anchor, ``uncertainty_differs`` for one that says another radius.
    """
    known = dict(_points(places))
    radii = zones["location_uncertainty_m"]
    for zone, shape, layer_m in zip(zones["id"], zones.geometry, radii, strict=True):
        anchor = known.get(zone)
        if anchor is None or anchor.role != "zone":
            continue
        values: dict[str, Value] = {"zone": names[zone]}
        if shape is not None and not shape.intersects(anchor.geometry):
            ends = shapely.shortest_line(shape, anchor.geometry)
            values["distance"] = Quantity(round(_EARTH.geometry_length(ends)), "length")
            yield Finding("away_from_anchor", "error", values, (), (zone,))
        if not pd.isna(layer_m) and float(layer_m) != anchor.uncertainty_m:
            values["layer"] = Quantity(float(layer_m), "length")
            values["anchor"] = Quantity(anchor.uncertainty_m, "length")
            yield Finding("uncertainty_differs", "error", values, (), (zone,))


def farthest_m(point: shapely.Point, shape: BaseGeometry) -> float:
    """
    Measure how far the farthest corner of a shape is from a point.

    Parameters
    ----------
    point, shape
        In EPSG:4326, with at least one corner.

    Returns
    -------
    farthest_m
        Metres on the WGS 84 ellipsoid.
    """
    lon, lat = shapely.get_coordinates(shape).T
    here = np.full(len(lon), point.x), np.full(len(lat), point.y)
    return float(np.max(_EARTH.inv(*here, lon, lat)[2]))


def drawn_inside(
    zones: gpd.GeoDataFrame,
    claims: pd.DataFrame,
    names: Names,
    *,
    places: gpd.GeoDataFrame,
    measures: Measures = NOW,
) -> Iterator[Finding]:
    """
    Find zones that are drawn inside another one though no claim puts them there.

    Parameters
    ----------
    zones, claims, names, places
        The plan, what to call its zones, and the anchors, which say how each
        place is known.
    measures
        What measures the zones.

    Yields
    ------
    finding
        ``drawn_on`` for two zones that share land where the place of one was
        not found; ``drawn_inside`` for any other zone that lies in another
        with nearly all its land.
    """
    lost = set(places.loc[places["basis"] == "schematic", "id"])
    lost |= set(zones.loc[zones["boundary"] == PLACE_UNKNOWN, "id"])
    try:
        pairs = measures.overlaps(zones[zones.geometry.notna()])
    except PlanError:
        return
    told = claims[claims["attribute"].isin(TELLING) & claims["text"].notna()]
    wholes = {
        frozenset((subject, whole))
        for subject, text in zip(told["subject"], told["text"], strict=True)
        for whole in str(text).split(SEPARATOR)
    }
    for pair in pairs.to_dict("records"):
        one, other, share = pair["a"], pair["b"], pair["share_of_a"]
        if pair["share_of_b"] > share:
            one, other, share = other, one, pair["share_of_b"]
        if frozenset((one, other)) in wholes:
            continue
        unfound = [zone for zone in (one, other) if zone in lost]
        if share <= (TOUCHING if unfound else MOSTLY):
            continue
        values: dict[str, Value] = {
            "zone": names[one],
            "other": names[other],
            "share": Quantity(share, "share"),
            "unfound": Listing(tuple(names[zone] for zone in unfound)),
        }
        rule = "drawn_on" if unfound else "drawn_inside"
        yield Finding(rule, "error", values, (), (one, other))
