"""Word from browsers that a map stands, so that a page may go on with the rest."""

from collections.abc import Callable
from threading import Condition
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

DRAWN: Final = "drawn"
"""Where the frame of a map sends its word, which says nothing but that it stands."""

_CHANGED: Final = Condition()
_heard = 0


def maps_drawn() -> Callable[[float], bool]:
    """
    Begin to listen for a map.

    Returns
    -------
    wait
        Waits for so many seconds at most until any map stands that did not
        when listening began; tells whether one does. Of several readers who
        come at once, some may go on early, which only costs them order.

    Examples
    --------
    >>> wait = maps_drawn()
    >>> wait(0)
    False
    """
    before = _heard

    def wait(seconds: float) -> bool:
        with _CHANGED:
            return _CHANGED.wait_for(lambda: _heard > before, seconds)

    return wait


def hear(_: Request) -> Response:
    """Take the word of a map."""
    global _heard  # noqa: PLW0603 - one count for all maps of the process
    with _CHANGED:
        _heard += 1
        _CHANGED.notify_all()
    return Response(status_code=204)
