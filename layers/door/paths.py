"""Paths that lead nowhere are not found, whatever Streamlit would show there."""

from functools import cache
from pathlib import Path

from starlette.routing import BaseRoute, Match, Mount
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from beltmap.layers.assets import not_found


class Paths:
    """
    Answer 404 where there is nothing; Streamlit would answer with its page.

    Parameters
    ----------
    app
        What answers.
    base
        Path under which the page is served.
    """

    def __init__(self, app: ASGIApp, *, base: str = "") -> None:
        self._app = app
        self._base = base.strip("/")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or say that there is no such thing."""
        app = self._app
        if scope["type"] == "http" and not self.leads_somewhere(scope):
            app = not_found()
        await app(scope, receive, send)

    def leads_somewhere(self, scope: Scope) -> bool:
        """Tell whether a route answers a request, or a file of Streamlit's."""
        if scope["path"].strip("/") == self._base:
            return True
        for route in scope["app"].routes:
            if route.matches(scope)[0] is not Match.NONE:
                files = static_files(route)
                if files is None:
                    return True
                return self._below(scope["path"]) in files
        return False

    def _below(self, path: str) -> str:
        """Give a path below the folder of the page; as it is if it is not below it."""
        prefix = f"/{self._base}/" if self._base else "/"
        return path.removeprefix(prefix)


def static_files(route: BaseRoute) -> frozenset[str] | None:
    """List the files below a route that serves a folder; None if it serves none."""
    app = route.app if isinstance(route, Mount) else None
    if not isinstance(app, StaticFiles):
        return None
    return _listed(Path(app.directory or ""))


@cache
def _listed(top: Path) -> frozenset[str]:
    files = (path for path in top.rglob("*") if path.is_file())
    return frozenset(path.relative_to(top).as_posix() for path in files)
