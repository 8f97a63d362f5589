"""A plan made ready for a page: everything that it asks for, computed once."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import replace
from functools import cached_property, lru_cache, partial
from pathlib import Path
from threading import Lock, RLock
from typing import Any, Final, TypeVar

import numpy as np
import pandas as pd

from geo.export.files import Export, write
from geo.filters import Filters
from geo.folder import SHIPPED
from geo.intake.context import Context, context_of
from geo.language.labels import facet_label
from geo.language.messages import LANGUAGES, speaking, spoken
from geo.memory import give_back
from geo.plan import Plan, read_plan
from geo.query import Mask, facet, index_zones, matches
from geo.summary import MOST_SURVEYED, Land, Totals, survey, totals, totals_by
from layers.assets import Shelf, put
from layers.basemapfile import own_basemaps
from layers.payload.ground import basemap_payloads
from layers.payload.zones import zone_payload
from layers.sections import Section, audit_sections, finding_section, plan_sections
from layers.table import zone_table
from layers.tiles.tiles import MOST_WHOLE, Tiles

T = TypeVar("T")

MOST_MASKS: Final = 64
"""Choices of zones that are remembered; each takes a byte a zone."""

MOST_RESULTS: Final = 512
MOST_OPEN: Final = 2
MOST_EXPORTS: Final = 16
MOST_AUDITS: Final = 16


def by_language(
    function: Callable[..., T], *, most: int = len(LANGUAGES)
) -> Callable[..., T]:
    """
    Remember what a function answers, apart for each language.

    Parameters
    ----------
    function
        Its answers hold words; its arguments can be hashed.
    most
        Answers that are remembered.

    Returns
    -------
    remembering
        The same function, which answers in the spoken language.
    """

    @lru_cache(most)
    def answer(_: str, *args: Hashable) -> T:
        return function(*args)

    def remembering(*args: Hashable) -> T:
        return answer(spoken(), *args)

    return remembering


class Opened:
    """
    A plan made ready for a page.

    Every answer is computed when it is first asked for, and remembered with
    the plan: it may be shared by sessions, and is gone with it.

    Parameters
    ----------
    plan
        The plan.
    folder
        Its folder, whose ``basemap`` is drawn; the shipped one without it.
    key
        State of the plan, see `geo.plan.stamp`.
    """

    def __init__(self, plan: Plan, folder: Path = SHIPPED, *, key: str = "") -> None:
        self.plan = plan
        self.folder = folder
        self.key = key
        self._lock = RLock()
        self._shelf = Shelf(key)
        self.index = index_zones(plan.zones, sectors=plan.sectors["code"])
        give_back()
        self.mask = lru_cache(MOST_MASKS)(self._mask)
        self._facet = lru_cache(MOST_RESULTS)(self._counted)
        self.totals = lru_cache(MOST_RESULTS)(self._totals)
        self.totals_by = lru_cache(MOST_RESULTS)(self._totals_by)
        self.table = by_language(self._table, most=MOST_MASKS)
        self.summary = by_language(self._summary, most=MOST_RESULTS)
        self.bars = by_language(self._bars, most=MOST_RESULTS)
        self.export = by_language(self._export, most=MOST_EXPORTS)
        self._addresses = by_language(self._written)
        self._sections = by_language(lambda: tuple(plan_sections(plan)))
        self.findings = by_language(partial(finding_section, plan))
        self.audited = by_language(self._audited, most=MOST_AUDITS)
        self.row = lru_cache(MOST_RESULTS)(self._row)

    @property
    def tiles(self) -> Tiles | None:
        """Tiles of the zones, if they are too many to be sent whole."""
        # the server's own thread and the first session may ask at once
        with self._lock:
            return self._tiles

    @cached_property
    def _tiles(self) -> Tiles | None:
        zones = self.plan.zones
        return Tiles(zones, key=self.key) if len(zones) > MOST_WHOLE else None

    def close(self) -> None:
        """Let no one find its zones any more: a reader's own end with their session."""
        self._shelf.close()
        if "_tiles" in vars(self) and self._tiles is not None:
            self._tiles.close()

    @property
    def addresses(self) -> Mapping[str, str]:
        """Where the map finds its payloads in the spoken language."""
        with self._lock:
            return self._addresses()

    def _written(self) -> Mapping[str, str]:
        """Write the payloads and give their addresses."""
        basemap = self.folder / "basemap"
        around = self.plan.places[self.plan.places["role"] != "zone"]
        offered = own_basemaps()
        zones = (
            self.tiles.head(offered)
            if self.tiles
            else zone_payload(self.plan.zones, basemaps=offered)
        )
        payloads = basemap_payloads(
            basemap if basemap.is_dir() else SHIPPED / "basemap", around
        )
        return {
            "zones": self._shelf.put(zones),
            **{name: put(made) for name, made in payloads.items()},
        }

    @property
    def ground(self) -> Mapping[str, str]:
        """Where a map finds the payloads of what lies below the zones."""
        return {name: at for name, at in self.addresses.items() if name != "zones"}

    @cached_property
    def context(self) -> Context:
        """What uploads are compared with."""
        return context_of(self.plan)

    @property
    def land(self) -> Land | None:
        """The land under the zones; None of a plan too large to be measured."""
        with self._lock:
            return self._land

    @cached_property
    def _land(self) -> Land | None:
        zones = self.plan.zones
        return survey(zones) if len(zones) <= MOST_SURVEYED else None

    @property
    def sections(self) -> tuple[Section, ...]:
        """What is told of the plan itself, in the spoken language."""
        return self._sections()

    def _audited(self, filters: Filters, unit: str) -> tuple[Section, ...]:
        """Tell whether the plan adds up, of the zones that match."""
        found, mask = self.totals(filters), self.mask(filters)
        findings = self.findings()
        made = audit_sections(self.plan, mask, found, unit=unit, findings=findings)
        return tuple(made)

    def _mask(self, filters: Filters) -> Mask:
        """Find the zones that match."""
        return matches(self.index, filters)

    def facet(self, filters: Filters, column: str) -> pd.DataFrame:
        """Count the zones of each value of a facet under the other filters."""
        # what is chosen in a facet does not change its own counts
        others: dict[str, Any] = {column: ()}
        return self._facet(replace(filters, **others), column)

    def _counted(self, filters: Filters, column: str) -> pd.DataFrame:
        return facet(self.index, filters, column, find=self.mask)

    def _totals(self, filters: Filters) -> Totals:
        """Add up the zones that match."""
        return totals(
            self.plan.zones, self.mask(filters), land=self.land, index=self.index
        )

    def _totals_by(self, filters: Filters, column: str) -> pd.DataFrame:
        """Add up the zones that match for each value of a facet."""
        zones, mask = self.plan.zones, self.mask(filters)
        return totals_by(zones, mask, land=self.land, index=self.index, column=column)

    def _summary(self, filters: Filters, column: str) -> pd.DataFrame:
        """Lay out the totals of each value of a facet for reading."""
        table = self.totals_by(filters, column).reset_index(names="value")
        labels = [
            facet_label(self.plan.sectors, column, value) for value in table["value"]
        ]
        return table.assign(label=labels)

    def _bars(self, filters: Filters, column: str) -> dict[str, Any] | None:
        """Draw the land under the zones of each value; None if not measured."""
        # the map is drawn before any chart, and need not wait for their library
        from layers.charts.area import area_bars
        from layers.charts.parts import written

        table = self.summary(filters, column)
        return written(area_bars(table)) if "covered_km2" in table else None

    def _table(self, filters: Filters) -> pd.DataFrame:
        """Lay out the zones that match for reading."""
        return zone_table(self.plan, self.mask(filters))

    def _export(self, filters: Filters, code: str, crs: str) -> Export:
        """Write the zones that match in a format, and read them back."""
        return write(self.plan, self.mask(filters), format_code=code, crs=crs)

    def file(self, filters: Filters, code: str, crs: str, *, language: str) -> bytes:
        """Write the zones that match in a format; too large to be remembered."""
        with speaking(language):
            return self._export(filters, code, crs).content

    def _row(self, zone: str | None) -> int | None:
        """Find the row of a zone by its id; None where there is none."""
        rows = np.flatnonzero((self.plan.zones["id"] == zone).to_numpy(bool))
        return int(rows[0]) if len(rows) else None

    def ids(self, filters: Filters) -> "np.ndarray[Any, np.dtype[Any]]":
        """Give the ids of the rows of `table`."""
        zones = self.plan.zones["id"].to_numpy()
        return np.asarray(zones[self.table(filters).index])


_OPENING: Final = Lock()


def open_plan(folder: Path, state: str) -> Opened:
    """
    Open a plan once for as long as its files stay as they are.

    Parameters
    ----------
    folder
        Folder of the plan, see `geo.plan.read_plan`.
    state
        State of its files, see `geo.plan.stamp`.

    Returns
    -------
    opened
        The same for all who ask, the server itself and every session; who
        asks while it is being opened, waits.

    Raises
    ------
    PlanError
        With every fault of the plan.
    """
    with _OPENING:
        return _open_plan(folder, state)


@lru_cache(MOST_OPEN)
def _open_plan(folder: Path, state: str) -> Opened:
    return Opened(read_plan(folder), folder, key=state)
