"""What an upload is compared with: the plan that is open."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from beltmap.geo.charter.force import chartered
from beltmap.geo.charter.reading import DEFAULT, default_charter
from beltmap.geo.claims.table import read_sectors
from beltmap.geo.intake.zones import words_of
from beltmap.geo.language.labels import facet_codes

if TYPE_CHECKING:
    from beltmap.geo.plan.plan import Plan


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
        Code by word, of the columns ``city``, ``kind``, ``status`` and
        ``sectors``; words in small letters.
    anchors
        Places whose position is known.
    frames
        Well-known text of each zone that frames others by its id, WGS 84.
    framing
        Kinds of zones that frame others.
    near
        Longitude and latitude of the plan's middle, degrees.
    default_kind
        Kind of a zone of which a file says none that the plan has; empty where
        there is no plan yet.
    """

    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    anchors: tuple[Anchor, ...] = ()
    frames: tuple[tuple[str, str], ...] = ()
    framing: tuple[str, ...] = ()
    near: tuple[float, float] = (105.0, 35.0)
    default_kind: str = field(default_factory=lambda: default_charter().default_kind)


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


def blank_context() -> Context:
    """
    Give what uploads are compared with where there is no plan yet.

    Returns
    -------
    context
        Words for the usual statuses and sectors; kinds are as the file has them.
    """
    sectors = read_sectors(DEFAULT)
    words = {
        "status": words_of(default_charter(), "status"),
        "sectors": _folded(facet_codes(sectors, "sectors", sectors["code"])),
    }
    return Context(words=words, default_kind="")


@chartered
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
        most `within_m`, and what frames others.
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
    framing = tuple(kind.code for kind in plan.charter.frames)
    frames = zones[drawn & zones["kind"].isin(framing)]
    west, south, east, north = (
        shapes.total_bounds if drawn.any() else (105.0, 35.0, 105.0, 35.0)
    )
    return Context(
        words={column: _words(plan, column) for column in ("city", "sectors")}
        | {column: words_of(plan.charter, column) for column in ("kind", "status")},
        anchors=tuple(anchors),
        frames=tuple(
            (str(row["id"]), row.geometry.wkt) for _, row in frames.iterrows()
        ),
        framing=framing,
        default_kind=plan.charter.default_kind,
        near=(float(west + east) / 2, float(south + north) / 2),
    )


def _words(plan: "Plan", column: str) -> dict[str, str]:
    """Collect what a file may call the cities or sectors of a plan."""
    if column == "sectors":
        return _folded(facet_codes(plan.sectors, column, plan.sectors["code"]))
    named = [city.code for city in plan.charter.cities]
    cities = [*named, *plan.zones["city"].dropna().unique()]
    codes = facet_codes(plan.sectors, column, dict.fromkeys(cities))
    # people write the city with the word for city
    return _folded(codes | {f"{word}市": code for word, code in codes.items()})


def _folded(codes: Mapping[str, str]) -> dict[str, str]:
    return {word.casefold(): code for word, code in codes.items()}


def _names(row: Mapping[str, object]) -> tuple[str, ...]:
    values = (row[key] for key in ("id", "name_en", "name_zh"))
    return tuple(value for value in values if isinstance(value, str))
