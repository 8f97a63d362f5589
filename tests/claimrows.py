"""Claims for tests: a few words each, the rest empty."""

import pandas as pd

from beltmap.geo.claims.table import CLAIM_COLUMNS


def claim(subject, attribute, value=None, unit="count", *, rival="", **cells):
    """Make one claim; a figure is exact unless `cells` say otherwise."""
    row = dict.fromkeys(CLAIM_COLUMNS) | {
        "id": f"{subject}.{attribute}{rival and '.'}{rival}",
        "subject": subject,
        "attribute": attribute,
        "source": "doc",
        "method": "stated",
    }
    if value is not None:
        row |= {"value": value, "unit": unit, "qualifier": "exact"}
    return row | cells


def table(*rows):
    """Put claims into the frame that `geo.claims.table.read_claims` gives."""
    frame = pd.DataFrame(list(rows), columns=list(CLAIM_COLUMNS)).astype(object)
    frame = frame.where(frame.notna(), None)
    for column in ("value", "value_max"):
        frame[column] = frame[column].astype(float)
    return frame.assign(year=frame["year"].astype("Int64"))
