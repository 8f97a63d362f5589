"""Options that several commands share: the filters of the page, and the plan."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from geo.commands.helptext import option
from geo.filters import FACETS, Filters
from geo.language.labels import facet_codes
from geo.language.messages import text

if TYPE_CHECKING:
    import pandas as pd

    from geo.plan import Plan
    from geo.query import Mask

PLAN = click.Path(exists=True, file_okay=False, path_type=Path)
F = TypeVar("F", bound=Callable[..., Any])


def filter_options(command: F) -> F:
    """Give a command the filters of the page as options."""
    facets = [
        option(
            f"--{_option(facet)}",
            facet,
            multiple=True,
            help=f"cli.filter.{facet}",
        )
        for facet in FACETS
    ]
    others = [
        option("--least", "least_km2", type=float, help="cli.filter.least"),
        option("--most", "most_km2", type=float, help="cli.filter.most"),
        option("--text", "text", default="", help="cli.filter.text"),
        option("--plan", "folder", type=PLAN, help="cli.plan"),
    ]
    for give in reversed(facets + others):
        command = give(command)
    return command


def choose(
    folder: Path | None, choice: Mapping[str, Any]
) -> tuple["Plan", "Mask", Filters]:
    """Open the plan and find the zones that the options choose, by code or name."""
    from geo.folder import SHIPPED
    from geo.plan import read_plan
    from geo.query import index_zones, matches

    plan = read_plan(folder or SHIPPED)
    index = index_zones(plan.zones, sectors=plan.sectors["code"])
    coded = {
        facet: _codes(plan.sectors, facet, known, choice[facet])
        for facet, known in index.known.items()
    }
    filters = Filters(**{**choice, **coded})
    return plan, matches(index, filters), filters


def _codes(
    sectors: "pd.DataFrame", facet: str, known: Sequence[str], wanted: Sequence[str]
) -> tuple[str, ...]:
    """Take each value as its code, or as what it is called in either language."""
    codes = facet_codes(sectors, facet, known) if wanted else {}
    found = [codes.get(value, codes.get(value.casefold())) for value in wanted]
    if None in found:
        value, several = wanted[found.index(None)], ", ".join(known)
        raise click.BadParameter(
            text("cli.unknown", value=value, known=several),
            param_hint=f"--{_option(facet)}",
        )
    return tuple(code for code in found if code)


def _option(facet: str) -> str:
    return {"patterns": "pattern", "sectors": "sector"}.get(facet, facet)
