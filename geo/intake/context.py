"""What an upload is compared with: the plan that is open."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from geo.language.labels import facet_codes

if TYPE_CHECKING:
    from geo.plan import Plan


@dataclass(frozen=True)
class Anchor:
    """
    A place of the plan that is well known.

    Parameters
    ----------
    names
        Its id and its names, as an upload might call it.
    lon, lat
        WGS 84, degrees.
    uncertainty_m
        How well it is known, metres.
    """

    names: tuple[str, ...]
    lon: float
    lat: float
    uncertainty_m: float


@dataclass(frozen=True)
class Context:
    """
    The plan that is open, as far as an upload needs it; all of it is JSON.

    Parameters
    ----------
    words
        Code by word, of the columns ``city`` and ``sectors``; words in small
        letters.
    anchors
        Places whose position is known.
    belts
        Well-known text of each belt by the id of its zone, WGS 84.
    near
        Longitude and latitude of the plan's middle, degrees.
    """

    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    anchors: tuple[Anchor, ...] = ()
    belts: tuple[tuple[str, str], ...] = ()
    near: tuple[float, float] = (120.38, 36.07)


def known_words(
    context: Context, sectors: Mapping[str, str]
) -> dict[str, Mapping[str, str]]:
    """
    Add what a person said about words for sectors to what the plan knows.

    Examples
    --------
    >>> plan = Context(words={"sectors": {"ito": "ITO"}})
    >>> known_words(plan, {"外包 ": "ITO"})
    {'sectors': {'ito': 'ITO', '外包': 'ITO'}}
    """
    told = {word.strip().casefold(): code for word, code in sectors.items()}
    return {**context.words, "sectors": {**context.words.get("sectors", {}), **told}}


def context_of(plan: "Plan", *, within_m: float = 300.0) -> Context:
    """
    Take from a plan what uploads are compared with.

    Parameters
    ----------
    plan
        The plan that is open.
    within_m
        Worst uncertainty of a place that counts as known, metres.

    Returns
    -------
    context
        Words for sectors and cities, located zones with an uncertainty of at
        most `within_m`, and belts.
    """
    zones = plan.zones
    shapes = zones.geometry.array
    drawn = ~shapes.isna()
    located = zones[drawn & (zones["location_uncertainty_m"] <= within_m)]
    middles = located.geometry.representative_point()
    anchors = [
        Anchor(_names(row), point.x, point.y, float(row["location_uncertainty_m"]))
        for row, point in zip(located.to_dict("records"), middles, strict=True)
    ]
    belts = zones[drawn & (zones["kind"] == "belt")]
    west, south, east, north = (
        shapes.total_bounds if drawn.any() else (120, 36, 121, 37)
    )
    return Context(
        words={column: _words(plan, column) for column in ("city", "sectors")},
        anchors=tuple(anchors),
        belts=tuple((str(row["id"]), row.geometry.wkt) for _, row in belts.iterrows()),
        near=(float(west + east) / 2, float(south + north) / 2),
    )


def _words(plan: "Plan", column: str) -> dict[str, str]:
    """Collect what a file may call the cities or sectors of a plan."""
    if column == "sectors":
        return _folded(facet_codes(plan.sectors, column, plan.sectors["code"]))
    codes = facet_codes(plan.sectors, column, plan.zones["city"].dropna().unique())
    # people write the city with the word for city
    return _folded(codes | {f"{word}市": code for word, code in codes.items()})


def _folded(codes: Mapping[str, str]) -> dict[str, str]:
    return {word.casefold(): code for word, code in codes.items()}


def _names(row: Mapping[str, object]) -> tuple[str, ...]:
    values = (row[key] for key in ("id", "name_en", "name_zh"))
    return tuple(value for value in values if isinstance(value, str))
