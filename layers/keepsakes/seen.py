"""What a reader sees besides the zones, and says of the map that is printed."""

from dataclasses import dataclass

from beltmap.layers.map.view import View


@dataclass(frozen=True, kw_only=True)
class Imprint:
    """
    What a printed map says of itself; what is empty is as the plan says.

    Parameters
    ----------
    title
        Of the sheet.
    author
        Who made the map.
    number, approval
        The map's own number, and that under which it was approved.
    """

    title: str = ""
    author: str = ""
    number: str = ""
    approval: str = ""


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
    imprint
        What a printed map says of itself.
    """

    selected: str | None = None
    view: View | None = None
    language: str | None = None
    comments: bool = False
    imprint: Imprint = Imprint()
