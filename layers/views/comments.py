"""What readers remarked on a plan, as it is told and printed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from beltmap.geo.charter.force import chartered
from beltmap.geo.claims.comments import STATES
from beltmap.geo.language.hidden import excerpt
from beltmap.geo.language.labels import code_label
from beltmap.geo.language.messages import text
from beltmap.geo.language.wording import Name
from beltmap.geo.plan.plan import Plan
from beltmap.geo.plan.selection import Selection
from beltmap.geo.report.areas import zone_labels
from beltmap.geo.report.statements import statements


@dataclass(frozen=True)
class Remark:
    """
    A comment in words.

    Parameters
    ----------
    id
        Of the comment.
    zone
        Id of the zone that it is about, itself or in a claim; None for a place.
    place
        Longitude and latitude in degrees; None where it is about no place.
    line
        Who said what about what, and when.
    is_open
        Whether nobody has settled it.
    """

    id: str
    zone: str | None
    place: tuple[float, float] | None
    line: str
    is_open: bool


@chartered
def remarked(plan: Plan) -> tuple[Remark, ...]:
    """
    Put the comments of a plan into words.

    Parameters
    ----------
    plan
        The plan.

    Returns
    -------
    remarks
        The open ones first, each group in the order of the table.
    """
    named = dict(zip(plan.zones["id"], zone_labels(plan.zones), strict=True))
    rows = plan.claims.drop_duplicates("id").set_index("id")
    told = [_told(row, named, rows) for row in plan.comments.to_dict("records")]
    return tuple(sorted(told, key=lambda one: not one.is_open))


def remarked_within(selection: Selection) -> Iterator[Remark]:
    """
    Choose the comments that concern a choice of zones.

    Parameters
    ----------
    selection
        The chosen zones.

    Yields
    ------
    remark
        Those on its zones and their claims; of a choice of all zones, every one.
    """
    chosen = set(selection.zones["id"])
    everything = len(chosen) == len(selection.plan.zones)
    for one in remarked(selection.plan):
        if everything or one.zone in chosen:
            yield one


def subjects(plan: Plan, zone: str | None) -> Iterator[tuple[str, str]]:
    """
    Name what can be remarked on of a zone: itself, and each claim on it.

    Parameters
    ----------
    plan
        The plan.
    zone
        Id of the zone; of none, there is nothing.

    Yields
    ------
    about, label
        Id of the zone or claim, and what it says.
    """
    if zone is None:
        return
    labels = zone_labels(plan.zones)
    named = dict(zip(plan.zones["id"], labels, strict=True))
    yield zone, named.get(zone, zone)
    claims = plan.claims[plan.claims["subject"] == zone]
    for one in statements(plan, claims).to_dict("records"):
        yield (
            one["claim"],
            text("list.labelled", label=one["attribute"], meaning=one["said"]),
        )


def _told(
    row: Mapping[Any, Any], named: dict[str, str], claims: pd.DataFrame
) -> Remark:
    about = row["about"]
    subject = claims["subject"].get(about, about)
    place = None if pd.isna(row["lon"]) else (float(row["lon"]), float(row["lat"]))
    if about is None and place is not None:
        said = f"{place[0]:.5f}, {place[1]:.5f}"
    else:
        said = named.get(subject, str(subject))
        if about in claims.index:
            attribute = Name("attribute", claims["attribute"][about]).say()
            said = text("list.labelled", label=said, meaning=attribute)
    values = {
        "author": excerpt(row["author"]),
        "day": str(row["time"])[:10],
        "about": said,
        "words": row["text"],
        "state": code_label("comment", row["state"]),
    }
    return Remark(
        id=row["id"],
        zone=subject if subject in named else None,
        place=place,
        line=text("comment.line", **values),
        is_open=row["state"] == STATES[0],
    )
