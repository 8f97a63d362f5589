"""What a reader sees besides the zones themselves."""

from dataclasses import dataclass

from beltmap.layers.map.view import View


@dataclass(frozen=True, kw_only=True)
class Seen:
    """
    What a reader sees besides the zones themselves.

    Parameters
    ----------
    selected
        Id of the selected zone, or None.
    view
        Where to look; at all chosen zones if None.
    language
        Code of a language in `geo.language.messages.LANGUAGES`; the spoken one if None.
    comments
        Whether what readers remarked is to be printed as well.
    """

    selected: str | None = None
    view: View | None = None
    language: str | None = None
    comments: bool = False
