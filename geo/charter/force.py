"""The charter of the plan that is spoken of, as a language is spoken."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Final, ParamSpec, Protocol, TypeVar

from beltmap.geo.charter.charter import Charter
from beltmap.geo.charter.reading import default_charter
from beltmap.geo.language.messages import stand_by, text, use_words

P = ParamSpec("P")
T = TypeVar("T")

_CHARTER: Final[ContextVar[Charter | None]] = ContextVar("charter", default=None)


stand_by(lambda: default_charter().messages)


class Chartered(Protocol):
    """A plan, or what is chosen of one."""

    @property
    def charter(self) -> Charter:
        """What the plan says of itself."""


def charter() -> Charter:
    """Give the charter of the plan that is spoken of; the default one of none."""
    return _CHARTER.get() or default_charter()


def about_in_words() -> str:
    """Say who made the plan, of when and which version it is, and its licence."""
    one = charter()
    said = {
        "author": one.author.say(),
        "date": one.date,
        "version": one.version,
        "licence": one.licence.say(),
    }
    return " · ".join(text(f"about.{key}", **{key: s}) for key, s in said.items() if s)


def adopt(one: Charter) -> None:
    """
    Speak of a plan for the rest of this thread's or task's work.

    Parameters
    ----------
    one
        What the plan says of itself: its words come before the catalogue's.
    """
    _CHARTER.set(one)
    use_words(one.messages)


@contextmanager
def under(one: Charter) -> Iterator[None]:
    """Speak of a plan for as long as a ``with`` block runs."""
    before = charter()
    adopt(one)
    try:
        yield
    finally:
        adopt(before)


def chartered(function: Callable[P, T]) -> Callable[P, T]:
    """Let a function speak of the plan that its first argument is or belongs to."""

    @wraps(function)
    def speaking_of(*args: P.args, **kwargs: P.kwargs) -> T:
        first: object = args[0] if args else next(iter(kwargs.values()))
        with under(getattr(first, "charter")):  # noqa: B009 - of any class
            return function(*args, **kwargs)

    return speaking_of
