"""What the views of the page are told."""

from dataclasses import dataclass

from beltmap.geo.query.filters import Filters
from beltmap.layers.page.drawing import MapPlace
from beltmap.layers.prepared import Prepared


@dataclass(frozen=True, eq=False)
class Now:
    """
    What one run of the page shows.

    Parameters
    ----------
    opened
        The plan, with what its reader brought.
    filters
        Which of its zones are wanted.
    shipped
        The plan without that, of the same state of its files.
    base
        The plan as its files have it, in no scenario.
    drawn
        Where the map stands, if it is drawn already.
    """

    opened: Prepared
    filters: Filters
    shipped: Prepared
    base: Prepared
    drawn: MapPlace | None = None
