"""Claims of figures that a file does not state exactly."""

from collections.abc import Iterable, Iterator

import geopandas as gpd
import pandas as pd

from beltmap.geo.claims.table import cited_source
from beltmap.geo.schema import MOST, QUALIFIER


def stated_claims(
    files: Iterable[gpd.GeoDataFrame], known: Iterable[str]
) -> list[dict[str, str]]:
    """
    Give the claims of declared areas that are about so much, at least, from and to.

    Parameters
    ----------
    files
        Zones in EPSG:4326, as they join a plan.
    known
        Ids of claims that there are; they are not given again.

    Returns
    -------
    claims
        Cells by column of ``claims.csv``, areas in km²; the source is what the
        zone names.
    """
    taken = set(known)
    claims = (claim for zones in files for claim in _of(zones))
    return [claim for claim in claims if claim["id"] not in taken]


def _of(zones: gpd.GeoDataFrame) -> Iterator[dict[str, str]]:
    if QUALIFIER not in zones:
        return
    for row in zones[zones[QUALIFIER].notna()].to_dict("records"):
        if pd.isna(row["declared_area_km2"]):
            continue
        cited = str(row["source"])
        source, most = cited_source(cited), row.get(MOST)
        yield {
            "id": f"{row['id']}.declared_area",
            "subject": str(row["id"]),
            "attribute": "declared_area",
            "qualifier": str(row[QUALIFIER]),
            "value": _figure(row["declared_area_km2"]),
            "value_max": "" if pd.isna(most) else _figure(most),
            "unit": "km²",
            "source": source,
            "place": cited.partition(",")[2].strip(),
            "method": "stated",
        }


def _figure(value: float) -> str:
    # no digits of a conversion that the file does not have
    return f"{float(value):.12g}"
