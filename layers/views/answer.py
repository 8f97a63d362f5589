"""What a choice of zones amounts to: one sentence whose parts lead to their grounds."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from beltmap.geo.audit.findings import Finding
from beltmap.geo.claims.quantities import Quantity, in_unit, number
from beltmap.geo.claims.shown import area_unit, per_km2
from beltmap.geo.language.messages import text
from beltmap.geo.language.wording import Listing, Phrase, Value
from beltmap.geo.plan.selection import Selection
from beltmap.geo.query.summary import Totals, placeless
from beltmap.layers.views.html import Part

TWICE: Final = ("counted_twice", "counted_twice_unknown")
"""Rules whose findings name a zone first, then those that may lie in it."""

LEDGER: Final = "ledger"
"""Section of the areas, to which leads what no finding says."""

MOST_ANSWERED: Final = 1_000
"""Zones of a plan up to which its audit is not waited for on the first screen."""

FINDINGS: Final = "findings"
"""Section of all findings."""

FINDING: Final = "finding:"
"""Begins what leads to a finding; its name follows."""


@dataclass(frozen=True)
class StatedLand:
    """
    Land that the plan's documents state for a choice of zones.

    Parameters
    ----------
    least_km2, most_km2
        Bounds in square kilometres: without and with the zones of which no source
        says whether they lie in others. Zones that are stated to lie in another
        chosen one are in neither. NaN where nothing is stated.
    why
        What leaves it open; None where the bounds are equal.
    """

    least_km2: float
    most_km2: float
    why: Finding | None


def stated_land(selection: Selection, found: Iterable[Finding]) -> StatedLand:
    """
    Bound the land that the plan's documents state for a choice of zones.

    Parameters
    ----------
    selection
        The chosen zones.
    found
        What the audit found in the whole plan.

    Returns
    -------
    land
        With the first finding that keeps the bounds apart.
    """
    zones = selection.plan.zones
    ids, wholes = zones["id"], zones["part_of"]
    declared = selection.mask & (zones["area_basis"] == "declared").to_numpy(bool)
    if not declared.any():
        return StatedLand(np.nan, np.nan, None)
    parts = declared & wholes.notna().to_numpy(bool)
    if parts.any():
        parts &= wholes.isin(ids[declared]).to_numpy(bool)
    twice = [one for one in found if one.rule in TWICE]
    chosen = _chosen(selection, twice)
    perhaps, why = set[str](), None
    for one in twice:
        if one.zones[0] in chosen:
            here = chosen.intersection(one.zones[1:])
            why = why or (one if here else None)
            perhaps |= here
    areas_km2 = zones["declared_area_km2"].to_numpy(float)
    counted = declared & ~parts
    most_km2 = float(areas_km2[counted].sum())
    maybe = counted & ids.isin(perhaps).to_numpy(bool)
    return StatedLand(most_km2 - float(areas_km2[maybe].sum()), most_km2, why)


def _chosen(selection: Selection, found: Iterable[Finding]) -> set[str]:
    """Give the chosen ones of the zones that findings name."""
    named = {zone for one in found for zone in one.zones}
    ids = selection.plan.zones["id"]
    return set(ids[ids.isin(named).to_numpy(bool) & selection.mask]) if named else set()


def answer(
    selection: Selection, totals: Totals, found: Sequence[Finding] | None
) -> tuple[Part, ...]:
    """
    Say what a choice of zones amounts to.

    Parameters
    ----------
    selection
        The chosen zones.
    totals
        What they add up to.
    found
        What the audit found in the whole plan; None where its zones are too many
        to be compared for a sentence.

    Returns
    -------
    parts
        How much land they take, what is disputed, what is not known; what there
        is nothing to say of is left out, and nothing is said of no zones.
    """
    if not len(selection):
        return ()
    within = tuple(found or ())
    if selection.filters.narrow:
        chosen = _chosen(selection, within)
        within = tuple(one for one in within if chosen.intersection(one.zones))
    parts = (
        *_land(selection, totals, within),
        *_disputed(within),
        *_unknown(selection, within),
    )
    if found is not None:
        return parts
    return (*parts, Part(text("answer.large", n=f"{MOST_ANSWERED:,}"), FINDINGS))


def leads_to(finding: Finding | None) -> str:
    """Say where the ground of a part is found."""
    return LEDGER if finding is None else FINDING + finding.name


def _land(
    selection: Selection, totals: Totals, within: Sequence[Finding]
) -> Iterator[Part]:
    land = stated_land(selection, within)
    who = "all" if selection.whole else "chosen"
    zones = text(f"answer.{who}", n=len(selection))
    if np.isnan(land.most_km2):
        yield Part(text("answer.land_unstated", zones=zones), LEDGER)
    elif land.why is None:
        words = text("answer.land", zones=zones, most=_area(land.most_km2))
        yield Part(words, LEDGER)
    else:
        words = text(
            "answer.land_open",
            zones=zones,
            least=number(land.least_km2 * per_km2()),
            most=_area(land.most_km2),
            whole=_said(land.why.values["whole"]),
        )
        yield Part(words, leads_to(land.why))
    if totals.published_km2:
        km2 = _area(totals.published_km2)
        yield Part(text("answer.published", km2=km2), LEDGER)


def _disputed(within: Sequence[Finding]) -> Iterator[Part]:
    """Say the first thing on which sources disagree, an area before others."""
    disputed = [one for one in within if one.rule == "sources_disagree"]
    if not disputed:
        return
    areas = [one for one in disputed if _is_area(one)]
    first = (areas or disputed)[0]
    values = first.values
    words = text(
        "answer.disputed",
        attribute=_said(values["attribute"]),
        subject=_said(values["subject"]),
        figures=text("answer.or").join(_figures(values["figures"])),
    )
    if more := len(disputed) - 1:
        words = text("answer.more", words=words, n=more)
    yield Part(words, leads_to(first))


def _unknown(selection: Selection, within: Sequence[Finding]) -> Iterator[Part]:
    """Say of how many zones the place, and of how many the area, is not known."""
    zones = selection.plan.zones
    lost = selection.mask & placeless(zones)
    nowhere = lost | (selection.mask & zones.geometry.isna().to_numpy(bool))
    if n := int(nowhere.sum()):
        placeless_ids = set(zones["id"][lost])
        ground = [
            one
            for one in within
            if one.rule == TWICE[1] and placeless_ids.intersection(one.zones)
        ]
        yield Part(text("answer.no_place", n=n), leads_to(next(iter(ground), None)))
    unstated = selection.mask & zones["declared_area_km2"].isna().to_numpy(bool)
    if n := int(unstated.sum()):
        yield Part(text("answer.no_area", n=n), LEDGER)


def _is_area(finding: Finding) -> bool:
    figures = finding.values["figures"]
    return isinstance(figures, Listing) and any(
        isinstance(one, Phrase)
        and isinstance(figure := one.values["figure"], Quantity)
        and figure.measure == "area"
        for one in figures.items
    )


def _figures(figures: Value) -> list[str]:
    """Say each figure without its source, which the finding names."""
    if not isinstance(figures, Listing):
        return [_said(figures)]
    return [
        _said(one.values["figure"]) if isinstance(one, Phrase) else _said(one)
        for one in figures.items
    ]


def _said(value: Value) -> str:
    return str(value) if isinstance(value, str | int) else value.say()


def _area(km2: float) -> str:
    return in_unit(km2 * per_km2(), area_unit())
