"""Do figures that stand side by side count the same? Each must say what it counts."""

from collections.abc import Iterator

from beltmap.geo.audit.comparison import COMPARED
from beltmap.geo.audit.findings import Finding
from beltmap.geo.claims.figures import Figure, Figures
from beltmap.geo.language.wording import (
    Listing,
    Name,
    Names,
    Phrase,
    Value,
    subject_name,
)


def agreement(one: str | None, other: str | None) -> str | None:
    """
    Tell whether two figures count the same.

    Parameters
    ----------
    one, other
        What each of them counts, as the claims say it; None where they do not.

    Returns
    -------
    agreement
        ``differ`` where they say that they do not, ``unsaid`` where one of
        them does not say it; else None.

    Examples
    --------
    >>> agreement("employees", "people taken on"), agreement("employees", None)
    ('differ', 'unsaid')
    """
    if one == other:
        return None
    return "differ" if one and other else "unsaid"


def measures(figures: Figures, names: Names) -> Iterator[Finding]:
    """
    Find figures that are compared though not all of them say what they count.

    Goals and what was measured stand side by side where city, attribute and
    measure are the same, figures of cities where indicator and measure are.

    Parameters
    ----------
    figures
        Figures of the claims.
    names
        What to call the zones.

    Yields
    ------
    finding
        ``measure_not_said`` for each such group in which some say what they
        count and others do not: whether they may be compared is not known.
    """
    told = set()
    for group in _side_by_side(figures):
        silent = [figure for figure in group if not figure.counts]
        if not silent or len(silent) == len(group):
            continue
        said = next(figure for figure in group if figure.counts)
        subjects = dict.fromkeys(figure.subject for figure in silent)
        values: dict[str, Value] = {
            "attribute": Name("attribute", said.attribute),
            "counts": _counts(said, names),
            "subject": subject_name(names, said.subject),
            "silent": Listing(tuple(subject_name(names, one) for one in subjects)),
        }
        rests_on = tuple(figure.id for figure in (*silent, said))
        if rests_on in told:
            continue
        told.add(rests_on)
        yield Finding("measure_not_said", "warning", values, rests_on)


def other_measures(one: Figure, other: Figure, names: Names) -> Phrase | None:
    """Say what two compared figures count; None where both count the same."""
    told = agreement(one.counts, other.counts)
    if told is None:
        return None
    counts = {"one": _counts(one, names), "other": _counts(other, names)}
    return Phrase(f"audit.counts_{told}", counts)


def _counts(figure: Figure, names: Names) -> Value:
    if not figure.counts:
        return Phrase("audit.counts_silent", {})
    what = names.get(f"words:{figure.counts}", str(figure.counts))
    return Phrase("audit.counts", {"what": what})


def _side_by_side(figures: Figures) -> Iterator[list[Figure]]:
    """Group figures that a goal, an outcome or another city is compared with."""
    groups: dict[tuple[object, ...], list[Figure]] = {}
    for figure in figures.values():
        if figure.each_of or not figure.stance:
            continue
        key = ("goal", figure.city, figure.attribute, figure.measure)
        groups.setdefault(key, []).append(figure)
        indicator = COMPARED.get(figure.attribute)
        if indicator and figure.stance == "measured":
            groups.setdefault(("city", indicator, figure.measure), []).append(figure)
    for (kind, *_), group in groups.items():
        stances = {figure.stance for figure in group}
        cities = {figure.city for figure in group}
        compared = len(stances) > 1 if kind == "goal" else len(cities) > 1
        if compared:
            yield group
