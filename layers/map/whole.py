"""The map of a choice of zones with everything in it, for notebooks and files."""

import base64
from typing import Any, Final

from beltmap.geo.charter.force import charter
from beltmap.geo.plan.selection import Selection
from beltmap.layers.assets import BINARY, SCRIPTS, STYLES, inline
from beltmap.layers.escape import as_html
from beltmap.layers.map.map import PlanMap, map_setup
from beltmap.layers.payload.ground import basemap_payloads, embedded
from beltmap.layers.payload.zones import zone_payload

HEIGHT_PX: Final = 620


class WholeMap(PlanMap):
    """
    A Folium map that asks for nothing: scripts, zones and basemap are in it.

    Folium's own vectors can be added to it, such as ``folium.GeoJson``; what
    needs more scripts, such as plugins, cannot: they come from the network.

    Parameters
    ----------
    selection
        The zones that it shows.
    """

    def __init__(self, selection: Selection) -> None:
        zones = selection.zones.reset_index(drop=True)
        plan = selection.plan
        payloads = {
            "zones": zone_payload(
                zones, basemaps=(embedded(plan),), note=plan.names_note()
            ),
            **basemap_payloads(plan),
        }
        setup = map_setup({name: _address(data) for name, data in payloads.items()})
        # no server waits to hear that it is drawn
        super().__init__({**setup, "drawn": None})

    def head(self) -> str:
        """Write scripts and styles into the page."""
        head = "".join(f"<style>{inline(path)}</style>" for path in STYLES)
        head += "<style>html, body, .folium-map { height: 100%; margin: 0; }</style>"
        return head + "".join(f"<script>{inline(path)}</script>" for path in SCRIPTS)

    def _repr_html_(self, **_: Any) -> str:  # noqa: ANN401 (as Folium passes them)
        return framed(self.get_root().render())


def framed(page: str, *, height_px: int = HEIGHT_PX) -> str:
    """
    Put a whole page into a frame, for a notebook.

    Parameters
    ----------
    page
        HTML that needs nothing from elsewhere.
    height_px
        Height of the frame, pixels.

    Returns
    -------
    html
        A frame that holds the page and shares nothing with the notebook
        around it: neither its link, nor what it has kept.
    """
    title = as_html(charter().title.say())
    return (
        f'<iframe srcdoc="{_quoted(page)}" title="{title}" loading="lazy" '
        'sandbox="allow-scripts allow-modals allow-downloads" '
        f'style="width:100%;height:{height_px}px;border:0"></iframe>'
    )


def _quoted(page: str) -> str:
    """Write a page as the value of an attribute, letter for letter."""
    return page.replace("&", "&amp;").replace('"', "&quot;")


def _address(data: bytes) -> str:
    return f"data:{BINARY};base64,{base64.b64encode(data).decode()}"
