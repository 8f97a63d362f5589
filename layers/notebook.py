"""The plan for notebooks: what `beltmap.read_plan` gives, and what follows from it."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import folium
import geopandas as gpd
import pandas as pd

from beltmap.geo.charter.force import chartered
from beltmap.geo.charter.reading import shipped_plans
from beltmap.geo.errors import PlanError, unknown_value
from beltmap.geo.export.write import Export, save
from beltmap.geo.intake.apart.worker import read_apart
from beltmap.geo.intake.context import context_of
from beltmap.geo.intake.questions import Answers, Question
from beltmap.geo.intake.receipt import Receipt
from beltmap.geo.intake.uploads import taken
from beltmap.geo.language.messages import text
from beltmap.geo.plan import plan as reading
from beltmap.geo.plan import selection as selecting
from beltmap.geo.report.areas import ledger_table, overlap_table
from beltmap.geo.report.findings import finding_table, findings
from beltmap.geo.report.origin import filter_words
from beltmap.geo.report.totals import total_table
from beltmap.geo.store.address import is_address, read_address
from beltmap.geo.store.mirror import follow
from beltmap.geo.units import AREA_UNITS
from beltmap.layers.keepsakes.offline import offline_page
from beltmap.layers.map.whole import WholeMap, framed
from beltmap.layers.tiles.tiles import MOST_WHOLE

PAGE_PX: Final = 1_000
"""Height of a frame with the saved map: filters above it, and the map whole."""


class Plan(reading.Plan):
    """
    A plan: its zones, and everything that is known about them.

    In Jupyter and marimo it shows itself as a map with filters, cards and
    table, which needs neither server nor network.

    Attributes
    ----------
    zones
        GeoDataFrame, one row a zone, EPSG:4326; geometry is None where no one
        knows the place. Areas are square kilometres.
    claims, sources, sectors
        Every figure with its source; the documents; the vocabulary of sectors.
    places
        Anchors of the zones, rival sites and landmarks: points, EPSG:4326.
    folder
        Where it was read from.

    Examples
    --------
    >>> plan = read_plan()
    >>> plan
    <Plan: 12 zones, ... claims>
    >>> plan.select(kind="town").zones["id"].tolist()
    ['qd-town-laoshan', 'qd-town-aoshanwei', 'qd-town-film']
    """

    def select(  # noqa: PLR0913 - a filter each
        self,
        *,
        city: str | Iterable[str] = (),
        kind: str | Iterable[str] = (),
        patterns: str | Iterable[str] = (),
        sectors: str | Iterable[str] = (),
        boundary: str | Iterable[str] = (),
        least_km2: float | None = None,
        most_km2: float | None = None,
        text: str = "",
    ) -> "Selection":
        """
        Choose zones; values of one filter add up, filters narrow each other.

        Parameters
        ----------
        city, kind, patterns, sectors, boundary
            Values wanted, by code or as they are called in either language, in
            any case; none stands for all.
        least_km2, most_km2
            Range of the zone's area in square kilometres, ends included: the
            declared area, or the drawn one where none is declared.
        text
            Words that all occur in a zone's names, focus or id.

        Returns
        -------
        selection
            The chosen zones; it may be empty.

        Raises
        ------
        PlanError
            With a fault for each value that is not known, and the known ones.

        Examples
        --------
        >>> plan = read_plan()
        >>> plan.select(kind="园区", sectors=["BPO"])
        <Selection: 1 of 12 zones (Kind: Park; Sector: Business process ...)>
        """
        choice = {
            name: (values,) if isinstance(values, str) else tuple(values)
            for name, values in (
                ("city", city),
                ("kind", kind),
                ("patterns", patterns),
                ("sectors", sectors),
                ("boundary", boundary),
            )
        }
        limits = {"least_km2": least_km2, "most_km2": most_km2, "text": text}
        return Selection(self, selecting.filters_for(self, choice | limits))

    @chartered
    def audit(self) -> pd.DataFrame:
        """
        Find by rules what does not fit in the plan.

        Returns
        -------
        findings
            One row a finding, the gravest first: ``severity`` and ``sentence``
            in words, the ``rule`` that found it, and tuples of the ids of the
            ``claims`` that it rests on and the ``zones`` that it concerns. No
            rows for a plan that adds up.

        Examples
        --------
        >>> read_plan().audit().columns.tolist()
        ['severity', 'rule', 'sentence', 'claims', 'zones']
        """
        return finding_table(findings(self))

    @chartered
    def explore(self) -> folium.Map:
        """Show all zones on a map. See `Selection.explore`."""
        return Selection(self).explore()

    @chartered
    def __repr__(self) -> str:
        n, claims = len(self.zones), len(self.claims)
        return f"<{text('notebook.plan', n=n, claims=claims)}>"

    @chartered
    def _repr_html_(self) -> str | None:
        return Selection(self)._repr_html_()


class Selection(selecting.Selection):
    """
    The zones of a plan that filters choose.

    In Jupyter and marimo it shows itself as a map with filters, cards and
    table, which needs neither server nor network.

    Attributes
    ----------
    plan, filters
        The plan, and what was asked of it.
    zones
        GeoDataFrame of the chosen zones, EPSG:4326, on the plan's index; a new
        one each time, to be changed at will.
    claims
        The claims that belong to the choice.
    mask
        One truth value a zone of the plan.
    """

    @chartered
    def totals(self, *, unit: str = "km²") -> pd.DataFrame:
        """
        Add up the chosen zones.

        Parameters
        ----------
        unit
            Unit of the areas: "km²", "ha" or "mu".

        Returns
        -------
        totals
            One row a total, indexed by its code: its ``name``,
            ``value`` and ``unit``, and ``what`` it counts in a sentence. Areas
            are measured on the WGS 84 ellipsoid; in ``covered`` overlaps count
            once.

        Raises
        ------
        PlanError
            If the unit is not known.

        Examples
        --------
        >>> totals = read_plan().select(kind="belt").totals(unit="ha")
        >>> round(totals.loc["declared", "value"])
        4000
        """
        return total_table(self, unit=_known(unit)).set_index("total")

    @chartered
    def ledger(self, *, unit: str = "km²") -> pd.DataFrame:
        """
        Set the stated area of each zone against the drawn one.

        Parameters
        ----------
        unit
            Unit of the areas: "km²", "ha" or "mu".

        Returns
        -------
        ledger
            One row a zone on the plan's index: ``zone``, ``declared``,
            ``drawn`` (on the WGS 84 ellipsoid), ``difference``,
            ``difference_percent``, ``unit``, whose figure it is (``basis``),
            the ``verdict``, and where it stands: ``source``, ``document``,
            ``place``, ``method``, ``claim``. Missing where nothing is known.

        Raises
        ------
        PlanError
            If the unit is not known.

        Examples
        --------
        >>> ledger = read_plan().select(kind="belt").ledger(unit="mu")
        >>> ledger[["declared", "verdict"]].to_dict("records")
        [{'declared': 60000.0, 'verdict': 'exact'}]
        """
        return ledger_table(self, unit=_known(unit))

    @chartered
    def overlaps(self, *, unit: str = "km²") -> pd.DataFrame:
        """
        List every two chosen zones that cover the same land.

        Parameters
        ----------
        unit
            Unit of the areas: "km²", "ha" or "mu".

        Returns
        -------
        pairs
            One row a pair, the largest first: ids ``a_id`` and ``b_id``, names
            ``a`` and ``b``, the ``overlap`` in ``unit``, and its percentage of
            each, ``percent_of_a`` and ``percent_of_b``. See `beltmap.overlaps`
            for frames that are no plan.

        Raises
        ------
        PlanError
            If the unit is not known, or there are too many pairs.
        """
        return overlap_table(self, unit=_known(unit))

    def to_file(
        self,
        path: str | os.PathLike[str],
        *,
        format: str | None = None,  # noqa: A002 - what it is called
        crs: str | None = None,
    ) -> Export:
        """
        Write the chosen zones to a file, whole or not at all, and read it back.

        Parameters
        ----------
        path
            File to write; its ending chooses the format. One that is there is
            replaced once the new one is complete.
        format
            Code of the format, such as "geopackage", where the ending does not
            tell it; ``beltmap formats`` lists them.
        crs
            "wgs84", "cgcs2000", "gk" (Gauss-Krüger of the place, "gkz" with the
            zone number, "gk6" and "gk6z" in zones of six degrees), "utm",
            "mercator", "gcj02", "bd09", or an EPSG code of one of them; the
            format's usual one if left out.

        Returns
        -------
        export
            ``losses``, what the file does not keep, found by reading it back,
            and ``warnings`` about its CRS; `str` of each is a sentence.

        Raises
        ------
        PlanError
            If nothing is chosen, format or CRS is not known, or the file cannot
            be written; an existing file is untouched then.

        Examples
        --------
        >>> from tempfile import mkdtemp
        >>> chosen = read_plan().select(kind="town")
        >>> export = chosen.to_file(Path(mkdtemp()) / "it.gpkg", crs="gk")
        >>> export.crs, export.losses, export.warnings
        ('gk120', (), ())
        """
        return save(self, Path(path), format_code=format, crs=crs)

    @chartered
    def explore(self) -> folium.Map:
        """
        Show the chosen zones on a map.

        Returns
        -------
        map
            A Folium map with everything in it; it asks nothing of the network.
            Vectors can be added to it, such as ``folium.GeoJson``, and
            ``save("map.html")`` writes it.

        Examples
        --------
        >>> isinstance(read_plan().explore(), folium.Map)
        True
        """
        return WholeMap(self)

    @chartered
    def __repr__(self) -> str:
        said = text(
            "notebook.selection",
            n=len(self),
            everything=len(self.plan.zones),
            filters=filter_words(self),
        )
        return f"<{said}>"

    @chartered
    def _repr_html_(self) -> str | None:
        if len(self) > MOST_WHOLE:
            return None
        page = offline_page(self, on=datetime.now(UTC).date())
        return framed(page.decode(), height_px=PAGE_PX)


@dataclass(frozen=True, eq=False)
class Outcome:
    """
    What a file came to that was read apart.

    Parameters
    ----------
    receipt
        What became of every row; ``print(receipt.as_text())``.
    questions
        What must be answered before it can be drawn, each with its options;
        `read_upload` takes the answers.
    zones
        GeoDataFrame in EPSG:4326 with the columns of a plan and the file's
        own; None where the file is refused or a question is open.
    """

    receipt: Receipt
    questions: tuple[Question, ...]
    zones: gpd.GeoDataFrame | None

    def __repr__(self) -> str:
        return self.receipt.as_text()


def read_plan(*folders: str | os.PathLike[str]) -> Plan:
    """
    Read a plan and check it, or several that are open together.

    Parameters
    ----------
    folders
        Folders of plans, as ``beltmap new`` makes them, names of shipped ones, or
        addresses such as ``postgresql://host/database#plan``; those that come
        with beltmap if left out. Of several, an id that two have
        is called with its plan.

    Returns
    -------
    plan
        The plan; nothing that is done with it changes its files.

    Raises
    ------
    PlanError
        With every fault of every file.

    Examples
    --------
    >>> read_plan().zones.crs.to_epsg()
    4326
    """
    given = [_place(str(one)) for one in folders]
    read = reading.read_plan(*given)
    return Plan(**{one.name: getattr(read, one.name) for one in fields(read)})


def _place(said: str) -> Path:
    """Give the folder of a plan: one of this machine, a shipped one, or a store's."""
    if is_address(said):
        return follow(read_address(said)).folder
    path = Path(said)
    return path if path.exists() else shipped_plans().get(said, path)


def read_upload(  # noqa: PLR0913 - an answer each
    path: str | os.PathLike[str],
    *,
    plan: reading.Plan | None = None,
    crs: str | None = None,
    layer: str | None = None,
    encoding: str | None = None,
    columns: Mapping[str, str] | None = None,
    area_unit: str | None = None,
    sectors: Mapping[str, str] | None = None,
    leave_out: bool = False,
) -> Outcome:
    """
    Read a file of anyone's in a process of its own, which has no network.

    Parameters
    ----------
    path
        GeoJSON, GeoPackage, zipped Shapefile, KML, FlatGeobuf, GeoParquet, CSV
        or XLSX, in any CRS.
    plan
        Plan whose cities and sectors the file may name; the shipped one if left
        out.
    crs
        CRS of the coordinates, such as "EPSG:4549", where the file does not say.
    layer, encoding
        Layer to read; encoding of the text of a Shapefile.
    columns
        Column of the file by column of the plan, such as
        ``{"declared_area_km2": "面积"}``.
    area_unit
        Unit of that column: "km²", "ha", "mu" or "m²".
    sectors
        Code of the plan by word of the file.
    leave_out
        Whether to read the others without the rows that are refused.

    Returns
    -------
    outcome
        Receipt, questions and zones; never an error for what is in the file.

    Raises
    ------
    OSError
        If the file cannot be opened.

    Examples
    --------
    >>> from beltmap.geo.charter.reading import shipped_plans
    >>> outcome = read_upload(shipped_plans()["qingdao"] / "towns.geojson")
    >>> len(outcome.zones), outcome.receipt.rows_in, outcome.questions
    (3, 3, ())
    """
    answers = Answers(
        crs, layer, encoding, columns or {}, area_unit, sectors or {}, leave_out
    )
    file, context = Path(path), context_of(plan or reading.read_plan())
    found = read_apart(taken(file), answers=answers, context=context)
    return Outcome(found.receipt, found.questions, found.zones)


def _known(unit: str) -> str:
    """Refuse a unit that is none of area."""
    if unit not in AREA_UNITS:
        raise PlanError([unknown_value("unit", "unit", unit, AREA_UNITS)])
    return unit
