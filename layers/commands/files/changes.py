"""The commands that make changes in a plan, and keep them beside it as scenarios."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from beltmap.geo.language.messages import text
from beltmap.layers.commands.options import opened, plan_option
from beltmap.layers.commands.report import print_table
from beltmap.layers.commands.terminal.helptext import Command, Group, option

if TYPE_CHECKING:
    from beltmap.geo.changes.change import Difference

FILE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)

FORMATS: Final = ("text", "json", "csv", "md")


@click.command(
    cls=Command,
    help="cli.apply",
    examples=("beltmap apply changes.geojson --plan my-plan",),
)
@click.argument("file", type=FILE)
@plan_option
@option("--try", "only_try", is_flag=True, help="cli.apply.try")
def apply(file: Path, folders: tuple[Path, ...], *, only_try: bool) -> None:
    """Make the changes of a file in a plan."""
    difference = _read(file)
    _save(_home(folders, difference), difference, only_try=only_try)


@click.group(
    cls=Group,
    help="cli.scenario",
    examples=(
        "beltmap scenario list --plan my-plan",
        "beltmap scenario show --plan my-plan",
    ),
)
def scenario() -> None:
    """Gather the commands of scenarios."""


@scenario.command("list", help="cli.scenario.list")
@plan_option
def list_(folders: tuple[Path, ...]) -> None:
    """List the scenarios of plans."""
    from beltmap.geo.changes.scenarios import list_scenarios

    found = [one for folder in _inner(folders) for one in list_scenarios(folder)]
    for one in found:
        if one.difference is None:
            for fault in one.faults:
                click.echo(f"{one.name}: {fault}")
            continue
        n, plan = len(one.difference.changes), one.difference.plan
        click.echo(text("scenario.line", name=one.name, n=n, plan=plan))
    if not found:
        click.echo(text("cli.scenario.none"))


@scenario.command("show", help="cli.scenario.show")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@plan_option
@option(
    "--format", "form", type=click.Choice(FORMATS), default="text", help="cli.format"
)
def show(names: tuple[str, ...], folders: tuple[Path, ...], form: str) -> None:
    """Set scenarios and the plan side by side."""
    from beltmap.geo.changes.fitting import conflicts
    from beltmap.geo.changes.scenarios import list_scenarios, read_scenario
    from beltmap.geo.report.scenarios import scenario_table

    folder = _only(folders)
    names = names or tuple(one.name for one in list_scenarios(folder) if one.difference)
    chosen = {name: read_scenario(folder, name) for name in names}
    plan = opened((folder,))
    if not chosen:
        click.echo(text("cli.scenario.none"))
        return
    notes = [
        f"{name}: {one.fault()}"
        for name, difference in chosen.items()
        for one in conflicts(plan.zones, difference)
    ]
    print_table(scenario_table(plan, chosen), form, notes=notes)


@scenario.command("keep", help="cli.scenario.keep")
@click.argument("name")
@click.argument("file", type=FILE)
@plan_option
@option("--replace", is_flag=True, help="cli.scenario.replace")
def keep(name: str, file: Path, folders: tuple[Path, ...], *, replace: bool) -> None:
    """Keep a file of changes as a scenario."""
    from beltmap.geo.changes.scenarios import keep_scenario
    from beltmap.geo.store.mirror import called, place_to_change

    difference = _read(file)
    home = _home(folders, difference)
    with place_to_change(home, via="beltmap scenario") as place:
        path = keep_scenario(place, name, difference, replace=replace)
    shown = f"{called(home)}/{path.parent.name}/{path.name}"
    click.echo(text("cli.scenario.kept", name=name, file=shown), err=True)


@scenario.command("apply", help="cli.scenario.apply")
@click.argument("name")
@plan_option
@option("--try", "only_try", is_flag=True, help="cli.apply.try")
def apply_scenario(name: str, folders: tuple[Path, ...], *, only_try: bool) -> None:
    """Make the changes of a scenario in its plan."""
    from beltmap.geo.changes.scenarios import read_scenario

    folder = _only(folders)
    _save(folder, read_scenario(folder, name), only_try=only_try)


@scenario.command("drop", help="cli.scenario.drop")
@click.argument("name")
@plan_option
def drop(name: str, folders: tuple[Path, ...]) -> None:
    """Delete a scenario."""
    from beltmap.geo.changes.scenarios import drop_scenario
    from beltmap.geo.store.mirror import place_to_change

    with place_to_change(_only(folders), via="beltmap scenario") as place:
        drop_scenario(place, name)
    click.echo(text("cli.scenario.dropped", name=name), err=True)


def _read(file: Path) -> "Difference":
    from beltmap.geo.changes.reading import MOST_BYTES, parse_difference

    with file.open("rb") as content:
        return parse_difference(content.read(MOST_BYTES + 1), name=file.name)


def _save(folder: Path, difference: "Difference", *, only_try: bool) -> None:
    from beltmap.geo.changes.saving import save_difference
    from beltmap.geo.store.mirror import called, place_to_change

    who = difference.edit.by
    with place_to_change(folder, via="beltmap apply", who=who) as place:
        names = save_difference(place, difference, only_try=only_try)
    if not names:
        click.echo(text("cli.apply.nothing"))
        return
    click.echo(text("cli.apply.done", n=len(difference.changes)))
    for name in () if only_try else names:
        click.echo(text("cli.wrote", file=f"{called(folder)}/{name}"), err=True)


def _inner(folders: Sequence[Path]) -> tuple[Path, ...]:
    from beltmap.geo.charter.reading import inner_plans
    from beltmap.geo.shipped import SHIPPED

    return inner_plans(*(folders or (SHIPPED,)))


def _only(folders: Sequence[Path]) -> Path:
    from beltmap.geo.charter.reading import only_plan

    return only_plan(*_inner(folders))


def _home(folders: Sequence[Path], difference: "Difference") -> Path:
    """Find the plan that changes are for: the only one, or the one that they name."""
    from beltmap.geo.changes.scenarios import home_of

    return home_of(_inner(folders), difference)
