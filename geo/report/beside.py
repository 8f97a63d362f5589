"""Two choices of zones side by side: their areas, sectors and goals."""

from collections.abc import Sequence
from typing import Final

import pandas as pd

from beltmap.geo.charter.force import under
from beltmap.geo.language.labels import facet_label
from beltmap.geo.language.messages import text
from beltmap.geo.language.wording import Name, capital
from beltmap.geo.plan.selection import Selection
from beltmap.geo.report.statements import statements
from beltmap.geo.report.totals import in_words

COLUMNS: Final = ("about", "left", "right")


def side_by_side(sides: Sequence[Selection | None]) -> pd.DataFrame:
    """
    Set the figures of two choices beside each other.

    Parameters
    ----------
    sides
        The left and the right one, of the same plan or of two; None where a
        side has no zones.

    Returns
    -------
    table
        One row a total, a sector that zones have and an indicator of a goal:
        what it is ``about``, and what is to be said of it on the ``left`` and on
        the ``right``, in words; empty where nothing is.
    """
    columns: list[dict[tuple[int, str], str]] = []
    for side in sides:
        if side is None:
            columns.append({})
            continue
        with under(side.charter):
            columns.append(_totals(side) | _sectors(side) | _goals(side))
    left, right = columns
    rows = dict.fromkeys([*left, *right])
    # totals first, then sectors, then goals, though only the right one has some
    order = sorted(rows, key=lambda row: row[0])
    table = [(key[1], left.get(key, ""), right.get(key, "")) for key in order]
    return pd.DataFrame(table, columns=list(COLUMNS))


def _totals(side: Selection) -> dict[tuple[int, str], str]:
    return {(0, one.name): one.say() for one in in_words(side.summary)}


def _sectors(side: Selection) -> dict[tuple[int, str], str]:
    counts = side.count("sectors")
    sectors = side.plan.sectors
    return {
        (1, facet_label(sectors, "sectors", str(code))): text(
            "summary.zones", n=int(zones)
        )
        for code, zones in zip(counts.index, counts["zones"], strict=True)
        if zones
    }


def _goals(side: Selection) -> dict[tuple[int, str], str]:
    claims = side.claims
    goals = claims[(claims["stance"] == "goal") & claims["value"].notna()]
    said: dict[tuple[int, str], list[str]] = {}
    told = statements(side.plan, goals)
    for attribute, row in zip(goals["attribute"], told.to_dict("records"), strict=True):
        name = capital(Name("attribute", attribute).say())
        label = text("compare.goal", indicator=name)
        year = f" ({row['year']})" if row["year"] else ""
        said.setdefault((2, label), []).append(f"{row['said']}{year}")
    return {key: text("list.separator").join(all_) for key, all_ in said.items()}
