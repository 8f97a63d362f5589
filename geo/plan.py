"""A plan: its zones, places, claims, sources and sectors, read and checked."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

import data
from geo import schema
from geo.claims import read_claims, read_sectors, read_sources
from geo.errors import Fault, PlanError
from geo.glossary import in_words, read_glossary
from geo.layerfile import Layer, read_layer
from geo.messages import text
from geo.places import read_anchors

SHIPPED: Final = Path(data.__file__).parent
"""Folder of the plan that comes with beltmap."""


@dataclass(frozen=True, eq=False)
class Plan:
    """
    Everything that is known about a plan.

    Parameters
    ----------
    zones
        One row a zone, columns `geo.schema.COLUMNS` and a geometry in
        EPSG:4326, null where the zone is not located. The row number is the
        zone's number on the map.
    places
        Anchors of the zones, rival candidates and places of context, points
        in EPSG:4326, see `geo.places`.
    claims
        One row a figure or statement, see `geo.claims`.
    sources
        Documents that the claims rest on.
    sectors
        Vocabulary of sector codes with English and Chinese labels.
    glossary
        Chinese for the words of these tables, see `geo.glossary`.
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
        return (
            text("source.place", title=title, place=self.say(place)) if place else title
        )


def read_plan(folder: Path = SHIPPED) -> Plan:
    """
    Read a plan folder and check it.

    Parameters
    ----------
    folder
        Folder with the layer files of `geo.schema.LAYER_FILES`, the tables
        ``claims.csv``, ``sources.csv`` and ``sectors.csv``, and
        ``anchors.csv``.

    Returns
    -------
    plan
        The plan, with one row a zone in the order of the layer files.

    Raises
    ------
    PlanError
        With every fault of every file: missing, broken, unknown values,
        invalid boundaries, an id given twice.
    """
    sectors = read_sectors(folder)
    layers = [
        read_layer(folder / file, kind=kind, sectors=set(sectors["code"]))
        for kind, file in schema.LAYER_FILES.items()
    ]
    faults = [fault for layer in layers for fault in layer.faults]
    faults += _id_faults(record for layer in layers for record in layer.records)
    if faults:
        raise PlanError(faults)
    return Plan(
        zones=_zones(layers),
        places=read_anchors(folder),
        claims=read_claims(folder),
        sources=read_sources(folder),
        sectors=sectors,
        glossary=read_glossary(folder),
    )


def stamp(folder: Path = SHIPPED) -> str:
    """
    Tell the state of a plan's files without reading them.

    Parameters
    ----------
    folder
        Folder of the plan.

    Returns
    -------
    stamp
        Sixteen hexadecimal digits that change when a file changes.
    """
    digest = hashlib.sha256(str(folder).encode())
    for path in sorted(folder.glob("*.*")):
        status = path.stat()
        digest.update(f"{path.name} {status.st_size} {status.st_mtime_ns}".encode())
    return digest.hexdigest()[:16]


def _zones(layers: Iterable[Layer]) -> gpd.GeoDataFrame:
    """Put the zones of all layers into one frame."""
    records = [record for layer in layers for record in layer.records]
    geometries = [geometry for layer in layers for geometry in layer.geometries]
    frame = pd.DataFrame(records, columns=list(schema.COLUMNS), dtype=object)
    for column in schema.NUMBERS:
        frame[column] = frame[column].astype(np.float64)
    return gpd.GeoDataFrame(frame, geometry=geometries, crs=4326)


def _id_faults(records: Iterable[dict[str, object]]) -> Iterator[Fault]:
    """Find ids given twice and zones that are part of an unknown one."""
    known: set[object] = set()
    parents: list[tuple[object, object]] = []
    for record in records:
        if record["id"] in known:
            yield Fault(
                "E_DUPLICATE_ID",
                str(record["id"]),
                text("fault.duplicate_zone"),
                text("fault.duplicate_zone.mend"),
            )
        known.add(record["id"])
        if record["part_of"] is not None:
            parents.append((record["id"], record["part_of"]))
    for zone, parent in parents:
        if parent not in known:
            yield Fault(
                "E_UNKNOWN_PART_OF",
                str(zone),
                text("fault.part_of", parent=parent),
                text("fault.part_of.mend"),
            )
