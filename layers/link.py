"""A link to the page: the filters, the zone, the view and the place that it keeps."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from beltmap.geo.query.filters import FACETS, Filters, from_query
from beltmap.layers.map.view import LOOK, VIEW, View, read_view, wrong_look

HOME: Final = "map"
"""View of the page where a link names none."""

KNOWN: Final = (
    *FACETS,
    *VIEW,
    *LOOK,
    "least",
    "most",
    "q",
    "zone",
    "view",
    "lang",
    "plan",
    "scenario",
)
FOREIGN: Final = ("embed", "utm_")
"""Parameters of Streamlit's own and of mailings, which are no one's mistake."""


@dataclass(frozen=True)
class Link:
    """
    What a link asks for.

    Parameters
    ----------
    filters
        Which zones to show.
    zone
        Id of the selected zone.
    view
        Name of the view of the page.
    place
        The part of the earth to begin with; the whole plan where it is None.
    plans
        Names of the plans to open; all where it is empty.
    scenario
        Name of the scenario in which they are looked at; None for the plans as
        they are.
    """

    filters: Filters
    zone: str | None = None
    view: str = HOME
    place: View | None = None
    plans: tuple[str, ...] = ()
    scenario: str | None = None

    def to_query(
        self, language: str | None = None, *, home: str = HOME
    ) -> dict[str, list[str]]:
        """
        Write the parameters of the link; the place is left to the map.

        Parameters
        ----------
        language
            Code of a language that the browser would not choose by itself.
        home
            View that is shown where a link names none.

        Returns
        -------
        query
            Values by parameter, without those that ask for nothing special.

        Examples
        --------
        >>> Link(Filters(city=("Mu",)), view="plan").to_query("zh")
        {'city': ['Mu'], 'view': ['plan'], 'lang': ['zh']}
        """
        view = None if self.view == home else self.view
        more = {"zone": self.zone, "view": view, "lang": language}
        more["scenario"] = self.scenario
        kept = {name: [value] for name, value in more.items() if value}
        plans = {"plan": list(self.plans)} if self.plans else {}
        return self.filters.to_query() | plans | kept


def read_link(  # noqa: PLR0913 - what a link may name
    query: Mapping[str, Sequence[str]],
    *,
    known: Mapping[str, Sequence[str]],
    zones: Collection[str],
    views: Sequence[str],
    language: str,
    plans: Collection[str] = (),
    scenarios: Collection[str] = (),
    basemaps: Collection[str] = (),
) -> tuple[Link, tuple[str, ...]]:
    """
    Read a link, and drop what makes no sense.

    Parameters
    ----------
    query
        Values by parameter, as a browser sends them.
    known
        Values that each facet may take.
    zones, views
        Ids of zones, and names of views, that there are; the first view is
        shown where the link names none.
    language
        Code of the language that the page speaks now.
    plans, scenarios
        Names of the plans, and of their scenarios, that can be opened.
    basemaps
        Codes of what may lie under the zones.

    Returns
    -------
    link
        What could be read.
    dropped
        Names of the parameters of which something was dropped.

    Examples
    --------
    >>> query = {"zone": ["qd-belt"], "view": ["plan"], "colour": ["red"]}
    >>> read_link(
    ...     query, known={}, zones=["qd-belt"], views=["map", "plan"], language="en"
    ... )
    (Link(filters=Filters(...), zone='qd-belt', view='plan', ...), ('colour',))
    """
    filters, dropped = from_query(query, known=known)
    place, off = read_view(query)
    off += wrong_look(query, kinds=known.get("kind", ()), basemaps=basemaps)
    zone = query.get("zone", [""])[-1]
    home = views[0]
    view = query.get("view", [home])[-1]
    wrong = {
        "zone": bool(zone) and zone not in zones,
        "view": view not in views,
        "lang": query.get("lang", [language])[-1] != language,
        "plan": not set(query.get("plan", ())) <= set(plans),
        "scenario": not set(query.get("scenario", ())) <= set(scenarios),
    }
    strange = [n for n in query if n not in KNOWN and not n.startswith(FOREIGN)]
    link = Link(
        filters=filters,
        zone=None if wrong["zone"] else zone or None,
        view=home if wrong["view"] else view,
        place=place,
        plans=tuple(name for name in plans if name in query.get("plan", ())),
        scenario=None if wrong["scenario"] else query.get("scenario", [None])[-1],
    )
    named = [name for name, is_wrong in wrong.items() if is_wrong]
    return link, (*dropped, *off, *named, *strange)
