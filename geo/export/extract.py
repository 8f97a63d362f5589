"""What is written: chosen zones in a chosen CRS, with what is claimed of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from beltmap.geo import schema
from beltmap.geo.charter.charter import Charter
from beltmap.geo.charter.force import chartered
from beltmap.geo.errors import Fault, PlanError, fault
from beltmap.geo.export.crs import Crs, choose_crs, project
from beltmap.geo.export.names import fitting_names
from beltmap.geo.language.labels import code_label
from beltmap.geo.language.messages import LANGUAGES, spoken, text
from beltmap.geo.language.wording import in_a_row
from beltmap.geo.plan.plan import Plan
from beltmap.geo.plan.selection import Selection

CLAIMS: Final = "claims"
"""Column with the ids of the claims about a zone, joined like other values."""

TABLES: Final = ("claims", "sources", "sectors", "comments", "layer_styles")
"""Tables that stand beside the layers of zones."""

LAYER_BYTES: Final = 60
"""Longest name of a layer in UTF-8, without the mark of its datum."""

POLYGONS: Final = ("Polygon", "MultiPolygon")


@dataclass(frozen=True, eq=False)
class Layer:
    """
    The zones of one kind, as a file holds them.

    Parameters
    ----------
    kind
        Code of the kind.
    name
        Name of the layer in the spoken language: letters of any script, digits
        and underscores, marked with the datum where no software can tell it.
    zones
        Its zones.
    """

    kind: str
    name: str
    zones: gpd.GeoDataFrame

    @property
    def label(self) -> str:
        """Name of the kind for a reader."""
        return code_label("kind", self.kind)

    @property
    def description(self) -> str:
        """What is in the layer, in a sentence."""
        return text("export.layer", kind=self.label)


@dataclass(frozen=True, eq=False)
class Extract:
    """
    Part of a plan, ready to be written.

    Parameters
    ----------
    zones
        The chosen zones with all their columns and the column `CLAIMS`,
        geometry in `crs`, null where a zone is not located.
    claims
        Claims about these zones and the patterns they belong to; all claims
        of the plan where all zones are chosen.
    sources, sectors
        Documents and sectors that the zones and claims name.
    crs
        Where the geometry is.
    located
        The same zones in EPSG:4326, for what needs degrees.
    selection
        What the zones were taken from.
    """

    zones: gpd.GeoDataFrame
    claims: pd.DataFrame
    sources: pd.DataFrame
    sectors: pd.DataFrame
    crs: Crs
    located: gpd.GeoDataFrame
    selection: Selection

    @property
    def columns(self) -> list[str]:
        """Names of the columns without the geometry."""
        return [c for c in self.zones.columns if c != self.zones.geometry.name]

    def layers(self) -> Iterator[Layer]:
        """
        Split the zones into one layer a kind.

        Yields
        ------
        layer
            Kinds without a zone are left out.
        """
        kinds = self.zones["kind"].fillna("other")
        known = self.charter.by_kind
        codes = (*known, *sorted(set(kinds) - set(known)))
        names = layer_names(codes)
        for kind in codes:
            if (kinds == kind).any():
                name = f"{names[kind]}{self.crs.mark}"
                yield Layer(kind, name, self.zones[kinds == kind])

    @property
    def charter(self) -> Charter:
        """What the plan says of itself."""
        return self.selection.charter

    @property
    def cited(self) -> str:
        """Ids and titles of the sources, in the reader's language."""
        titles = self.selection.plan.titles()
        return in_a_row(
            text("list.labelled", label=key, meaning=titles.get(key, key))
            for key in self.sources["id"]
        )

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Tables without geometry, by name; comments only where there are any."""
        tables = {
            "claims": self.claims,
            "sources": self.sources,
            "sectors": self.sectors,
        }
        return tables | ({"comments": self.comments} if len(self.comments) else {})

    @property
    def comments(self) -> pd.DataFrame:
        """Remarks on these zones and claims; all of the plan's where all are chosen."""
        given = self.selection.plan.comments
        if self.selection.whole:
            return given
        known = {*self.zones["id"], *self.claims["id"]}
        return given[given["about"].isin(known)].reset_index(drop=True)


@chartered
def take_extract(selection: Selection, *, crs: str) -> Extract:
    """
    Take the chosen zones out of a plan.

    Parameters
    ----------
    selection
        The plan, and which of its zones are chosen.
    crs
        Code of the CRS, see `geo.export.crs.choose_crs`.

    Returns
    -------
    extract
        The zones and what belongs to them.

    Raises
    ------
    PlanError
        If nothing is chosen or the CRS is not known.
    """
    if not len(selection):
        raise PlanError([nothing_chosen(selection.plan)])
    plan, whole = selection.plan, selection.whole
    chosen = selection.zones.reset_index(drop=True)
    claims = plan.claims if whole else _about(plan.claims, chosen)
    # columns of people are many; put together, one more is cheap
    located = (
        _encodable(chosen).copy().assign(**{CLAIMS: _claim_ids(chosen, plan.claims)})
    )
    located = located[[*located.columns.drop("geometry"), "geometry"]]
    found = choose_crs(crs, located)
    sectors = set(schema.SEPARATOR.join(chosen["sectors"].dropna()).split(";"))
    return Extract(
        zones=project(located, found),
        claims=claims.reset_index(drop=True),
        sources=sources_of(selection, claims),
        sectors=_part(plan.sectors, "code", sectors, whole=whole),
        crs=found,
        located=located,
        selection=selection,
    )


def sources_of(selection: Selection, claims: pd.DataFrame) -> pd.DataFrame:
    """
    Take the documents that chosen zones and claims name.

    Parameters
    ----------
    selection
        The zones; where all are chosen, no document is left out.
    claims
        Claims about them.
    """
    plan, named = selection.plan, selection.zones["source"].dropna()
    cited = set(claims["source"]) | {_source_id(source) for source in named}
    return _part(plan.sources, "id", cited, whole=selection.whole)


def nothing_chosen(plan: Plan) -> Fault:
    """Say that no zone is chosen; filters are no reason where the plan has none."""
    why = "chosen" if len(plan.zones) else "there"
    return fault(f"E_NOTHING_CHOSEN.{why}", text("export.filters"))


def geometry_type(zones: gpd.GeoDataFrame) -> str:
    """
    Name the geometry type of a layer as GDAL wants it.

    Parameters
    ----------
    zones
        Zones of one layer; all may be without geometry.

    Returns
    -------
    geometry_type
        ``"MultiPolygon"`` where all are polygons, else ``"Unknown"``.
    """
    types = set(zones.geom_type.dropna())
    return "MultiPolygon" if types <= set(POLYGONS) else "Unknown"


def layer_names(kinds: Sequence[str]) -> dict[str, str]:
    """
    Name a layer after each kind, in the reader's language, as every format holds it.

    Parameters
    ----------
    kinds
        Codes of the kinds.

    Returns
    -------
    names
        By code; in English the codes themselves.

    Examples
    --------
    >>> layer_names(["town"])
    {'town': 'town'}
    """
    # codes are English words, by which scripts open the layers of an English file;
    # two kinds of one name are told apart by them
    plain = spoken() == LANGUAGES[0]
    said = [
        kind if plain and kind.isascii() else code_label("kind", kind) for kind in kinds
    ]
    unique = [
        label if said.count(label) == 1 else f"{label} {kind}"
        for kind, label in zip(kinds, said, strict=True)
    ]
    fitting = fitting_names(
        unique, most_bytes=LAYER_BYTES, only_words=True, reserved=TABLES
    )
    return {kind: fitting[name] for kind, name in zip(kinds, unique, strict=True)}


def in_one_order(geometries: object) -> npt.NDArray[Any]:
    """
    Wind rings as GeoJSON does, so that geometry can be told equal.

    Parameters
    ----------
    geometries
        Array of shapely geometries or None.

    Returns
    -------
    geometries
        The same, exterior rings counter-clockwise; one-part multipolygons as
        polygons.
    """
    array = shapely.orient_polygons(np.asarray(geometries, dtype=object))
    single = shapely.get_num_geometries(array) == 1
    return np.where(single, shapely.get_geometry(array, 0), array)


def _about(claims: pd.DataFrame, zones: gpd.GeoDataFrame) -> pd.DataFrame:
    patterns = set(schema.SEPARATOR.join(zones["patterns"].dropna()).split(";"))
    return claims[claims["subject"].isin(set(zones["id"]) | patterns)]


def _claim_ids(zones: gpd.GeoDataFrame, claims: pd.DataFrame) -> list[str | None]:
    by_zone = claims.groupby("subject", sort=False)["id"].agg(schema.SEPARATOR.join)
    return [by_zone.get(zone) for zone in zones["id"]]


def _part(
    table: pd.DataFrame, key: str, values: set[str], *, whole: bool
) -> pd.DataFrame:
    part = table if whole else table[table[key].isin(values)]
    return part.reset_index(drop=True)


def _source_id(source: str) -> str:
    """Take the id out of a source and its place, such as ``Q, One belt``."""
    return source.partition(",")[0].strip()


def _encodable(zones: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Replace halves of characters, which no file can hold in UTF-8."""
    whole = {
        column: pd.Series(
            [
                v.encode(errors="replace").decode() if isinstance(v, str) else v
                for v in zones[column]
            ],
            index=zones.index,
            dtype=object,
        )
        for column in zones.columns.drop(zones.geometry.name)
        if zones[column].dtype == object
    }
    return zones.assign(**whole)
