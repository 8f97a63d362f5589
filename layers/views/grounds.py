"""What the card of a zone rests on: its sources, to be looked up and cited."""

from collections.abc import Iterator, Mapping
from typing import Any

from beltmap.geo.claims.citation import address_of, bibtex, cited
from beltmap.geo.language.messages import text
from beltmap.geo.plan.plan import Plan
from beltmap.geo.report.sources import unknown_of
from beltmap.layers.views.html import Reference


def references(plan: Plan, zone: Mapping[str, Any]) -> Iterator[Reference]:
    """
    Give the sources of what a card says.

    Parameters
    ----------
    plan
        The plan.
    zone
        One of its zones, as a dict.

    Yields
    ------
    reference
        Each document that a claim on the zone rests on, or the zone names, in the
        order of the plan's sources.
    """
    claims, sources = plan.claims, plan.sources
    named = set(claims["source"][claims["subject"] == zone["id"]])
    named.add(str(zone["source"] or "").partition(", ")[0])
    for source in sources[sources["id"].isin(named)].to_dict("records"):
        # what beltmap computed itself is no document that can be cited
        if source["date"] or source["url"]:
            yield reference(plan, source)


def reference(plan: Plan, source: Mapping[Any, Any]) -> Reference:
    """Put a row of the sources into words, with what cites it."""
    about = {
        "publisher": plan.say(source["publisher"]),
        "date": plan.say(source["date"]),
        "accessed": source["accessed"],
    }
    known = [
        text(f"cite.about.{name}", said=said) for name, said in about.items() if said
    ]
    return Reference(
        title=plan.say(source["title"]),
        address=address_of(source),
        about=" · ".join([*known, *unknown_of(source).values()]),
        line=cited(source, plan.say),
        bibtex=bibtex(source, plan.say),
    )
