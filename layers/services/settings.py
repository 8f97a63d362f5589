"""What the server was told of its services: whether, to whom, under which word."""

import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from starlette.requests import Request

from beltmap.geo.errors import PlanError, fault
from beltmap.layers.door.address import Address

if TYPE_CHECKING:
    # start-up does not pay for what opens a plan
    from beltmap.layers.prepared import Prepared

Opener: TypeAlias = "Callable[[Sequence[str]], Prepared]"
"""Opens the plans of such names, from a folder or a store; all where none is named."""

SERVICES: Final = "BELTMAP_SERVICES"
"""Variable of the environment that is ``off`` where there are none."""

TOKEN: Final = "BELTMAP_SERVICES_TOKEN"  # noqa: S105 - the name of a variable
"""Variable with the word without which they tell nothing."""

SHARED: Final = "BELTMAP_SHARE_WITH"
"""Variable with the sites whose pages may read them, between blanks; ``*`` for all."""

OGC: Final = "ogc"
SERVED: Final = ("plan.geojson", OGC)
"""Names of the services, below the folder of the page."""

ANYONE: Final = "*"
_SITE: Final = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?")
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{16,200}")


@dataclass(frozen=True)
class Settings:
    """
    How the services are given.

    Parameters
    ----------
    offered
        Whether there are any.
    token
        Word without which they tell nothing; empty where they are public.
    sites
        Sites whose pages may read the answers.
    """

    offered: bool = True
    token: str = ""
    sites: tuple[str, ...] = ()


def services(environment: Mapping[str, str] = os.environ) -> Settings:
    """
    Read the settings.

    Parameters
    ----------
    environment
        Variables `SERVICES`, `TOKEN` and `SHARED`.

    Raises
    ------
    PlanError
        If one of them says nothing that is understood.

    Examples
    --------
    >>> services({SERVICES: "off"}).offered, services({SHARED: "https://a.org"}).sites
    (False, ('https://a.org',))
    """
    said = environment.get(SERVICES, "").strip().lower()
    token = environment.get(TOKEN, "").strip()
    sites = tuple(environment.get(SHARED, "").split())
    faults = [
        fault("E_SHARE_WITH", SHARED, found=site)
        for site in sites
        if site != ANYONE and not _SITE.fullmatch(site)
    ]
    if said not in {"", "on", "off"}:
        faults.append(fault("E_SERVICES", SERVICES, found=said))
    if token and not _TOKEN.fullmatch(token):
        faults.append(fault("E_SERVICES_TOKEN", TOKEN))
    if faults:
        raise PlanError(faults)
    return Settings(said != "off", token, tuple(map(str.lower, sites)))


@dataclass(frozen=True, eq=False)
class Server:
    """
    What answers.

    Parameters
    ----------
    opener
        Opens the plans that it serves.
    settings
        To whom.
    public
        Address that readers type, if it is not the server's own.
    base
        Path under which the page is served.
    """

    opener: Opener
    settings: Settings
    public: Address | None = None
    base: str = ""

    @property
    def root(self) -> str:
        """Path of the page's folder, without a slash at its end."""
        return f"/{self.base.strip('/')}".rstrip("/")

    def address(self, request: Request) -> str:
        """Give the address of the page for links: as it is known, or was asked for."""
        if self.public is not None:
            return self.public.url
        own = f"{request.url.scheme}://{request.headers.get('host', '')}"
        return f"{own}{self.root}"
