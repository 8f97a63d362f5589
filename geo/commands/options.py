"""Options that several commands share: the filters of the page, and the plan."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from geo.commands.helptext import option
from geo.filters import FACETS, Filters
from geo.language.messages import text

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


def choose(folder: Path | None, choice: dict[str, Any]) -> tuple[Any, Any]:
    """Open the plan and find the zones that the options choose."""
    from geo.plan import SHIPPED, read_plan
    from geo.query import index_zones, matches

    plan = read_plan(folder or SHIPPED)
    index = index_zones(plan.zones, sectors=plan.sectors["code"])
    for facet, known in index.known.items():
        for value in choice[facet]:
            if value not in known:
                raise click.BadParameter(
                    text("cli.unknown", value=value, known=", ".join(known)),
                    param_hint=f"--{_option(facet)}",
                )
    return plan, matches(index, Filters(**choice))


def _option(facet: str) -> str:
    return {"patterns": "pattern", "sectors": "sector"}.get(facet, facet)
