"""Scenarios: differences that are kept beside a plan, each in a file of its own."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from beltmap.geo.changes.change import Difference, dumps
from beltmap.geo.changes.reading import MOST_BYTES, parse_difference
from beltmap.geo.commit import commit, unwritable, writing
from beltmap.geo.errors import Fault, PlanError, fault, no_access

FOLDER: Final = "scenarios"
"""Folder in that of a plan."""

SUFFIX: Final = ".geojson"

NAME: Final = re.compile(r"[^\W_][\w .()-]{0,79}")
"""What a scenario may be called: letters of any script, no path, nothing hidden."""


@dataclass(frozen=True, eq=False)
class Scenario:
    """
    A difference that is kept, or what is wrong with its file.

    Parameters
    ----------
    name
        Name of the file without its ending.
    difference
        What it holds; None where that cannot be read.
    faults
        Why not.
    """

    name: str
    difference: Difference | None
    faults: tuple[Fault, ...] = ()


def scenario_names(folder: Path) -> tuple[str, ...]:
    """Name the scenarios of a plan without reading them."""
    try:
        paths = list((folder / FOLDER).iterdir())
    except OSError:
        return ()
    return tuple(
        sorted(
            path.stem
            for path in paths
            if path.suffix == SUFFIX and NAME.fullmatch(path.stem) and path.is_file()
        )
    )


def list_scenarios(folder: Path) -> tuple[Scenario, ...]:
    """
    Read all scenarios of a plan.

    Parameters
    ----------
    folder
        Folder of the plan.

    Returns
    -------
    scenarios
        By name; none where the plan has no folder `FOLDER`.
    """
    found = []
    for name in scenario_names(folder):
        try:
            found.append(Scenario(name, read_scenario(folder, name)))
        except PlanError as error:
            found.append(Scenario(name, None, error.faults))
    return tuple(found)


def read_scenario(folder: Path, name: str) -> Difference:
    """
    Read a scenario of a plan.

    Raises
    ------
    PlanError
        If there is none of that name, or its file is none.
    """
    path = _path(folder, name)
    where = f"{FOLDER}/{path.name}"
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except FileNotFoundError as error:
        known = ", ".join(one.name for one in list_scenarios(folder)) or "-"
        raise PlanError([fault("E_NO_SCENARIO", where, known=known)]) from error
    except OSError as error:
        raise PlanError([no_access(where, error)]) from error
    return parse_difference(content, name=where)


def keep_scenario(
    folder: Path, name: str, difference: Difference, *, replace: bool = False
) -> Path:
    """
    Keep a difference as a scenario.

    Parameters
    ----------
    folder
        Folder of the plan.
    name
        What it is to be called, see `NAME`.
    difference
        What it holds.
    replace
        Whether one of that name may go.

    Returns
    -------
    path
        Of its file.

    Raises
    ------
    PlanError
        If the name is none, is taken, or the folder cannot be written.
    """
    path = _path(folder, name)
    try:
        path.parent.mkdir(exist_ok=True)
    except OSError as error:
        raise PlanError([unwritable(path.parent, error)]) from error
    with writing(path.parent):
        if path.exists() and not replace:
            raise PlanError([fault("E_SCENARIO_TAKEN", name)])
        commit(path.parent, {path.name: dumps(difference)})
    return path


def drop_scenario(folder: Path, name: str) -> None:
    """
    Delete a scenario.

    Raises
    ------
    PlanError
        If there is none of that name, or it cannot be deleted.
    """
    path = _path(folder, name)
    if not path.is_file():
        known = ", ".join(one.name for one in list_scenarios(folder)) or "-"
        raise PlanError([fault("E_NO_SCENARIO", path.name, known=known)])
    with writing(path.parent):
        path.unlink()


def _path(folder: Path, name: str) -> Path:
    if not NAME.fullmatch(name) or name != name.strip(" ."):
        raise PlanError([fault("E_SCENARIO_NAME", name)])
    return folder / FOLDER / f"{name}{SUFFIX}"


def home_of(folders: Sequence[Path], difference: Difference) -> Path:
    """
    Find the plan that changes are for.

    Parameters
    ----------
    folders
        Folders of one plan each.
    difference
        The changes.

    Returns
    -------
    folder
        The only one, or the one whose name they give.

    Raises
    ------
    PlanError
        If there are several, and they name none of them.
    """
    named = [one for one in folders if one.name == difference.plan]
    found = folders if len(folders) == 1 else named
    if len(found) != 1:
        names = ", ".join(one.name for one in folders)
        raise PlanError([fault("E_DIFFERENCE_PLAN", difference.plan, names=names)])
    return found[0]
