"""From the bytes of an upload to a layer, its receipt and its questions."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import geopandas as gpd
import numpy as np
from pyproj.exceptions import ProjError
from shapely.errors import GEOSException

from beltmap.geo.geometry.anywhere import measured_m2
from beltmap.geo.intake.checks import against, crs
from beltmap.geo.intake.checks.advice import check_layer, drawn
from beltmap.geo.intake.checks.aside import set_aside
from beltmap.geo.intake.checks.candidates import candidates, strange_zone
from beltmap.geo.intake.checks.repair import repair, without_measures
from beltmap.geo.intake.columns.guesses import (
    AREA,
    Match,
    areas_left_out,
    match_columns,
)
from beltmap.geo.intake.columns.names import clean_names, export_notes
from beltmap.geo.intake.context import Context, known_words
from beltmap.geo.intake.formats.archives.zipped import FileLayers
from beltmap.geo.intake.formats.openers import OPENERS, open_parts
from beltmap.geo.intake.limits import Limits
from beltmap.geo.intake.notices import (
    ROW_CODES,
    Notice,
    RefusedError,
    Severity,
    notice,
    refuse,
)
from beltmap.geo.intake.questions import Answers, Option, Question
from beltmap.geo.intake.raw.sniff import sniff
from beltmap.geo.intake.receipt import Receipt, verdict
from beltmap.geo.intake.rows import Rows
from beltmap.geo.intake.uploads import Upload
from beltmap.geo.intake.zones import zone_columns, zone_frame
from beltmap.geo.language.messages import text
from beltmap.geo.units import GIVEN_AREA_UNITS, area_unit


@dataclass(frozen=True, eq=False)
class Outcome:
    """
    What an upload came to.

    Parameters
    ----------
    receipt
        What became of every row.
    questions
        What must be answered before it can be drawn.
    rows
        The layer in WGS 84, repaired, all columns as in the file; None unless
        it can be drawn. For a page the first rows, see `geo.intake.apart.listed`.
    zones
        The same as zones of a plan, see `geo.intake.zones.zone_frame`; None
        where `rows` is. To be read, never changed.
    own
        Column of the file by column of `zones`, of those that did not go over
        letter for letter.
    matches
        Which columns of the file are which of the plan.
    layers
        Names of all layers in the file.
    sectors
        Code of the plan by word of the file, as a person decided.
    """

    receipt: Receipt
    questions: tuple[Question, ...] = ()
    rows: Rows | None = None
    zones: gpd.GeoDataFrame | None = None
    own: Mapping[str, str] = field(default_factory=dict)
    matches: tuple[Match, ...] = ()
    layers: tuple[str, ...] = ()
    sectors: Mapping[str, str] = field(default_factory=dict)


def read_upload(
    upload: Upload,
    *,
    answers: Answers | None = None,
    limits: Limits | None = None,
    context: Context | None = None,
) -> Outcome:
    """
    Read an upload, here and now; `geo.intake.apart.worker.read_apart` is the safe way.

    Parameters
    ----------
    upload
        The file.
    answers
        What the person has decided so far.
    limits
        How much the file may cost.
    context
        The plan that is open.

    Returns
    -------
    outcome
        Never an error: a file that cannot be read has a receipt that says so.
    """
    chosen, most = answers or Answers(), limits or Limits()
    known = ""
    try:
        if upload.size > most.file_bytes:
            raise refuse("E_FILE_SIZE", found=upload.size, limit=most.file_bytes)
        if upload.beside:
            known, opened = "shp", open_parts(upload.parts, upload.name, most, chosen)
        else:
            known = sniff(upload.name, upload.data)
            opened = OPENERS[known](upload.data, most, chosen)
        return _Reading(upload, known, opened, chosen, context or Context()).outcome()
    except RefusedError as error:
        return _refused(upload, known, error.notice)
    except RecursionError:
        return _refused(upload, known, notice("E_NESTED", part=upload.name))
    except MemoryError:
        limit = most.memory_bytes
        return _refused(upload, known, notice("E_MEMORY", limit=limit))
    except (GEOSException, ProjError) as error:
        full = "alloc" in str(error)
        said = notice("E_MEMORY", limit=most.memory_bytes) if full else None
        return _refused(upload, known, said or notice("E_UNREADABLE"))


def _refused(upload: Upload, known: str, said: Notice) -> Outcome:
    rejected = replace(said, severity=Severity.REJECT)
    receipt = Receipt(upload.name, Severity.REJECT, (rejected,), format=known)
    return Outcome(receipt)


@dataclass(frozen=True)
class _Reading:
    """One upload on its way from an opened file to an outcome."""

    upload: Upload
    format: str
    opened: FileLayers
    answers: Answers
    context: Context

    def outcome(self) -> Outcome:
        layers = tuple(self.opened)
        if self.answers.layer is not None and self.answers.layer not in layers:
            known = ", ".join(layers)
            raise refuse(
                "E_UNKNOWN_ANSWER", about="layer", found=self.answers.layer, known=known
            )
        if self.answers.layer is None and len(layers) > 1:
            return self._choose_layer(layers)
        name = self.answers.layer or layers[0]
        rows = without_measures(clean_names(self.opened[name]()))
        self._check_answers()
        told = self._ask_reading(rows)
        if told is not None:
            return self._done(rows, (told,), rows.crs or "", layers)
        rows = set_aside(rows)
        asked, stated = self._which_crs(rows)
        if asked is not None:
            return self._done(rows, (asked,), "", layers)
        placed = self._placed(rows, stated)
        shift = self._shift(placed, stated)
        if shift is not None:
            return self._done(placed, (shift,), stated, layers)
        return self._checked(repair(placed), stated, layers)

    def _choose_layer(self, layers: tuple[str, ...]) -> Outcome:
        said = notice("Q_CHOOSE_LAYER", layers=list(layers), n=len(layers))
        options = tuple(Option(layer, layer) for layer in layers)
        receipt = Receipt(self.upload.name, Severity.ASK, (said,), format=self.format)
        return Outcome(receipt, (Question("layer", said, options),), layers=layers)

    def _check_answers(self) -> None:
        wanted, unit = self.answers.crs, self.answers.area_unit
        if wanted is not None and crs.canonical(wanted) is None:
            known = "EPSG:4549, WGS 84, GCJ-02, BD-09, swapped"
            raise refuse("E_UNKNOWN_ANSWER", about="crs", found=wanted, known=known)
        if unit is not None and area_unit(unit) is None:
            known = ", ".join(GIVEN_AREA_UNITS)
            raise refuse("E_UNKNOWN_ANSWER", about="area_unit", found=unit, known=known)
        codes = sorted(set(self.context.words.get("sectors", {}).values()))
        strange = set(self.answers.sectors.values()) - set(codes)
        if strange:
            raise refuse(
                "E_UNKNOWN_ANSWER",
                about="sector",
                found=min(strange),
                known=", ".join(codes),
            )

    def _ask_reading(self, rows: Rows) -> Question | None:
        """Ask where a file can be read in more than one way."""
        for said in rows.notices:
            if said.code == "W_ENCODING" and said.severity is Severity.ASK:
                options = tuple(
                    Option(one, one.upper()) for one in said.values["options"]
                )
                return Question("encoding", said, options)
            if said.code == "Q_HEAD":
                first, *others = said.values["options"]
                guess = Option(first, first, text("intake.option.guess"))
                options = (guess, *(Option(one, one) for one in others))
                return Question("head", said, options)
        return None

    def _which_crs(self, rows: Rows) -> tuple[Question | None, str]:
        """Settle the CRS, or ask."""
        if self.answers.crs is not None:
            return None, crs.canonical(self.answers.crs) or crs.WGS84
        stated = None if rows.crs is None else crs.coded(rows.crs)
        usable = stated is not None and (
            stated in crs.DATUMS or crs.known_crs(stated) is not None
        )
        if not usable and not drawn(rows.geometries).any():
            return None, crs.WGS84
        if stated is None or not usable:
            said = next(
                (one for one in rows.notices if one.code == "E_CRS_UNSPECIFIED"),
                notice("E_CRS_MISSING", found=stated or ""),
            )
            return self._ask_crs(rows, said), ""
        against_it = crs.contradiction(rows, stated)
        if against_it is not None:
            code, values = against_it
            return self._ask_crs(rows, notice(code, **values)), ""
        return None, stated

    def _ask_crs(self, rows: Rows, said: Notice) -> Question:
        options = candidates(rows.geometries, near=self.context.near)
        if not options and (zone := strange_zone(rows.geometries)):
            # there is nothing to choose
            raise refuse("E_NO_ZONE_BEARS", zone=zone)
        return Question("crs", said, options)

    def _placed(self, rows: Rows, stated: str) -> Rows:
        """Bring rows to WGS 84, and say from where."""
        said = tuple(one for one in rows.notices if one.code != "E_CRS_UNSPECIFIED")
        placed = crs.to_lon_lat(rows.geometries, stated)
        if placed is None:
            return replace(rows, notices=said)
        legacy = self.format == "geojson" and self.answers.crs is None
        rows = (
            crs.legacy(replace(rows, notices=said))
            if legacy
            else replace(rows, notices=said)
        )
        if not legacy and crs.label(stated) not in (
            crs.label(code) for code in crs.LON_LAT
        ):
            more = notice("W_CRS_CONVERTED", crs=crs.label(stated))
            rows = replace(rows, notices=(*rows.notices, more))
        return replace(rows, geometries=placed)

    def _shift(self, rows: Rows, stated: str) -> Question | None:
        if self.answers.crs is not None or stated not in crs.LON_LAT:
            return None
        said = against.datum_shift(rows, self.context)
        return None if said is None else self._ask_crs(rows, said)

    def _checked(self, rows: Rows, stated: str, layers: tuple[str, ...]) -> Outcome:
        """Check the rows that are left, and match their columns."""
        areas = measured_m2(rows.geometries) if len(rows) else np.zeros(0)
        matches = match_columns(
            rows,
            wanted=self.answers.columns,
            area_unit=area_unit(self.answers.area_unit or ""),
            areas_m2=areas,
        )
        columns, own, said = zone_columns(
            rows,
            matches,
            words=known_words(self.context, self.answers.sectors),
            name=self.upload.name,
            areas_m2=areas,
            default_kind=self.context.default_kind,
        )
        said += [
            *check_layer(rows, areas),
            *areas_left_out(rows, matches),
            *against.areas_differ(rows, columns, areas),
            *against.outside_frame(rows, columns, self.context),
            *export_notes(rows),
        ]
        questions = [*self._ask_unit(matches), *self._ask_refused(rows)]
        whole = replace(rows, notices=(*rows.notices, *said))
        outcome = self._done(whole, tuple(questions), stated, layers, matches)
        if outcome.rows is None:
            return outcome
        zones = zone_frame(
            columns, rows.columns, rows.geometries, own, name=self.upload.name
        )
        return replace(outcome, zones=zones, own=own)

    def _ask_unit(self, matches: tuple[Match, ...]) -> list[Question]:
        area = next((match for match in matches if match.target == AREA), None)
        if area is None or area.unit:
            return []
        options = tuple(
            Option(unit, text(f"intake.unit.{unit}")) for unit in GIVEN_AREA_UNITS
        )
        return [
            Question("area_unit", notice("Q_AREA_UNIT", column=area.column), options)
        ]

    def _ask_refused(self, rows: Rows) -> list[Question]:
        """Ask whether to go on without what is refused."""
        if self.answers.leave_out:
            return []
        lost = [one for one in rows.notices if one.code == "E_EMPTY_AFTER_REPAIR"]
        bad = [*rows.refused, *lost]
        if not bad:
            return []
        option = Option("leave out", text("intake.option.leave_out", n=len(bad)))
        return [Question("leave_out", bad[0], (option,))]

    def _done(
        self,
        rows: Rows,
        questions: tuple[Question, ...],
        stated: str,
        layers: tuple[str, ...],
        matches: tuple[Match, ...] = (),
    ) -> Outcome:
        """Write the receipt."""
        asked = [q.notice for q in questions if q.about != "leave_out"]
        notices = [*rows.notices, *rows.refused]
        notices += [one for one in asked if one not in notices]
        if self.answers.leave_out:
            notices = [_agreed(one) for one in notices]
        notices.sort(key=lambda one: -one.severity)
        left = len(rows)
        worst = verdict(tuple(notices), left=left, refused=len(rows.refused))
        something = int(drawn(rows.geometries).sum())
        receipt = Receipt(
            name=self.upload.name,
            verdict=worst,
            notices=tuple(notices),
            rows_in=left + len(rows.refused) + rows.aside,
            drawn=something,
            without_geometry=left - something,
            refused=len(rows.refused),
            aside=rows.aside,
            format=self.format,
            layer=rows.name,
            crs=crs.label(stated) if stated else "",
            encoding=rows.encoding,
        )
        if worst is Severity.REJECT:
            return Outcome(receipt, layers=layers)
        if worst is Severity.ASK:
            return Outcome(receipt, questions, matches=matches, layers=layers)
        return Outcome(
            receipt,
            rows=rows,
            matches=matches,
            layers=layers,
            sectors=self.answers.sectors,
        )


def _agreed(said: Notice) -> Notice:
    """Turn a question about a row into a warning, once it is answered."""
    about_row = said.code in ROW_CODES or said.code == "E_EMPTY_AFTER_REPAIR"
    return replace(said, severity=Severity.WARN) if about_row else said
