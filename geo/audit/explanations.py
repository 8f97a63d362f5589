"""Why two totals of the same zones differ, in a sentence."""

import geopandas as gpd
import pandas as pd

from geo.audit.consistency import counted_twice
from geo.language.messages import text
from geo.language.wording import zone_names


def explain_totals(
    zones: gpd.GeoDataFrame,
    claims: pd.DataFrame,
    *,
    language: str | None = None,
    most: int | None = None,
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
    most
        Sentences that are spelled out; of more, how many there are. All, if
        left out.

    Returns
    -------
    sentences
        One for each zone that others lie on without being stated to be part
        of it, the largest overlap first; none where the sum and the land agree.
    """
    findings = list(counted_twice(zones, claims, zone_names(zones)))
    shown = findings[:most]
    said = [finding.say(language=language) for finding in shown]
    if rest := len(findings) - len(shown):
        said.append(text("audit.more", language=language, n=rest))
    return tuple(said)
