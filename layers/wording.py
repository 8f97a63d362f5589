"""What was chosen, of which plan and when: words for what leaves the page."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import shapely
from babel.dates import format_date

from geo.claims.quantities import number
from geo.filters import FACETS, Filters
from geo.language.labels import facet_label
from geo.language.messages import spoken, text
from geo.plan import Plan
from geo.zones.packed import BATCH
from layers.view import View

VERSION_LETTERS: Final = 8


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """
    What a reader sees besides the zones themselves.

    Parameters
    ----------
    filters
        The choice of zones, to be said.
    selected
        Id of the selected zone, or None.
    view
        Where to look; at all chosen zones if None.
    language
        Code of a language in `geo.language.messages.LANGUAGES`; the spoken one if None.
    """

    filters: Filters = field(default_factory=Filters)
    selected: str | None = None
    view: View | None = None
    language: str | None = None


def filter_words(plan: Plan, filters: Filters) -> str:
    """
    Say what was chosen.

    Parameters
    ----------
    plan
        The plan.
    filters
        The choice.

    Returns
    -------
    words
        One line; that all zones are shown, where nothing is filtered.
    """
    return text("list.separator").join(_parts(plan, filters)) or text("chosen.all")


def _parts(plan: Plan, filters: Filters) -> Iterator[str]:
    for column in FACETS:
        labels = [
            facet_label(plan.sectors, column, v) for v in getattr(filters, column)
        ]
        if labels:
            said = text("list.comma").join(labels)
            label = text(f"filter.{column}")
            yield text("card.meaning", label=label, meaning=said)
    for key, km2 in (("least", filters.least_km2), ("most", filters.most_km2)):
        if km2 is not None:
            yield text(f"chosen.{key}", km2=number(km2))
    if filters.text:
        label = text("filter.text")
        yield text("card.meaning", label=label, meaning=filters.text)


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


def program_version() -> str | None:
    """Name the version of beltmap; None where it runs without being installed."""
    try:
        return version("beltmap")
    except PackageNotFoundError:
        return None


def source_words(plan: Plan, zones: gpd.GeoDataFrame) -> list[str]:
    """
    Cite the documents behind a choice of zones.

    Parameters
    ----------
    plan
        The plan.
    zones
        Some of its zones.

    Returns
    -------
    citations
        Title, publisher and date of each source of the zones and of the
        claims about them, in the order of the plan's sources.
    """
    cited = {str(source).partition(",")[0] for source in zones["source"].dropna()}
    cited |= set(plan.claims.loc[plan.claims["subject"].isin(zones["id"]), "source"])
    rows = plan.sources[plan.sources["id"].isin(cited)].to_dict("records")
    return [_citation(plan, row) for row in rows]


def _citation(plan: Plan, source: Mapping[Any, object]) -> str:
    """Give id, title, publisher and date of a source."""
    title = plan.say(source["title"])
    parts = (
        text("card.meaning", label=source["id"], meaning=title),
        plan.say(source["publisher"]),
        plan.say(source["date"]),
    )
    return text("source.comma").join(part for part in parts if part)
