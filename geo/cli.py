"""The command line: build, read, export and serve a plan."""

import sys
from pathlib import Path
from typing import Any

import click

from geo.commands import COMMANDS
from geo.errors import PlanError
from geo.messages import text
from geo.options import PLAN, filter_options
from geo.options import choose as _choose


class _Commands(click.Group):
    """Commands that say a fault in one line and end with status 1."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - as in click
        try:
            return super().invoke(ctx)
        except PlanError as error:
            for fault in error.faults:
                click.echo(f"beltmap: {fault}", err=True)
            ctx.exit(1)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="beltmap")
def main() -> None:
    """
    Map the belt, towns and parks of two Chinese development plans.

    \b
    beltmap serve                          open the page
    beltmap summary --city Qingdao         areas of the plan, and what they count
    beltmap ledger                         stated and drawn area of each zone
    beltmap audit                          what does not add up
    beltmap claims qd-belt                 who says what, and where
    beltmap export parks.geojson --kind park
    """  # noqa: D301 - \b is click's mark for lines to keep


for command in COMMANDS:
    main.add_command(command)


@main.command()
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path), required=False)
@click.option("--crs", help=text("cli.export.crs"))
@click.option("--format", "format_code", help=text("cli.export.format"))
@click.option("--layer", "layers", multiple=True, help=text("cli.export.layer"))
@click.option("--stdout", is_flag=True, help=text("cli.export.stdout"))
@filter_options
def export(  # noqa: PLR0913 - an argument an option
    *,
    out: Path | None,
    crs: str | None,
    format_code: str | None,
    layers: tuple[str, ...],
    stdout: bool,
    folder: Path | None,
    **choice: Any,  # noqa: ANN401 - options
) -> None:
    """
    Write the chosen zones to OUT, in the format that its name ends in.

    \b
    beltmap export plan.gpkg
    beltmap export software.geojson --city Qingdao --sector software
    beltmap export towns.dxf --layer town --crs gk
    beltmap export amap_gcj02.gpkg --crs gcj02
    beltmap export --stdout --format csv
    """  # noqa: D301 - \b is click's mark for lines to keep
    from geo.export.console import print_export, save_export

    if (out is None) != stdout:
        raise click.UsageError(text("cli.export.out"))
    choice["kind"] += layers
    plan, mask = _choose(folder, choice)
    if out is None:
        print_export(plan, mask, format_code=format_code or "geojson", crs=crs)
    else:
        save_export(plan, mask, out, format_code=format_code, crs=crs)


@main.command()
@click.option("--plan", "folder", type=PLAN, help=text("cli.plan"))
def formats(folder: Path | None) -> None:
    """List the formats: what each is for, its CRS, and what it loses of a plan."""
    from geo.export.console import format_table
    from geo.plan import SHIPPED, read_plan

    click.echo(format_table(read_plan(folder or SHIPPED)))


@main.command()
@click.option("--plan", "folder", type=PLAN, help=text("cli.plan"))
def build(folder: Path | None) -> None:
    """Rebuild the layers of a plan from its anchors, axes and claims."""
    from geo.build import write_layers
    from geo.plan import SHIPPED

    for path in write_layers(folder or SHIPPED):
        click.echo(text("cli.wrote", file=path), err=True)


@main.command(context_settings={"ignore_unknown_options": True})
@click.option("--plan", "folder", type=PLAN, help=text("cli.plan"))
@click.argument("streamlit_options", nargs=-1, type=click.UNPROCESSED)
def serve(folder: Path | None, streamlit_options: tuple[str, ...]) -> None:
    """
    Open the page; options of Streamlit may follow, such as --server.port.

    \b
    beltmap serve
    beltmap serve --plan my-plan --server.port 8600
    """  # noqa: D301 - \b is click's mark for lines to keep
    import os
    import runpy

    if folder is not None:
        os.environ["BELTMAP_PLAN"] = str(folder.resolve())
    page = Path(__file__).parent.parent / "app.py"
    sys.argv = ["streamlit", "run", str(page), *streamlit_options]
    runpy.run_module("streamlit", run_name="__main__")
