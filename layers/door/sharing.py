"""What pages of other sites may read, where the server was told so."""

from dataclasses import dataclass
from typing import Final

from starlette.types import Scope

READING: Final = ("GET", "HEAD", "OPTIONS")
HEADERS: Final = {
    "Access-Control-Allow-Methods": ", ".join(READING),
    "Access-Control-Allow-Headers": "If-None-Match",
    "Access-Control-Expose-Headers": "ETag",
    "Vary": "Origin",
}


@dataclass(frozen=True)
class Sharing:
    """
    Which sites may read what.

    Parameters
    ----------
    sites
        Origins in small letters; ``*`` for all.
    paths
        What they may read; what lies below it as well.

    Examples
    --------
    >>> one = Sharing(("https://a.org",), ("/ogc",))
    >>> one.allows({"method": "GET", "path": "/ogc/api"}, "https://A.org")
    True
    >>> one.allows({"method": "GET", "path": "/ogcx"}, "https://a.org")
    False
    """

    sites: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()

    def allows(self, scope: Scope, origin: str) -> bool:
        """Tell whether pages of an origin may read what is asked for."""
        if scope.get("method") not in READING:
            return False
        if not {"*", origin.lower()} & set(self.sites):
            return False
        path = scope["path"]
        return any(path == one or path.startswith(f"{one}/") for one in self.paths)
