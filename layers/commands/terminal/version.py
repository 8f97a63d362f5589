"""The version of the program, and those of the data that it shows."""

import click

from beltmap.layers.commands.terminal.helptext import Option


def _tell(ctx: click.Context, param: click.Parameter, value: bool) -> None:  # noqa: ARG001, FBT001 - click's
    if not value or ctx.resilient_parsing:
        return
    click.echo("\n".join(lines()))
    ctx.exit()


def lines() -> list[str]:
    """
    Name the version of the program, and the state of each shipped plan.

    Returns
    -------
    lines
        The program's first; then one a plan, with the digits that its files and
        sheets show as the version of the data.
    """
    from beltmap.geo.charter.reading import inner_plans
    from beltmap.geo.language.messages import text
    from beltmap.geo.plan.plan import read_plan
    from beltmap.geo.report.origin import data_version, program_version
    from beltmap.geo.shipped import SHIPPED

    program = program_version() or text("cli.version.none")
    return [
        f"beltmap, version {program}",
        *(
            text(
                "cli.version.data",
                plan=folder.name,
                data=data_version(read_plan(folder)),
            )
            for folder in inner_plans(SHIPPED)
        ),
    ]


VERSION = Option(
    ["--version"],
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_tell,
    help="cli.version",
)
"""The option that tells both."""
