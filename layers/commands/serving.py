"""What the server of the page is started with."""

import os
from collections.abc import Iterable, Sequence

from beltmap.layers.door.address import (
    FRAMES,
    PUBLIC,
    framing_sites,
    public_address,
)
from beltmap.layers.door.editing import EDIT, HERE, WHO, edit_options, who_header
from beltmap.layers.services.settings import SERVICES, SHARED, services


def options(
    public_url: str | None,
    sites: Iterable[str],
    *,
    given: Sequence[str],
    edit: str = "",
    header: str | None = None,
) -> list[str]:
    """
    Set what the page reads from its environment, and complete Streamlit's options.

    Parameters
    ----------
    public_url
        Address that readers type; else that of the environment.
    sites
        Sites in whose frames the page may stand; else those of the environment.
    given
        Options of Streamlit that were given, which go before these.
    edit
        Who may change plans, see `layers.door.editing`; else as in the environment.
    header
        In which a proxy names the reader; else as in the environment.

    Returns
    -------
    options
        With the folder of the public address, and with a cookie that browsers
        send in the frames of other sites where they may.

    Raises
    ------
    PlanError
        If the address, a site or the header is none, or others than readers on this
        machine could change plans who may not.
    """
    if public_url is not None:
        os.environ[PUBLIC] = public_url
    if sites:
        os.environ[FRAMES] = " ".join(sites)
    public, framing = public_address(), framing_sites()
    if edit:
        os.environ[EDIT] = edit
    if header is not None:
        os.environ[WHO] = header
    who_header()
    if os.environ.get(EDIT) == HERE:
        given = edit_options(given, public=public is not None)
    wanted = {}
    if public is not None and public.path:
        wanted["--server.baseUrlPath"] = public.path
    if public is not None and public.is_safe and framing:
        wanted["--server.xsrfCookieSameSite"] = "none"
    said = {option.partition("=")[0] for option in given}
    more = [f"{name}={value}" for name, value in wanted.items() if name not in said]
    return [*given, *more]


def serve_others(readers: Iterable[str], *, offered: bool | None) -> None:
    """
    Set which other tools and pages the server answers.

    Parameters
    ----------
    readers
        Sites whose pages may read the services; else those of the environment.
    offered
        Whether there are services; None as the environment has it.

    Raises
    ------
    PlanError
        If a setting says nothing that is understood.
    """
    if readers:
        os.environ[SHARED] = " ".join(readers)
    if offered is not None:
        os.environ[SERVICES] = "on" if offered else "off"
    services()
