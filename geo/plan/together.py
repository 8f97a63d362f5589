"""The tables of a plan, and those of several put together, each code of one only."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import reduce
from itertools import chain
from typing import Final, TypeAlias

import geopandas as gpd
import numpy as np
import pandas as pd

from beltmap.geo import schema
from beltmap.geo.charter.charter import Charter, Difference, Words
from beltmap.geo.charter.merge import first_of, merged, of_plan, own_structures
from beltmap.geo.charter.reading import default_charter
from beltmap.geo.claims.comments import no_comments

Renamed: TypeAlias = dict[str, str]
"""What is called with its plan, by what the plan itself calls it."""

_LINKS: Final = ("share_of", "summand_of", "each_of")
"""Columns of a claim that hold the id of another one."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Tables:
    """
    What stands in the files of a plan.

    Parameters
    ----------
    zones
        One row a zone, columns `geo.schema.COLUMNS` and a geometry in
        EPSG:4326, null where the zone is not located; packed, see
        `geo.zones.packed`, where a table holds very many. The row number is
        the zone's number on the map.
    places
        Anchors of the zones, rival candidates and places of context, points
        in EPSG:4326, see `geo.plan.places`.
    claims
        One row a figure or statement, see `geo.claims.table`.
    sources
        Documents that the claims rest on.
    sectors
        Vocabulary of sector codes with English and Chinese labels.
    glossary
        Chinese for the words of these tables, see `geo.claims.glossary`.
    rival_axes
        Lines along which a zone might run instead, see
        `geo.plan.places.read_rival_axes`; None where none were looked for.
    comments
        Remarks on zones, claims and places, see `geo.claims.comments`.
    charter
        What the plan says of itself: kinds, structures, cities, words.
    """

    zones: gpd.GeoDataFrame
    places: gpd.GeoDataFrame
    claims: pd.DataFrame
    sources: pd.DataFrame
    sectors: pd.DataFrame
    glossary: Mapping[str, str] = field(default_factory=dict)
    rival_axes: gpd.GeoDataFrame | None = None
    comments: pd.DataFrame = field(default_factory=no_comments)
    charter: Charter = field(default_factory=default_charter)


@dataclass(frozen=True)
class _Names:
    """What of one plan another has as well: zones and subjects, claims, sources."""

    things: Renamed
    claims: Renamed
    sources: Renamed


def together(plans: Mapping[str, Tables], *, head: Charter | None = None) -> Tables:
    """
    Put several plans into one.

    Parameters
    ----------
    plans
        Plans by their names, in the order in which they are shown.
    head
        What is said of all of them together, see `geo.charter.merge.merged`.

    Returns
    -------
    plan
        The zones, places, claims and sources of all, in their order. An id that two
        plans have is called with its plan, wherever it is named; what is the same
        in both, such as a source that both cite, is there once.
    """
    charters = {name: plan.charter for name, plan in plans.items()}
    named = _named(plans)
    parts = [_renamed(plan, named[name]) for name, plan in plans.items()]
    found: list[Difference] = []
    sectors = first_of(
        {name: _rows(plan.sectors, "code") for name, plan in plans.items()},
        head={},
        found=found,
    )
    glossary = first_of(
        {name: plan.glossary for name, plan in plans.items()}, head={}, found=found
    )
    charter = merged(
        {
            name: replace(one, words=_words(one.words, named[name].things))
            for name, one in charters.items()
        },
        head=head,
    )
    first = next(iter(plans.values()))
    differences = dict.fromkeys([*charter.differences, *found])
    return Tables(
        zones=_zones([part.zones for part in parts]),
        places=_under(part.places for part in parts),
        claims=_under(part.claims for part in parts),
        sources=_under(part.sources for part in parts).drop_duplicates(
            "id", ignore_index=True
        ),
        sectors=pd.DataFrame(
            list(map(dict, sectors.values())),
            columns=first.sectors.columns,
            dtype=object,
        ),
        glossary=glossary,
        rival_axes=_under(p.rival_axes for p in parts if p.rival_axes is not None),
        comments=_under(part.comments for part in parts),
        charter=replace(charter, differences=tuple(differences)),
    )


def _named(plans: Mapping[str, Tables]) -> dict[str, _Names]:
    """Find what of each plan another one has as well, and what to call it."""
    things = {name: _things(plan) for name, plan in plans.items()}
    claims = {name: set(plan.claims["id"]) for name, plan in plans.items()}
    rows = {name: _rows(plan.sources, "id") for name, plan in plans.items()}
    said = {
        source: each for one in reversed(rows.values()) for source, each in one.items()
    }
    unlike = {
        source
        for one in rows.values()
        for source, each in one.items()
        if said[source] != each
    }
    sources = {name: set(one) & unlike for name, one in rows.items()}
    charters = {name: plan.charter for name, plan in plans.items()}
    found = {}
    for name, plan in plans.items():
        own = _free(things, name)
        patterns = {
            code: each.code for code, each in own_structures(name, charters).items()
        }
        own |= {code: called for code, called in patterns.items() if code != called}
        follow = {
            claim: own[subject] + claim.removeprefix(subject)
            for claim, subject in zip(
                plan.claims["id"], plan.claims["subject"], strict=True
            )
            if subject in own and claim.startswith(subject)
        }
        found[name] = _Names(own, _free(claims, name) | follow, _free(sources, name))
    return found


def _things(plan: Tables) -> set[str]:
    """Collect the ids of zones and places, and the subjects of claims."""
    subjects = set(plan.claims["subject"]) - set(plan.charter.patterns)
    return {*plan.zones["id"], *plan.places["id"], *subjects}


def _free(codes: Mapping[str, set[str]], name: str) -> Renamed:
    """Call the codes of a plan that others have so that no one else is called so."""
    counts = Counter(chain.from_iterable(codes.values()))
    taken, found = set(counts), {}
    for code in sorted(code for code in codes[name] if counts[code] > 1):
        called = of_plan(code, name)
        while called in taken:
            called = of_plan(called, name)
        found[code] = called
    return found


def _renamed(plan: Tables, names: _Names) -> Tables:
    """Let a plan call with its name what others have as well."""
    if not (names.things or names.claims or names.sources):
        return plan
    things, zones, claims, places = names.things, plan.zones, plan.claims, plan.places
    axes = plan.rival_axes
    return replace(
        plan,
        zones=zones.assign(
            id=_codes(zones["id"], things),
            part_of=_codes(zones["part_of"], things),
            patterns=_lists(zones["patterns"], things),
            source=_cited(zones["source"], names.sources),
        ),
        claims=claims.assign(
            id=_codes(claims["id"], names.claims),
            subject=_codes(claims["subject"], things),
            text=_lists(claims["text"], things),
            source=_codes(claims["source"], names.sources),
            **{link: _codes(claims[link], names.claims) for link in _LINKS},
        ),
        sources=plan.sources.assign(id=_codes(plan.sources["id"], names.sources)),
        places=places.assign(
            id=_codes(places["id"], things),
            rival_of=_codes(places["rival_of"], things),
            source=_cited(places["source"], names.sources),
        ),
        comments=plan.comments.assign(
            about=_codes(plan.comments["about"], {**names.claims, **things})
        ),
        rival_axes=axes
        if axes is None
        else axes.assign(zone=_codes(axes["zone"], things)),
    )


def _codes(column: "pd.Series[str]", names: Renamed) -> "pd.Series[str]":
    return column.map(lambda code: names.get(code, code)) if names else column


def _lists(column: "pd.Series[str]", names: Renamed) -> "pd.Series[str]":
    """Call by their new names what stands in a cell one after the other."""

    def called(cell: object) -> object:
        if not isinstance(cell, str):
            return cell
        parts = [part.strip() for part in cell.split(schema.SEPARATOR)]
        if not names.keys() & set(parts):
            return cell
        return schema.SEPARATOR.join(names.get(part, part) for part in parts)

    return column.map(called) if names else column


def _cited(column: "pd.Series[str]", names: Renamed) -> "pd.Series[str]":
    """Call sources by their new names before the places in them."""

    def called(cell: object) -> object:
        if not isinstance(cell, str):
            return cell
        source, comma, place = cell.partition(",")
        return f"{names.get(source.strip(), source)}{comma}{place}"

    return column.map(called) if names else column


def _words(words: Mapping[str, Words], things: Renamed) -> dict[str, Words]:
    """Let subjects that are called with their plan keep their words."""
    return {
        f"subject.{things[key.removeprefix('subject.')]}"
        if key.removeprefix("subject.") in things and key.startswith("subject.")
        else key: said
        for key, said in words.items()
    }


def _rows(table: pd.DataFrame, key: str) -> dict[str, tuple[tuple[str, object], ...]]:
    """Give the rows of a table by their key, so that they can be compared."""
    plain = table.astype(object).where(table.notna(), None)
    rows = plain.to_dict("records")
    return {
        str(row[key]): tuple((str(name), cell) for name, cell in row.items())
        for row in rows
    }


def _zones(tables: list[gpd.GeoDataFrame]) -> gpd.GeoDataFrame:
    """Put the zones of all plans under each other, with the columns of all."""
    columns = list(dict.fromkeys(chain.from_iterable(t.columns for t in tables)))
    columns.remove("geometry")
    plain = [table.reindex(columns=columns).astype(object) for table in tables]
    joined = pd.concat(plain, ignore_index=True)
    joined = joined.where(joined.notna(), None)
    for column in schema.NUMBERS:
        joined[column] = joined[column].astype(np.float64)
    shapes = pd.concat([table.geometry for table in tables], ignore_index=True).array
    return gpd.GeoDataFrame(joined, geometry=shapes, crs=4326)


def _under(tables: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Put tables of the same columns under each other; the empty ones have no say."""
    given = list(tables)
    full = [table for table in given if len(table)] or given[:1]
    return reduce(lambda a, b: pd.concat([a, b], ignore_index=True), full)
