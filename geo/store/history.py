"""What was changed in a plan of a store, released, and brought back."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

import orjson
import shapely

from beltmap.geo.changes.change import (
    ADDED,
    CHANGED,
    PROPERTIES,
    REMOVED,
    Difference,
    Edit,
    dumps,
)
from beltmap.geo.changes.change import Change as ZoneChange
from beltmap.geo.changes.change import Version as Touched
from beltmap.geo.csvfile import CHARTER_FILE
from beltmap.geo.errors import PlanError, fault
from beltmap.geo.language.hidden import excerpt
from beltmap.geo.language.messages import text
from beltmap.geo.store.address import Address
from beltmap.geo.store.folders import stored_states
from beltmap.geo.store.merge import changed
from beltmap.geo.store.plans import (
    Change,
    StoredPlan,
    find,
    follow_charter,
    hold,
    number_of,
    write,
)
from beltmap.geo.store.server import BY_PROXY, connected
from beltmap.geo.store.tables import POSITION, quoted

if TYPE_CHECKING:
    from beltmap.geo.store.plans import Connection

QUIET = frozenset({POSITION, "drawn_area_km2"})
"""Columns that follow from others, and are not told."""


@dataclass(frozen=True)
class Version:
    """
    A version of a plan, and what it changed.

    Parameters
    ----------
    number
        1 for the plan as it was first pushed.
    at
        When it was written.
    role
        Role of the database that wrote it.
    who
        Name that a person gave, unverified, or that a proxy gave to `via`, which then
        says so; None where nobody did.
    via
        Program that wrote it, as it calls itself.
    note
        What was said of it.
    releases
        Names by which it is released, and how many errors the audit had then.
    changes
        Rows that it changed: plan, table, key, and columns with their values before
        and after; None for a row that was not there.
    """

    number: int
    at: datetime
    role: str
    who: str | None
    via: str | None
    note: str | None
    releases: tuple[tuple[str, int], ...]
    changes: tuple[dict[str, Any], ...]

    def as_record(self) -> dict[str, Any]:
        """Give it as JSON knows it."""
        return {
            "version": self.number,
            "at": self.at.isoformat(),
            "role": self.role,
            "who": self.who,
            "via": self.via,
            "note": self.note,
            "releases": [
                {"name": name, "errors": errors} for name, errors in self.releases
            ],
            "changes": list(self.changes),
            "differences": [orjson.loads(dumps(one)) for one in self.differences()],
        }

    def differences(self) -> Iterable[Difference]:
        """Give what became of zones as changes that can be made, a part each."""
        at = self.at.isoformat(timespec="seconds")
        edit = Edit(by=self.who or self.role, at=at, note=self.note or "")
        rows = [one for one in self.changes if one["table"] == "zones"]
        for part in dict.fromkeys(one["plan"] for one in rows):
            changes = [_change(one) for one in rows if one["plan"] == part]
            found = tuple(one for one in changes if one is not None)
            name = f"v{self.number}"
            yield Difference(found, plan=part, name=name, edit=edit)

    def as_lines(self) -> Iterable[str]:
        """Say it for people, a line a fact."""
        proxy = (self.via or "").startswith(BY_PROXY)
        key = "store.log.who_proxy" if proxy else "store.log.who"
        who = text(key, who=self.who, role=self.role)
        said = who if self.who else self.role
        at = f"{self.at.astimezone():%Y-%m-%d %H:%M:%S}"
        yield text(
            "store.log.version",
            version=self.number,
            at=at,
            who=excerpt(said),
            via=excerpt(self.via or "-"),
        )
        if self.note:
            yield "  " + excerpt(self.note)
        for name, errors in self.releases:
            key = "store.log.release_anyway" if errors else "store.log.release"
            yield "  " + text(key, name=excerpt(name), n=errors)
        for one in self.changes:
            yield from _lines(one)


def log(address: Address, *, about: str = "", most: int | None = None) -> list[Version]:
    """
    List the versions of a plan, the newest first.

    Parameters
    ----------
    address
        Of the plan; at a version, those up to it.
    about
        Id of a zone, a claim or another row, to list what changed it alone.
    most
        Number of versions to list.

    Returns
    -------
    versions
        With what each changed.
    """
    with connected(address, via="beltmap log") as connection:
        plan = find(connection, address)
        last = number_of(connection, plan, address)
        rows = connection.execute(
            "select version, at, role, who, via, note"
            f" from {quoted(plan.head)}.versions where version <= %s"
            " order by version desc",
            (last,),
        ).fetchall()
        released: dict[int, list[tuple[str, int]]] = {}
        for row in connection.execute(
            "select version, name, errors"
            f" from {quoted(plan.head)}.releases order by at"
        ):
            told = released.setdefault(row["version"], [])
            told.append((row["name"], row["errors"]))
        found = []
        for row in rows:
            changes = tuple(_changes(connection, plan, row["version"], about))
            if about and not changes:
                continue
            number = row.pop("version")
            names = tuple(released.get(number, ()))
            found.append(Version(number, **row, releases=names, changes=changes))
            if len(found) == most:
                break
        return found


def release(address: Address, name: str, *, errors: int, who: str | None = None) -> int:
    """
    Give a version of a plan a name, for ever.

    Parameters
    ----------
    address
        Of the plan, perhaps at a version.
    name
        The name, by which an address will ask for it.
    errors
        Number of errors that the audit found in it.
    who
        Name that a person gave.

    Returns
    -------
    version
        The one that is released.

    Raises
    ------
    PlanError
        If the name is taken, or is that of a version.
    """
    named = replace(address, at=name)
    if not name or named.number is not None or "@" in name:
        raise PlanError([fault("E_RELEASE_NAME", str(address), name=name)])
    with connected(address, via="beltmap release", who=who, write=True) as connection:
        plan = find(connection, address)
        hold(connection, plan)
        version = number_of(connection, plan, address)
        at = f"{quoted(plan.head)}.releases"
        row = connection.execute(
            f"select version from {at} where name = %s", (name,)
        ).fetchone()
        if row is not None:
            told = {"name": name, "version": row["version"]}
            raise PlanError([fault("E_RELEASE_TAKEN", str(address), **told)])
        connection.execute(
            f"insert into {at} (name, version, who, errors) values (%s, %s, %s, %s)",
            (name, version, who, errors),
        )
    return version


def restore(
    address: Address, zones: Iterable[str] = (), *, who: str | None = None
) -> tuple[int, int]:
    """
    Bring back a plan, or some of its zones, as they were at a version.

    Parameters
    ----------
    address
        Of the plan at the version.
    zones
        Ids of the zones; all rows of the plan if none is given.
    who
        Name that a person gave.

    Returns
    -------
    version, rows
        The new version, in which it is as it was, and the number of rows that
        were written. What was meanwhile stays in the history.

    Raises
    ------
    PlanError
        If the address has no version, or the version no such zone.
    """
    if not address.at:
        raise PlanError([fault("E_RESTORE_VERSION", str(address))])
    wanted = tuple(zones)
    note = text("store.restored", at=address.at, zones=", ".join(wanted) or "*")
    with connected(address, via="beltmap restore", who=who, write=True) as connection:
        plan = find(connection, replace(address, at=""))
        hold(connection, plan)
        plan = find(connection, replace(address, at=""))
        connection.execute("select set_config('beltmap.note', %s, true)", (note,))
        past = stored_states(connection, plan, at=number_of(connection, plan, address))
        now = stored_states(connection, plan)
        known = {
            zone
            for one in (past, now)
            for each in one.values()
            for zone in each.rows["zones"]
        }
        lost = [zone for zone in wanted if zone not in known]
        if lost:
            raise PlanError([fault("E_RESTORE_ZONE", str(address), zone=lost[0])])
        changes: list[Change] = []
        for part, schema in plan.schemas.items():
            made = list(changed(schema, now[part], past[part]))
            if wanted:
                made = [o for o in made if o.table == "zones" and o.key in wanted]
            elif any((o.table, o.key) == ("files", CHARTER_FILE) for o in made):
                follow_charter(connection, schema, past[part])
            changes += made
        write(connection, changes)
        version = find(connection, replace(address, at="")).version
    return version, len(changes)


def _changes(
    connection: "Connection", plan: StoredPlan, version: int, about: str
) -> Iterable[dict[str, Any]]:
    for part, schema in plan.schemas.items():
        rows = connection.execute(
            f"select tab, key, before, after from {quoted(schema)}.history"
            " where version = %s and (%s = '' or key = %s) order by number",
            (version, about, about),
        )
        for row in rows:
            before, after = row["before"], row["after"]
            if before is not None and after is not None:
                same = {name for name in after if before.get(name) == after[name]}
                before, after = (
                    {name: told for name, told in one.items() if name not in same}
                    for one in (before, after)
                )
            yield {
                "plan": part,
                "table": row["tab"],
                "key": row["key"],
                "before": before,
                "after": after,
            }


def _change(row: dict[str, Any]) -> ZoneChange | None:
    """Read what became of a zone; None where nothing did that a person says."""
    before, after = (_touched(row[name]) for name in ("before", "after"))
    if row["before"] is None:
        return ZoneChange(row["key"], ADDED, after=after)
    if row["after"] is None:
        return ZoneChange(row["key"], REMOVED, before=before)
    if not after.properties and not after.drawn:
        return None
    return ZoneChange(row["key"], CHANGED, before=before, after=after)


def _touched(row: dict[str, Any] | None) -> Touched:
    known = row or {}
    shape = known.get("geom")
    return Touched(
        {name: known[name] for name in PROPERTIES if name in known},
        drawn="geom" in known,
        geometry=None if shape is None else shapely.from_geojson(json.dumps(shape)),
    )


def _lines(change: dict[str, Any]) -> Iterable[str]:
    """Say what became of a row."""
    before, after = change["before"], change["after"]
    how = "added" if before is None else "removed" if after is None else "changed"
    where = f"{change['plan']} {change['table']}".strip()
    yield "  " + text(f"store.log.{how}", where=where, key=excerpt(change["key"]))
    if how != "changed":
        return
    for name in after:
        if name in QUIET:
            continue
        if name in {"geom", "content", "bytes"}:
            yield "    " + text("store.log.other", column=name)
            continue
        shown = ("-" if v is None else excerpt(v) for v in (before[name], after[name]))
        old, new = shown
        yield "    " + text("difference.attribute", column=name, before=old, after=new)
