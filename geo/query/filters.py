"""What a reader wants to see: one frozen value, and its form in a link."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Final

FACETS: Final = ("city", "kind", "patterns", "sectors", "boundary")
"""Columns of which a reader picks values; every one is a field of `Filters`."""

LONGEST_TEXT: Final = 200

FORMER: Final = {"kind": {"base": "park"}}
"""Values that earlier versions had, and what they are now."""


@dataclass(frozen=True)
class Filters:
    """
    A choice of zones. Within a facet values add up; facets narrow each other.

    Parameters
    ----------
    city, kind, patterns, sectors, boundary
        Values wanted; none stands for all.
    least_km2, most_km2
        Range of the zone's area in square kilometres, ends included. The
        area is the declared one, or the drawn one where none is declared.
    text
        Words that all occur in a zone's names, focus or id, in any case,
        without accents.
    """

    city: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    boundary: tuple[str, ...] = ()
    least_km2: float | None = None
    most_km2: float | None = None
    text: str = ""

    def to_query(self) -> dict[str, list[str]]:
        """
        Write the filters as parameters of a link.

        Returns
        -------
        query
            Values by parameter, without those that filter nothing.

        Examples
        --------
        >>> Filters(city=("Lemuria",), least_km2=1.5).to_query()
        {'city': ['Lemuria'], 'least': ['1.5']}
        """
        query = {facet: list(getattr(self, facet)) for facet in FACETS}
        query["least"] = [] if self.least_km2 is None else [f"{self.least_km2:g}"]
        query["most"] = [] if self.most_km2 is None else [f"{self.most_km2:g}"]
        query["q"] = [self.text] if self.text else []
        return {name: values for name, values in query.items() if values}

    def without(self, column: str) -> "Filters":
        """
        Give the same filters without the choice in one facet.

        Examples
        --------
        >>> Filters(city=("Lemuria",), kind=("park",)).without("city").to_query()
        {'kind': ['park']}
        """
        nothing: dict[str, Any] = {column: ()}
        return replace(self, **nothing)

    @property
    def narrow(self) -> bool:
        """Whether anything is filtered at all."""
        return any(getattr(self, field.name) != field.default for field in fields(self))


def from_query(
    query: Mapping[str, Sequence[str]], *, known: Mapping[str, Sequence[str]]
) -> tuple[Filters, tuple[str, ...]]:
    """
    Read filters from the parameters of a link, and drop what makes no sense.

    Parameters
    ----------
    query
        Values by parameter, as a browser sends them; parameters that have
        nothing to do with filters are passed over.
    known
        Values that each facet may take.

    Returns
    -------
    filters
        What could be read.
    dropped
        Names of the parameters of which something was dropped.

    Examples
    --------
    >>> known = {"city": ["Lemuria", "Mu"]}
    >>> from_query({"city": ["Mu", "Atlantis"], "most": ["x"]}, known=known)
    (Filters(city=('Mu',), ...), ('city', 'most'))
    """
    dropped = []
    chosen: dict[str, tuple[str, ...]] = {}
    for facet in FACETS:
        wanted = tuple(dict.fromkeys(renamed(facet, query.get(facet, ()), known)))
        chosen[facet] = tuple(v for v in wanted if v in known.get(facet, ()))
        if chosen[facet] != wanted:
            dropped.append(facet)
    least, most = _area(query, "least"), _area(query, "most")
    for name, value in (("least", least), ("most", most)):
        if value is None and query.get(name):
            dropped.append(name)
    if least is not None and most is not None and least > most:
        least = most = None
        dropped.append("least")
    words = " ".join(query.get("q", ()))[:LONGEST_TEXT]
    return Filters(**chosen, least_km2=least, most_km2=most, text=words), tuple(dropped)


def renamed(
    facet: str, values: Sequence[str], known: Mapping[str, Sequence[str]]
) -> list[str]:
    """
    Give values as they are called now, unless the plan has them as they are.

    Examples
    --------
    >>> renamed("kind", ["base", "town"], {"kind": ["park", "town"]})
    ['park', 'town']
    """
    now, kept = FORMER.get(facet, {}), known.get(facet, ())
    return [value if value in kept else now.get(value, value) for value in values]


def _area(query: Mapping[str, Sequence[str]], name: str) -> float | None:
    """Read an area of zero or more, or nothing."""
    values = query.get(name, ())
    try:
        area = float(values[0]) if len(values) == 1 else float("nan")
    except ValueError:
        return None
    return area if 0 <= area < float("inf") else None


def read_choice(said: Mapping[str, object]) -> Filters:
    """
    Read filters that a browser sent, and drop what makes no sense.

    Parameters
    ----------
    said
        Values by facet; ``least`` and ``most`` in square kilometres; ``text``.

    Returns
    -------
    filters
        What could be read; values that no zone has are kept.

    Examples
    --------
    >>> read_choice({"city": ["Mu", 7], "least": -1, "most": 2, "text": "x"})
    Filters(city=('Mu',), ..., least_km2=None, most_km2=2.0, text='x')
    """
    chosen: dict[str, tuple[str, ...]] = {}
    for facet in FACETS:
        values = said.get(facet)
        given = values if isinstance(values, list) else []
        chosen[facet] = tuple(v for v in dict.fromkeys(map(str, given)) if v in given)
    words = said.get("text")
    return Filters(
        **chosen,
        least_km2=_area({"": [str(said.get("least"))]}, ""),
        most_km2=_area({"": [str(said.get("most"))]}, ""),
        text=words[:LONGEST_TEXT] if isinstance(words, str) else "",
    )
