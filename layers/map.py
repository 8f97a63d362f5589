"""The map of a plan for streamlit-folium: a static script, and what changes."""

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

import folium
import numpy as np
from numpy.typing import NDArray

from geo.language.messages import text
from layers.assets import SCRIPTS, STYLES, file_address
from layers.basemap import CODE, EMBEDDED
from layers.drawn import DRAWN
from layers.literal import Script
from layers.view import LEAST_ZOOM, MOST_ZOOM, View

if TYPE_CHECKING:
    from layers.tiles.tiles import Tiles

OPTIONS: Final = {
    "attributionControl": False,
    # streamlit-folium asks for the bounds at once; the zones replace this view
    "center": [36.2, 120.5],
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


class Written:
    """A template whose script is written already, by the element itself."""

    def __init__(self) -> None:
        # streamlit-folium asks a template for its module, and that for a script
        self.module = self

    def script(self, element: Any) -> str:  # noqa: ANN401 (any Folium element)
        """Give the script of an element, as the element writes it."""
        return str(element.write())


class PlanMap(folium.Map):
    """
    A Folium map whose zones come from a payload.

    Parameters
    ----------
    addresses
        Addresses of the payloads: zones, land, roads, places.
    pane
        Which of two maps side by side it is, if it is one.
    """

    _template = Written()

    def __init__(self, addresses: Mapping[str, str], pane: Pane | None = None) -> None:
        super().__init__(tiles=None)
        self.setup: dict[str, Any] = {
            **addresses,
            "broken": text("map.broken"),
            "drawn": DRAWN,
        }
        if pane is not None:
            self.setup["pane"] = asdict(pane)
        # in place of Folium's links to public networks
        self.default_js = [("beltmap", file_address(SCRIPTS))]
        self.default_css = [("beltmap", file_address(STYLES))]

    @property
    def digest(self) -> str:
        """Key for `st_folium`, so that a map stays as long as its payloads."""
        return hashlib.sha256(ascii_json(self.setup).encode()).hexdigest()[:16]

    def write(self) -> str:
        """Give the script that makes the map."""
        name = self.get_name()
        return (
            f'var {name} = L.map("{name}", {ascii_json(OPTIONS)});\n'
            # nothing is asked of the map: no answer is news, for which the page runs
            "(window.__GLOBAL_DATA__ ?? {}).previous_data = {};\n"
            f"beltmap.start({name}, {ascii_json(self.setup)});"
        )

    def render(self, **_: Any) -> str:  # noqa: ANN401 (as Folium passes them)
        """Put the map into its figure, without compiling anything again."""
        figure: Any = self.get_root()
        name = self.get_name()
        frame = f'<div class="folium-map" id="{name}" ></div>'
        figure.html.add_child(Script(frame), name=name)
        figure.script.add_child(Script(self.write()), name=name)
        return ""


class PlanState(folium.FeatureGroup):
    """
    What changes on the map, as one call of its script.

    Parameters
    ----------
    state
        Numbers, codes and base64 only.
    """

    _template = Written()

    def __init__(self, state: dict[str, Any]) -> None:
        super().__init__(show=False)
        self.state = state

    def write(self) -> str:
        """Give the script that tells the map."""
        plan: Any = self._parent
        return (
            f"var {self.get_name()} = L.layerGroup();\n"
            # streamlit-folium keeps a list of such groups for ever
            "window.feature_group = [];\n"
            f"{plan.get_name()}.beltmap.update({ascii_json(self.state)});"
        )

    def render(self, **_: Any) -> str:  # noqa: ANN401 (as Folium passes them)
        """Put the call into the figure, without compiling anything again."""
        figure: Any = self.get_root()
        figure.script.add_child(Script(self.write()), name=self.get_name())
        return ""


def plan_map(addresses: Mapping[str, str], *, pane: Pane | None = None) -> PlanMap:
    """
    Make the map of a plan; cheap, and to be made anew for each rerun.

    Parameters
    ----------
    addresses
        Where the payloads are, by name: ``zones``, and if the embedded
        basemap is wanted ``land``, ``roads``, ``places``. See
        `layers.assets.put` and `layers.basemap.basemap_payloads`.
    pane
        Which of two maps side by side it is; such maps keep the view out of
        the link.

    Returns
    -------
    plan_map
        For `st_folium`; its `digest` makes a good key. The script is the same
        for the same addresses, so that the map is not built twice.
    """
    return PlanMap(addresses, pane)


def map_state(
    mask: NDArray[np.bool_] | None = None,
    *,
    selected: int | None = None,
    basemap: str = EMBEDDED.code,
    view: View | None = None,
    tiles: "Tiles | None" = None,
) -> PlanState:
    """
    Say what the map shows, for `feature_group_to_add` of `st_folium`.

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

    Returns
    -------
    state
        Equal arguments give an equal script, which the browser ignores.

    Raises
    ------
    ValueError
        If no basemap can have such a code.
    """
    if not CODE.fullmatch(basemap):
        raise ValueError(f"no basemap is called {basemap!r}")
    return PlanState(
        {
            **shown_state(mask, selected, tiles=tiles),
            "selected": -1 if selected is None else int(selected),
            "basemap": basemap,
            "view": None if view is None else asdict(view),
        }
    )


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


def ascii_json(value: Any) -> str:  # noqa: ANN401 (anything that JSON holds)
    r"""
    Write JSON that is safe within a script.

    Examples
    --------
    >>> print(ascii_json({"b": "</script>", "a": "岛"}))
    {"a":"\u5c9b","b":"\u003c/script\u003e"}
    """
    written = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return written.replace("<", "\\u003c").replace(">", "\\u003e")
