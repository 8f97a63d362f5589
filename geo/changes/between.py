"""What leads from one version of a plan to another, as changes that can be made."""

import geopandas as gpd

from beltmap.geo.changes.change import (
    ADDED,
    CHANGED,
    PROPERTIES,
    REMOVED,
    Change,
    Difference,
    Edit,
    Version,
    content_stamp,
    same_shape,
    same_value,
    versions,
)


def difference_between(
    before: gpd.GeoDataFrame,
    after: gpd.GeoDataFrame,
    *,
    plan: str = "",
    name: str = "",
    edit: Edit | None = None,
) -> Difference:
    """
    Find the changes that make one version of a plan into another.

    Parameters
    ----------
    before, after
        Zones in EPSG:4326 with `geo.schema.COLUMNS`.
    plan, name, edit
        See `geo.changes.change.Difference`.

    Returns
    -------
    difference
        Zones changed and removed in the order of `before`, then those added.

    Examples
    --------
    >>> from beltmap.geo.plan.plan import read_plan
    >>> zones = read_plan().zones
    >>> [one.id for one in difference_between(zones, zones.iloc[1:]).changes]
    ['qd-belt']
    """
    old, new = dict(versions(before)), dict(versions(after))
    changes = [_between(zone, was, new.get(zone)) for zone, was in old.items()]
    changes += [Change(z, ADDED, after=will) for z, will in new.items() if z not in old]
    return Difference(
        tuple(change for change in changes if change is not None),
        plan=plan,
        stamp=content_stamp(before),
        name=name,
        edit=edit or Edit(),
    )


def _between(zone: str, was: Version, will: Version | None) -> Change | None:
    """Find what becomes of a zone; None where nothing does."""
    if will is None:
        return Change(zone, REMOVED, before=was)
    columns = [
        column
        for column in PROPERTIES
        if not same_value(was.properties[column], will.properties[column])
    ]
    drawn = not same_shape(was.geometry, will.geometry)
    if not columns and not drawn:
        return None
    pair = [_only(version, columns, drawn=drawn) for version in (was, will)]
    return Change(zone, CHANGED, before=pair[0], after=pair[1])


def _only(version: Version, columns: list[str], *, drawn: bool) -> Version:
    said = {column: version.properties[column] for column in columns}
    return Version(said, drawn=drawn, geometry=version.geometry if drawn else None)
