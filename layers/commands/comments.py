"""Commands for what readers remark on a plan."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click

from beltmap.geo.language.messages import text
from beltmap.layers.commands.options import opened, plan_option
from beltmap.layers.commands.report import print_table
from beltmap.layers.commands.terminal.helptext import Command, option


@click.command(
    cls=Command,
    help="cli.comments",
    examples=("beltmap comments",),
)
@plan_option
@option("--all", "everything", is_flag=True, help="cli.comments.all")
@option("--settle", help="cli.comments.settle")
@option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "csv", "md"]),
    default="text",
    help="cli.format",
)
@option("--who", help="cli.store.who")
def comments(
    *,
    folders: tuple[Path, ...],
    everything: bool,
    settle: str | None,
    form: str,
    who: str | None,
) -> None:
    """Print what readers have remarked."""
    from beltmap.geo.claims.comments import STATES, with_settled

    if settle is not None:
        _write(folders, lambda place: with_settled(place, settle), who=who)
        return
    found = opened(folders).comments
    shown = found if everything else found[found["state"] == STATES[0]]
    notes = () if len(shown) else (text("cli.comments.none"),)
    print_table(shown.reset_index(drop=True), form, notes=notes)


@click.command(
    cls=Command,
    help="cli.comment",
)
@click.argument("words", metavar="TEXT")
@plan_option
@option("--about", default="", help="cli.comment.about")
@option("--at", help="cli.comment.at")
@option("--who", required=True, help="cli.comment.who")
def comment(
    *, words: str, folders: tuple[Path, ...], about: str, at: str | None, who: str
) -> None:
    """Leave a remark on a zone, a claim or a place."""
    from beltmap.geo.claims.comments import with_comment
    from beltmap.layers.commands.files.plans import lon_lat

    plan = opened(folders)
    if about and about not in {*plan.zones["id"], *plan.claims["id"]}:
        raise click.BadParameter(text("cli.unknown_claim", name=about))
    lon, lat = ("", "") if at is None else map(str, lon_lat(at))
    now = datetime.now(UTC).isoformat(timespec="seconds")
    cells = {"about": about, "lon": lon, "lat": lat, "author": who}
    cells |= {"time": now, "text": words}
    _write(folders, lambda place: with_comment(place, **cells), who=who)


def _write(
    folders: tuple[Path, ...],
    make: Callable[[Path], dict[str, bytes]],
    *,
    who: str | None,
) -> None:
    """Write the table of comments of the one plan that is meant."""
    from beltmap.geo.charter.reading import only_plan
    from beltmap.geo.claims.comments import COMMENTS_FILE
    from beltmap.geo.commit import commit, writing
    from beltmap.geo.shipped import SHIPPED
    from beltmap.geo.store.mirror import called, place_to_change

    folder = only_plan(*(folders or (SHIPPED,)))
    with (
        place_to_change(folder, via="beltmap comment", who=who) as place,
        writing(place),
    ):
        commit(place, make(place))
    click.echo(text("cli.wrote", file=f"{called(folder)}/{COMMENTS_FILE}"), err=True)


COMMANDS: Final = (comments, comment)
