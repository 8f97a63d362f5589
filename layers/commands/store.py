"""Commands for plans in a store."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from beltmap.geo.language.messages import text
from beltmap.layers.commands.options import PlanType
from beltmap.layers.commands.terminal.helptext import Command, option

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


COMMANDS: Final = (push, pull)
