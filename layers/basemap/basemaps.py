"""What may lie under the zones: the embedded basemap, or tiles of others."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from beltmap.geo.language.messages import LANGUAGES, spoken, text

CODE: Final = re.compile(r"[a-z0-9-]{1,32}")
"""What a basemap may be called."""

DATUMS: Final = ("wgs84", "cgcs2000", "gcj02", "bd09")
"""
Datums that tiles may be in, always cut in the squares of Web Mercator.

CGCS2000 and WGS 84 differ by centimetres, so tiles in either stay where they
are. Tiles in GCJ-02 or BD-09 are moved under the zones by the browser. Baidu's
own tiles are cut in squares of another size, which Leaflet cannot lay under a
Web Mercator map; a server that cuts BD-09 maps in the usual squares can be used.
"""

OSM: Final = ("© OpenStreetMap contributors", "https://www.openstreetmap.org/copyright")
AMAP: Final = ("© 高德地图 AutoNavi", "https://www.amap.com/")
TIANDITU: Final = (
    "© 天地图 · 国家地理信息公共服务平台",
    "https://www.tianditu.gov.cn/",
)
TIANDITU_URL: Final = (
    "https://t{s}.tianditu.gov.cn/LAYER_w/wmts?SERVICE=WMTS&REQUEST=GetTile"
    "&VERSION=1.0.0&LAYER=LAYER&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles"
    "&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk=KEY"
)
AMAP_URL: Final = "https://webSTYLE0{s}.is.autonavi.com/appmaptile?x={x}&y={y}&z={z}"


@dataclass(frozen=True, kw_only=True)
class Basemap:
    """
    Something to lay under the zones.

    Parameters
    ----------
    code
        Short name, of small letters, digits and hyphens.
    urls
        Templates of addresses with ``{z}``, ``{x}``, ``{y}`` and perhaps
        ``{s}``, the lowest layer first; none for what is embedded.
    credits
        Whose it is: words and, if there is one, the page of its licence.
    datum
        One of `DATUMS`.
    max_zoom
        Zoom beyond which tiles are enlarged.
    subdomains
        Characters that ``{s}`` stands for in turn.
    names
        English and Chinese name; None where the catalogue has them.
    key
        Provider of whose users' keys the addresses need one.
    extents
        West, south, east and north of each box that it covers, in degrees, and
        the number of the largest scale that it bears there, see
        `geo.ground.ground.Ground`; None where it covers everything.
    """

    code: str
    urls: tuple[str, ...] = ()
    credits: tuple[tuple[str, str | None], ...] = ()
    datum: str = "wgs84"
    max_zoom: int = 18
    subdomains: str = "abc"
    names: tuple[str, str] | None = None
    key: str | None = None
    extents: tuple[tuple[float, ...], ...] | None = None

    @property
    def label(self) -> str:
        """Name in the reader's language."""
        if self.names is None:
            return text(f"map.basemap.{self.code}")
        return self.names[LANGUAGES.index(spoken())]


EMBEDDED: Final = Basemap(
    code="embedded",
    credits=(("GSHHG", "https://www.soest.hawaii.edu/pwessel/gshhg/"), OSM),
)
ONLINE: Final = (
    Basemap(
        code="osm",
        urls=("https://tile.openstreetmap.org/{z}/{x}/{y}.png",),
        max_zoom=19,
        credits=(OSM,),
    ),
    Basemap(
        code="topo",
        urls=("https://{s}.tile.opentopomap.org/{z}/{x}/{y}.png",),
        max_zoom=17,
        credits=(
            OSM,
            ("SRTM", "https://www.earthdata.nasa.gov/"),
            ("OpenTopoMap (CC BY-SA)", "https://opentopomap.org/about"),
        ),
    ),
    Basemap(
        code="amap",
        urls=(AMAP_URL.replace("STYLE", "rd") + "&lang=zh_cn&size=1&scale=1&style=8",),
        datum="gcj02",
        subdomains="1234",
        credits=(AMAP,),
    ),
    Basemap(
        code="amap-image",
        urls=(
            AMAP_URL.replace("STYLE", "st") + "&style=6",
            AMAP_URL.replace("STYLE", "st") + "&lang=zh_cn&size=1&scale=1&style=8",
        ),
        datum="gcj02",
        subdomains="1234",
        credits=(AMAP,),
    ),
    Basemap(
        code="tianditu",
        urls=tuple(TIANDITU_URL.replace("LAYER", name) for name in ("vec", "cva")),
        datum="cgcs2000",
        subdomains="01234567",
        credits=(TIANDITU,),
        key="tianditu",
    ),
    Basemap(
        code="tianditu-image",
        urls=tuple(TIANDITU_URL.replace("LAYER", name) for name in ("img", "cia")),
        datum="cgcs2000",
        subdomains="01234567",
        credits=(TIANDITU,),
        key="tianditu",
    ),
)
"""Public services; each sets its own terms, and some of them ask for a key."""

BASEMAPS: Final = (EMBEDDED, *(one for one in ONLINE if one.key is None))
"""Basemaps that need no key; the first is embedded and needs no network."""


def basemap_table(basemaps: Iterable[Basemap] = BASEMAPS) -> list[dict[str, Any]]:
    """
    Give the basemaps as the browser reads them, named in the reader's language.

    Parameters
    ----------
    basemaps
        Basemaps to choose from.

    Returns
    -------
    table
        One record a basemap, for the payload of zones.
    """
    return [
        {
            "code": one.code,
            "label": one.label,
            "urls": one.urls,
            "datum": one.datum,
            "max_zoom": one.max_zoom,
            "subdomains": one.subdomains,
            "attribution": [{"text": said, "href": href} for said, href in one.credits],
            "extents": one.extents,
        }
        for one in basemaps
    ]
