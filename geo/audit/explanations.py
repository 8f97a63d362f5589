"""Why two totals of the same zones differ, in a sentence."""

import geopandas as gpd
import pandas as pd

from geo.audit.consistency import counted_twice
from geo.language.wording import zone_names


def explain_totals(
    zones: gpd.GeoDataFrame, claims: pd.DataFrame, *, language: str | None = None
) -> tuple[str, ...]:
    """
    Explain why the declared areas add up to more than the land they cover.

    Parameters
    ----------
    zones
        Zones that are added up, columns `geo.schema.COLUMNS`, EPSG:4326.
    claims
        Claims as `geo.claims.table.read_claims` gives them.
    language
        Code of a language in `geo.language.messages.LANGUAGES`; by default the one
        that is spoken.

    Returns
    -------
    sentences
        One for each zone that others lie on without being stated to be part
        of it; none where the sum and the land agree.
    """
    findings = counted_twice(zones, claims, zone_names(zones))
    return tuple(finding.say(language=language) for finding in findings)
