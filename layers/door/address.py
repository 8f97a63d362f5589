"""Names of the server of the page: its own, and the public one that it is given."""

import ipaddress
import os
import re
from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import Final

from beltmap.geo.errors import PlanError, fault

PUBLIC: Final = "BELTMAP_PUBLIC_URL"
"""Variable of the environment with the address that readers type."""

FRAMES: Final = "BELTMAP_EMBED_IN"
"""Variable with the sites in whose frames the page may stand, between blanks."""

_FORWARDED: Final = ("forwarded", "x-forwarded-for", "x-real-ip")
"""Headers by which a proxy on this machine says that a browser is not on it."""

PORTS: Final = {"http": 80, "https": 443}
_HOST: Final = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^\[\]:/?#@\\\s,]+)(?::([0-9]{1,5}))?")
_ORIGIN: Final = re.compile(r"(https?)://([^/]+)")
_ADDRESS: Final = re.compile(r"(https?)://([^/?#]+)(/[\w./~-]*)?")
_SITE: Final = re.compile(r"https?://(\*\.)?[A-Za-z0-9.-]+(:[0-9]{1,5})?")


@dataclass(frozen=True)
class Address:
    """
    Where a page is.

    Parameters
    ----------
    scheme, host, port
        As of an origin; the port is given even where it is the usual one.
    path
        Folder of the page, without slashes around it.
    """

    scheme: str
    host: str
    port: int
    path: str = ""

    @property
    def is_safe(self) -> bool:
        """Whether browsers take it for a safe one, and send cookies in frames."""
        return self.scheme == "https"

    @property
    def url(self) -> str:
        """
        The address as it is typed, without a slash at its end.

        Examples
        --------
        >>> Address("https", "a.org", 443, "plans").url, Address("http", "::1", 81).url
        ('https://a.org/plans', 'http://[::1]:81')
        """
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}/{self.path}".rstrip("/")


def read_host(words: str) -> tuple[str, int | None] | None:
    """
    Read a host as a header has it.

    Parameters
    ----------
    words
        Name or number, perhaps with a port.

    Returns
    -------
    host, port
        In small letters, without the dot of a root, an IP number as it is
        usually written; None if it is no host.

    Examples
    --------
    >>> read_host("LocalHost.:8501"), read_host("[::FFFF:127.0.0.1]")
    (('localhost', 8501), ('127.0.0.1', None))
    >>> read_host("localhost@evil.example"), read_host("a:b:1")
    (None, None)
    """
    found = _HOST.fullmatch(words)
    if found is None:
        return None
    port = int(found[2]) if found[2] else None
    if port is not None and not 0 < port < 2**16:
        return None
    return plain(found[1].strip("[]")), port


def plain(host: str) -> str:
    """
    Write a host in the one way in which it is compared.

    Examples
    --------
    >>> plain("Münster.Example."), plain("0:0:0:0:0:0:0:1")
    ('xn--mnster-3ya.example', '::1')
    """
    number = ip_number(host)
    if number is not None:
        return str(number)
    try:
        # browsers send the letters of other scripts in this form
        return host.removesuffix(".").lower().encode("idna").decode()
    except UnicodeError:
        return host.lower()


def ip_number(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Read an IP number; one of version 4 in the clothes of version 6 is the former."""
    try:
        number = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return None
    return getattr(number, "ipv4_mapped", None) or number


def is_far(client: str, headers: Container[str]) -> bool:
    """
    Tell whether a browser is on another machine, so that its line may be slow.

    Parameters
    ----------
    client
        Number from which it asks; what is none, such as a socket's, is near.
    headers
        Of its request, by any letters.

    Examples
    --------
    >>> is_far("127.0.0.1", {}), is_far("127.0.0.1", {"x-real-ip": "203.0.113.9"})
    (False, True)
    """
    number = ip_number(client)
    away = number is not None and not number.is_loopback
    return away or any(name in headers for name in _FORWARDED)


def read_origin(words: str) -> tuple[str, str, int] | None:
    """
    Read an origin as a header has it; None if it is none, such as ``null``.

    Examples
    --------
    >>> read_origin("https://Plans.Example"), read_origin("null")
    (('https', 'plans.example', 443), None)
    """
    found = _ORIGIN.fullmatch(words.lower())
    host = found and read_host(found[2])
    if not found or not host:
        return None
    return found[1], host[0], host[1] or PORTS[found[1]]


def public_address(environment: Mapping[str, str] = os.environ) -> Address | None:
    """
    Give the address that readers type, if the server was told one.

    Parameters
    ----------
    environment
        Variables; `PUBLIC` has it.

    Raises
    ------
    PlanError
        If it is no address of a page.
    """
    given = environment.get(PUBLIC, "").strip()
    if not given:
        return None
    found = _ADDRESS.fullmatch(given)
    host = found and read_host(found[2])
    if not found or not host:
        raise PlanError([fault("E_PUBLIC_URL", PUBLIC, found=given)])
    port = host[1] or PORTS[found[1]]
    return Address(found[1], host[0], port, (found[3] or "").strip("/"))


def framing_sites(environment: Mapping[str, str] = os.environ) -> tuple[str, ...]:
    """
    Give the sites in whose frames the page may stand, besides its own.

    Parameters
    ----------
    environment
        Variables; `FRAMES` has them.

    Raises
    ------
    PlanError
        With every one that is no site.
    """
    given = tuple(environment.get(FRAMES, "").split())
    wrong = [site for site in given if not _SITE.fullmatch(site)]
    if wrong:
        raise PlanError([fault("E_EMBED_IN", FRAMES, found=site) for site in wrong])
    return given
