"""The command that says what changed."""

from pathlib import Path
from typing import Any

import click

from beltmap.geo.language.messages import text
from beltmap.layers.commands.files.answers import answer_options, answers_of
from beltmap.layers.commands.files.apart import zones_of
from beltmap.layers.commands.options import PlanType, plan_option
from beltmap.layers.commands.terminal.helptext import Command, option


@click.command(
    cls=Command,
    help="cli.intake.diff",
    examples=(
        "beltmap diff data my-edited-export.geojson",
        "beltmap diff --json my-plan my-plan-edited > changes.geojson",
    ),
)
@click.argument("before", type=PlanType(or_file=True))
@click.argument("after", type=PlanType(or_file=True))
@plan_option
@option(
    "--geojson",
    type=click.Path(dir_okay=False, path_type=Path),
    help="cli.intake.geojson",
)
@option("--whole", is_flag=True, help="cli.diff.whole")
@option("--json", "as_json", is_flag=True, help="cli.diff.json")
@answer_options
@click.pass_context
def diff(  # noqa: PLR0913 - an argument an option
    ctx: click.Context,
    /,
    before: Path,
    after: Path,
    folders: tuple[Path, ...],
    geojson: Path | None,
    *,
    whole: bool,
    as_json: bool,
    **answers: Any,  # noqa: ANN401 - options
) -> None:
    """Print what changed between two plans."""
    from beltmap.geo.files import replace_file
    from beltmap.geo.query.difference import as_geojson, as_text, difference
    from beltmap.geo.query.partly import part_of_plan

    # a file is read in the words of the plan that it is compared with
    folders = folders or tuple(path for path in (before, after) if path.is_dir())[:1]
    told = answers_of(**answers)
    old, _ = zones_of(ctx, before, folders, told)
    new_, said = zones_of(ctx, after, folders, told)
    if before.is_dir() and not after.is_dir() and not whole:
        # a file of three zones does not delete the others of a plan
        part = part_of_plan(old, new_, said)
        old, new_ = part.before, part.after
        if part.left:
            click.echo(text("cli.diff.left", n=part.left), err=True)
    changes = difference(old, new_)
    if as_json:
        from beltmap.geo.changes.between import difference_between
        from beltmap.geo.changes.change import dumps
        from beltmap.layers.commands.terminal.stream import echo_exact

        name = before.resolve().name
        echo_exact(dumps(difference_between(old, new_, plan=name)).decode())
    else:
        click.echo(as_text(changes), nl=False)
    if geojson is not None:
        replace_file(geojson, as_geojson(changes, old, new_))
