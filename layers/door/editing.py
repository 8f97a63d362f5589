"""Who may change plans on the page: readers on this machine, or everyone."""

from collections.abc import Sequence
from typing import Final

from beltmap.geo.errors import PlanError, fault
from beltmap.layers.door.address import ip_number

EDIT: Final = "BELTMAP_EDIT"
"""Variable of the environment that lets the page write: `HERE` or `ANYWHERE`."""

HERE: Final = "here"
ANYWHERE: Final = "anywhere"
ADDRESS: Final = "--server.address"


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
