"""The part of the earth that a link asks for."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

VIEW: Final = ("lat", "lon", "zoom")
"""Parameters of a link; the map writes them as it moves."""

LOOK: Final = ("basemap", "opacity", "hidden", "places")
"""Those by which it keeps how its reader had it drawn; the map alone reads them."""

LEAST_OPACITY, MOST_OPACITY = 10, 100

LEAST_ZOOM: Final = 4
MOST_ZOOM: Final = 18
DEFAULT_ZOOM: Final = 11
FURTHEST_LAT: Final = 85.0
FURTHEST_LON: Final = 180.0


@dataclass(frozen=True, kw_only=True)
class View:
    """
    A place to show.

    Parameters
    ----------
    lat, lon
        Centre of the view, EPSG:4326.
    zoom
        Of Leaflet, 4 to 18.
    n
        Number of the request: the map moves when it changes, and not again.
    """

    lat: float
    lon: float
    zoom: int
    n: int = 0


def read_view(
    query: Mapping[str, Sequence[str]],
) -> tuple[View | None, tuple[str, ...]]:
    """
    Read where to look from the parameters of a link.

    Parameters
    ----------
    query
        Values by parameter, as a browser sends them.

    Returns
    -------
    view
        Place in EPSG:4326 and zoom; None where the link asks for no place, or
        for one that is not on the map.
    dropped
        Names of the parameters of which something was dropped; a zoom beyond
        the map's is brought to its nearest and counts as dropped.

    Examples
    --------
    >>> read_view({"lat": ["36.1"], "lon": ["120.4"], "zoom": ["99"]})
    (View(lat=36.1, lon=120.4, zoom=18, n=0), ('zoom',))
    """
    lat, lon, zoom = (_number(query, name) for name in VIEW)
    dropped = [name for name in VIEW if query.get(name)]
    if lat is None or abs(lat) > FURTHEST_LAT or lon is None or abs(lon) > FURTHEST_LON:
        return None, tuple(dropped)
    wanted = DEFAULT_ZOOM if zoom is None else round(zoom)
    kept = min(max(wanted, LEAST_ZOOM), MOST_ZOOM)
    off = bool(query.get("zoom")) and (zoom is None or kept != wanted)
    return View(lat=lat, lon=lon, zoom=kept), ("zoom",) if off else ()


def wrong_look(
    query: Mapping[str, Sequence[str]],
    *,
    kinds: Collection[str],
    basemaps: Collection[str],
) -> tuple[str, ...]:
    """
    Name what a link asks of the looks of the map, and the map cannot do.

    Parameters
    ----------
    query
        Values by parameter, as a browser sends them.
    kinds, basemaps
        Codes of what can be hidden, and of what can lie under the zones.

    Returns
    -------
    dropped
        Names of parameters.

    Examples
    --------
    >>> asked = {"opacity": ["3"], "hidden": ["belt"], "basemap": ["moon"]}
    >>> wrong_look(asked, kinds=["belt"], basemaps=["embedded"])
    ('basemap', 'opacity')
    """
    opacity = _number(query, "opacity")
    good = {
        "basemap": set(query.get("basemap", ())) <= set(basemaps),
        "opacity": opacity is not None and LEAST_OPACITY <= opacity <= MOST_OPACITY,
        "hidden": set(query.get("hidden", ())) <= set(kinds),
        "places": query.get("places") == ["off"],
    }
    return tuple(name for name in LOOK if name in query and not good[name])


def _number(query: Mapping[str, Sequence[str]], name: str) -> float | None:
    """Read the one finite number that a parameter holds."""
    values = query.get(name, ())
    try:
        number = float(values[0]) if len(values) == 1 else math.nan
    except ValueError:
        return None
    return number if math.isfinite(number) else None
