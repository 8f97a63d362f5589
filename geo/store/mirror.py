"""Plans of stores as folders of this machine, which follow them."""

import atexit
import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Lock
from typing import Final

from beltmap.geo.errors import PlanError, fault
from beltmap.geo.scratch import scratch
from beltmap.geo.store.address import Address
from beltmap.geo.store.folders import (
    AT_ONE_MOMENT,
    changing,
    lay_out,
    stored_states,
)
from beltmap.geo.store.plans import find, number_of
from beltmap.geo.store.server import StoreAwayError, connected

ASKED_S: Final = 0.5
"""Seconds for which a store is not asked again, however many readers there are."""

AWAY_S: Final = 5.0
"""Seconds for which a store that is away is left alone."""

KEPT: Final = 8
"""Versions whose folders stay, since someone may just be reading them."""


class Mirror:
    """
    A plan of a store, laid out as a folder in each version that is asked for.

    What reads plans reads a folder, of a store's plan as of any other; while the
    store is away, it goes on with the version that is there.

    Parameters
    ----------
    address
        Of the plan, perhaps at a version, which then stays.
    """

    def __init__(self, address: Address) -> None:
        self.address = address
        self.away = False
        self.version = 0
        self._newest = 0
        self._lock = Lock()
        self._asked = -AWAY_S
        self._folders: list[Path] = []
        self._held = ExitStack()
        self._place = self._held.enter_context(scratch())

    @property
    def folder(self) -> Path:
        """
        The plan as it is now, or was when the store was last there.

        Raises
        ------
        PlanError
            If the store refuses, or was never there.
        """
        with self._lock:
            if self._due() or (self._newest != self.version and not self.away):
                self._follow()
            return self._folders[-1]

    def outdated(self, folder: Path) -> bool:
        """Tell whether there is a newer version than a folder's, without reading it."""
        with self._lock:
            if self._due():
                self._ask()
            return f"v{self._newest}" != folder.relative_to(self._place).parts[0]

    def ask_again(self) -> None:
        """Let the next who asks see what was just written."""
        self._asked = -AWAY_S

    def inner(self, folder: Path) -> Path:
        """Tell which part of the plan a folder holds: its way from the plan's own."""
        return Path(*folder.relative_to(self._place).parts[2:])

    def close(self) -> None:
        """Remove its folders."""
        self._held.close()

    def holds(self, folder: Path) -> bool:
        """Tell whether a folder is one of its versions, or in one."""
        return self._place in folder.parents

    def _due(self) -> bool:
        if self._folders and self.address.at:
            return False
        waited = time.monotonic() - self._asked
        return not self._folders or waited > (AWAY_S if self.away else ASKED_S)

    def _ask(self) -> None:
        """Ask for the number of the newest version, and leave it at that."""
        try:
            with connected(self.address, via="beltmap") as connection:
                plan = find(connection, self.address)
                self._newest = number_of(connection, plan, self.address)
            self.away = False
        except StoreAwayError:
            self.away = True
        finally:
            self._asked = time.monotonic()

    def _follow(self) -> None:
        try:
            self._lay_out_newest()
            self.away = False
        except StoreAwayError:
            self.away = True
            if not self._folders:
                raise
        finally:
            self._asked = time.monotonic()

    def _lay_out_newest(self) -> None:
        with connected(self.address, via="beltmap") as connection:
            connection.execute(AT_ONE_MOMENT)
            plan = find(connection, self.address)
            version = number_of(connection, plan, self.address)
            self._newest = version
            if self._folders and version == self.version:
                return
            states = stored_states(connection, plan, at=version)
        folder = self._place / f"v{version}" / plan.name
        lay_out(states, folder)
        self._folders.append(folder)
        self.version = version
        for old in self._folders[:-KEPT]:
            shutil.rmtree(old.parent, ignore_errors=True)
        del self._folders[:-KEPT]


_OPENING: Final = Lock()
_FOLLOWED: Final[dict[Address, Mirror]] = {}


def follow(address: Address) -> Mirror:
    """Give the one mirror of a plan that this process has."""
    with _OPENING:
        if address not in _FOLLOWED:
            _FOLLOWED[address] = Mirror(address)
        return _FOLLOWED[address]


def let_go() -> None:
    """Remove the folders of all mirrors, as when the process ends."""
    with _OPENING:
        while _FOLLOWED:
            _FOLLOWED.popitem()[1].close()


atexit.register(let_go)


def mirror_of(folder: Path) -> Mirror | None:
    """Give the mirror that a folder belongs to; None where it is no store's."""
    found = [one for one in tuple(_FOLLOWED.values()) if one.holds(folder)]
    return found[0] if found else None


def away() -> Iterator[str]:
    """Name the plans whose stores cannot be reached, and of which a version is here."""
    for mirror in tuple(_FOLLOWED.values()):
        if mirror.away and mirror.version:
            yield str(mirror.address)


def outdated(*folders: Path) -> bool:
    """Tell whether a store has a newer version of a plan than one of the folders."""
    mirrors = ((mirror_of(folder), folder) for folder in folders)
    return any(one is not None and one.outdated(folder) for one, folder in mirrors)


def called(folder: Path) -> str:
    """Call a folder as its user does: by the address of the store that it mirrors."""
    mirror = mirror_of(folder)
    return str(folder) if mirror is None else str(mirror.address)


def whole_name(folder: Path) -> str:
    """Name a folder so that another process opens the same plan."""
    mirror = mirror_of(folder)
    return str(folder.resolve()) if mirror is None else mirror.address.whole


@contextmanager
def place_to_change(
    folder: Path, *, via: str, who: str | None = None
) -> Iterator[Path]:
    """
    Give the folder in which a plan can be changed.

    Parameters
    ----------
    folder
        Folder of a plan, or a mirror of one in a store.
    via, who
        What changes it, and who, for the store's history.

    Yields
    ------
    folder
        The same; for a plan in a store another one, whose changes are written
        to the store at the end.

    Raises
    ------
    PlanError
        If the store refuses, or the address is that of a past version.
    """
    mirror = mirror_of(folder)
    if mirror is not None and mirror.address.at:
        raise PlanError([fault("E_STORE_PAST", str(mirror.address))])
    if mirror is None:
        yield folder
        return
    try:
        with changing(mirror.address, via=via, who=who or None) as changed:
            yield changed / mirror.inner(folder)
    finally:
        mirror.ask_again()
