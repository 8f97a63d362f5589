"""Text that Folium passes on as it is, instead of compiling it as a template."""

from functools import cache
from typing import Any, Final

import branca.element


class Literal:
    """
    Stand in for a template that says exactly its source.

    Branca compiles every finished piece of a page once more as a Jinja
    template, so that ``{{...}}`` in a name would run on the server. In place
    of `branca.element.Template`, this class ends that for the whole process.

    Parameters
    ----------
    source
        Text to be given back.
    """

    def __init__(self, source: str) -> None:
        self.source = source

    def render(self, *_: Any, **__: Any) -> str:  # noqa: ANN401 (as Jinja takes them)
        """
        Give the source, letter for letter.

        Examples
        --------
        >>> Literal("{{7*7}}").render()
        '{{7*7}}'
        """
        return self.source


branca.element.Template = Literal  # type: ignore[attr-defined, assignment]


CANARY: Final = "{{7*7*1009}}"
"""Text that a template engine would turn into a number."""


@cache
def refuse_templates() -> None:
    """
    Refuse to go on where text would run as a template.

    Called once before the first page: a later release of Folium or branca that
    compiles text again, around `Literal`, is found here and not by a reader.

    Raises
    ------
    RuntimeError
        If the canary does not come back letter for letter.
    """
    figure = branca.element.Figure()
    figure.html.add_child(branca.element.Element(CANARY))
    figure.script.add_child(Script(CANARY))
    if figure.render().count(CANARY) != len((figure.html, figure.script)):
        raise RuntimeError("text is compiled as a template: beltmap does not start")


class Script(branca.element.Element):
    """
    A script in a Folium page that is not looked at again.

    Parameters
    ----------
    source
        JavaScript.
    """

    def __init__(self, source: str) -> None:
        super().__init__()
        self._source = source

    def render(self, **_: Any) -> str:  # noqa: ANN401 (as branca passes them)
        """Give the script, letter for letter."""
        return self._source
