"""Options that answer what a file leaves open, or say how large points become."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from beltmap.geo.language.messages import text
from beltmap.layers.commands.terminal.helptext import option

if TYPE_CHECKING:
    from beltmap.geo.intake.questions import Answers
    from beltmap.geo.plan.footprints import Sizes


F = TypeVar("F", bound=Callable[..., Any])


def answer_options(command: F) -> F:
    """Give a command the answers of the page as options."""
    for give in reversed(
        [
            option("--crs", help="cli.intake.crs"),
            option("--layer", help="cli.intake.layer"),
            option("--encoding", help="cli.intake.encoding"),
            option("--head", help="cli.intake.head"),
            option("--column", "columns", multiple=True, help="cli.intake.column"),
            option("--area-unit", help="cli.intake.area_unit"),
            option("--sector", "sectors", multiple=True, help="cli.intake.sector"),
            option("--leave-out", is_flag=True, help="cli.intake.leave_out"),
        ]
    ):
        command = give(command)
    return command


def size_options(command: F) -> F:
    """Give a command the sizes with which points and lines join a plan."""
    for give in reversed(
        [
            option("--footprint", help="cli.intake.footprint"),
            option(
                "--width",
                type=click.FloatRange(0, 1e5, min_open=True),
                help="cli.intake.width",
            ),
        ]
    ):
        command = give(command)
    return command


def answers_of(**given: Any) -> "Answers":  # noqa: ANN401 - options
    """Turn options into answers."""
    from beltmap.geo.intake.questions import Answers

    columns = _pairs(given.pop("columns"), "column")
    sectors = _pairs(given.pop("sectors"), "sector")
    return Answers(columns=columns, sectors=sectors, **given)


def _pairs(given: tuple[str, ...], name: str) -> dict[str, str]:
    """Part what was typed as ``A=B``."""
    pairs = {}
    for pair in given:
        first, equals, second = pair.partition("=")
        if not equals:
            raise click.BadParameter(text(f"cli.intake.{name}"), param_hint=f"--{name}")
        pairs[first] = second
    return pairs


def sizes_of(given: dict[str, Any]) -> "Sizes":
    """Take the sizes out of the options with which points and lines join a plan."""
    from beltmap.geo.intake.columns.figures import area_km2
    from beltmap.geo.plan.footprints import FOOTPRINT_KM2, WIDTH_M, Sizes

    footprint, width = given.pop("footprint"), given.pop("width")
    area = FOOTPRINT_KM2 if footprint is None else area_km2(footprint, "km²")
    if not area:
        words = text("cli.intake.footprint")
        raise click.BadParameter(words, param_hint="--footprint")
    return Sizes(area, width or WIDTH_M)
