"""Commands that make a plan, or add files to one."""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from beltmap.geo.language.messages import text
from beltmap.layers.commands.files.answers import (
    answer_options,
    answers_of,
    size_options,
    sizes_of,
)
from beltmap.layers.commands.files.apart import (
    ASKED,
    FILE,
    REFUSED,
    read_files,
    show_questions,
    show_receipt,
    status_of,
)
from beltmap.layers.commands.files.check import joined_in_words, outlines_in_words
from beltmap.layers.commands.options import PlanType, opened
from beltmap.layers.commands.terminal.helptext import Command, option

if TYPE_CHECKING:
    from beltmap.geo.intake.questions import Answers
    from beltmap.geo.plan.footprints import Sizes


@click.command(
    "import",
    cls=Command,
    help="cli.intake.import",
)
@click.argument("files", nargs=-1, required=True, type=FILE)
@option("--into", "folder", type=PlanType(), required=True, help="cli.intake.into")
@size_options
@answer_options
@click.pass_context
def import_(
    ctx: click.Context,
    /,
    files: tuple[Path, ...],
    folder: Path,
    **given: Any,  # noqa: ANN401 - options
) -> None:
    """Add zones of files to a plan."""
    from beltmap.geo.intake.apart.start import begin_ahead, end_ahead

    begin_ahead()
    ctx.call_on_close(end_ahead)
    from beltmap.geo.charter.reading import only_plan
    from beltmap.geo.export.losses import Loss, loss_line
    from beltmap.geo.intake.repaired import unnamed
    from beltmap.geo.plan.append import join_plan
    from beltmap.geo.plan.footprints import outlined
    from beltmap.geo.store.mirror import called, place_to_change

    sizes = sizes_of(given)
    folder = only_plan(folder)
    outcomes = list(read_files(files, (folder,), answers_of(**given)))
    for outcome in outcomes:
        show_receipt(outcome)
        if outcome.rows is None:
            show_questions(outcome)
    waiting = [status_of(one) for one in outcomes if one.rows is None]
    if waiting:
        ctx.exit(REFUSED if REFUSED in waiting else ASKED)
    brought = [one.zones for one in outcomes if one.zones is not None]
    drawn = [outlined(zones, sizes) for zones in brought]
    for one in drawn:
        for line in outlines_in_words(one, sizes):
            click.echo(line, err=True)
    zones = [one.zones for one in drawn]
    with place_to_change(folder, via="beltmap import") as place:
        joined = join_plan(zones, place, unnamed=list(map(unnamed, outcomes)))
    for line in joined_in_words(joined):
        click.echo(line, err=True)
    for name, n in joined.added.items():
        click.echo(text("cli.intake.added", n=n, file=f"{called(folder)}/{name}"))
    names = [part["name_en"].fillna(part["id"])[part.has_z] for part in brought]
    high = [str(name) for part in names for name in part]
    if high:
        click.echo(loss_line([Loss("heights", tuple(high))]), err=True)


@click.command(
    cls=Command,
    help="cli.intake.new",
)
@click.argument("folder", type=click.Path(path_type=Path))
@option("--structure", "sentence", default="", help="cli.new.structure")
@option("--at", help="cli.new.at")
@option("--from", "files", multiple=True, type=FILE, help="cli.new.from")
@size_options
@answer_options
@click.pass_context
def new(
    ctx: click.Context,
    /,
    folder: Path,
    sentence: str,
    at: str | None,
    files: tuple[Path, ...],
    **given: Any,  # noqa: ANN401 - options
) -> None:
    """Make a plan that can be opened."""
    from beltmap.geo.plan.template import AT, new_plan

    sizes = sizes_of(given)
    if files:
        made = _plan_of_files(
            ctx, folder, files, sentence, sizes=sizes, answers=answers_of(**given)
        )
    else:
        place = AT if at is None else lon_lat(at)
        made = new_plan(folder, sentence=sentence, at=place)
        if at is None:
            said = ", ".join(map(str, AT))
            click.echo(text("cli.new.origin", at=said), err=True)
    for line in _sentence_in_words(sentence):
        click.echo(line, err=True)
    for path in made:
        click.echo(text("cli.wrote", file=path))


def lon_lat(said: str) -> tuple[float, float]:
    """Read a place from two numbers."""
    import re
    import unicodedata

    from beltmap.geo.errors import PlanError, fault

    # Chinese commas and digits are as wide as the characters beside them
    plain = unicodedata.normalize("NFKC", said).replace("、", ",").strip()
    try:
        lon, lat = (float(part) for part in re.split(r"\s*[,;\s]\s*", plain))
    except ValueError:
        lon = lat = math.nan
    if not (abs(lon) <= 180 and abs(lat) <= 85):  # noqa: PLR2004 - degrees
        raise PlanError([fault("E_BAD_PLACE", "--at", at=said)])
    return lon, lat


def _sentence_in_words(sentence: str) -> Iterator[str]:
    """Say what was read in a sentence, and what was not understood."""
    from beltmap.geo.charter.sentence import read_sentence
    from beltmap.geo.language.wording import in_a_row

    if not sentence:
        return
    read = read_sentence(sentence)
    names = {kind.code: kind.name.say() for kind in read.kinds}
    counts = [f"{names[kind]} {n}" for kind, n in read.structure.promises.items()]
    yield text("cli.new.kinds", kinds=in_a_row(counts))
    for key, codes in (("several", read.several), ("unnamed", read.unnamed)):
        if codes:
            kinds = in_a_row([names[code] for code in codes])
            yield text(f"cli.new.{key}", kinds=kinds)
    if read.unread:
        yield text("cli.new.unread", words=in_a_row(read.unread))


def _plan_of_files(  # noqa: PLR0913 - what a plan is made of, each another thing
    ctx: click.Context,
    folder: Path,
    files: tuple[Path, ...],
    sentence: str,
    *,
    sizes: "Sizes",
    answers: "Answers",
) -> tuple[Path, ...]:
    """Make a plan of the zones of files, and say what was found in them."""
    from beltmap.geo.intake.context import blank_context
    from beltmap.geo.intake.overlay import put_together
    from beltmap.geo.language.wording import in_a_row
    from beltmap.geo.plan.adopt import adopted_plan
    from beltmap.geo.plan.footprints import outlined

    outcomes = list(read_files(files, (), answers, context=blank_context()))
    for outcome in outcomes:
        show_receipt(outcome)
        if outcome.rows is None:
            show_questions(outcome)
    waiting = [status_of(one) for one in outcomes if one.rows is None]
    if waiting:
        ctx.exit(REFUSED if REFUSED in waiting else ASKED)
    zones = put_together([one.zones for one in outcomes if one.zones is not None])
    drawn = outlined(zones, sizes)
    adopted = adopted_plan(drawn.zones, folder, sentence=sentence)
    for line in outlines_in_words(drawn, sizes):
        click.echo(line, err=True)
    for column, said in adopted.found.items():
        what = text(f"filter.{column}")
        click.echo(text("cli.new.found", what=what, found=said), err=True)
    if adopted.of_files:
        kinds = in_a_row(adopted.of_files)
        click.echo(text("cli.new.kind_of_file", kinds=kinds), err=True)
    return adopted.files


@click.command(
    cls=Command,
    help="cli.basemap",
    examples=(
        "beltmap basemap my-plan --from chengdu.gpkg",
        "beltmap basemap my-plan --from land=districts.geojson --source Sichuan",
    ),
)
@click.argument("folder", type=PlanType())
@option("--from", "files", multiple=True, required=True, help="cli.basemap.from")
@option("--source", default="", help="cli.basemap.source")
@option("--licence", default="", help="cli.basemap.licence")
def basemap(folder: Path, files: tuple[str, ...], source: str, licence: str) -> None:
    """Cut a plan's own basemap out of files."""
    from beltmap.geo.charter.reading import only_plan
    from beltmap.geo.ground.cut import ROLES, cut_basemap
    from beltmap.geo.language.wording import in_a_row

    given = []
    for said in files:
        role, equals, name = said.partition("=")
        known = bool(equals) and role in ROLES
        path = Path(name if known else said)
        if not path.is_file():
            raise click.BadParameter(text("cli.basemap.no_file", file=path))
        given.append((role if known else "", path))
    folder = only_plan(folder)
    zones = opened((folder,)).zones
    cut = cut_basemap(folder, zones, given, source=source, licence=licence)
    for role, n in cut.parts.items():
        click.echo(text(f"cli.basemap.{role}", n=n))
    if cut.left_out:
        names = in_a_row(cut.left_out)
        click.echo(text("cli.basemap.left_out", names=names))
    for file in cut.files:
        click.echo(text("cli.wrote", file=file), err=True)
