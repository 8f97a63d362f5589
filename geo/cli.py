"""The command line: build, read, export and serve a plan."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from geo.errors import PlanError
from geo.filters import FACETS, Filters
from geo.intake.commands import COMMANDS
from geo.messages import text

PLAN = click.Path(exists=True, file_okay=False, path_type=Path)
F = TypeVar("F", bound=Callable[..., Any])


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
    beltmap export parks.geojson --kind park
    """  # noqa: D301 - \b is click's mark for lines to keep


def filter_options(command: F) -> F:
    """Give a command the filters of the page as options."""
    facets = [
        click.option(
            f"--{_option(facet)}",
            facet,
            multiple=True,
            help=text(f"cli.filter.{facet}"),
        )
        for facet in FACETS
    ]
    others = [
        click.option("--least", "least_km2", type=float, help=text("cli.filter.least")),
        click.option("--most", "most_km2", type=float, help=text("cli.filter.most")),
        click.option("--text", "text", default="", help=text("cli.filter.text")),
        click.option("--plan", "folder", type=PLAN, help=text("cli.plan")),
    ]
    for option in reversed(facets + others):
        command = option(command)
    return command


def _option(facet: str) -> str:
    return {"patterns": "pattern", "sectors": "sector"}.get(facet, facet)


def _choose(folder: Path | None, choice: dict[str, Any]) -> tuple[Any, Any]:
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


@main.command()
@filter_options
def summary(folder: Path | None, **choice: Any) -> None:  # noqa: ANN401 - options
    """Add up the zones, each total saying what it counts."""
    from geo.summary import survey, totals

    plan, mask = _choose(folder, choice)
    found = totals(plan.zones, mask, land=survey(plan.zones))
    rows = [
        (_label(name), f"{value:,.2f}" if isinstance(value, float) else value)
        for name, value in vars(found).items()
    ]
    width = max(len(label) for label, _ in rows)
    for label, value in rows:
        click.echo(f"{label:<{width}}  {value:>10}")


def _label(name: str) -> str:
    return text("summary.count" if name == "zones" else f"summary.{name}")


@main.command()
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@filter_options
def export(out: Path, folder: Path | None, **choice: Any) -> None:  # noqa: ANN401
    """
    Write the chosen zones to OUT as RFC 7946 GeoJSON.

    \b
    beltmap export qingdao-software.geojson --city Qingdao --sector software
    """  # noqa: D301 - \b is click's mark for lines to keep
    from geo.files import replace_file
    from geo.geojson import dumps

    plan, mask = _choose(folder, choice)
    replace_file(out, dumps(plan.zones[mask], name=out.stem))
    click.echo(text("cli.exported", n=int(mask.sum()), file=out), err=True)


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


for _command in COMMANDS:
    main.add_command(_command)
