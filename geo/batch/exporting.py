"""Exports of a plan in parts: a file for each."""

from dataclasses import dataclass, replace
from pathlib import Path

import geopandas as gpd

from beltmap.geo.batch.parts import Part
from beltmap.geo.charter.force import under
from beltmap.geo.export.write import save
from beltmap.geo.language.messages import speaking
from beltmap.geo.plan.plan import read_tables
from beltmap.geo.plan.selection import Selection
from beltmap.geo.query.filters import Filters
from beltmap.geo.zones.bulk import read_outlines


@dataclass(frozen=True, eq=False)
class Order:
    """
    What is to be exported of a part, and whereto.

    Parameters
    ----------
    part
        The part.
    folder
        Folder of the plan's other tables.
    filters
        Which zones.
    out
        File to write.
    format_code, crs
        As in `geo.export.write.save`.
    language
        In which losses and warnings are said.
    """

    part: Part
    folder: Path
    filters: Filters
    out: Path
    format_code: str
    crs: str | None
    language: str


def export_part(order: Order) -> tuple[int, tuple[str, ...]]:
    """
    Export the chosen zones of a part; done again, it writes the same file again.

    Parameters
    ----------
    order
        What to export.

    Returns
    -------
    n, notes
        Number of zones, and what to know before use; no file of none.

    Raises
    ------
    PlanError
        As in `geo.export.write.save`.
    """
    plan = read_tables(order.folder)
    with speaking(order.language), under(plan.charter):
        zones = gpd.GeoDataFrame(
            order.part.columns, geometry=read_outlines(order.part.path), crs=4326
        )
        selection = Selection(replace(plan, zones=zones), order.filters)
        if not len(selection):
            return 0, ()
        done = save(selection, order.out, format_code=order.format_code, crs=order.crs)
        return len(selection), done.notes
