"""What is asked of a service: which zones of which plans, in which language."""

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs

from starlette.requests import Request

from beltmap.geo.errors import PlanError
from beltmap.geo.language.messages import LANGUAGES, choose, text
from beltmap.geo.plan.selection import Selection
from beltmap.geo.query.filters import Filters, from_query
from beltmap.layers.link import FOREIGN, KNOWN
from beltmap.layers.prepared import Prepared
from beltmap.layers.services.address import OURS
from beltmap.layers.services.settings import Server

MOST_FIELDS: Final = 1000


class RefusedError(Exception):
    """
    Something is asked that has no answer.

    Parameters
    ----------
    status
        Of HTTP.
    words
        What is wrong, for the reader.
    """

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status
        self.words = words


@dataclass(frozen=True, eq=False)
class Asked:
    """
    What is asked for.

    Parameters
    ----------
    opened
        The plan.
    filters
        Which of its zones.
    language
        Code of the language of what is said.
    """

    opened: Prepared
    filters: Filters
    language: str

    @property
    def selection(self) -> Selection:
        """The zones."""
        return self.opened.select(self.filters)


def values(query: str) -> dict[str, list[str]]:
    """Read the values of a query by name."""
    try:
        return parse_qs(query, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise RefusedError(400, text("services.long")) from error


def language_of(request: Request, query: Mapping[str, Sequence[str]]) -> str:
    """Choose the language: as the link asks, or as the client does."""
    wishes = [w for w in query.get("lang", ()) if w in LANGUAGES]
    return choose(*wishes, request.headers.get("accept-language"))


def read_asked(
    server: Server, query: Mapping[str, Sequence[str]], *, language: str
) -> Asked:
    """
    Read what is asked for; nothing is passed over, or too much would be told.

    Parameters
    ----------
    server
        What answers.
    query
        Values by parameter, of the page's link; those that only the page can
        follow, such as the place on the map, change nothing.
    language
        Code of the language of what is said.

    Raises
    ------
    RefusedError
        Without the token, if a parameter is unknown or its value none, and if the
        plan cannot be opened.
    """
    token = server.settings.token
    given = query.get("token", [""])[-1]
    if token and not hmac.compare_digest(given.encode(), token.encode()):
        raise RefusedError(403, text("services.token"))
    strange = [
        name
        for name in query
        if name not in {*KNOWN, "token"} and not name.startswith(FOREIGN)
    ]
    if strange:
        raise RefusedError(
            400,
            text("services.unknown", name=strange[0], known=", ".join(OURS[:-1])),
        )
    if set(query.get("lang", ())) - set(LANGUAGES):
        raise RefusedError(400, text("services.value", name="lang"))
    try:
        opened = server.opener(query.get("plan", ()))
    except KeyError as error:
        raise RefusedError(400, text("services.value", name="plan")) from error
    except PlanError as error:
        # its faults are for whoever keeps it, and stand on the page
        raise RefusedError(503, text("page.broken")) from error
    filters, dropped = from_query(query, known=opened.plan.index.known)
    if dropped:
        raise RefusedError(400, text("services.value", name=dropped[0]))
    return Asked(opened, filters, language)
