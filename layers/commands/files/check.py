"""The command that says of files and plans what importing would say."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from beltmap.geo.csvfile import CHARTER_FILE
from beltmap.geo.language.hidden import excerpt
from beltmap.geo.language.messages import text
from beltmap.geo.language.wording import in_a_row
from beltmap.geo.schema import DRAWN
from beltmap.layers.commands.files.answers import (
    answer_options,
    answers_of,
    size_options,
    sizes_of,
)
from beltmap.layers.commands.files.apart import (
    ASKED,
    REFUSED,
    read_files,
    show_questions,
    show_receipt,
)
from beltmap.layers.commands.options import PlanType, opened, plan_option
from beltmap.layers.commands.terminal.helptext import Command, option
from beltmap.layers.commands.terminal.stream import echo_exact

if TYPE_CHECKING:
    import geopandas as gpd

    from beltmap.geo.intake.reading import Outcome
    from beltmap.geo.plan.append import Joined
    from beltmap.geo.plan.footprints import Outlined, Sizes
    from beltmap.geo.plan.plan import Plan


_SHOWN_FAULTS: Final = 20


@click.command(
    cls=Command,
    help="cli.intake.check",
)
@click.argument("files", nargs=-1, required=True, type=PlanType(or_file=True))
@plan_option
@option("--json", "as_json", is_flag=True, help="cli.intake.json")
@option(
    "--repaired",
    type=click.Path(dir_okay=False, path_type=Path),
    help="cli.intake.repaired",
)
@option(
    "--zones",
    "zones_to",
    type=click.Path(dir_okay=False, path_type=Path),
    help="cli.intake.zones",
)
@size_options
@answer_options
@click.pass_context
def check(
    ctx: click.Context,
    /,
    files: tuple[Path, ...],
    folders: tuple[Path, ...],
    repaired: Path | None,
    *,
    as_json: bool,
    **given: Any,  # noqa: ANN401 - options
) -> None:
    """Print what became of every row of files, and what is wrong with plans."""
    from beltmap.geo.intake.apart.start import begin_ahead, end_ahead

    if not all(path.is_dir() for path in files):
        # its libraries and ours are loaded at the same time
        begin_ahead()
        ctx.call_on_close(end_ahead)
    from beltmap.geo.files import replace_file
    from beltmap.geo.intake.notices import Severity

    zones_to, sizes = given.pop("zones_to"), sizes_of(given)
    status = max((_check_plan(path) for path in files if path.is_dir()), default=0)
    files = tuple(path for path in files if not path.is_dir())
    tried = []
    if files:
        base = opened(folders)
        read = read_files(files, folders, answers_of(**given), base=base)
        with _trial(base, folders) as into:
            tried = [(one, *_tried(one, into, sizes)) for one in read]
    for outcome, said, _ in tried:
        receipt = outcome.receipt
        if as_json:
            echo_exact(_as_json(outcome, said))
        else:
            show_receipt(outcome, err=False)
            for line in said:
                click.echo(f"  {line}")
            show_questions(outcome)
        if repaired is not None and outcome.rows is not None:
            from beltmap.geo.intake.repaired import repaired_geojson

            replace_file(repaired, repaired_geojson(outcome))
        refused, asked = (receipt.verdict is s for s in (Severity.REJECT, Severity.ASK))
        status = REFUSED if refused or status == REFUSED else ASKED if asked else status
    if zones_to is not None:
        from beltmap.geo.geometry.geojson import dumps
        from beltmap.geo.intake.overlay import put_together

        frames = [zones for _, _, zones in tried if zones is not None]
        if frames:
            replace_file(zones_to, dumps(put_together(frames)))
    ctx.exit(status)


def _check_plan(folder: Path) -> int:
    """Say every fault of a folder, of each plan in it; give the command's status."""
    from beltmap.geo.charter.reading import inner_plans
    from beltmap.geo.store.mirror import called

    inner = inner_plans(folder)
    status = max(_check_one(one) for one in inner)
    if len(inner) > 1 and not status:
        n = len(opened((folder,)).zones)
        click.echo(text("cli.check.sound", folder=called(folder), n=n))
    return status


def _check_one(folder: Path) -> int:
    """Say every fault of the folder of one plan."""
    from beltmap.geo.language.hidden import excerpt
    from beltmap.geo.language.wording import in_a_row
    from beltmap.geo.plan.check import (
        folder_faults,
        unbuilt_zones,
        unused_columns,
        unused_files,
    )
    from beltmap.geo.store.mirror import called

    faults = folder_faults(folder)
    for fault in faults:
        click.echo(str(fault))
    if not faults:
        n = len(opened((folder,)).zones)
        click.echo(text("cli.check.sound", folder=called(folder), n=n))
    if not (folder / CHARTER_FILE).exists():
        click.echo(text("cli.check.no_charter", folder=called(folder)))
    if unbuilt := unbuilt_zones(folder):
        names = in_a_row([excerpt(one) for one in unbuilt])
        click.echo(text("cli.check.unbuilt", folder=called(folder), names=names))
    if unused := unused_files(folder):
        names = in_a_row(unused)
        click.echo(text("cli.check.unused", folder=called(folder), names=names))
    for file, columns in unused_columns(folder).items():
        names = in_a_row([excerpt(one) for one in columns])
        click.echo(text("cli.check.unused_columns", file=file, names=names))
    return REFUSED if faults else 0


@contextmanager
def _trial(base: "Plan", folders: tuple[Path, ...]) -> Iterator[Path]:
    """Give the plan that files would join: what several would say, a new one says."""
    from beltmap.geo.charter.reading import inner_plans
    from beltmap.geo.plan.template import blank_plan
    from beltmap.geo.scratch import scratch

    inner = inner_plans(*folders)
    if len(inner) == 1:
        yield inner[0]
        return
    with scratch() as trial:
        blank_plan(trial / "plan", base)
        yield trial / "plan"


def _tried(
    outcome: "Outcome", into: Path, sizes: "Sizes"
) -> "tuple[list[str], gpd.GeoDataFrame | None]":
    """Import into a plan, but for the writing; say what comes of it."""
    from beltmap.geo.errors import PlanError
    from beltmap.geo.intake.repaired import unnamed
    from beltmap.geo.plan.append import join_plan
    from beltmap.geo.plan.footprints import outlined

    if outcome.zones is None:
        return [], None
    drawn = outlined(outcome.zones, sizes)
    lines = outlines_in_words(drawn, sizes)
    try:
        made = [unnamed(outcome)]
        joined = join_plan([drawn.zones], into, unnamed=made, only_try=True)
        lines += joined_in_words(joined)
    except PlanError as error:
        lines.append(text("cli.intake.import_refuses"))
        lines += [f"  {one}" for one in error.faults[:_SHOWN_FAULTS]]
    return lines, drawn.zones


def outlines_in_words(drawn: "Outlined", sizes: "Sizes") -> list[str]:
    """Say which zones join a plan with an outline that nobody stated."""
    lines = []
    if n := int((drawn.zones["boundary"] == DRAWN).sum()):
        lines.append(text("cli.intake.drawn", n=n))
    if drawn.declared:
        lines.append(text("cli.intake.points_declared", n=drawn.declared))
    if drawn.nominal:
        n, area_km2 = drawn.nominal, sizes.footprint_km2
        lines.append(text("cli.intake.points_nominal", n=n, area_km2=area_km2))
    if drawn.lines:
        n, width_m = drawn.lines, sizes.width_m
        lines.append(text("cli.intake.lines_nominal", n=n, width_m=width_m))
    return lines


def joined_in_words(joined: "Joined") -> list[str]:
    """Say what joining a plan adds to it besides zones, and what it lacks then."""
    lines = []
    told = {
        "sources": joined.sources,
        "sectors": joined.sectors,
        "cities": joined.cities,
    }
    for key, names in told.items():
        if names:
            said = in_a_row([excerpt(name) for name in names])
            lines.append(text(f"cli.intake.{key}", names=said))
    return lines


def _as_json(outcome: "Outcome", said: list[str]) -> str:
    """Write a receipt for a program, with its questions and what import will say."""
    import json

    document = json.loads(outcome.receipt.as_json())
    document["questions"] = [
        {
            "about": question.about,
            "option": "--" + question.about.replace("_", "-"),
            "code": question.notice.code,
            "question": question.notice.sentence(),
            "rows": question.rows_in_words(),
            "options": [
                {"value": one.value, "label": one.label, "why": one.why}
                for one in question.options
            ],
        }
        for question in outcome.questions
    ]
    document["import"] = said
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"
