"""Files read apart, as the page does, and what is asked of their reader."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from beltmap.geo.language.messages import LANGUAGES, speaking, text
from beltmap.layers.commands.options import opened

if TYPE_CHECKING:
    from collections.abc import Iterator

    import geopandas as gpd

    from beltmap.geo.intake.context import Context
    from beltmap.geo.intake.questions import Answers
    from beltmap.geo.intake.reading import Outcome
    from beltmap.geo.plan.plan import Plan


FILE: Final = click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)


AT_ONCE: Final = 2
"""Files that are read at once; each has a process of its own."""

REFUSED: Final = 1


ASKED: Final = 2
"""Statuses of a command that ends before all is read."""


def read_files(
    files: tuple[Path, ...],
    folders: tuple[Path, ...],
    answers: "Answers",
    *,
    context: "Context | None" = None,
    base: "Plan | None" = None,
) -> "Iterator[Outcome]":
    """Read files apart, as the page does; others are read while one is looked at."""
    from concurrent.futures import ThreadPoolExecutor
    from contextvars import copy_context
    from functools import partial

    from beltmap.geo.intake.apart.worker import read_apart
    from beltmap.geo.intake.context import context_of
    from beltmap.geo.intake.uploads import bundles, taken

    if context is None:
        context = context_of(base or opened(folders))
    uploads = bundles([taken(path) for path in files])
    read = partial(read_apart, answers=answers, context=context)
    with ThreadPoolExecutor(AT_ONCE) as readers:
        # what is said of each is said in the language and words of this thread
        asked = [readers.submit(copy_context().run, read, one) for one in uploads]
        for one in asked:
            yield one.result()


def _whole(
    path: Path, folders: tuple[Path, ...], answers: "Answers"
) -> "list[Outcome]":
    """Read a file, and all layers of one that has a layer for each kind of zone."""
    from beltmap.geo.charter.force import charter
    from beltmap.geo.export.extract import layer_names

    (outcome,) = read_files((path,), folders, answers)
    if answers.layer is not None or len(outcome.layers) < 2:  # noqa: PLR2004 - several
        return [outcome]
    known = {"other", *charter().by_kind}
    for language in LANGUAGES:
        with speaking(language):
            known |= set(layer_names([*charter().by_kind, "other"]).values())
    kinds = [name for name in outcome.layers if name in known]
    if not kinds:
        return [outcome]
    answered = [replace(answers, layer=kind) for kind in kinds]
    return [
        outcome for one in answered for outcome in read_files((path,), folders, one)
    ]


def zones_of(
    ctx: click.Context, path: Path, folders: tuple[Path, ...], answers: "Answers"
) -> "tuple[gpd.GeoDataFrame, set[str]]":
    """Read the zones of a plan folder, or of any file, and name the columns it has."""
    from beltmap.geo.intake.overlay import put_together

    if path.is_dir():
        zones = opened((path,)).zones
        return zones, set(zones.columns)
    frames, said = [], set[str]()
    for outcome in _whole(path, folders, answers):
        if outcome.zones is None:
            show_receipt(outcome)
            show_questions(outcome)
            ctx.exit(status_of(outcome))
        frames.append(outcome.zones)
        said |= {match.target for match in outcome.matches}
        said |= set(outcome.rows.columns if outcome.rows is not None else ())
    return put_together(frames), said


def status_of(outcome: "Outcome") -> int:
    """Give the status with which a command ends that cannot go on."""
    from beltmap.geo.intake.notices import Severity

    return REFUSED if outcome.receipt.verdict is Severity.REJECT else ASKED


def show_receipt(outcome: "Outcome", *, err: bool = True) -> None:
    """Say what became of every row, and which columns were taken for what."""
    from beltmap.geo.language.hidden import excerpt
    from beltmap.geo.language.labels import column_label
    from beltmap.geo.language.wording import in_a_row

    click.echo(outcome.receipt.as_text(), nl=False, err=err)
    said = [
        text(
            "cli.intake.taken_in" if match.unit else "cli.intake.taken_as",
            column=excerpt(match.column),
            target=column_label(match.target),
            unit=text(f"unit.name.{match.unit}") if match.unit else "",
        )
        for match in outcome.matches
        # a column that has the plan's own name needs no word
        if match.column != match.target
    ]
    if said:
        click.echo(text("cli.intake.taken", columns=in_a_row(said)), err=err)


def show_questions(outcome: "Outcome") -> None:
    """Say how the options of the command line answer what is asked."""
    from beltmap.geo.language.hidden import excerpt

    for question in outcome.questions:
        for line in question.rows_in_words():
            click.echo(f"      {line}")
        for offer in question.options:
            name = question.about.replace("_", "-")
            value = "" if name == "leave-out" else f' "{excerpt(offer.value)}"'
            why = f" ({offer.why})" if offer.why else ""
            click.echo(f"    --{name}{value}: {excerpt(offer.label)}{why}")
