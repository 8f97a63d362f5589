"""Addresses of the services: what a link to the page chooses, as part of a path."""

from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import quote, unquote, urlencode

from beltmap.geo.query.filters import FACETS
from beltmap.layers.services.settings import OGC

OURS: Final = (*FACETS, "least", "most", "q", "plan", "lang", "token")
"""Parameters of a link that change what other tools get, and the token."""


def as_path(query: Mapping[str, Sequence[str]], *, token: str = "") -> str:
    """
    Write parameters as a part of a path, since some clients drop those behind it.

    Examples
    --------
    >>> as_path({"city": ["Qingdao"], "sectors": ["BPO", "R&D"], "view": ["plan"]})
    'city=Qingdao&sectors=BPO&sectors=R%26D'
    """
    kept = {name: query[name] for name in OURS if name in query}
    kept |= {"token": [token]} if token else {}
    return urlencode(kept, doseq=True, quote_via=quote, safe="")


def split_path(path: str) -> tuple[str, str]:
    """
    Split the path below a service into parameters and what is asked of it.

    Parameters
    ----------
    path
        As it was sent, with its escapes.

    Examples
    --------
    >>> split_path("/city=Qingdao/collections/park")
    ('city=Qingdao', 'collections/park')
    >>> split_path("/collections"), split_path("")
    (('', 'collections'), ('', ''))
    """
    first, _, rest = path.strip("/").partition("/")
    if "=" not in first:
        # some clients escape what need not be
        first = unquote(first)
    return (first, rest) if "=" in first else ("", path.strip("/"))


def service_address(
    page: str, query: Mapping[str, Sequence[str]], *, token: str = ""
) -> str:
    """
    Give the address at which other tools find what a link to the page shows.

    Examples
    --------
    >>> service_address("https://a.org/plans", {"kind": ["park"]})
    'https://a.org/plans/ogc/kind=park/'
    """
    return "/".join(filter(None, (f"{page}/{OGC}", as_path(query, token=token)))) + "/"
