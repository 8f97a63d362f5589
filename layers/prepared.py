"""A plan made ready for a page: everything that it asks for, computed once."""

from collections.abc import Callable, Hashable, Mapping
from functools import cached_property, wraps
from pathlib import Path
from threading import Lock, RLock
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

import numpy as np
import pandas as pd
from cachetools import LRUCache

from beltmap.geo.audit.findings import Finding
from beltmap.geo.charter.force import under
from beltmap.geo.export.write import Export, write
from beltmap.geo.geometry.cover import cover
from beltmap.geo.geometry.pairs import cross_much
from beltmap.geo.intake.context import Context, context_of
from beltmap.geo.intake.overlay import is_mine
from beltmap.geo.language.messages import LANGUAGES, speaking, spoken, text
from beltmap.geo.memory import give_back
from beltmap.geo.plan.plan import Plan, read_plan
from beltmap.geo.plan.selection import Selection
from beltmap.geo.query.filters import Filters
from beltmap.geo.query.matches import Mask, count
from beltmap.geo.query.summary import Land, Totals, totals
from beltmap.geo.report.findings import findings
from beltmap.geo.report.totals import summary_table
from beltmap.geo.report.zones import zone_table
from beltmap.layers.assets import Shelf
from beltmap.layers.basemap.file import own_basemaps
from beltmap.layers.charts.area import area_bars
from beltmap.layers.payload.choice import choice_payload
from beltmap.layers.payload.editing import editing_payload
from beltmap.layers.payload.ground import basemap_payloads, embedded
from beltmap.layers.payload.zones import zone_payload
from beltmap.layers.tiles.tiles import MOST_WHOLE, Tiles
from beltmap.layers.views.answer import MOST_ANSWERED, answer
from beltmap.layers.views.html import Part
from beltmap.layers.views.sections import (
    Section,
    audit_sections,
    finding_section,
    plan_sections,
)

if TYPE_CHECKING:
    import geopandas as gpd

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")

MOST_MASKS: Final = 64
"""Choices of zones that are remembered; each takes a byte a zone."""

MOST_RESULTS: Final = 512
MOST_OWN_SURVEYED: Final = 20_000
"""Zones of a reader's own under which the land is measured at once."""

MOST_OPEN: Final = 4
MOST_EXPORTS: Final = 16
MOST_AUDITS: Final = 16
MOST_MADE: Final = 16


def remembered(most: int, *, worded: bool = False) -> Callable[[F], F]:
    """
    Remember what a method answers, with the value that it belongs to.

    Parameters
    ----------
    most
        Answers that are remembered; those not asked for longest go first.
    worded
        Whether the answers hold words, and are remembered by language.

    Returns
    -------
    decorate
        What makes the method remember; its arguments can be hashed. The method
        does not hold on to its value, which thus goes when nobody needs it.
    """

    def decorate(method: F) -> F:
        # cachedmethod of cachetools would put the bound method into its own object
        @wraps(method)
        def answer(self: "Prepared", *args: Hashable) -> object:
            key = (spoken() if worded else "", *args)
            with self.answering:
                cache = self.answers.setdefault(method.__name__, LRUCache(most))
                if key in cache:
                    return cache[key]
            with under(self.plan.charter):
                made = method(self, *args)
            with self.answering:
                return cache.setdefault(key, made)

        return cast("F", answer)

    return decorate


class Prepared:
    """
    A plan made ready for a page.

    Every answer is computed when it is first asked for, and remembered with
    the plan: it may be shared by sessions, and is gone with it.

    Parameters
    ----------
    plan
        The plan.
    key
        State of the plan, see `geo.shipped.stamp`.
    """

    def __init__(self, plan: Plan, *, key: str = "") -> None:
        self.plan = plan
        self.key = key
        self._lock = RLock()
        self.answers: dict[str, LRUCache[Hashable, Any]] = {}
        self.answering = Lock()
        self._shelf = Shelf(key)
        # made before sessions ask for it, which may be at once
        _ = plan.index
        give_back()

    @remembered(MOST_MASKS)
    def select(self, filters: Filters) -> Selection:
        """Choose the zones that match."""
        return Selection(self.plan, filters)

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
            return self._written()

    @property
    def basemaps(self) -> list[str]:
        """Codes of what may lie under the zones."""
        return [one.code for one in own_basemaps()]

    @remembered(len(LANGUAGES), worded=True)
    def _written(self) -> Mapping[str, str]:
        """Write the payloads and give their addresses."""
        offered = (embedded(self.plan), *own_basemaps()[1:])
        zones = (
            self.tiles.head(offered)
            if self.tiles
            else zone_payload(
                self.plan.zones, basemaps=offered, note=self.plan.names_note()
            )
        )
        payloads, shelf = basemap_payloads(self.plan), self._shelf
        return {
            "zones": shelf.put(zones),
            **{name: shelf.put(made, common=True) for name, made in payloads.items()},
        }

    @property
    def choice(self) -> str | None:
        """Where the panel finds what it filters by; None where the server does."""
        with self._lock:
            return self._choice

    @cached_property
    def _choice(self) -> str | None:
        made = None if self._tiles is not None else choice_payload(self.plan.index)
        return None if made is None else self._shelf.put(made)

    @remembered(2 * len(LANGUAGES), worded=True)
    def editing(self, name: str, may_save: bool) -> str:  # noqa: FBT001 - remembered by place
        """Give the address of what the desk begins with, see `editing_payload`."""
        made = editing_payload(self.plan, name=name, may_save=may_save)
        return self._shelf.put(made)

    @property
    def ground(self) -> Mapping[str, str]:
        """Where a map finds the payloads of what lies below the zones."""
        return {name: at for name, at in self.addresses.items() if name != "zones"}

    @cached_property
    def context(self) -> Context:
        """What uploads are compared with."""
        return context_of(self.plan)

    @property
    def sections(self) -> tuple[Section, ...]:
        """What is told of the plan itself, in the spoken language."""
        return self._sections()

    @remembered(len(LANGUAGES), worded=True)
    def _sections(self) -> tuple[Section, ...]:
        return tuple(plan_sections(self.plan))

    @remembered(1)
    def audit(self) -> tuple[Finding, ...]:
        """Find what does not fit in the plan."""
        return findings(self.plan)

    @remembered(MOST_MASKS, worded=True)
    def answer(self, filters: Filters) -> tuple[Part, ...]:
        """Say in a sentence what the zones that match amount to."""
        # of a large plan the audit takes many seconds, for which no one waits here
        found = self.audit() if len(self.plan.zones) <= MOST_ANSWERED else None
        return answer(self.select(filters), self.totals(filters), found)

    @remembered(len(LANGUAGES), worded=True)
    def findings(self) -> Section:
        """Tell what does not fit in the plan."""
        return finding_section(self.plan, self.audit())

    @remembered(MOST_AUDITS, worded=True)
    def audited(self, filters: Filters, unit: str) -> tuple[Section, ...]:
        """Tell whether the plan adds up, of the zones that match."""
        self.totals(filters)
        told = self.findings()
        return tuple(audit_sections(self.select(filters), unit=unit, told=told))

    def facet(self, filters: Filters, column: str) -> pd.DataFrame:
        """Count the zones of each value of a facet under the other filters."""
        # what is chosen in a facet does not change its own counts
        return self._counted(filters.without(column), column)

    def own_facet(self, filters: Filters, column: str) -> pd.DataFrame:
        """Count those of a reader's files alone, as `facet` counts all."""
        mask = self.select(filters.without(column)).mask & self._mine
        return count(self.plan.index, mask, column)

    @remembered(MOST_RESULTS)
    def _counted(self, filters: Filters, column: str) -> pd.DataFrame:
        """Count the zones that match."""
        return self.select(filters).count(column)

    @remembered(MOST_RESULTS)
    def totals(self, filters: Filters) -> Totals:
        """Add up the zones that match."""
        # the land is surveyed once, though several may ask at once
        with self._lock:
            _ = self.plan.land
        return self.select(filters).summary

    @property
    def mine(self) -> int:
        """Number of zones that are from a reader's files."""
        return int(self._mine.sum())

    @cached_property
    def _mine(self) -> Mask:
        return is_mine(self.plan.zones)

    @remembered(MOST_RESULTS)
    def own_totals(self, filters: Filters) -> Totals:
        """Add up the zones of a reader's files that match, by themselves."""
        mask = self.select(filters).mask
        if self._own is None:
            zones, index = self.plan.zones, self.plan.index
            return totals(zones, mask & self._mine, land=None, index=index)
        zones, land = self._own
        return totals(zones, mask[self._mine], land=land)

    @cached_property
    def _own(self) -> "tuple[gpd.GeoDataFrame, Land] | None":
        """The reader's zones and the land under them; None where that costs much."""
        if self.mine > MOST_OWN_SURVEYED:
            return None
        zones = self.plan.zones[self._mine]
        shapes = zones.geometry.to_numpy()
        # by themselves: how they lie to the plan's is not among the figures
        return None if cross_much(shapes) else (zones, Land(cover(shapes), None))

    @property
    def measured(self) -> bool:
        """Whether the land under the reader's zones is measured."""
        return self._own is not None

    @remembered(MOST_RESULTS, worded=True)
    def summary(self, filters: Filters, column: str) -> pd.DataFrame:
        """Lay out the totals of each value of a facet for reading."""
        self.totals(filters)
        return summary_table(self.select(filters), column)

    @remembered(MOST_RESULTS, worded=True)
    def bars(self, filters: Filters, column: str) -> str:
        """Draw the land under the zones of each value; nothing if not measured."""
        table = self.summary(filters, column)
        return area_bars(table) if "covered_km2" in table else ""

    @remembered(MOST_MASKS, worded=True)
    def table(self, filters: Filters) -> pd.DataFrame:
        """Lay out the zones that match for reading."""
        return zone_table(self.select(filters))

    @remembered(MOST_EXPORTS, worded=True)
    def losses(self, code: str, crs: str) -> tuple[str, ...]:
        """Say what a format loses of the whole plan, found by reading it back."""
        line, *warnings = self._export(Filters(), code, crs).notes
        return (text("export.panel.whole", losses=line), *warnings)

    def file(self, filters: Filters, code: str, crs: str, *, language: str) -> bytes:
        """Write the zones that match in a format, when they are asked for."""
        with speaking(language):
            return self._export(filters, code, crs).content

    def _export(self, filters: Filters, code: str, crs: str) -> Export:
        return write(self.select(filters), format_code=code, crs=crs)

    @remembered(MOST_MADE, worded=True)
    def made(self, make: Callable[[Selection], T], filters: Filters) -> T:
        """Make something of the zones that match, once, by a function of a module."""
        return make(self.select(filters))

    @remembered(MOST_RESULTS)
    def row(self, zone: str | None) -> int | None:
        """Find the row of a zone by its id; None where there is none."""
        rows = np.flatnonzero((self.plan.zones["id"] == zone).to_numpy(bool))
        return int(rows[0]) if len(rows) else None

    def ids(self, filters: Filters) -> "np.ndarray[Any, np.dtype[Any]]":
        """Give the ids of the rows of `table`."""
        zones = self.plan.zones["id"].to_numpy()
        return np.asarray(zones[self.table(filters).index])


_OPENING: Final = Lock()
_OPENED: Final[LRUCache[tuple[tuple[Path, ...], str], Prepared]] = LRUCache(MOST_OPEN)


def open_plan(folders: tuple[Path, ...], state: str) -> Prepared:
    """
    Open plans once for as long as their files stay as they are.

    Parameters
    ----------
    folders
        Folders of the plans, see `geo.plan.plan.read_plan`.
    state
        State of its files, see `geo.shipped.stamp`.

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
    asked = folders, state
    with _OPENING:
        if asked not in _OPENED:
            _OPENED[asked] = Prepared(read_plan(*folders), key=state)
        return _OPENED[asked]
