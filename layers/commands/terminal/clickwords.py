"""What click says about wrong options, in the reader's language."""

from types import ModuleType
from typing import Final

import click.core
import click.exceptions
import click.parser
import click.types

from beltmap.geo.language.messages import LANGUAGES, spoken, text

MODULES: Final[tuple[ModuleType, ...]] = (
    click.core,
    click.exceptions,
    click.parser,
    click.types,
)

WORDS: Final = {
    "Error: {message}": "error",
    "Try '{command} {option}' for help.": "try",
    "Invalid value: {message}": "invalid",
    "Invalid value for {param_hint}: {message}": "invalid_for",
    "Missing argument": "missing_argument",
    "Missing option": "missing_option",
    "Missing parameter": "missing_parameter",
    "Missing command.": "missing_command",
    "No such option {name!r}.": "no_option",
    "No such command {name!r}.": "no_command",
    "Could not open file {filename!r}: {message}": "not_opened",
    "{value!r} is not a valid {number_type}.": "not_a",
    "{value} is not in the range {range}.": "out_of_range",
    "{name} {filename!r} does not exist.": "not_there",
    "{name} {filename!r} is a file.": "is_file",
    "{name} {filename!r} is a directory.": "is_folder",
    "{name} {filename!r} is not readable.": "not_readable",
    "{name} {filename!r} is not writable.": "not_writable",
    "Option {name!r} does not take a value.": "takes_none",
    "Choose from:\n\t{choices}": "choose",
    "default: {default}": "default",
    "File": "file",
    "Directory": "folder",
    "Path": "path",
    "file": "file",
    "directory": "folder",
    "path": "path",
    "Missing parameter: {param_name}": "missing_named",
}
"""Keys of what click says in English, without their prefix."""

PLURALS: Final = {
    "{value!r} is not {choice}.": "not_one_of",
    "Option {name!r} requires an argument.": "takes_one",
    "Did you mean {possibility}?": "meant",
    "Got unexpected extra argument ({args})": "extra",
}


def translate_click() -> None:
    """
    Let click say its messages in the language that is spoken.

    Click passes each through gettext, by a name that its modules import; a
    catalogue of our own takes the place of the one of the operating system.
    A bound text domain does not do: gettext asks the environment of the whole
    process for its language, at each message, and not what is spoken here.
    """
    for module in MODULES:
        for name, said in (("_", _said), ("ngettext", _counted)):
            if hasattr(module, name):
                setattr(module, name, said)


def _said(message: str) -> str:
    key = WORDS.get(message)
    if key is None or spoken() == LANGUAGES[0]:
        return message
    return text(f"click.{key}")


def _counted(one: str, many: str, n: int) -> str:
    key = PLURALS.get(one)
    if key is None or spoken() == LANGUAGES[0]:
        return one if n == 1 else many
    return text(f"click.{key}")
