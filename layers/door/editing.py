"""Who may change plans on the page, and by which name: what the server was told."""

import os
import re
from collections.abc import Mapping, Sequence
from typing import Final

from beltmap.geo.errors import PlanError, fault
from beltmap.layers.door.address import ip_number

EDIT: Final = "BELTMAP_EDIT"
"""Variable of the environment that lets the page write: `HERE` or `ANYWHERE`."""

HERE: Final = "here"
ANYWHERE: Final = "anywhere"
ADDRESS: Final = "--server.address"

WHO: Final = "BELTMAP_WHO_HEADER"
"""Variable with the header in which a proxy names the reader."""

_HEADER: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,39}")


def who_header(environment: Mapping[str, str] = os.environ) -> str:
    """
    Give the header in which a proxy names the reader.

    Parameters
    ----------
    environment
        Variables; `WHO` has it.

    Returns
    -------
    header
        Its name; empty where readers type who they are.

    Raises
    ------
    PlanError
        If it is no header.

    Examples
    --------
    >>> who_header({WHO: "X-Forwarded-User"})
    'X-Forwarded-User'
    """
    given = environment.get(WHO, "").strip()
    if given and not _HEADER.fullmatch(given):
        raise PlanError([fault("E_WHO_HEADER", WHO, found=given)])
    return given


def is_loopback(host: str) -> bool:
    """
    Tell whether a host can be reached from this machine alone.

    Examples
    --------
    >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("0.0.0.0")
    (True, True, False)
    """
    number = ip_number(host)
    return host == "localhost" or bool(number and number.is_loopback)


def edit_options(given: Sequence[str], *, public: bool) -> list[str]:
    """
    Keep a page that may write to this machine.

    Parameters
    ----------
    given
        Options of Streamlit.
    public
        Whether it has a public address.

    Returns
    -------
    options
        With the address of this machine, where none is given.

    Raises
    ------
    PlanError
        If it would answer others.

    Examples
    --------
    >>> edit_options(["--server.port=8600"], public=False)
    ['--server.port=8600', '--server.address=127.0.0.1']
    """
    said = [option.partition("=") for option in given]
    hosts = [
        value or _next(given, at)
        for at, (name, _, value) in enumerate(said)
        if name == ADDRESS
    ]
    if public or not all(map(is_loopback, hosts)):
        raise PlanError([fault("E_EDIT_ADDRESS", "--edit")])
    return [*given] if hosts else [*given, f"{ADDRESS}=127.0.0.1"]


def _next(given: Sequence[str], at: int) -> str:
    return given[at + 1] if at + 1 < len(given) else ""
