"""What an export is called."""

import re
from datetime import date
from typing import Final

from beltmap.geo.query.filters import Filters

LONGEST_NAME: Final = 80


def export_name(filters: Filters, *, on: date, suffix: str) -> str:
    """
    Name an export after what is in it.

    Parameters
    ----------
    filters
        What was chosen.
    on
        Day of the export.
    suffix
        Ending with its dot, such as ``".geojson"``.

    Returns
    -------
    name
        Plain letters, digits and hyphens: safe on any system.

    Examples
    --------
    >>> export_name(Filters(sectors=("R&D", "BPO")), on=date(2026, 3, 1), suffix=".csv")
    'beltmap_2026-03-01_r-d-bpo.csv'
    >>> export_name(Filters(), on=date(2026, 3, 1), suffix=".geojson")
    'beltmap_2026-03-01_all.geojson'
    """
    words = (word for values in filters.to_query().values() for word in values)
    plain = re.sub(r"[^a-z0-9]+", "-", " ".join(words).lower()).strip("-")
    chosen = plain or ("filtered" if filters.narrow else "all")
    return f"beltmap_{on.isoformat()}_{chosen[:LONGEST_NAME]}{suffix}"
