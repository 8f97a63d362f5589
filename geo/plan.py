"""A plan: its zones, places, claims, sources and sectors, read and checked."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.claims.table import read_claims, read_sectors, read_sources
from geo.errors import Fault, PlanError
from geo.folder import SHIPPED
from geo.language.glossary import in_words, read_glossary
from geo.language.messages import text
from geo.places import read_anchors
from geo.zones.layerfile import Layer
from geo.zones.packed import PackedArray
from geo.zones.screen import explain
from geo.zones.zonefiles import read_layers


@dataclass(frozen=True, eq=False)
class Plan:
    """
    Everything that is known about a plan.

    Parameters
    ----------
    zones
        One row a zone, columns `geo.schema.COLUMNS` and a geometry in
        EPSG:4326, null where the zone is not located; packed, see
        `geo.zones.packed`, where a table holds very many. The row number is
        the zone's number on the map.
    places
        Anchors of the zones, rival candidates and places of context, points
        in EPSG:4326, see `geo.places`.
    claims
        One row a figure or statement, see `geo.claims.table`.
    sources
        Documents that the claims rest on.
    sectors
        Vocabulary of sector codes with English and Chinese labels.
    glossary
        Chinese for the words of these tables, see `geo.language.glossary`.
    """

    zones: gpd.GeoDataFrame
    places: gpd.GeoDataFrame
    claims: pd.DataFrame
    sources: pd.DataFrame
    sectors: pd.DataFrame
    glossary: Mapping[str, str] = field(default_factory=dict)

    def say(self, words: object) -> str:
        """Say words of the plan in the reader's language. See `in_words`."""
        return in_words(self.glossary, words)

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


def read_plan(folder: Path = SHIPPED) -> Plan:
    """
    Read a plan folder and check it.

    Parameters
    ----------
    folder
        Folder with the tables ``claims.csv``, ``sources.csv``,
        ``sectors.csv`` and ``anchors.csv``, and the zones: either the layer
        files of `geo.schema.LAYER_FILES`, or all in one table, see
        `geo.zones.bulk`.

    Returns
    -------
    plan
        The plan, with one row a zone in the order of the files.

    Raises
    ------
    PlanError
        With every fault of every file: missing, broken, unknown values,
        invalid boundaries, an id given twice.
    """
    sectors = read_sectors(folder)
    layers = read_layers(folder, sectors=set(sectors["code"]))
    columns = pd.concat([layer.columns for layer in layers], ignore_index=True)
    faults = [fault for layer in layers for fault in layer.faults]
    faults += _id_faults(columns)
    if faults:
        raise PlanError(faults)
    return Plan(
        zones=gpd.GeoDataFrame(columns, geometry=_joined(layers), crs=4326),
        places=read_anchors(folder),
        claims=read_claims(folder),
        sources=read_sources(folder),
        sectors=sectors,
        glossary=read_glossary(folder),
    )


def _joined(layers: list[Layer]) -> NDArray[np.object_] | PackedArray:
    """Join the geometries of layers; those of one file stay as they are."""
    first, *others = [layer.geometries for layer in layers]
    return np.concatenate([first, *others]) if others else first


def _id_faults(zones: pd.DataFrame) -> list[Fault]:
    """Find ids given twice and zones that are part of an unknown one."""
    ids, parents = zones["id"], zones["part_of"]
    orphans = (parents.notna() & ~parents.isin(ids)).to_numpy()

    def twice(row: int) -> Iterator[Fault]:
        yield Fault(
            "E_DUPLICATE_ID",
            str(ids[row]),
            text("fault.duplicate_zone"),
            text("fault.duplicate_zone.mend"),
        )

    def orphaned(row: int) -> Iterator[Fault]:
        yield Fault(
            "E_UNKNOWN_PART_OF",
            str(ids[row]),
            text("fault.part_of", parent=parents[row]),
            text("fault.part_of.mend"),
        )

    return [
        *explain(ids.duplicated().to_numpy(), twice, name="id"),
        *explain(orphans, orphaned, name="part_of"),
    ]
