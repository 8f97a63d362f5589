"""Commands whose help is in the catalogue and comes in the reader's language."""

import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import Any, Final, TypeVar

import click

from beltmap.geo.charter.force import charter, under
from beltmap.geo.errors import PlanError
from beltmap.geo.language.messages import (
    LANGUAGES,
    choose,
    speak,
    speaking,
    spoken,
    text,
)
from beltmap.geo.language.typeset import paragraph, places
from beltmap.geo.memory import start_lightly
from beltmap.layers.commands.terminal.clickwords import translate_click
from beltmap.layers.commands.terminal.stream import keep_speaking

HEADINGS: Final = {"Options": "cli.options", "Commands": "cli.commands"}
F = TypeVar("F", bound=Callable[..., Any])
WIDEST_NAME: Final = 30
"""Places that the name of an option takes before its help begins a new line."""

CLAUSE: Final = re.compile(r"[.;](?:\s|$)|[。；]")
"""Where the first clause of a help text ends."""

VARIABLES: Final = ("LC_ALL", "LC_MESSAGES", "LANG")
"""Variables of the environment that name a language, the weightiest first."""


class Formatter(click.HelpFormatter):
    """Lay help out with headings in the reader's language and its wide letters."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write how a command is called."""
        super().write_usage(prog, args, prefix or f"{text('cli.usage')} ")

    @contextmanager
    def section(self, name: str) -> Iterator[None]:
        """Begin a part under a heading."""
        key = HEADINGS.get(name)
        with super().section(text(key) if key else name):
            yield

    def write_dl(
        self,
        rows: Iterable[tuple[str, str]],
        col_max: int = WIDEST_NAME,
        col_spacing: int = 2,
    ) -> None:
        """Write names and what they mean side by side."""
        rows = list(rows)
        widest = max(min(places(name), col_max) for name, _ in rows) + col_spacing
        blank = " " * self.current_indent
        room = max(self.width - self.current_indent - widest, 10)
        for name, meaning in rows:
            lines = paragraph(meaning, width=room).split("\n")
            fits = places(name) <= widest - col_spacing
            lead = name + " " * (widest - places(name)) if fits else name
            first = [lines.pop(0)] if fits else []
            self.write("".join([blank, lead, *first]).rstrip() + "\n")
            for line in lines:
                self.write(f"{blank}{' ' * widest}{line}".rstrip() + "\n")


class Context(click.Context):
    """Context of a command whose help is laid out by `Formatter`."""

    formatter_class = Formatter


class Option(click.Option):
    """An option whose help is a key of the catalogue."""

    @property
    def help(self) -> str | None:
        """Help in the language that is spoken."""
        return text(self._key) if self._key else None

    @help.setter  # noqa: A003 - click calls it so
    def help(self, key: str | None) -> None:
        self._key = key


class Command(click.Command):
    """
    A command whose help is a key of the catalogue, followed by examples.

    Parameters
    ----------
    examples
        Lines as they are typed.
    """

    context_class = Context

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - as in click
        examples: Sequence[str] = (),
        **settings: Any,  # noqa: ANN401 - as in click
    ) -> None:
        self._examples = examples
        super().__init__(*args, **settings)

    @property
    def help(self) -> str | None:
        """Help in the language that is spoken, with the examples."""
        if not self._key:
            return None
        blocks = ["\b\n" + "\n".join(self._examples)] if self._examples else []
        return "\n\n".join([text(self._key), *blocks])

    @help.setter  # noqa: A003 - click calls it so
    def help(self, key: str | None) -> None:
        self._key = key

    def get_short_help_str(self, limit: int = 45) -> str:  # noqa: ARG002 - click's
        """Give the first clause whole; the list of commands breaks its lines."""
        whole = text(self._key) if self._key else ""
        return text("sentence", words=CLAUSE.split(whole, maxsplit=1)[0])

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """Give every command the choice of a language."""
        *own, last = super().get_params(ctx)
        return [*own, LANG, last]

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Name the option for help in the language that is spoken."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = text("cli.help")
        return option


class Group(Command, click.Group):
    """Commands that say a fault in one line and end with status 1."""

    command_class = Command

    def main(self, *args: Any, **settings: Any) -> Any:  # noqa: ANN401 - as in click
        """Run a command in the language of the reader's machine."""
        start_lightly()
        keep_speaking()
        translate_click()
        given = settings.get("args") or (args[0] if args else None) or sys.argv[1:]
        # a fault may be found before the option for the language is read
        language = choose(_asked(given), *map(os.environ.get, VARIABLES))
        with speaking(language), under(charter()):
            return super().main(*args, **settings)

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - as in click
        """Run a command; say every fault of a plan or request."""
        try:
            return super().invoke(ctx)
        except PlanError as error:
            for fault in error.faults:
                click.echo(f"beltmap: {fault}", err=True)
            ctx.exit(1)


def option(*names: str, **settings: Any) -> Callable[[F], F]:  # noqa: ANN401
    """Give a command an option; its `help` is a key of the catalogue."""
    return click.option(*names, cls=Option, **settings)


def _asked(arguments: Sequence[str]) -> str | None:
    """Find the language that the arguments ask for."""
    for name, value in pairwise((*arguments, "")):
        if name.startswith("--lang="):
            return name.partition("=")[2]
        if name == "--lang":
            return value
    return None


def _speak(ctx: click.Context, param: click.Parameter, value: str | None) -> str:  # noqa: ARG001
    if value:
        speak(value)
    return value or spoken()


# eager, so that help and every fault come in the language asked for
LANG: Final = Option(
    ["--lang"],
    type=click.Choice(LANGUAGES),
    is_eager=True,
    expose_value=False,
    callback=_speak,
    help="cli.lang",
)
"""The choice of a language, which every command has."""
