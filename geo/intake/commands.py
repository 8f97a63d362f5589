"""Commands for plans that people bring: check, import, new, diff."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from geo.commands.helptext import Command, option
from geo.errors import PlanError
from geo.language.messages import text

if TYPE_CHECKING:
    import geopandas as gpd

    from geo.intake.questions import Answers
    from geo.intake.reading import Outcome

F = TypeVar("F", bound=Callable[..., Any])
FILE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)
FOLDER: Final = click.Path(exists=True, file_okay=False, path_type=Path)
_REFUSED, _ASKED = 1, 2


def answer_options(command: F) -> F:
    """Give a command the answers of the page as options."""
    for give in reversed(
        [
            option("--crs", help="cli.intake.crs"),
            option("--layer", help="cli.intake.layer"),
            option("--encoding", help="cli.intake.encoding"),
            option("--column", "columns", multiple=True, help="cli.intake.column"),
            option("--area-unit", help="cli.intake.area_unit"),
            option("--sector", "sectors", multiple=True, help="cli.intake.sector"),
            option("--leave-out", is_flag=True, help="cli.intake.leave_out"),
        ]
    ):
        command = give(command)
    return command


@click.command(
    cls=Command,
    help="cli.intake.check",
)
@click.argument("files", nargs=-1, required=True, type=FILE)
@option("--plan", "folder", type=FOLDER, help="cli.plan")
@option("--json", "as_json", is_flag=True, help="cli.intake.json")
@option(
    "--repaired",
    type=click.Path(dir_okay=False, path_type=Path),
    help="cli.intake.repaired",
)
@answer_options
@click.pass_context
def check(
    ctx: click.Context,
    /,
    files: tuple[Path, ...],
    folder: Path | None,
    repaired: Path | None,
    *,
    as_json: bool,
    **answers: Any,  # noqa: ANN401 - options
) -> None:
    """Print what became of every row of files."""
    from geo.files import replace_file
    from geo.intake.frame import repaired_geojson
    from geo.intake.notices import Severity

    status = 0
    for outcome in _read(files, folder, _answers(**answers)):
        receipt = outcome.receipt
        click.echo(receipt.as_json() if as_json else receipt.as_text(), nl=False)
        if not as_json:
            _show_questions(outcome)
        if repaired is not None and outcome.rows is not None:
            replace_file(repaired, repaired_geojson(outcome))
        refused, asked = (receipt.verdict is s for s in (Severity.REJECT, Severity.ASK))
        status = (
            _REFUSED if refused or status == _REFUSED else _ASKED if asked else status
        )
    ctx.exit(status)


@click.command(
    "import",
    cls=Command,
    help="cli.intake.import",
)
@click.argument("files", nargs=-1, required=True, type=FILE)
@option("--into", "folder", type=FOLDER, required=True, help="cli.intake.into")
@answer_options
@click.pass_context
def import_(
    ctx: click.Context,
    /,
    files: tuple[Path, ...],
    folder: Path,
    **answers: Any,  # noqa: ANN401 - options
) -> None:
    """Add zones of files to a plan."""
    from geo.intake.context import context_of
    from geo.intake.frame import zones_of
    from geo.intake.joining import join_plan
    from geo.intake.notices import Severity
    from geo.plan import read_plan

    context = context_of(read_plan(folder))
    for outcome in _read(files, folder, _answers(**answers)):
        click.echo(outcome.receipt.as_text(), nl=False, err=True)
        if outcome.rows is None:
            _show_questions(outcome)
            refused = outcome.receipt.verdict is Severity.REJECT
            ctx.exit(_REFUSED if refused else _ASKED)
        added = join_plan(zones_of(outcome, context=context), folder)
        for name, n in added.items():
            click.echo(text("cli.intake.added", n=n, file=folder / name))


@click.command(
    cls=Command,
    help="cli.intake.new",
)
@click.argument("folder", type=click.Path(path_type=Path))
def new(folder: Path) -> None:
    """Make an empty plan."""
    from geo.folder import SHIPPED
    from geo.intake.template import new_plan

    for path in new_plan(folder, sectors=(SHIPPED / "sectors.csv").read_bytes()):
        click.echo(text("cli.wrote", file=path))


@click.command(
    cls=Command,
    help="cli.intake.diff",
    examples=("beltmap diff data my-edited-export.geojson",),
)
@click.argument("before", type=click.Path(exists=True, path_type=Path))
@click.argument("after", type=click.Path(exists=True, path_type=Path))
@option(
    "--geojson",
    type=click.Path(dir_okay=False, path_type=Path),
    help="cli.intake.geojson",
)
def diff(before: Path, after: Path, geojson: Path | None) -> None:
    """Print what changed between two plans."""
    from geo.difference import as_geojson, as_text, difference
    from geo.files import replace_file

    old, new_ = _zones(before), _zones(after)
    changes = difference(old, new_)
    click.echo(as_text(changes), nl=False)
    if geojson is not None:
        replace_file(geojson, as_geojson(changes, old, new_))


COMMANDS: Final = (check, import_, new, diff)


def _answers(**given: Any) -> "Answers":  # noqa: ANN401 - options
    """Turn options into answers."""
    from geo.intake.questions import Answers

    columns = _pairs(given.pop("columns"), "column")
    sectors = _pairs(given.pop("sectors"), "sector")
    return Answers(columns=columns, sectors=sectors, **given)


def _pairs(given: tuple[str, ...], name: str) -> dict[str, str]:
    """Part what was typed as ``A=B``."""
    pairs = {}
    for pair in given:
        first, equals, second = pair.partition("=")
        if not equals:
            raise click.BadParameter(text(f"cli.intake.{name}"), param_hint=f"--{name}")
        pairs[first] = second
    return pairs


def _read(
    files: tuple[Path, ...], folder: Path | None, answers: "Answers"
) -> "list[Outcome]":
    """Read files apart, as the page does."""
    from geo.folder import SHIPPED
    from geo.intake.bundles import bundles
    from geo.intake.context import context_of
    from geo.intake.reading import Upload
    from geo.intake.worker import read_apart
    from geo.plan import read_plan

    context = context_of(read_plan(folder or SHIPPED))
    uploads = bundles([Upload(path.name, path.read_bytes()) for path in files])
    return [read_apart(one, answers=answers, context=context) for one in uploads]


def _show_questions(outcome: "Outcome") -> None:
    from geo.intake.notices import visible

    for question in outcome.questions:
        for offer in question.options:
            name = question.about.replace("_", "-")
            value = "" if name == "leave-out" else f' "{visible(offer.value)}"'
            why = f" ({offer.why})" if offer.why else ""
            click.echo(f"    --{name}{value}: {visible(offer.label)}{why}")


def _zones(path: Path) -> "gpd.GeoDataFrame":
    """Read the zones of a plan folder, or of an export of one."""
    from geo.folder import SHIPPED
    from geo.intake.context import context_of
    from geo.intake.frame import zones_of
    from geo.plan import read_plan

    if path.is_dir():
        return read_plan(path).zones
    outcome = _read((path,), None, _answers(columns=()))[0]
    if outcome.rows is None:
        name = outcome.receipt.name
        raise PlanError([one.fault(name) for one in outcome.receipt.notices])
    return zones_of(outcome, context=context_of(read_plan(SHIPPED)))
