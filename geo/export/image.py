"""Pictures of the map, SVG and PNG, drawn without a browser."""

import io
import threading
from collections.abc import Iterator
from functools import cache
from typing import Any, Final
from xml.etree import ElementTree as ET

import geopandas as gpd
import numpy as np
import shapely

from geo.colours import FILL_OPACITY, OUTLINES, kind_colour
from geo.export.crs import crs_label, project
from geo.export.extract import Extract
from geo.export.names import xml_text
from geo.export.readback import Readback
from geo.messages import text
from geo.plan import SHIPPED

SIZE_INCHES: Final = (11.69, 8.27)
"""A4, lying."""

DPI: Final = 200
MARGIN: Final = 0.15
"""Ground around the zones, as a share of their extent."""

SEA: Final = "#EAF1F5"
LAND: Final = "#FBFAF7"
INK: Final = "#222222"
LAND_FILE: Final = SHIPPED / "basemap" / "land.geojson"

CHINESE_FONTS: Final = (
    "Noto Sans CJK SC",
    "Noto Sans CJK JP",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Microsoft YaHei",
    "PingFang SC",
    "WenQuanYi Micro Hei",
    "SimHei",
)
"""Fonts with Chinese characters; the first that is installed is used."""

_DASHES: Final = {"solid": "-", "dashed": (0, (4, 2.5)), "dotted": (0, (1, 1.6))}
_ONE_AT_A_TIME: Final = threading.Lock()
"""Matplotlib's settings are of the process, not of the figure."""


def write_svg(extract: Extract) -> bytes:
    """
    Draw the map as vectors.

    Parameters
    ----------
    extract
        What to draw, in a projected CRS.

    Returns
    -------
    content
        SVG with text as text; each zone's shape has the zone's id.
    """
    return _draw(extract, "svg")


def write_png(extract: Extract) -> bytes:
    """
    Draw the map as a picture of 2338 by 1654 pixels.

    Parameters
    ----------
    extract
        What to draw, in a projected CRS.

    Returns
    -------
    content
        PNG. Chinese names need one of `CHINESE_FONTS` on the machine.
    """
    return _draw(extract, "png")


def read_svg(content: bytes) -> Readback:
    """
    Look a picture over.

    Parameters
    ----------
    content
        The SVG.

    Returns
    -------
    readback
        No zones; whether any of the kinds' colours is in it.
    """
    root = ET.fromstring(content)  # noqa: S314 - what was drawn a moment ago
    styles = " ".join(node.get("style", "") for node in root.iter()).upper()
    return Readback(None, styled=any(kind_colour(k) in styles for k in _kinds()))


def read_png(content: bytes) -> Readback:
    """
    Look a picture over.

    Parameters
    ----------
    content
        The PNG.

    Returns
    -------
    readback
        No zones; whether any of the kinds' colours is in it.
    """
    from PIL import Image

    with Image.open(io.BytesIO(content)) as picture:
        colours = picture.convert("RGB").getcolors(picture.width * picture.height)
    seen = {f"#{r:02X}{g:02X}{b:02X}" for _, (r, g, b) in colours}
    return Readback(None, styled=any(kind_colour(k) in seen for k in _kinds()))


def _kinds() -> Iterator[str]:
    from geo.colours import KIND_COLOURS

    return iter(KIND_COLOURS)


def _draw(extract: Extract, format_: str) -> bytes:
    """Draw a panel a city, a legend and a line on what the map is."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    settings = {
        "svg.fonttype": "none",
        "svg.hashsalt": "beltmap",
        "font.family": [*_fonts(), "DejaVu Sans"],
        "font.size": 9,
        "text.parse_math": False,
    }
    content = io.BytesIO()
    with _ONE_AT_A_TIME, mpl.rc_context(settings):
        figure = Figure(figsize=SIZE_INCHES, dpi=DPI, facecolor="white")
        panels = list(_panels(extract))
        grid = figure.add_gridspec(
            1, max(len(panels), 1), left=0.02, right=0.98, top=0.9, bottom=0.19
        )
        for place, (title, zones) in enumerate(panels):
            _panel(figure.add_subplot(grid[0, place]), title, zones, extract)
        _legend(figure, extract)
        _notes(figure, extract)
        # a date would make the same map another file every time
        dated = {"Date": None} if format_ == "svg" else {}
        figure.savefig(content, format=format_, metadata={"Title": "beltmap", **dated})
    return content.getvalue()


def _panels(extract: Extract) -> Iterator[tuple[str, gpd.GeoDataFrame]]:
    """Split what is drawn by city: two cities far apart would be two dots."""
    drawn = extract.zones[extract.zones.geometry.notna()]
    cities = drawn["city"].fillna("")
    for city in dict.fromkeys(cities):
        yield str(city), drawn[cities == city]


def _panel(axes: Any, title: str, zones: gpd.GeoDataFrame, extract: Extract) -> None:  # noqa: ANN401 - matplotlib's
    west, south, east, north = zones.total_bounds
    pad = MARGIN * max(east - west, north - south)
    box = shapely.box(west - pad, south - pad, east + pad, north + pad)
    axes.set(xlim=(west - pad, east + pad), ylim=(south - pad, north + pad))
    axes.set(aspect="equal", facecolor=SEA, xticks=[], yticks=[], anchor="C")
    axes.set_title(xml_text(title), loc="left", fontweight="bold", color=INK)
    # the largest first, so that none hides another
    areas = zones.geometry.area.sort_values(ascending=False)
    _fill(axes, _land(box, extract), facecolor=LAND, edgecolor="#B9C4CA", linewidth=0.5)
    for row in areas.index:
        _zone(axes, zones.loc[row])
    for row in areas.index:
        _name(axes, zones.loc[row])
    _scale_bar(axes, east - west + 2 * pad)


def _zone(axes: Any, zone: Any) -> None:  # noqa: ANN401 - matplotlib's, a row
    colour = kind_colour(zone["kind"])
    dash = _DASHES[OUTLINES.get(str(zone["boundary"]), "dotted")]
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    _fill(
        axes,
        zone.geometry,
        facecolor=(red, green, blue, FILL_OPACITY),
        edgecolor=colour,
        linewidth=1.4,
        linestyle=dash,
        gid=xml_text(str(zone["id"])),
    )


def _name(axes: Any, zone: Any) -> None:  # noqa: ANN401 - matplotlib's, a row
    import matplotlib.patheffects as effects

    names = [zone["name_en"], zone["name_zh"] if _fonts() else None]
    point = zone.geometry.representative_point()
    axes.annotate(
        "\n".join(xml_text(name) for name in names if isinstance(name, str)),
        (point.x, point.y),
        ha="center",
        va="center",
        fontsize=6.5,
        color=INK,
        path_effects=[effects.withStroke(linewidth=2, foreground="white")],
    )


def _fill(axes: Any, geometry: shapely.Geometry | None, **look: Any) -> None:  # noqa: ANN401 - matplotlib's
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path as Outline

    paths = [
        Outline(shapely.get_coordinates(ring), closed=True)
        for part in shapely.get_parts(geometry)
        if part.geom_type == "Polygon"
        for ring in (part.exterior, *part.interiors)
    ]
    if paths:
        axes.add_patch(PathPatch(Outline.make_compound_path(*paths), **look))


def _land(box: shapely.Geometry, extract: Extract) -> shapely.Geometry | None:
    """Cut the land of the plan's basemap to a panel; None where there is none."""
    if not LAND_FILE.exists():
        return None
    frame = gpd.GeoDataFrame(geometry=[box], crs=extract.crs.system)
    window = frame.to_crs(4326).total_bounds
    land = shapely.clip_by_rect(_coast(), *(window + [-0.2, -0.2, 0.2, 0.2]))
    local = project(gpd.GeoDataFrame(geometry=[land], crs=4326), extract.crs)
    return local.geometry.make_valid().iloc[0].intersection(box)


@cache
def _coast() -> shapely.Geometry:
    land = gpd.read_file(LAND_FILE)
    return shapely.make_valid(land.geometry.union_all())


def _scale_bar(axes: Any, width_m: float) -> None:  # noqa: ANN401 - matplotlib's
    """Draw a round number of kilometres, about a fifth of the panel."""
    rough = width_m / 5
    power = 10 ** np.floor(np.log10(rough))
    length_m = max(step * power for step in (1, 2, 5) if step * power <= rough)
    west, south = axes.get_xlim()[0], axes.get_ylim()[0]
    x, y = west + width_m * 0.04, south + width_m * 0.03
    axes.plot([x, x + length_m], [y, y], color=INK, linewidth=2, solid_capstyle="butt")
    label = text("export.scale", km=f"{length_m / 1000:g}")
    axes.text(x, y + width_m * 0.012, label, fontsize=7, color=INK)


def _legend(figure: Any, extract: Extract) -> None:  # noqa: ANN401 - matplotlib's
    from matplotlib.patches import Patch

    present = [name.partition("_")[0] for name, _ in extract.layers()]
    handles = [
        Patch(
            facecolor=f"{kind_colour(kind)}{round(FILL_OPACITY * 255):02x}",
            edgecolor=kind_colour(kind),
            label=kind,
        )
        for kind in present
    ]
    figure.legend(
        handles=handles,
        loc="lower left",
        bbox_to_anchor=(0.02, 0.125),
        ncols=max(len(handles), 1),
        frameon=False,
    )


def _notes(figure: Any, extract: Extract) -> None:  # noqa: ANN401 - matplotlib's
    crs = crs_label(extract.crs.code)
    figure.text(
        0.02, 0.955, text("export.title", crs=crs), fontsize=12, weight="bold", color=INK
    )
    missing = extract.zones[extract.zones.geometry.isna()]
    said = [text("export.lines")]
    if len(missing):
        names = ", ".join(str(name) for name in missing["name_en"].fillna(missing["id"]))
        said.append(text("export.not_located", names=names))
    sources = zip(extract.sources["id"], extract.sources["title"], strict=True)
    said.append(text("export.sources", sources="; ".join(f"{i}: {t}" for i, t in sources)))
    if LAND_FILE.exists():
        said.append(text("export.land"))
    figure.text(
        0.02,
        0.115,
        xml_text("\n".join(said)),
        fontsize=7,
        color=INK,
        va="top",
        wrap=True,
        linespacing=1.4,
    )


@cache
def _fonts() -> tuple[str, ...]:
    """Find a font with Chinese characters; none where none is installed."""
    from matplotlib import font_manager

    known = {font.name for font in font_manager.fontManager.ttflist}
    return tuple(name for name in CHINESE_FONTS if name in known)[:1]
