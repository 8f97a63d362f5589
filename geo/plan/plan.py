"""A plan: its zones, places, claims, sources and sectors, read and checked."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from beltmap.geo import schema
from beltmap.geo.charter.charter import Charter
from beltmap.geo.charter.force import under
from beltmap.geo.charter.reading import plan_names, read_charter, read_head
from beltmap.geo.claims.comments import read_comments
from beltmap.geo.claims.glossary import in_words, read_glossary
from beltmap.geo.claims.table import read_claims, read_sectors, read_sources
from beltmap.geo.commit import read_whole
from beltmap.geo.errors import Fault, PlanError, fault
from beltmap.geo.geometry.area import drawn_area_km2
from beltmap.geo.ground.ground import Ground, ground_under, joined_ground
from beltmap.geo.language.messages import text
from beltmap.geo.plan.places import read_anchors, read_rival_axes
from beltmap.geo.plan.together import Tables, together
from beltmap.geo.query.matches import Index, index_zones
from beltmap.geo.query.summary import MOST_SURVEYED, Land, survey
from beltmap.geo.shipped import SHIPPED
from beltmap.geo.zones.files import read_layers
from beltmap.geo.zones.layerfile import Layer
from beltmap.geo.zones.packed import PackedArray
from beltmap.geo.zones.screen import explain


@dataclass(frozen=True, eq=False, kw_only=True)
class Plan(Tables):
    """
    Everything that is known about a plan, or about several that are open together.

    Parameters
    ----------
    folder
        Where it was read from; None where it was made otherwise, or of several.
    parts
        Name and plan of each that it was put together from, see
        `geo.plan.together`; none where it is one plan.
    """

    folder: Path | None = None
    parts: "tuple[tuple[str, Plan], ...]" = ()

    @cached_property
    def index(self) -> Index:
        """The zones made ready for filtering."""
        with under(self.charter):
            return index_zones(self.zones, sectors=self.sectors["code"])

    @cached_property
    def land(self) -> Land | None:
        """The land under the zones; None where they are too many to be measured."""
        if len(self.zones) > MOST_SURVEYED:
            return None
        with under(self.charter):
            return survey(self.zones)

    @cached_property
    def ground(self) -> Ground | None:
        """The basemap: its own, or the shipped one where that reaches its zones."""
        if not self.parts:
            wanted = self.charter.basemap
            return ground_under(self.folder, self.zones, wanted=wanted)
        return joined_ground(part.ground for _, part in self.parts)

    @cached_property
    def rows(self) -> Mapping[str, slice]:
        """Rows of the zones of each plan that it was put together from."""
        ends = np.cumsum([0, *(len(part.zones) for _, part in self.parts)])
        return {
            name: slice(int(start), int(end))
            for (name, _), (start, end) in zip(self.parts, pairwise(ends), strict=True)
        }

    def say(self, words: object) -> str:
        """Say words of the plan in the reader's language. See `in_words`."""
        return in_words(self.glossary, words)

    def names_note(self) -> str:
        """Say how the Chinese names were come by; nothing where no claim does."""
        told = self.claims.loc[self.claims["attribute"] == "chinese_names", "text"]
        return self.say(told.iloc[0]) if len(told) else ""

    def titles(self) -> dict[str, str]:
        """Give the title of each source by its id, in the reader's language."""
        titles = zip(self.sources["id"], self.sources["title"], strict=True)
        return {source: self.say(title) for source, title in titles}

    def cite(self, source: str) -> str:
        """Spell out a source's id and the place in it: ``Q, One belt``."""
        key, _, place = source.partition(", ")
        title = self.titles().get(key, key)
        if not place:
            return title
        return text("source.place", title=title, place=self.say(place))


def read_plan(*folders: Path) -> Plan:
    """
    Read a plan folder and check it, or several as one plan.

    Parameters
    ----------
    folders
        Each with the tables ``claims.csv``, ``sources.csv``,
        ``sectors.csv`` and ``anchors.csv``, perhaps ``plan.toml``, and the
        zones: either a layer file for each kind of the charter, or all in one
        table, see `geo.zones.bulk`; or with a ``plan.toml`` that names the plans
        in it. The shipped ones if none is given.

    Returns
    -------
    plan
        The plan, with one row a zone in the order of the files; of several, see
        `geo.plan.together.together`.

    Raises
    ------
    PlanError
        With every fault of every file: missing, broken, unknown values,
        invalid boundaries, an id given twice.
    """
    several = tuple(dict.fromkeys(folder.resolve() for folder in folders))
    if len(several) > 1:
        return _joined_plans(several, head=None)
    return read_whole(folders[0] if folders else SHIPPED, _read)


def _read(folder: Path) -> Plan:
    head = read_head(folder)
    if head is not None:
        inner = [folder / name for name in head.plans]
        return replace(_joined_plans(inner, head=head), folder=folder)
    charter = read_charter(folder)
    with under(charter):
        sectors = read_sectors(folder)
        layers = read_layers(folder, sectors=set(sectors["code"]))
        columns = _under_each_other([layer.columns for layer in layers])
        faults = [fault for layer in layers for fault in layer.faults]
        faults += id_faults(columns)
        if faults:
            raise PlanError(faults)
        zones = gpd.GeoDataFrame(columns, geometry=_joined(layers), crs=4326)
        return _with_tables(folder, charter, sectors, _measured(zones))


def read_tables(folder: Path) -> Plan:
    """
    Read a plan without its zones, which are elsewhere.

    Parameters
    ----------
    folder
        As for `read_plan`; of its zones nothing is read.

    Returns
    -------
    plan
        The plan without a zone.

    Raises
    ------
    PlanError
        With the faults of the tables.
    """
    charter = read_charter(folder)
    with under(charter):
        columns = {
            name: pd.Series(dtype=float if name in schema.NUMBERS else object)
            for name in schema.COLUMNS
        }
        none = gpd.GeoDataFrame(columns, geometry=[], crs=4326)
        return _with_tables(folder, charter, read_sectors(folder), none)


def _with_tables(
    folder: Path, charter: Charter, sectors: pd.DataFrame, zones: gpd.GeoDataFrame
) -> Plan:
    return Plan(
        zones=zones,
        places=read_anchors(folder),
        claims=read_claims(folder),
        sources=read_sources(folder),
        sectors=sectors,
        glossary=read_glossary(folder),
        folder=folder,
        charter=charter,
        rival_axes=read_rival_axes(folder),
        comments=read_comments(folder),
    )


def _joined_plans(folders: Sequence[Path], *, head: Charter | None) -> Plan:
    """Read several plans as one; say the faults of all."""
    plans, faults = [], []
    names = plan_names(folders)
    for name, folder in zip(names, folders, strict=True):
        try:
            plans.append(read_plan(folder))
        except PlanError as error:
            faults += [
                replace(one, where=f"{name}: {one.where}") for one in error.faults
            ]
    if faults:
        raise PlanError(faults)
    parts = dict(zip(names, plans, strict=True))
    return Plan(**vars(together(parts, head=head)), parts=tuple(parts.items()))


def _measured(zones: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Measure the zones that are drawn and do not say how large, as by hand."""
    column = "drawn_area_km2"
    unsaid = zones[column].isna().to_numpy() & ~zones.geometry.isna().to_numpy()
    if not unsaid.any():
        return zones
    areas = zones[column].to_numpy(float).copy()
    areas[unsaid] = drawn_area_km2(zones[unsaid])
    return zones.assign(**{column: areas})


def _under_each_other(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Join tables; a column that only some of them have is None in the others."""
    joined = pd.concat(tables, ignore_index=True)
    for name in joined.columns.drop(list(schema.COLUMNS)):
        joined[name] = joined[name].astype(object).where(joined[name].notna(), None)
    return joined


def _joined(layers: list[Layer]) -> NDArray[np.object_] | PackedArray:
    """Join the geometries of layers; those of one file stay as they are."""
    first, *others = [layer.geometries for layer in layers]
    return np.concatenate([first, *others]) if others else first


def id_faults(zones: pd.DataFrame) -> list[Fault]:
    """
    Find ids given twice, and zones that are part of an unknown one or of themselves.

    Parameters
    ----------
    zones
        All zones of a plan, with the columns ``id`` and ``part_of``.

    Returns
    -------
    faults
        One a zone, by the zone's id.
    """
    ids, parents = zones["id"], zones["part_of"]
    orphans = (parents.notna() & ~parents.isin(ids)).to_numpy()

    def twice(row: int) -> Iterator[Fault]:
        yield fault("E_DUPLICATE_ID.zone", ids[row])

    def orphaned(row: int) -> Iterator[Fault]:
        yield fault("E_UNKNOWN_PART_OF", ids[row], parent=parents[row])

    def circling(row: int) -> Iterator[Fault]:
        yield fault("E_CIRCLE", ids[row], parent=parents[row])

    return [
        *explain(ids.duplicated().to_numpy(), twice, name="id"),
        *explain(orphans, orphaned, name="part_of"),
        *explain(_circling(ids, parents), circling, name="part_of"),
    ]


def _circling(ids: "pd.Series[str]", parents: "pd.Series[str]") -> NDArray[np.bool_]:
    """Find zones that are part of themselves, be it by way of others."""
    some = parents.notna()
    above = dict(zip(ids[some], parents[some], strict=True))
    size = -1
    while size != len(above):
        size = len(above)
        # who has none above or none below is on no circle
        below = set(above.values())
        above = {
            zone: parent
            for zone, parent in above.items()
            if parent in above and zone in below
        }
    return np.asarray(some & ids.isin(above), bool)
