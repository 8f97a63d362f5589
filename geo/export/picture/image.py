"""Pictures of the map, SVG and PNG, drawn without a browser."""

import io
import threading
import warnings
from collections.abc import Callable, Iterator
from typing import Any, Final
from xml.etree import ElementTree as ET

import geopandas as gpd
import numpy as np

from beltmap.geo.charter.force import charter
from beltmap.geo.export.crs import crs_label
from beltmap.geo.export.extract import Extract
from beltmap.geo.export.names import xml_text
from beltmap.geo.export.picture.panel import (
    INK,
    PanelStyle,
    area_look,
    chinese_font,
    draw_panel,
)
from beltmap.geo.export.readback import Readback
from beltmap.geo.language.labels import code_label
from beltmap.geo.language.messages import own, text
from beltmap.geo.language.wording import in_a_row
from beltmap.geo.report.remarks import bare_in_words

SIZE_INCHES: Final = (11.69, 8.27)
"""A4, landscape."""

DPI: Final = 200

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
        PNG. Chinese names need one of `geo.export.picture.panel.CHINESE_FONTS` on the
        machine.
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
    return Readback(None, styled=any(kind.colour in styles for kind in charter().kinds))


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
        pixels = np.asarray(picture.convert("RGB")).astype(np.int32)
    seen = pixels @ [1 << 16, 1 << 8, 1]
    hues = [int(kind.colour[1:], 16) for kind in charter().kinds]
    return Readback(None, styled=bool(np.isin(hues, seen).any()))


def _draw(extract: Extract, kind: str) -> bytes:
    """Draw a panel a city, a legend and a line on what the map is."""
    return render(lambda figure, _: _compose(figure, extract), kind=kind)


def render(
    compose: Callable[[Any, int], None],
    *,
    kind: str,
    size: tuple[float, float] = SIZE_INCHES,
    sheets: int = 1,
) -> bytes:
    """
    Make a picture with the fonts that Chinese needs.

    Parameters
    ----------
    compose
        Draws on a figure of matplotlib the sheet of a number, from 0.
    kind
        ``"svg"``, ``"png"`` or ``"pdf"``.
    size
        Width and height of a sheet in inches.
    sheets
        How many there are: pages of a PDF, below each other in a picture.

    Returns
    -------
    content
        The same bytes for the same drawing.
    """
    import matplotlib as mpl
    from matplotlib.backends.backend_pdf import PdfPages
    from matplotlib.figure import Figure

    fonts = [font for font in (chinese_font(), "DejaVu Sans") if font]
    settings: Any = {
        "svg.fonttype": "none",
        "pdf.fonttype": 3,
        "hatch.linewidth": 0.5,
        "svg.hashsalt": "beltmap",
        "font.family": fonts,
        "font.size": 9,
        "text.parse_math": False,
    }
    # a date would make the same map another file every time
    undated = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}
    metadata = {"Title": "beltmap", **undated.get(kind, {})}
    content = io.BytesIO()
    with _ONE_AT_A_TIME, mpl.rc_context(settings), warnings.catch_warnings():
        # a name may have characters that no installed font has: a box stands there
        warnings.filterwarnings("ignore", message="Glyph .* missing")
        if kind == "pdf":
            with PdfPages(content, metadata=metadata) as pages:
                for place in range(sheets):
                    figure = Figure(figsize=size, dpi=DPI, facecolor="white")
                    compose(figure, place)
                    figure.savefig(pages, format=kind)
            return content.getvalue()
        tall = (size[0], size[1] * sheets)
        figure = Figure(figsize=tall, dpi=DPI, facecolor="white")
        parts: Any = figure.subfigures(sheets) if sheets > 1 else [figure]
        for place, part in enumerate(parts):
            compose(part, place)
        figure.savefig(content, format=kind, metadata=metadata)
    return content.getvalue()


def _compose(figure: Any, extract: Extract) -> None:  # noqa: ANN401 - matplotlib's
    panels = list(_panels(extract))
    grid = figure.add_gridspec(
        1, max(len(panels), 1), left=0.02, right=0.98, top=0.9, bottom=0.19
    )
    style = PanelStyle(ground=extract.selection.plan.ground)
    for place, (title, zones) in enumerate(panels):
        axes = figure.add_subplot(grid[0, place])
        draw_panel(axes, title, zones, extract.crs, style=style)
    title = text(
        "export.title",
        title=charter().title.say(),
        crs=crs_label(extract.crs.code),
    )
    figure.text(0.02, 0.955, title, fontsize=12, weight="bold", color=INK)
    _legend(figure, extract)
    look = {"fontsize": 7, "color": INK, "va": "top", "wrap": True, "linespacing": 1.4}
    figure.text(0.02, 0.115, xml_text("\n".join(_notes(extract))), **look)


def _panels(extract: Extract) -> Iterator[tuple[str, gpd.GeoDataFrame]]:
    """Split what is drawn by city: two cities far apart would be two dots."""
    drawn = extract.zones[extract.zones.geometry.notna()]
    cities = drawn["city"].fillna("")
    for city in dict.fromkeys(cities):
        yield code_label("city", str(city)), drawn[cities == city]


def _legend(figure: Any, extract: Extract) -> None:  # noqa: ANN401 - matplotlib's
    from matplotlib.patches import Patch

    kinds = [layer.kind for layer in extract.layers()]
    handles = [
        Patch(
            **area_look(kind),
            label=xml_text(code_label("kind", kind)),
        )
        for kind in kinds
    ]
    figure.legend(
        handles=handles,
        loc="lower left",
        bbox_to_anchor=(0.02, 0.125),
        ncols=len(handles),
        frameon=False,
    )


def _notes(extract: Extract) -> Iterator[str]:
    yield text("export.lines")
    missing = extract.zones[extract.zones.geometry.isna()]
    if len(missing):
        names = missing[own("name")].fillna(missing["id"])
        yield text("export.not_located", names=in_a_row(map(str, names)))
    yield text("export.sources", sources=extract.cited)
    ground = extract.selection.plan.ground
    if ground is not None and ground.land_credit:
        yield ground.land_credit
    if line := bare_in_words(extract.selection.plan):
        yield line
