"""Rules that need only the claims: wholes, totals, rivals, goals and years."""

import math
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from itertools import combinations
from typing import Final, TypeVar

from beltmap.geo.audit.comparability import other_measures
from beltmap.geo.audit.findings import Finding
from beltmap.geo.claims.figures import Figure, Figures
from beltmap.geo.claims.quantities import Quantity
from beltmap.geo.language.wording import (
    Listing,
    Name,
    Names,
    Phrase,
    Sayable,
    Value,
    subject_name,
)
from beltmap.geo.units import CURRENCIES, UNSTATED_CURRENCY

NEARLY_WHOLE: Final = 0.9
"""Share from which on a part is suspiciously close to its whole."""

K = TypeVar("K", bound=Hashable)


def shares(figures: Figures, names: Names) -> Iterator[Finding]:
    """
    Compare parts with their wholes.

    Parameters
    ----------
    figures
        Figures of the claims.
    names
        What to call the zones.

    Yields
    ------
    finding
        ``part_exceeds_whole`` where a part must be larger than its whole,
        ``part_of_other_year`` where the two are of different years, which
        are then not compared; ``part_nearly_whole`` where it is nine tenths of
        it or more and the two do not both say that they count the same.
    """
    for part in figures.values():
        whole = figures[part.share_of] if part.share_of else None
        if whole is None or part.each_of or part.measure != whole.measure:
            continue
        if part.year and whole.year and part.year != whole.year:
            said: dict[str, Value] = {
                "subject": subject_name(names, part.subject),
                "part_name": Name("attribute", part.attribute),
                "whole_name": Name("attribute", whole.attribute),
                "part": str(part.year),
                "whole": str(whole.year),
            }
            rests_on = (part.id, whole.id)
            yield Finding("part_of_other_year", "warning", said, rests_on)
            continue
        values: dict[str, Value] = {
            "subject": subject_name(names, part.subject),
            "part_name": Name("attribute", part.attribute),
            "part": _quantity(part),
            "whole_subject": subject_name(names, whole.subject),
            "whole_name": Name("attribute", whole.attribute),
            "whole": _quantity(whole),
        }
        rests_on = (part.id, whole.id)
        if part.exceeds(whole):
            yield Finding("part_exceeds_whole", "error", values, rests_on)
        elif whole.value > 0 and NEARLY_WHOLE <= part.value / whole.value <= 1:
            values["share"] = Quantity(round(part.value / whole.value, 3), "share")
            same = part.counts is not None and part.counts == whole.counts
            if not same:
                yield Finding("part_nearly_whole", "note", values, rests_on)


def products(figures: Figures, names: Names) -> Iterator[Finding]:
    """
    Multiply averages by their counts and compare with the total.

    Parameters
    ----------
    figures
        Figures of the claims.
    names
        What to call the zones.

    Yields
    ------
    finding
        ``product_exceeds_total`` where the product is larger in the same
        currency or unit; ``currency_contradicts`` where it would be in the
        total's currency but none is stated; ``currency_misread`` where an
        inferred claim says what is probably meant; ``currency_not_stated`` for
        any other money without a currency.
    """
    for each in figures.values():
        unstated = each.measure == UNSTATED_CURRENCY
        count = figures[each.each_of] if each.each_of else None
        total = figures[each.share_of] if each.share_of else None
        if count and total and each.times(count).exceeds(total):
            comparable = each.measure == total.measure
            if comparable or (unstated and total.measure in CURRENCIES):
                reading = _reading(figures, each, count, total)
                yield _product_finding(count, each, total, reading, names=names)
                continue
        if unstated:
            values: dict[str, Value] = {
                "subject": subject_name(names, each.subject),
                "attribute": Name("attribute", each.attribute),
                "figure": _quantity(each),
            }
            yield Finding("currency_not_stated", "warning", values, (each.id,))


def _reading(
    figures: Figures, each: Figure, count: Figure, total: Figure
) -> Figure | None:
    """Find an inferred claim about the same figure that does fit its total."""
    for other in figures.values():
        same = (other.subject, other.attribute) == (each.subject, each.attribute)
        fits = other.measure == total.measure and not other.times(count).exceeds(total)
        if same and fits and other.method == "inferred":
            return other
    return None


def _product_finding(
    count: Figure,
    each: Figure,
    total: Figure,
    reading: Figure | None,
    *,
    names: Names,
) -> Finding:
    unstated = each.measure == UNSTATED_CURRENCY
    values: dict[str, Value] = {
        "subject": subject_name(names, each.subject),
        "count": _quantity(count),
        "count_name": Name("attribute", count.attribute),
        "each": _quantity(each),
        "product": _quantity(each.times(count)),
        "total": _quantity(total),
        "total_name": Name("attribute", total.attribute),
        "currency": Name("currency", total.measure),
    }
    rests_on = (each.id, count.id, total.id)
    if reading is not None and unstated:
        values["reading"] = _quantity(reading)
        claims = (*rests_on, reading.id)
        return Finding("currency_misread", "warning", values, claims)
    return Finding(
        "currency_contradicts" if unstated else "product_exceeds_total",
        "warning" if unstated else "error",
        values,
        rests_on,
    )


def sums(figures: Figures, names: Names) -> Iterator[Finding]:
    """
    Add up the summands of each total.

    Parameters
    ----------
    figures
        Figures of the claims.
    names
        What to call the zones.

    Yields
    ------
    finding
        ``sum_differs`` where no reading of the summands makes the total.
    """
    summands = _grouped(
        [figure for figure in figures.values() if figure.summand_of],
        lambda figure: str(figure.summand_of),
    )
    for total_id, parts in summands.items():
        total = figures[total_id]
        low = math.fsum(part.low for part in parts)
        high = math.fsum(part.high for part in parts)
        fits = low <= total.high or math.isclose(low, total.high)
        fits &= high >= total.low or math.isclose(high, total.low)
        if fits and {part.measure for part in parts} == {total.measure}:
            continue
        values: dict[str, Value] = {
            "subject": subject_name(names, total.subject),
            "total_name": Name("attribute", total.attribute),
            "total": _quantity(total),
            "sum": Quantity(math.fsum(part.value for part in parts), parts[0].measure),
            "summands": Listing(tuple(_quantity(part) for part in parts)),
        }
        rests_on = (total_id, *(part.id for part in parts))
        yield Finding("sum_differs", "error", values, rests_on)


def rivals(figures: Figures, names: Names) -> Iterator[Finding]:
    """
    Compare what different claims say about the same thing.

    Parameters
    ----------
    figures
        Figures of the claims.
    names
        What to call the zones.

    Yields
    ------
    finding
        ``sources_disagree`` where two figures of one subject, attribute and
        year cannot both be true. A figure without a year may be of any year.
    """
    groups = _grouped(
        figures.values(), lambda figure: (figure.subject, figure.attribute)
    )
    for (subject, attribute), group in groups.items():
        if not any(_disagree(one, other) for one, other in combinations(group, 2)):
            continue
        said = [
            Phrase("audit.by_source", {"figure": _quantity(one), "source": one.source})
            for one in group
        ]
        values: dict[str, Value] = {
            "subject": subject_name(names, subject),
            "attribute": Name("attribute", attribute),
            "figures": Listing(tuple(said)),
        }
        rests_on = tuple(figure.id for figure in group)
        zones = (subject,) if subject in names else ()
        yield Finding("sources_disagree", "warning", values, rests_on, zones)


def goals(figures: Figures, names: Names) -> Iterator[Finding]:
    """
    Compare goals with what was measured in the same city and year.

    Parameters
    ----------
    figures
        Figures of the claims.
    names
        What to call the zones.

    Yields
    ------
    finding
        ``goal_missed`` where the measured figure is below the goal;
        ``goal_measured_otherwise`` where it is, but counts something else;
        ``goal_not_comparable`` where the two are in different units.
    """
    dated = [figure for figure in figures.values() if figure.year and figure.stance]
    groups = _grouped(dated, lambda each: (each.city, each.attribute, each.year))
    for (_, attribute, year), group in groups.items():
        aims = [figure for figure in group if figure.stance == "goal"]
        found = [figure for figure in group if figure.stance == "measured"]
        if not (aims and found):
            continue
        aim, outcome = aims[0], found[0]
        values: dict[str, Value] = {
            "subject": subject_name(names, aim.subject),
            "attribute": Name("attribute", attribute),
            "year": str(year),
            "goal": _quantity(aim),
            "outcome": _quantity(outcome),
        }
        rests_on = tuple(figure.id for figure in aims + found)
        if aim.measure != outcome.measure:
            yield Finding("goal_not_comparable", "note", values, rests_on)
        elif aim.exceeds(outcome):
            values["share"] = Quantity(round(outcome.value / aim.value, 3), "share")
            differ = other_measures(aim, outcome, names)
            if differ is None:
                yield Finding("goal_missed", "warning", values, rests_on)
                continue
            values["counts"] = differ
            yield Finding("goal_measured_otherwise", "note", values, rests_on)


def years(figures: Figures, names: Names) -> Iterator[Finding]:
    """
    Find figures of which no source says the year.

    Parameters
    ----------
    figures
        Figures of the claims.
    names
        What to call the zones.

    Yields
    ------
    finding
        One ``year_not_stated`` or ``year_inferred`` a subject: a warning for
        goals, which mean nothing without their year, else a note.
    """
    doubtful = [
        figure
        for figure in figures.values()
        if figure.year_basis in {"not stated", "inferred"}
    ]
    groups = _grouped(doubtful, lambda each: (each.subject, each.year, each.stance))
    for (subject, year, stance), group in groups.items():
        rule = "year_inferred" if year else "year_not_stated"
        attributes = [Name("attribute", figure.attribute) for figure in group]
        values: dict[str, Value] = {
            "subject": subject_name(names, subject),
            "attributes": Listing(tuple(dict.fromkeys(attributes))),
            "year": str(year or ""),
        }
        severity = "warning" if stance == "goal" else "note"
        yield Finding(rule, severity, values, tuple(figure.id for figure in group))


def _disagree(one: Figure, other: Figure) -> bool:
    if one.measure != other.measure:
        return False
    if one.year and other.year and one.year != other.year:
        return False
    return one.exceeds(other) or other.exceeds(one)


def _grouped(
    figures: Iterable[Figure], key: Callable[[Figure], K]
) -> dict[K, list[Figure]]:
    groups: dict[K, list[Figure]] = defaultdict(list)
    for figure in figures:
        groups[key(figure)].append(figure)
    return dict(groups)


def _quantity(figure: Figure) -> Sayable:
    return Quantity(figure.value, figure.measure, figure.qualifier, most=figure.high)
