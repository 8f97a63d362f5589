"""The command line in full: what `geo` offers, and what is drawn."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from geo.commands.cli import main
from geo.commands.helptext import option
from geo.commands.options import choose, filter_options
from geo.language.messages import text


@main.command(
    "map",
    help="cli.map",
    examples=(
        "beltmap map qingdao.html --city Qingdao",
        "beltmap map plan-zh.html --lang zh",
    ),
)
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@option("--zone", "selected", help="cli.map.zone")
@filter_options
def save_map(
    *,
    out: Path,
    selected: str | None,
    folder: Path | None,
    **choice: Any,  # noqa: ANN401 - options
) -> None:
    """Save a map that needs no network."""
    from geo.files import replace_file
    from layers.offline import offline_page
    from layers.wording import Chosen

    plan, mask, filters = choose(folder, choice)
    today = datetime.now(UTC).date()
    chosen = Chosen(filters=filters, selected=selected)
    replace_file(out, offline_page(plan, mask, on=today, chosen=chosen))
    click.echo(text("cli.wrote", file=out), err=True)


@main.command(
    "brief",
    help="cli.brief",
    examples=(
        "beltmap brief plan.pdf --paper a3",
        "beltmap brief qingdao.pdf --city Qingdao --lang zh",
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
@filter_options
def save_brief(
    *,
    out: Path,
    paper: str,
    folder: Path | None,
    **choice: Any,  # noqa: ANN401 - options
) -> None:
    """Print a brief on one sheet."""
    from geo.files import replace_file
    from layers.brief import kind_of, write_brief
    from layers.wording import Chosen

    kind = kind_of(out)
    plan, mask, filters = choose(folder, choice)
    today = datetime.now(UTC).date()
    chosen = Chosen(filters=filters)
    sheet = write_brief(plan, mask, kind=kind, on=today, paper=paper, chosen=chosen)
    replace_file(out, sheet)
    click.echo(text("cli.wrote", file=out), err=True)
