"""The command line: build, read, export and serve a plan."""

import sys
from pathlib import Path
from typing import Any

import click

from beltmap.geo.language.messages import text
from beltmap.layers.commands.batch import export_parts, parts_options
from beltmap.layers.commands.comments import COMMANDS as COMMENT_COMMANDS
from beltmap.layers.commands.demo import demo
from beltmap.layers.commands.doctor import doctor
from beltmap.layers.commands.files.changes import apply, scenario
from beltmap.layers.commands.files.check import check
from beltmap.layers.commands.files.diff import diff
from beltmap.layers.commands.files.plans import basemap, import_, new
from beltmap.layers.commands.keepsakes import KEEPSAKES
from beltmap.layers.commands.options import choose as _choose
from beltmap.layers.commands.options import filter_options, opened, plan_option
from beltmap.layers.commands.report import COMMANDS
from beltmap.layers.commands.store import COMMANDS as STORE_COMMANDS
from beltmap.layers.commands.terminal.helptext import Group, option
from beltmap.layers.commands.terminal.version import VERSION


@click.group(
    cls=Group,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="cli.main",
    examples=(
        "beltmap serve",
        "beltmap summary --kind park",
        "beltmap ledger",
        "beltmap audit",
        "beltmap claims --kind park",
        "beltmap export parks.geojson --kind park",
    ),
    params=[VERSION],
)
def main() -> None:
    """Gather the commands."""


for command in (
    *COMMANDS,
    check,
    import_,
    new,
    basemap,
    diff,
    apply,
    scenario,
    *KEEPSAKES,
    *STORE_COMMANDS,
    *COMMENT_COMMANDS,
    demo,
    doctor,
):
    main.add_command(command)


@main.command(
    help="cli.export",
    examples=(
        "beltmap export plan.gpkg",
        "beltmap export software.geojson --kind park --sector software",
        "beltmap export towns.dxf --layer town --crs gk",
        "beltmap export amap_gcj02.gpkg --crs gcj02",
        "beltmap export --stdout --format csv",
    ),
)
@click.argument("out", type=click.Path(path_type=Path), required=False)
@parts_options
@option("--crs", help="cli.export.crs")
@option("--format", "format_code", help="cli.export.format")
@option("--layer", "layers", multiple=True, help="cli.export.layer")
@option("--stdout", is_flag=True, help="cli.export.stdout")
@filter_options
def export(  # noqa: PLR0913 - an argument an option
    *,
    out: Path | None,
    parts: tuple[Path, ...],
    scheduler: str | None,
    crs: str | None,
    format_code: str | None,
    layers: tuple[str, ...],
    stdout: bool,
    folders: tuple[Path, ...],
    **choice: Any,  # noqa: ANN401 - options
) -> None:
    """Write the chosen zones to a file."""
    from beltmap.layers.commands.export import print_export, save_export

    if (out is None) != stdout:
        raise click.UsageError(text("cli.export.out"))
    choice["kind"] += layers
    if out is not None and (parts or scheduler):
        export_parts(
            parts,
            out,
            scheduler=scheduler,
            format_code=format_code,
            crs=crs,
            folders=folders,
            choice=choice,
        )
        return
    if out is not None and out.is_dir():
        raise click.UsageError(text("cli.export.out_folder", name=out))
    selection = _choose(folders, choice)
    if out is None:
        print_export(selection, format_code=format_code or "geojson", crs=crs)
    else:
        save_export(selection, out, format_code=format_code, crs=crs)


@main.command(
    help="cli.formats",
)
@plan_option
def formats(folders: tuple[Path, ...]) -> None:
    """Print the table of formats."""
    from beltmap.layers.commands.export import format_table

    click.echo(format_table(opened(folders)))


@main.command(
    help="cli.build",
)
@plan_option
def build(folders: tuple[Path, ...]) -> None:
    """Rebuild the layers of plans."""
    from beltmap.geo.charter.reading import inner_plans
    from beltmap.geo.plan.build import write_layers
    from beltmap.geo.shipped import SHIPPED
    from beltmap.geo.store.mirror import place_to_change

    for given in folders or (SHIPPED,):
        with place_to_change(given, via="beltmap build") as place:
            for folder in inner_plans(place):
                for path in write_layers(folder):
                    click.echo(text("cli.wrote", file=path), err=True)


@main.command(
    help="cli.scale",
    examples=("beltmap scale example-park --plan my-plan",),
)
@click.argument("zones", nargs=-1, required=True, metavar="ZONE...")
@plan_option
def scale(folders: tuple[Path, ...], zones: tuple[str, ...]) -> None:
    """Scale zones to their stated areas."""
    from beltmap.geo.plan.scale import plan_of, scale_zones
    from beltmap.geo.shipped import SHIPPED
    from beltmap.geo.store.mirror import place_to_change

    folder = plan_of(zones, *(folders or (SHIPPED,)))
    with place_to_change(folder, via="beltmap scale") as place:
        for path in dict.fromkeys(scale_zones(place, zones).values()):
            click.echo(text("cli.wrote", file=path), err=True)


@main.command(
    help="cli.serve",
    examples=(
        "beltmap serve",
        "beltmap serve --plan my-plan --server.port 8600",
        "beltmap serve --plan my-plan --edit",
        "beltmap serve --plan north --plan south",
        "beltmap serve --public-url https://plans.example.org/north",
    ),
    context_settings={"ignore_unknown_options": True},
)
@plan_option
@option("--public-url", help="cli.serve.public")
@option("--embed-in", "sites", multiple=True, help="cli.serve.embed")
@option("--edit", "edit", flag_value="here", default="", help="cli.serve.edit")
@option(
    "--edit-anywhere", "edit", flag_value="anywhere", help="cli.serve.edit_anywhere"
)
@option("--who-header", help="cli.serve.who")
@option("--share-with", "readers", multiple=True, help="cli.serve.share")
@option("--services/--no-services", default=None, help="cli.serve.services")
@click.argument("streamlit_options", nargs=-1, type=click.UNPROCESSED)
def serve(  # noqa: PLR0913 - an argument an option
    *,
    folders: tuple[Path, ...],
    public_url: str | None,
    sites: tuple[str, ...],
    edit: str,
    who_header: str | None,
    readers: tuple[str, ...],
    services: bool | None,
    streamlit_options: tuple[str, ...],
) -> None:
    """Run the page."""
    import os
    import runpy

    from beltmap.geo.store.mirror import whole_name
    from beltmap.layers.commands.serving import options, serve_others

    if folders:
        os.environ["BELTMAP_PLAN"] = "\n".join(map(whole_name, folders))
    page = Path(__file__).parents[2] / "app.py"
    serve_others(readers, offered=services)
    chosen = options(
        public_url, sites, given=streamlit_options, edit=edit, header=who_header
    )
    sys.argv = ["streamlit", "run", str(page), *chosen]
    runpy.run_module("streamlit", run_name="__main__")
