"""What two made of one plan since they last had the same: joined, or refused."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from beltmap.geo.store.plans import Change
from beltmap.geo.store.rows import State, in_order
from beltmap.geo.store.tables import FILES, POSITION, TABLES, Row, canonical


@dataclass(frozen=True)
class Merged:
    """
    What is to be written to join one's own changes with those of others.

    Parameters
    ----------
    changes
        One's own, where nobody else changed the row.
    conflicts
        Rows that both changed, each in another way.
    """

    changes: tuple[Change, ...]
    conflicts: tuple[Change, ...]


def merge(schema: str, *, base: State, mine: State, theirs: State) -> Merged:
    """
    Join changes row by row.

    Parameters
    ----------
    schema
        Schema of the plan.
    base
        What both began with.
    mine, theirs
        What either has now.

    Returns
    -------
    merged
        Changes of `theirs` that make it say what `mine` says.
    """
    changes, conflicts = [], []
    for change in changed(schema, base, placed(base, mine)):
        there = theirs.rows[change.table].get(change.key)
        if there == change.after:
            continue
        if there == change.before:
            changes.append(change)
        else:
            conflicts.append(
                Change(schema, change.table, change.key, there, change.after)
            )
    return Merged(tuple(changes), tuple(conflicts))


def changed(schema: str, before: State, after: State) -> Iterator[Change]:
    """Find the rows that are not what they were."""
    for table in TABLES:
        old, new = before.rows[table.name], after.rows[table.name]
        for key in dict.fromkeys([*old, *new]):
            if old.get(key) != new.get(key):
                yield Change(schema, table.name, key, old.get(key), new.get(key))


def placed(base: State, mine: State) -> State:
    """
    Give the rows of files their places, so that those that stayed keep theirs.

    A row that was put between two others gets a place between theirs: then one row
    that was added is not a change of every row below it.
    """
    made = {}
    for table in TABLES:
        rows, old = mine.rows[table.name], base.rows[table.name]
        # files have no order
        made[table.name] = rows if table is FILES or not old else _placed(old, rows)
    return State(made)


def _placed(old: Mapping[str, Row], rows: Mapping[str, Row]) -> dict[str, Row]:
    known = {key: float(row[POSITION] or 0) for key, row in old.items()}
    taken = sorted(known.values())
    order = {id(row): key for key, row in rows.items()}
    keys = [order[id(row)] for row in in_order(rows)]
    made, last = {}, -1.0
    for key in keys:
        at = known.get(key)
        if at is None or (at <= last and last >= 0):
            above = next((one for one in taken if one > last), None) if taken else None
            at = last + 1 if above is None else (last + above) / 2
        made[key] = rows[key] | {POSITION: canonical(at, "double precision")}
        last = at
    return made
