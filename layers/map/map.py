"""The map of a plan: a document that Folium writes once, and what it is told."""

import base64
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import branca.element
import folium
import numpy as np
from numpy.typing import NDArray

from beltmap.geo.charter.charter import NO_GROUND
from beltmap.geo.charter.force import charter
from beltmap.geo.language.messages import text
from beltmap.layers.arrival import DRAWN
from beltmap.layers.assets import FILES, SCRIPTS, STYLES, file_address
from beltmap.layers.basemap.basemaps import CODE, EMBEDDED
from beltmap.layers.map.drawing import Drawing, ascii_json
from beltmap.layers.map.view import LEAST_ZOOM, MOST_ZOOM, View

if TYPE_CHECKING:
    from beltmap.layers.tiles.tiles import Tiles

OPTIONS: Final = {
    "attributionControl": False,
    # the zones replace this view
    "center": [35, 105],
    "zoom": 9,
    "fadeAnimation": False,
    "maxZoom": MOST_ZOOM,
    "minZoom": LEAST_ZOOM,
    "zoomControl": False,
}


@dataclass(frozen=True, kw_only=True)
class Pane:
    """
    One of two maps side by side.

    Parameters
    ----------
    group
        Name of the pair.
    side
        0 for the left one, 1 for the right one.
    keeps
        What both keep in common: ``"scale"``, or the whole ``"view"``.
    """

    group: str
    side: int
    keeps: str


class Source(branca.element.Element):
    """
    A piece of a Folium page that is written as it is, and never compiled.

    Parameters
    ----------
    source
        HTML or JavaScript.
    """

    def __init__(self, source: str) -> None:
        super().__init__()
        self._source = source

    def render(self, **_: Any) -> str:  # noqa: ANN401 (as branca passes them)
        """
        Give the source, letter for letter.

        Examples
        --------
        >>> Source("{{7*7}}").render()
        '{{7*7}}'
        """
        return self._source


class PlanMap(folium.Map):
    """
    A Folium map whose zones come from payloads.

    Parameters
    ----------
    setup
        What it begins with, see `map_setup`. Without one it waits to be told by
        the page around its frame: its document then is the same for all plans.
    """

    def __init__(self, setup: Mapping[str, Any] | None = None) -> None:
        super().__init__(tiles=None)
        self.setup = setup

    def get_name(self) -> str:
        """Name the map in its script: always the same, as its document is."""
        return "map"

    def head(self) -> str:
        """Link scripts and styles of this server, instead of public networks."""
        return (
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            f'<link rel="stylesheet" href="{file_address(STYLES)}">\n'
            f'<script src="{file_address(SCRIPTS)}"></script>'
        )

    def script(self) -> str:
        """Give the script that makes the map."""
        name = self.get_name()
        setup = None if self.setup is None else dict(self.setup)
        start = f"start({name}, {ascii_json(setup)})" if setup else f"listen({name})"
        return f'var {name} = L.map("{name}", {ascii_json(OPTIONS)});\nbeltmap.{start};'

    def render(self, **given: Any) -> str:  # noqa: ANN401 (as Folium passes them)
        """Put the map, and what was added to it, into its figure."""
        figure: Any = self.get_root()
        name = self.get_name()
        place = f'<div class="folium-map" id="{name}"></div>'
        figure.header.add_child(Source(self.head()), name=name)
        figure.html.add_child(Source(place), name=name)
        figure.script.add_child(Source(self.script()), name=name)
        for child in self._children.values():
            child.render(**given)
        return ""


@cache
def map_document() -> str:
    """Let Folium write the document of all maps, once; give its address."""
    page = PlanMap().get_root().render()
    return FILES.put(page.encode(), media_type="text/html")


def map_setup(
    addresses: Mapping[str, str], *, pane: Pane | None = None
) -> dict[str, Any]:
    """
    Say what a map begins with.

    Parameters
    ----------
    addresses
        Where the payloads are, by name: ``zones``, and if the embedded
        basemap is wanted ``land``, ``roads``, ``places``. See
        `layers.assets.Store.put` and `layers.payload.ground.basemap_payloads`.
    pane
        Which of two maps side by side it is; such maps keep the view out of
        the link.

    Returns
    -------
    setup
        Addresses, what to say where one fails, and what else never changes.
    """
    setup = {**addresses, "broken": text("map.broken"), "drawn": DRAWN}
    return setup if pane is None else {**setup, "pane": asdict(pane)}


def plan_map(
    addresses: Mapping[str, str],
    state: Mapping[str, Any] | None = None,
    *,
    pane: Pane | None = None,
) -> Drawing:
    """
    Draw the map of a plan; cheap, and to be drawn anew for each rerun.

    Parameters
    ----------
    addresses, pane
        See `map_setup`.
    state
        What it shows, see `map_state`; everything, if left out.

    Returns
    -------
    drawing
        Of equal key for the same addresses: then the map on the page stays, and
        is told the state.
    """
    setup = map_setup(addresses, pane=pane)
    return Drawing(map_document(), setup, map_state() if state is None else state)


def map_state(  # noqa: PLR0913 - what a map shows
    mask: NDArray[np.bool_] | None = None,
    *,
    selected: int | None = None,
    basemap: str = EMBEDDED.code,
    view: View | None = None,
    tiles: "Tiles | None" = None,
    edit: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """
    Say what a map shows.

    Parameters
    ----------
    mask
        Which rows of the zones are shown; all, if left out.
    selected
        Row that is selected; the map moves to it once, unless the selection
        came from a click on the map.
    basemap
        Code of a basemap of the payload; followed when it changes. What the
        payload does not have stands for the embedded one.
    view
        Where to look; without one, the map begins with all zones.
    tiles
        Of the zones, if the map gets them as tiles; `mask` must be given.
    edit
        What the desk begins with at which zones are changed; it is closed, if
        left out.

    Returns
    -------
    state
        Numbers, codes and base64, and what the desk is answered: what
        ``beltmap.update`` of the map's script takes.

    Raises
    ------
    ValueError
        If no basemap can have such a code.
    """
    if not CODE.fullmatch(basemap):
        raise ValueError(f"no basemap is called {basemap!r}")
    return {
        **shown_state(mask, selected, tiles=tiles),
        "selected": -1 if selected is None else int(selected),
        "basemap": basemap,
        "view": None if view is None else asdict(view),
        **({} if edit is None else {"edit": dict(edit)}),
    }


def first_basemap() -> str:
    """Give the code of the basemap that the plan begins with."""
    wanted = charter().basemap
    return EMBEDDED.code if wanted in {"", NO_GROUND} else wanted


def shown_state(
    mask: NDArray[np.bool_] | None, selected: int | None, *, tiles: "Tiles | None"
) -> dict[str, Any]:
    """Say which zones are shown: as bits, or by the name of a choice of tiles."""
    if tiles is not None and mask is not None:
        seen = selected is None or bool(mask[selected])
        return {**tiles.state(mask), "shown": seen}
    if mask is None or mask.all():
        return {"mask": None}
    return {"mask": base64.b64encode(np.packbits(mask).tobytes()).decode()}
