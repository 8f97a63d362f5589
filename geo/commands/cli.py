"""The command line: build, read, export and serve a plan."""

import sys
from pathlib import Path
from typing import Any

import click

from geo.commands.helptext import Group, Option, option
from geo.commands.options import PLAN, filter_options
from geo.commands.options import choose as _choose
from geo.commands.report import COMMANDS
from geo.demo.folder import demo
from geo.intake.commands import COMMANDS as INTAKE
from geo.language.messages import text


@click.group(
    cls=Group,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="cli.main",
    examples=(
        "beltmap serve",
        "beltmap summary --city Qingdao",
        "beltmap ledger",
        "beltmap audit",
        "beltmap claims qd-belt",
        "beltmap export parks.geojson --kind park",
    ),
)
@click.version_option(package_name="beltmap", cls=Option, help="cli.version")
def main() -> None:
    """Gather the commands."""


for command in (*COMMANDS, *INTAKE, demo):
    main.add_command(command)


@main.command(
    help="cli.export",
    examples=(
        "beltmap export plan.gpkg",
        "beltmap export software.geojson --city Qingdao --sector software",
        "beltmap export towns.dxf --layer town --crs gk",
        "beltmap export amap_gcj02.gpkg --crs gcj02",
        "beltmap export --stdout --format csv",
    ),
)
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path), required=False)
@option("--crs", help="cli.export.crs")
@option("--format", "format_code", help="cli.export.format")
@option("--layer", "layers", multiple=True, help="cli.export.layer")
@option("--stdout", is_flag=True, help="cli.export.stdout")
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
    """Write the chosen zones to a file."""
    from geo.export.console import print_export, save_export

    if (out is None) != stdout:
        raise click.UsageError(text("cli.export.out"))
    choice["kind"] += layers
    plan, mask, _ = _choose(folder, choice)
    if out is None:
        print_export(plan, mask, format_code=format_code or "geojson", crs=crs)
    else:
        save_export(plan, mask, out, format_code=format_code, crs=crs)


@main.command(
    help="cli.formats",
)
@option("--plan", "folder", type=PLAN, help="cli.plan")
def formats(folder: Path | None) -> None:
    """Print the table of formats."""
    from geo.export.console import format_table
    from geo.folder import SHIPPED
    from geo.plan import read_plan

    click.echo(format_table(read_plan(folder or SHIPPED)))


@main.command(
    help="cli.build",
)
@option("--plan", "folder", type=PLAN, help="cli.plan")
def build(folder: Path | None) -> None:
    """Rebuild the layers of a plan."""
    from geo.build import write_layers
    from geo.folder import SHIPPED

    for path in write_layers(folder or SHIPPED):
        click.echo(text("cli.wrote", file=path), err=True)


@main.command(
    help="cli.serve",
    examples=(
        "beltmap serve",
        "beltmap serve --plan my-plan --server.port 8600",
    ),
    context_settings={"ignore_unknown_options": True},
)
@option("--plan", "folder", type=PLAN, help="cli.plan")
@click.argument("streamlit_options", nargs=-1, type=click.UNPROCESSED)
def serve(folder: Path | None, streamlit_options: tuple[str, ...]) -> None:
    """Run the page."""
    import os
    import runpy

    if folder is not None:
        os.environ["BELTMAP_PLAN"] = str(folder.resolve())
    page = Path(__file__).parent.parent.parent / "app.py"
    sys.argv = ["streamlit", "run", str(page), *streamlit_options]
    runpy.run_module("streamlit", run_name="__main__")
