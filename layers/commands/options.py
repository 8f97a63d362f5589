"""Options that several commands share: the filters of the page, and the plan."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from beltmap.geo.errors import PlanError
from beltmap.geo.language.messages import text
from beltmap.geo.query.filters import FACETS
from beltmap.layers.commands.terminal.helptext import option

if TYPE_CHECKING:
    from beltmap.geo.plan.plan import Plan
    from beltmap.geo.plan.selection import Selection

F = TypeVar("F", bound=Callable[..., Any])


class PlanType(click.Path):
    """
    Folder of a plan, name of a shipped one, or address of one in a store.

    A name is taken where no folder here has it; a plan in a store is laid out as
    a folder.

    Parameters
    ----------
    or_file
        Whether a file is taken as well.
    """

    def __init__(self, *, or_file: bool = False) -> None:
        super().__init__(
            exists=True, file_okay=or_file, allow_dash=or_file, path_type=Path
        )

    def convert(self, value: Any, param: Any, ctx: Any) -> Any:  # noqa: ANN401 - click's
        """Give the folder."""
        from beltmap.geo.charter.reading import shipped_plans
        from beltmap.geo.store.address import is_address, read_address

        if is_address(value):
            from beltmap.geo.store.mirror import follow

            return follow(read_address(str(value))).folder
        if not Path(value).exists() and not (value == "-" and self.file_okay):
            if str(value) in (known := shipped_plans()):
                return known[str(value)]
            names = ", ".join(known)
            self.fail(text("cli.plan.none", name=value, names=names), param, ctx)
        return super().convert(value, param, ctx)


def plan_option(command: F) -> F:
    """Give a command the plans that it opens together."""
    give = option("--plan", "folders", type=PlanType(), multiple=True, help="cli.plan")
    return give(command)


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
        plan_option,
    ]
    for give in reversed(facets + others):
        command = give(command)
    return command


def opened(folders: Sequence[Path]) -> "Plan":
    """Open plans, the shipped ones if none is named, and speak in their words."""
    from beltmap.geo.charter.force import adopt
    from beltmap.geo.plan.plan import read_plan
    from beltmap.geo.report.remarks import differences_in_words

    plan = read_plan(*folders)
    adopt(plan.charter)
    for line in differences_in_words(plan.charter):
        click.echo(line, err=True)
    return plan


def choose(folders: Sequence[Path], choice: Mapping[str, Any]) -> "Selection":
    """Open the plan and find the zones that the options choose, by code or name."""
    from beltmap.geo.plan.selection import Selection, filters_for

    plan = opened(folders)
    try:
        return Selection(plan, filters_for(plan, choice))
    except PlanError as error:
        raise click.UsageError(str(error)) from error


def _option(facet: str) -> str:
    return {"patterns": "pattern", "sectors": "sector"}.get(facet, facet)
