"""Why two totals of the same zones differ, in a sentence."""

import geopandas as gpd
import pandas as pd

from beltmap.geo.audit.consistency import counted_twice
from beltmap.geo.claims.quantities import fixed
from beltmap.geo.geometry.measures import NOW, Measures
from beltmap.geo.language.messages import text
from beltmap.geo.language.wording import Listing, zone_names
from beltmap.geo.query.summary import placeless


def explain_totals(
    zones: gpd.GeoDataFrame,
    claims: pd.DataFrame,
    *,
    most: int | None = None,
    measures: Measures = NOW,
) -> tuple[str, ...]:
    """
    Explain why the declared areas add up to more than the land they cover.

    Parameters
    ----------
    zones
        Zones that are added up, columns `geo.schema.COLUMNS`, EPSG:4326.
    claims
        Claims as `geo.claims.table.read_claims` gives them.
    most
        Sentences that are spelled out; of more, how many there are. All, if
        left out.
    measures
        What measures the zones.

    Returns
    -------
    sentences
        One for each zone that others lie on without being stated to be part
        of it, the largest overlap first, and which zones are in neither sum of
        the belt because their place is unknown; none where the sum and the
        land agree.
    """
    findings = list(counted_twice(zones, claims, zone_names(zones), measures=measures))
    shown = findings[:most]
    said = [finding.say() for finding in shown]
    said.extend(filter(None, [unplaced_words(zones)]))
    if rest := len(findings) - len(shown):
        said.append(text("audit.more", n=rest))
    return tuple(said)


def unplaced_words(zones: gpd.GeoDataFrame) -> str:
    """
    Say which zones are in no sum of the belt and in no overlap.

    Parameters
    ----------
    zones
        Zones that are added up, columns `geo.schema.COLUMNS`.

    Returns
    -------
    sentence
        Names the zones whose place is unknown, with the area that is drawn for
        them; empty where there are none.
    """
    lost = zones[placeless(zones)]
    if lost.empty:
        return ""
    names = Listing(tuple(zone_names(lost).values())).say()
    km2 = fixed(float(lost["drawn_area_km2"].sum()), 1)
    return text("audit.place_unknown", names=names, km2=km2)
