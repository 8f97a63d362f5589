"""Commands for what is taken along: the saved map and the brief."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from beltmap.geo.language.messages import text
from beltmap.layers.commands.options import choose, filter_options
from beltmap.layers.commands.terminal.helptext import Command, option


@click.command(
    "map",
    cls=Command,
    help="cli.map",
    examples=(
        "beltmap map parks.html --kind park",
        "beltmap map plan-zh.html --lang zh",
    ),
)
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@option("--zone", "selected", help="cli.map.zone")
@option("--comments", is_flag=True, help="cli.keepsake.comments")
@filter_options
def save_map(
    *,
    out: Path,
    selected: str | None,
    comments: bool,
    folders: tuple[Path, ...],
    **choice: Any,  # noqa: ANN401 - options
) -> None:
    """Save a map that needs no network."""
    from beltmap.geo.files import replace_file
    from beltmap.layers.keepsakes.offline import offline_page
    from beltmap.layers.keepsakes.seen import Seen

    selection = choose(folders, choice)
    today = datetime.now(UTC).date()
    seen = Seen(selected=selected, comments=comments)
    replace_file(out, offline_page(selection, on=today, seen=seen))
    click.echo(text("cli.wrote", file=out), err=True)


@click.command(
    "brief",
    cls=Command,
    help="cli.brief",
    examples=(
        "beltmap brief plan.pdf --paper a3",
        "beltmap brief parks.pdf --kind park --lang zh",
    ),
)
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@option(
    "--paper",
    type=click.Choice(["a4", "a3"]),
    default="a4",
    show_default=True,
    help="cli.brief.paper",
)
@option("--comments", is_flag=True, help="cli.keepsake.comments")
@filter_options
def save_brief(
    *,
    out: Path,
    paper: str,
    comments: bool,
    folders: tuple[Path, ...],
    **choice: Any,  # noqa: ANN401 - options
) -> None:
    """Print a brief on one sheet."""
    from beltmap.geo.files import replace_file
    from beltmap.layers.keepsakes.brief import kind_of, write_brief
    from beltmap.layers.keepsakes.seen import Seen

    kind = kind_of(out)
    selection = choose(folders, choice)
    today = datetime.now(UTC).date()
    seen = Seen(comments=comments)
    made = write_brief(selection, kind=kind, on=today, paper=paper, seen=seen)
    replace_file(out, made)
    click.echo(text("cli.wrote", file=out), err=True)


KEEPSAKES = (save_map, save_brief)
