"""The card of one zone: what is known of it, and where each value comes from."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

from beltmap.geo import schema
from beltmap.geo.claims.citation import address_of
from beltmap.geo.claims.quantities import (
    Quantity,
    as_certain,
    claim_words,
    in_unit,
    number,
)
from beltmap.geo.claims.shown import area_unit, per_km2
from beltmap.geo.claims.table import claims_about
from beltmap.geo.intake.overlay import own_value, shown_columns
from beltmap.geo.intake.zones import UPLOAD
from beltmap.geo.language.hidden import excerpt
from beltmap.geo.language.labels import code_label, sector_labels
from beltmap.geo.language.messages import other, own, text
from beltmap.geo.language.wording import Name, capital, in_a_row, zone_names
from beltmap.geo.plan.plan import Plan
from beltmap.geo.query.neighbours import neighbours
from beltmap.geo.report.statements import basis_words, statements
from beltmap.layers.views import html
from beltmap.layers.views.grounds import references

KNOWN: Final = (
    "named",
    "role",
    "purpose",
    "runs_between",
    "axis",
    "axis_length",
    "axis_inland",
    "axis_farthest_inland",
    "rival_axis",
    "width",
    "location",
    "drawn_inside",
)
"""Attributes of a zone that its card says besides what every zone has."""

FEW_DIGITS: Final = 3
"""Digits of the area of an outline that is only sketched."""

MOST_NEAR: Final = 10_000
"""Zones of a plan up to which a card names the nearest ones."""

MOST_OWN = 20
"""Columns of a user's file that a card shows; the downloads have them all."""


def zone_card(plan: Plan, row: int) -> str:
    """
    Write the card of a zone as HTML.

    Parameters
    ----------
    plan
        The plan that the zone belongs to.
    row
        Row number of the zone in ``plan.zones``.

    Returns
    -------
    html
        The card, escaped; each value opens its source.
    """
    zone = plan.zones.iloc[row].to_dict()
    badges = [
        (code_label("kind", zone["kind"]), f"bm-kind-{zone['kind']}"),
        (code_label("status", zone["status"]), ""),
        (code_label("city", zone["city"]) or text("card.unknown"), ""),
    ]
    return html.card(
        title=zone[own("name")] or zone[other("name")] or zone["id"],
        subtitle=zone[other("name")] or "",
        badges=[badge for badge in badges if badge[0]],
        facts=[
            *_areas(plan, zone),
            *_words(plan, zone),
            *_place(plan, zone),
            *_around(plan, row),
            *_last(plan, zone),
        ],
        references=references(plan, zone),
    )


def area(km2: float | None, *, digits: int = 4) -> str:
    """Say an area by so many digits; 'not stated' where there is none."""
    if km2 is None or pd.isna(km2):
        return text("card.not_stated")
    amount = km2 * per_km2()
    return in_unit(float(f"{amount:.{digits}g}"), area_unit())


def _areas(plan: Plan, zone: Mapping[str, Any]) -> Iterator[html.Fact]:
    declared = zone["declared_area_km2"]
    basis = zone["area_basis"]
    label = "card.published" if basis == "published" else "card.declared"
    stated = _stated(declared, zone.get(schema.QUALIFIER), zone.get(schema.MOST))
    yield html.Fact(text(label), stated, _origins(plan, zone, "declared_area"))
    if pd.isna(zone["drawn_area_km2"]):
        yield html.Fact(text("card.drawn"), text("card.not_drawn"))
        return
    origin = html.Origin(
        text("card.own"),
        text("card.ellipsoid"),
        text("method.computed"),
        text(f"card.basis.{basis or 'drawn'}"),
    )
    # an outline that no one states bears no more digits
    digits = FEW_DIGITS if zone["boundary"] in schema.SKETCHED else 4
    drawn = area(zone["drawn_area_km2"], digits=digits)
    yield html.Fact(text("card.drawn"), drawn, (origin,))


def _stated(km2: float, qualifier: object, most: float | None) -> str:
    """Say a stated area as it is meant: about so much, at least, from and to."""
    if not isinstance(qualifier, str) or pd.isna(km2):
        return area(km2)
    key = f"qualifier.{qualifier.replace(' ', '_')}"
    return text(key, amount=area(km2), least=area(km2), most=area(most))


def _words(plan: Plan, zone: Mapping[str, Any]) -> Iterator[html.Fact]:
    focus = zone[own("focus")] or zone[other("focus")]
    if focus:
        yield html.Fact(text("card.focus"), focus, _origins(plan, zone, "focus"))
    if zone["sectors"]:
        labels = sector_labels(plan.sectors, zone["sectors"])
        yield html.Fact(text("card.sectors"), labels, _origins(plan, zone, "sectors"))
    for attribute in KNOWN:
        found = claims_about(plan.claims, zone["id"], attribute)
        said = in_a_row(statements(plan, found)["said"]) if len(found) else ""
        # the name that the card is headed with is not said again
        if said and said != zone[own("name")]:
            label = capital(Name("attribute", attribute).say())
            yield html.Fact(label, said, _origins(plan, zone, attribute))
    for code in (zone["patterns"] or "").split(schema.SEPARATOR):
        if code:
            yield html.Fact(text("card.pattern"), code_label("patterns", code))
    if zone["part_of"]:
        whole = plan.zones.loc[plan.zones["id"] == zone["part_of"], own("name")]
        name = (whole.iloc[0] if len(whole) else None) or zone["part_of"]
        yield html.Fact(text("card.part_of"), name, _origins(plan, zone, "part_of"))


def _place(plan: Plan, zone: Mapping[str, Any]) -> Iterator[html.Fact]:
    boundary = zone["boundary"]
    if boundary:
        meaning = text(f"card.boundary.{boundary}")
        label = code_label("boundary", boundary)
        value = text("list.labelled", label=label, meaning=meaning)
        yield html.Fact(text("card.boundary"), value)
    radius = zone["location_uncertainty_m"]
    if radius is not None and not pd.isna(radius):
        value = _within(plan, zone, float(radius))
        yield html.Fact(text("card.place"), value, _anchor(plan, zone["id"]))
    for rival in _rows(plan.places[plan.places["rival_of"] == zone["id"]]):
        names = " · ".join((getattr(rival, own("name")), getattr(rival, other("name"))))
        yield html.Fact(text("card.rival"), names, _anchor(plan, str(rival.id)))


def _around(plan: Plan, row: int) -> Iterator[html.Fact]:
    """Say in what the zone is drawn, and what is nearest, as exactly as is known."""
    if len(plan.zones) > MOST_NEAR:
        return
    found = neighbours(plan.zones, row)
    names = zone_names(plan.zones.iloc[[one.row for one in found]]).values()
    radii_m = plan.zones["location_uncertainty_m"].to_numpy(float)
    said, off_m = [], 0.0
    for one, name in zip(found, names, strict=True):
        both_m = float(np.nan_to_num(radii_m[[row, one.row]]).sum())
        off_m = max(off_m, both_m)
        far = Quantity(as_certain(one.distance_m, both_m), "length").say()
        how = one.how
        if how == "beside":
            how = "touching" if not one.distance_m else "about" if both_m else how
        values = {"name": name.say(), "distance": far}
        said.append(text(f"card.near.{how}", **values))
    if said:
        known = Quantity(off_m, "length").say()
        note = text("card.near.off", distance=known) if off_m else ""
        origin = html.Origin(
            text("card.own"), text("card.near.how"), text("method.computed"), note
        )
        yield html.Fact(text("card.near"), text("card.near.and").join(said), (origin,))


def _last(plan: Plan, zone: Mapping[str, Any]) -> Iterator[html.Fact]:
    """Give what says where all that is from, and what a file says besides."""
    if zone["source"]:
        yield html.Fact(text("card.source"), plan.cite(zone["source"]))
    if zone.get(UPLOAD):
        yield html.Fact(text("card.upload"), excerpt(zone[UPLOAD]))
    yield from _own(plan, zone)


def _within(plan: Plan, zone: Mapping[str, Any], radius_m: float) -> str:
    """Say how far the true place may be: in metres, in a zone, or anywhere."""
    if zone["boundary"] == schema.PLACE_UNKNOWN:
        return text("card.nowhere")
    anchor = plan.places[plan.places["id"] == zone["id"]]
    if zone["part_of"] and "schematic" in set(anchor["basis"]):
        whole = plan.zones.loc[plan.zones["id"] == zone["part_of"], own("name")]
        if len(whole) and whole.iloc[0]:
            return text("card.anywhere", whole=whole.iloc[0])
    found = "_inferred" if "inferred" in set(anchor["basis"]) else ""
    return text(f"card.uncertainty{found}", km=number(radius_m / 1000))


def _own(plan: Plan, zone: Mapping[str, Any]) -> Iterator[html.Fact]:
    """Give what a file says beyond the columns of a plan, as it says it."""
    labels = shown_columns(plan)
    values = {name: own_value(zone[name]) for name in labels}
    given = [(name, value) for name, value in values.items() if value is not None]
    for name, value in given[:MOST_OWN]:
        yield html.Fact(labels[name], value)
    if len(given) > MOST_OWN:
        yield html.Fact("…", text("card.own_more", n=len(given) - MOST_OWN))


def _origins(
    plan: Plan, zone: Mapping[str, Any], attribute: str
) -> tuple[html.Origin, ...]:
    """Give every claim about a value of the zone, rivals included."""
    titles = plan.titles()
    sources = plan.sources.to_dict("records")
    addresses = {source["id"]: address_of(source) for source in sources}
    return tuple(
        html.Origin(
            titles.get(claim.source, str(claim.source)),
            _said(plan, claim),
            text(f"method.{claim.method}"),
            _note(plan, claim),
            addresses.get(claim.source, ""),
        )
        for claim in _rows(claims_about(plan.claims, zone["id"], attribute))
    )


def _rows(table: pd.DataFrame) -> Iterator[Any]:
    """Give rows with their values as attributes."""
    return iter(table.itertuples())


def _note(plan: Plan, claim: Any) -> str:  # noqa: ANN401 - a row of the claims
    """Say what a reader must know of a claim, and what it rests on if inferred."""
    words = basis_words(plan, claim._asdict())
    rests_on = text("card.rests_on", words=words) if words else ""
    return " · ".join(part for part in (rests_on, plan.say(claim.note)) if part)


def _said(plan: Plan, claim: Any) -> str:  # noqa: ANN401 - a row of the claims
    """Say where a claim stands and, for a figure, what it says there."""
    place = plan.say(claim.place)
    if pd.isna(claim.value):
        return place
    figure = claim_words(claim._asdict() | {"text": None})
    return text("list.labelled", label=place, meaning=figure) if place else figure


def _anchor(plan: Plan, place: str) -> tuple[html.Origin, ...]:
    """Give the origin of a place's position."""
    found = plan.places[plan.places["id"] == place]
    return tuple(
        html.Origin(
            text("card.anchors"),
            plan.say(anchor.source),
            text(f"method.{anchor.basis}"),
            plan.say(anchor.note),
        )
        for anchor in _rows(found)
    )
