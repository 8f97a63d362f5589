"""Options and work of commands that take a plan in parts."""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from beltmap.geo.language.messages import text
from beltmap.layers.commands.options import F, choose
from beltmap.layers.commands.terminal.helptext import option

if TYPE_CHECKING:
    from beltmap.geo.batch.engine import Engine
    from beltmap.geo.batch.whole import PartedPlan
    from beltmap.geo.geometry.measures import Measures
    from beltmap.geo.plan.selection import Selection
    from beltmap.geo.query.filters import Filters

TABLE: Final = ".parquet"


def parts_options(command: F) -> F:
    """Let a command take a plan in parts, and a scheduler for the work."""
    path = click.Path(exists=True, dir_okay=False, path_type=Path)
    parts = click.argument("parts", nargs=-1, type=path, metavar="[PARTS]...")
    return parts(option("--scheduler", help="cli.scheduler")(command))


def chosen(  # noqa: PLR0913 - an argument an option
    parts: Sequence[Path],
    scheduler: str | None,
    folders: tuple[Path, ...],
    choice: Mapping[str, Any],
    *,
    land: bool = False,
    pairs: bool = False,
) -> "tuple[Selection, Measures]":
    """
    Open a plan, in parts or not, and find the zones that the options choose.

    Parameters
    ----------
    parts
        Tables of its zones; none where it is a plan as any other.
    scheduler
        Address of a Dask scheduler.
    folders, choice
        As for `layers.commands.options.choose`.
    land, pairs
        As for `geo.batch.whole.measured`.

    Returns
    -------
    selection, measures
        The zones, and what measures them.
    """
    from beltmap.geo.geometry.measures import NOW

    if not parts:
        if scheduler:
            raise click.UsageError(text("cli.scheduler.no_parts"))
        return choose(folders, choice), NOW
    from beltmap.geo.batch.whole import measured
    from beltmap.geo.plan.selection import Selection

    with _at_work(parts, scheduler, steps=2) as (engine, done):
        plan, filters = _read(parts, folders, choice, engine, done)
        plan, measures = measured(plan, engine, done=done, land=land, pairs=pairs)
    return Selection(plan, filters), measures


def export_parts(  # noqa: PLR0913 - an argument an option
    parts: Sequence[Path],
    out: Path,
    *,
    scheduler: str | None,
    format_code: str | None,
    crs: str | None,
    folders: tuple[Path, ...],
    choice: Mapping[str, Any],
) -> None:
    """Export the chosen zones of each part to a file in a folder."""
    from beltmap.geo.batch.exporting import Order, export_part
    from beltmap.geo.export.catalogue import format_called
    from beltmap.geo.language.messages import spoken

    if not parts:
        raise click.UsageError(text("cli.scheduler.no_parts"))
    stems = [part.stem for part in parts]
    if len({*stems}) < len(stems):
        raise click.UsageError(text("cli.export.parts.names"))
    form = format_called(format_code or "parquet")
    out.mkdir(parents=True, exist_ok=True)
    with _at_work(parts, scheduler, steps=2) as (engine, done):
        plan, filters = _read(parts, folders, choice, engine, done)
        folder = _folder(parts, folders)
        orders = [
            Order(
                part=part,
                folder=folder,
                filters=filters,
                out=out.resolve() / f"{part.path.stem}{form.suffixes[0]}",
                format_code=form.code,
                crs=crs,
                language=spoken(),
            )
            for part in plan.pieces
        ]
        found = engine.each(export_part, [(one,) for one in orders], done=done)
    told = {"n": sum(n for n, _ in found), "files": sum(n > 0 for n, _ in found)}
    click.echo(text("cli.exported.parts", folder=out, **told), err=True)
    for note in dict.fromkeys(note for _, notes in found for note in notes):
        click.echo(note, err=True)


def _read(
    parts: Sequence[Path],
    folders: tuple[Path, ...],
    choice: Mapping[str, Any],
    engine: "Engine",
    done: Callable[[], None],
) -> "tuple[PartedPlan, Filters]":
    from beltmap.geo.batch.whole import read_parts
    from beltmap.geo.charter.force import adopt
    from beltmap.geo.errors import PlanError
    from beltmap.geo.plan.selection import filters_for

    # workers stand in other folders
    whole = [part.resolve() for part in parts]
    plan = read_parts(whole, _folder(parts, folders), engine, done=done)
    adopt(plan.charter)
    try:
        return plan, filters_for(plan, choice)
    except PlanError as error:
        raise click.UsageError(str(error)) from error


def _folder(parts: Sequence[Path], folders: tuple[Path, ...]) -> Path:
    """Give the folder of the plan's other tables: as asked for, or the parts' own."""
    if len(folders) > 1:
        raise click.UsageError(text("cli.parts.one_plan"))
    for part in parts:
        if part.suffix != TABLE:
            raise click.UsageError(text("cli.parts.format", name=part))
    return (folders[0] if folders else parts[0].parent).resolve()


@contextmanager
def _at_work(
    parts: Sequence[Path], scheduler: str | None, *, steps: int
) -> "Iterator[tuple[Engine, Callable[[], None]]]":
    """Give what does the work, and a bar that shows how far it is."""
    from beltmap.geo.batch.engine import engine

    with (
        engine(scheduler) as found,
        click.progressbar(
            length=steps * len(parts),
            file=sys.stderr,
            hidden=not sys.stderr.isatty(),
        ) as bar,
    ):
        yield found, lambda: bar.update(1)
