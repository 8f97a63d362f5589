"""Commands for plans in a store."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from beltmap.geo.language.messages import text
from beltmap.layers.commands.options import PlanType, opened
from beltmap.layers.commands.terminal.helptext import Command, option
from beltmap.layers.commands.terminal.stream import echo_exact

if TYPE_CHECKING:
    from beltmap.geo.store.address import Address


class AddressType(click.ParamType["Address"]):
    """Address of a plan in a store."""

    name = "address"

    def convert(self, value: Any, param: Any, ctx: Any) -> "Address":  # noqa: ANN401 - click's
        """Read the address."""
        from beltmap.geo.store.address import Address, is_address, read_address

        if isinstance(value, Address):
            return value
        if not is_address(value):
            self.fail(text("cli.store.no_address", name=value), param, ctx)
        return read_address(value)


@click.command(
    cls=Command,
    help="cli.push",
)
@click.argument("folder", type=PlanType())
@click.argument("address", type=AddressType())
@option("--who", help="cli.store.who")
def push(folder: Path, address: "Address", who: str | None) -> None:
    """Put a plan folder into a store."""
    from beltmap.geo.store import folders

    done = folders.push(folder, address, who=who)
    told = {"version": done.version, "address": address, "n": done.rows}
    click.echo(text("cli.push.done", **told))
    for file in done.other_form:
        click.echo(text("cli.push.form", file=file))


@click.command(
    cls=Command,
    help="cli.pull",
)
@click.argument("address", type=AddressType())
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def pull(address: "Address", folder: Path) -> None:
    """Write a plan of a store as a folder."""
    from beltmap.geo.store import folders

    version = folders.pull(address, folder)
    click.echo(text("cli.pull.done", version=version, folder=folder))


@click.command(
    cls=Command,
    help="cli.log",
)
@click.argument("address", type=AddressType())
@click.argument("about", default="", metavar="[ID]")
@option("--most", type=click.IntRange(1), help="cli.log.most")
@option("--json", "as_json", is_flag=True, help="cli.log.json")
def log(address: "Address", about: str, most: int | None, *, as_json: bool) -> None:
    """Print who changed what in a plan of a store, and when."""
    import json

    from beltmap.geo.store import history

    versions = history.log(address, about=about, most=most)
    if as_json:
        lines = (json.dumps(one.as_record(), ensure_ascii=False) for one in versions)
        echo_exact("[" + ",\n".join(lines) + "]\n")
        return
    for one in versions:
        for line in one.as_lines():
            click.echo(line)


@click.command(
    cls=Command,
    help="cli.release",
)
@click.argument("address", type=AddressType())
@click.argument("name")
@option("--anyway", is_flag=True, help="cli.release.anyway")
@option("--who", help="cli.store.who")
@click.pass_context
def release(
    ctx: click.Context,
    /,
    address: "Address",
    name: str,
    who: str | None,
    *,
    anyway: bool,
) -> None:
    """Give a version of a plan a name that stays."""
    from dataclasses import replace

    from beltmap.geo.report.findings import finding_table, findings
    from beltmap.geo.store import history
    from beltmap.geo.store.mirror import follow

    mirror = follow(address)
    plan = opened((mirror.folder,))
    errors = [one for one in findings(plan) if one.severity == "error"]
    for line in finding_table(errors, words=True)["sentence"] if errors else ():
        click.echo(line, err=True)
    if errors and not anyway:
        click.echo(text("cli.release.refused", n=len(errors)), err=True)
        ctx.exit(1)
    # what was audited, whatever was written since
    audited = replace(address, at=f"v{mirror.version}")
    version = history.release(audited, name, errors=len(errors), who=who)
    told = {"name": name, "version": version}
    click.echo(text("cli.release.done", address=replace(address, at=name), **told))


@click.command(
    cls=Command,
    help="cli.restore",
)
@click.argument("address", type=AddressType())
@click.argument("zones", nargs=-1, metavar="[ZONE]...")
@option("--who", help="cli.store.who")
def restore(address: "Address", zones: tuple[str, ...], who: str | None) -> None:
    """Bring back a plan, or zones, as they were at a version."""
    from beltmap.geo.store import history

    version, rows = history.restore(address, zones, who=who)
    told = {"version": version, "at": address.at, "n": rows}
    click.echo(text("cli.restore.done", **told))


COMMANDS: Final = (push, pull, log, release, restore)
