"""Plans between folders and stores: pushed, pulled, and changed where they are."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import orjson

from beltmap.geo.charter.reading import read_head
from beltmap.geo.commit import LOCK, commit, unwritable, writing
from beltmap.geo.csvfile import CHARTER_FILE
from beltmap.geo.errors import Fault, PlanError, fault
from beltmap.geo.plan.plan import read_plan
from beltmap.geo.scratch import scratch
from beltmap.geo.shipped import SHIPPED
from beltmap.geo.store.address import Address
from beltmap.geo.store.merge import merge
from beltmap.geo.store.plans import (
    Change,
    StoredPlan,
    exists,
    find,
    follow_charter,
    hold,
    make,
    number_of,
    read_state,
    write,
)
from beltmap.geo.store.rows import State, content_of, file_row, files_of, state_of
from beltmap.geo.store.server import conflict, connected
from beltmap.geo.store.tables import quoted

if TYPE_CHECKING:
    from beltmap.geo.store.plans import Connection

MARK: Final = ".beltmap-store.json"
"""Hidden file of a pulled folder: which plan it is, and at which version."""


AT_ONE_MOMENT: Final = "set transaction isolation level repeatable read read only"
"""Lets a transaction see all tables as they were when it began."""


@dataclass(frozen=True)
class Pushed:
    """
    What a push did.

    Parameters
    ----------
    version
        Of the plan in the store, now.
    rows
        Number of rows that were written.
    other_form
        Files that come back with the same content in another form, such as
        ``1000`` for ``1e3``.
    """

    version: int
    rows: int
    other_form: tuple[str, ...] = ()


def push(folder: Path, address: Address, *, who: str | None = None) -> Pushed:
    """
    Put a plan folder into a store, or what has changed in it since it was pulled.

    Parameters
    ----------
    folder
        Folder of a plan, or of one that consists of several.
    address
        Where to; without a plan's name it is called as the folder.
    who
        Name that a person gave.

    Returns
    -------
    pushed
        What was written.

    Raises
    ------
    PlanError
        With every fault that keeps the folder from being opened, or with every
        row that someone else has changed since; nothing is written then.
    """
    # what can be opened can be kept
    read_plan(folder)
    mark = _mark(folder)
    name = address.plan or mark.get("plan") or folder.resolve().name
    address = replace(address, plan=name, at="")
    mine = states_of(folder)
    with connected(address, via="beltmap push", who=who, write=True) as connection:
        if not exists(connection, name):
            plan = make(connection, address, mine)
            rows = sum(
                len(one) for state in mine.values() for one in state.rows.values()
            )
            pushed = Pushed(plan.version, rows, _other_form(connection, plan, folder))
        elif mark.get("plan") != name:
            raise PlanError([fault("E_STORE_THERE", str(address), name=name)])
        else:
            plan = find(connection, address)
            pushed = _join(connection, plan, mine, base=int(mark["version"]))
    _leave_mark(folder, name, pushed.version)
    return pushed


def pull(address: Address, folder: Path) -> int:
    """
    Write a plan of a store as a folder.

    Parameters
    ----------
    address
        Of the plan, perhaps at a version.
    folder
        Folder to make; it may exist if it is empty, or if it was pulled and
        nothing in it has changed.

    Returns
    -------
    version
        The plan's, which the folder now holds.

    Raises
    ------
    PlanError
        If there is something else in the folder.
    """
    with connected(address, via="beltmap pull") as connection:
        connection.execute(AT_ONE_MOMENT)
        plan = find(connection, address)
        version = number_of(connection, plan, address)
        states = stored_states(connection, plan, at=version)
        mark = _mark(folder)
        if mark.get("plan") == plan.name and folder.is_dir():
            before = stored_states(connection, plan, at=int(mark["version"]))
            if any(_differs(folder / part, one) for part, one in before.items()):
                raise PlanError([fault("E_STORE_UNPUSHED", folder)])
        elif folder.exists() and any(p.name != LOCK for p in _listed(folder)):
            raise PlanError([fault("E_FOLDER_NOT_EMPTY", folder)])
    lay_out(states, folder)
    _leave_mark(folder, plan.name, version)
    return version


def stored_states(
    connection: "Connection", plan: StoredPlan, *, at: int | None = None
) -> dict[str, State]:
    """Read the rows of a plan and of its parts, as they are or were at a version."""
    past = None if at == plan.version else at
    return {
        part: read_state(connection, schema, at=past)
        for part, schema in plan.schemas.items()
    }


def states_of(folder: Path) -> dict[str, State]:
    """Read a folder, and those of the plans in it, as rows."""
    head = read_head(folder)
    names = head.plans if head else ()
    if not names:
        return {"": state_of(folder)}
    own = State()
    return {"": state_of_head(folder, own)} | {
        name: state_of(folder / name) for name in names
    }


def state_of_head(folder: Path, state: State) -> State:
    """Read the files of a folder that only says which plans are in it."""
    for name in files_of(folder):
        state.rows["files"][name] = file_row(name, (folder / name).read_bytes(), None)
    return state


def lay_out(states: Mapping[str, State], folder: Path) -> None:
    """Write rows as the files of a folder and of those in it; take away other files."""
    try:
        for part, state in states.items():
            contents = content_of(state)
            for inner in {Path(name).parent for name in contents} | {Path()}:
                place = folder / part / inner
                place.mkdir(parents=True, exist_ok=True)
                named = {
                    Path(name).name: content
                    for name, content in contents.items()
                    if Path(name).parent == inner
                }
                with writing(place):
                    commit(place, named)
            for name in files_of(folder / part):
                if name not in contents:
                    (folder / part / name).unlink()
    except OSError as error:
        raise PlanError([unwritable(folder, error)]) from error


@contextmanager
def changing(address: Address, *, via: str, who: str | None = None) -> Iterator[Path]:
    """
    Change a plan of a store as if it were a folder.

    Parameters
    ----------
    address
        Of the plan.
    via, who
        As for `geo.store.server.connected`.

    Yields
    ------
    folder
        The plan as it is; what differs in it at the end is written to the store.

    Raises
    ------
    PlanError
        If others have changed the same rows meanwhile; nothing is written then.
    """
    with scratch() as place:
        with connected(address, via=via) as connection:
            connection.execute(AT_ONE_MOMENT)
            plan = find(connection, address)
            states = stored_states(connection, plan)
        folder = place / plan.name
        lay_out(states, folder)
        yield folder
        read_plan(folder)
        mine = states_of(folder)
        with connected(address, via=via, who=who, write=True) as connection:
            _join(connection, plan, mine, base=plan.version)


def _join(
    connection: "Connection", plan: StoredPlan, mine: Mapping[str, State], *, base: int
) -> Pushed:
    """Write one's own changes, unless others changed the same rows."""
    hold(connection, plan)
    # what others wrote before the plan was held counts
    plan = replace(plan, version=newest(connection, plan))
    begun = stored_states(connection, plan, at=base)
    theirs = begun if base == plan.version else stored_states(connection, plan)
    if set(mine) != set(plan.schemas):
        names = ", ".join(plan.parts)
        raise PlanError([fault("E_STORE_PARTS", plan.name, names=names)])
    changes: list[Change] = []
    faults: list[Fault] = []
    for part, schema in plan.schemas.items():
        made = merge(schema, base=begun[part], mine=mine[part], theirs=theirs[part])
        faults += [_told(connection, plan, one, base) for one in made.conflicts]
        changes += made.changes
        if any((one.table, one.key) == ("files", CHARTER_FILE) for one in made.changes):
            follow_charter(connection, schema, mine[part])
    if faults:
        raise PlanError(faults)
    write(connection, changes)
    return Pushed(newest(connection, plan), len(changes))


def newest(connection: "Connection", plan: StoredPlan) -> int:
    """Give the number of the plan's newest version."""
    row = connection.execute(f"select version from {quoted(plan.head)}.plan").fetchone()
    return int(row["version"]) if row else 0


def _told(
    connection: "Connection", plan: StoredPlan, change: Change, base: int
) -> Fault:
    """Say who changed a row, and when, since one had it."""
    row = connection.execute(
        f"select v.version, coalesce(v.who, v.role) as who"
        f" from {quoted(change.schema)}.history h"
        f" join {quoted(plan.head)}.versions v on v.version = h.version"
        " where h.tab = %s and h.key = %s order by h.number desc limit 1",
        (change.table, change.key),
    ).fetchone() or {"version": plan.version, "who": "?"}
    return conflict(
        table=change.table,
        key=change.key,
        mine=base,
        theirs=row["version"],
        who=row["who"],
    )


def _other_form(
    connection: "Connection", plan: StoredPlan, folder: Path
) -> tuple[str, ...]:
    """Name the files that would come back otherwise than they are, byte for byte."""
    states = stored_states(connection, plan)
    return tuple(
        str(Path(part, name))
        for part, state in states.items()
        for name in _differs(folder / part, state)
    )


def _differs(folder: Path, state: State) -> list[str]:
    """Name the files of a folder that are not as the rows say."""
    contents = content_of(state)
    names = dict.fromkeys([*contents, *files_of(folder)])
    return [
        name
        for name in names
        if name not in contents
        or not (folder / name).is_file()
        or (folder / name).read_bytes() != contents[name]
    ]


def _mark(folder: Path) -> dict[str, Any]:
    """Read which plan a folder was pulled from; nothing where it was not."""
    with suppress(OSError, ValueError):
        found = orjson.loads((folder / MARK).read_bytes())
        if isinstance(found, dict) and isinstance(found.get("version"), int):
            return found
    return {}


def _leave_mark(folder: Path, name: str, version: int) -> None:
    """Note which plan a folder holds, unless it is a shipped one or read-only."""
    if SHIPPED in (folder.resolve(), *folder.resolve().parents):
        return
    with suppress(OSError):
        (folder / MARK).write_bytes(orjson.dumps({"plan": name, "version": version}))


def _listed(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError as error:
        raise PlanError([unwritable(folder, error)]) from error
