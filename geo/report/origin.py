"""What was chosen, of which plan and when: words for what leaves the page."""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import shapely
from babel.dates import format_date

from beltmap.geo.charter.force import chartered
from beltmap.geo.claims.quantities import number
from beltmap.geo.language.labels import facet_label
from beltmap.geo.language.messages import spoken, text
from beltmap.geo.language.wording import in_a_row
from beltmap.geo.plan.plan import Plan
from beltmap.geo.plan.selection import Selection
from beltmap.geo.query.filters import FACETS
from beltmap.geo.report.sources import unknown_of
from beltmap.geo.zones.packed import BATCH

VERSION_LETTERS: Final = 8


@chartered
def filter_words(selection: Selection) -> str:
    """
    Say what was chosen.

    Parameters
    ----------
    selection
        The choice.

    Returns
    -------
    words
        One line; that all zones are shown, where nothing is filtered.
    """
    return text("list.separator").join(_parts(selection)) or text("chosen.all")


def _parts(selection: Selection) -> Iterator[str]:
    plan, filters = selection.plan, selection.filters
    for column in FACETS:
        labels = [
            facet_label(plan.sectors, column, v) for v in getattr(filters, column)
        ]
        if labels:
            said = in_a_row(labels)
            label = text(f"filter.{column}")
            yield text("list.labelled", label=label, meaning=said)
    for key, km2 in (("least", filters.least_km2), ("most", filters.most_km2)):
        if km2 is not None:
            yield text(f"chosen.{key}", km2=number(km2))
    if filters.text:
        label = text("filter.text")
        yield text("list.labelled", label=label, meaning=filters.text)


@chartered
def made_words(plan: Plan, *, on: date) -> str:
    """
    Say when, from which data and by which version something was made.

    Parameters
    ----------
    plan
        The plan.
    on
        Day of making.

    Returns
    -------
    words
        One line.
    """
    day = format_date(on, "long", locale=spoken())
    said = text("made", day=day, data=data_version(plan))
    program = program_version()
    return text("made.program", made=said, program=program) if program else said


@chartered
def data_version(plan: Plan) -> str:
    """
    Name the state of a plan's data.

    Parameters
    ----------
    plan
        The plan.

    Returns
    -------
    version
        Eight hexadecimal digits that follow from zones, claims and sources.
    """
    digest = hashlib.sha256()
    for table in (plan.zones, plan.places, plan.claims, plan.sources):
        for start in range(0, len(table), BATCH):
            digest.update(_hashes(table.iloc[start : start + BATCH]))
    return digest.hexdigest()[:VERSION_LETTERS]


def _hashes(rows: pd.DataFrame) -> bytes:
    """Give a number for each row that follows from its values."""
    frame = pd.DataFrame(rows)
    if isinstance(rows, gpd.GeoDataFrame):
        wkb = shapely.to_wkb(rows.geometry.to_numpy())
        frame = frame.assign(**{rows.geometry.name: wkb})
    hashes = pd.util.hash_pandas_object(frame.astype(object), index=False)
    return hashes.to_numpy().tobytes()


@cache
def program_version() -> str | None:
    """Name the version of beltmap; None where it runs without being installed."""
    try:
        return version("beltmap")
    except PackageNotFoundError:
        return None


@chartered
def source_words(selection: Selection) -> list[str]:
    """
    Cite the documents behind a choice of zones.

    Parameters
    ----------
    selection
        The choice.

    Returns
    -------
    citations
        Title, publisher and date of each source of the zones and of the
        claims about them, in the order of the plan's sources.
    """
    plan, zones = selection.plan, selection.zones
    cited = {str(source).partition(",")[0] for source in zones["source"].dropna()}
    cited |= set(plan.claims.loc[plan.claims["subject"].isin(zones["id"]), "source"])
    rows = plan.sources[plan.sources["id"].isin(cited)].to_dict("records")
    return [_citation(plan, row) for row in rows]


def _citation(plan: Plan, source: Mapping[Any, object]) -> str:
    """Give id, title, publisher and date; a document's address only if it lacks one."""
    title, unknown = plan.say(source["title"]), unknown_of(source)
    parts = (
        text("list.labelled", label=source["id"], meaning=title),
        plan.say(source["publisher"]),
        unknown.get("date") or plan.say(source["date"]),
        unknown.get("url", ""),
    )
    return text("source.comma").join(part for part in parts if part)
