"""Addresses of plans in a store: ``postgresql://host/database#plan@version``."""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

from beltmap.geo.errors import PlanError, fault

_SCHEMES: Final = ("postgresql://", "postgres://")
_NUMBER: Final = re.compile(r"v(\d+)")
_NAME: Final = re.compile(r"\w[\w -]*")
MOST_BYTES: Final = 63
"""Longest name that PostgreSQL keeps whole."""


@dataclass(frozen=True)
class Address:
    """
    Where a plan is in a store.

    Parameters
    ----------
    server
        Connection address without the fragment; it may hold a password.
    plan
        Name of the plan; empty for the only one that is there.
    at
        ``v12``, or the name of a release; empty for the newest version.
    """

    server: str
    plan: str = ""
    at: str = ""

    @property
    def number(self) -> int | None:
        """Number of the version; None for a release or the newest."""
        found = _NUMBER.fullmatch(self.at)
        return int(found[1]) if found else None

    @property
    def whole(self) -> str:
        """The address as it was given, with the password if it has one."""
        fragment = quote(self.plan) + (f"@{quote(self.at)}" if self.at else "")
        return f"{self.server}#{fragment}" if fragment else self.server

    def __str__(self) -> str:
        """Write the address for people: a password is never in it."""
        parts = urlsplit(self.server)
        user, at, host = parts.netloc.rpartition("@")
        kept = [
            (key, value)
            for key, value in parse_qsl(parts.query)
            if key not in {"password", "sslpassword"}
        ]
        fragment = quote(self.plan) + (f"@{quote(self.at)}" if self.at else "")
        named = f"{user.partition(':')[0]}{at}{host}"
        return urlunsplit((parts.scheme, named, parts.path, urlencode(kept), fragment))

    def __repr__(self) -> str:
        """Keep a password out of tracebacks and logs as well."""
        return f"Address({str(self)!r})"


def is_address(said: object) -> bool:
    """
    Tell whether words are the address of a store.

    Examples
    --------
    >>> is_address("postgresql://office/plans#north"), is_address("my-plan")
    (True, False)
    """
    return str(said).startswith(_SCHEMES)


def read_address(said: str) -> Address:
    """
    Read the address of a plan.

    Parameters
    ----------
    said
        ``postgresql://user@host:port/database#plan@version``.

    Returns
    -------
    address
        Its parts.

    Raises
    ------
    PlanError
        If the name of the plan is none that a store can have.

    Examples
    --------
    >>> found = read_address("postgresql://ann:secret@office/plans#north@v12")
    >>> found.plan, found.number, str(found)
    ('north', 12, 'postgresql://ann@office/plans#north@v12')
    """
    server, _, fragment = said.partition("#")
    name, _, at = fragment.partition("@")
    address = Address(server, unquote(name), unquote(at))
    refuse_name(address)
    return address


def refuse_name(address: Address) -> None:
    """Refuse a name that PostgreSQL would cut, or keeps for itself."""
    name = address.plan
    good = not name or _NAME.fullmatch(name)
    if not good or len(name.encode()) > MOST_BYTES or name.startswith("pg_"):
        raise PlanError([fault("E_STORE_NAME", str(address), name=name)])
