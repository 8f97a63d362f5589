"""What passes between the page and the process that reads: data, never code."""

import json
import struct
from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any, Final

import numpy as np
import shapely

from geo.intake.columns import Match
from geo.intake.context import Anchor, Context
from geo.intake.limits import Limits
from geo.intake.notices import Json, Notice, Severity
from geo.intake.questions import Answers, Option, Question
from geo.intake.reading import Outcome, Upload
from geo.intake.receipt import Receipt
from geo.intake.rows import ABSENT, Rows

_HEAD: Final = struct.Struct("<QQ")


def pack_job(
    upload: Upload, answers: Answers, limits: Limits, context: Context
) -> bytes:
    """Write what a worker needs: JSON, then the bytes of the file."""
    head = {
        "name": upload.name,
        "answers": asdict(answers),
        "limits": asdict(limits),
        "context": asdict(context),
    }
    return _joined(head, upload.data)


def unpack_job(packed: bytes) -> tuple[Upload, Answers, Limits, Context]:
    """Read what `pack_job` wrote."""
    head, data = _parted(packed)
    context = head["context"]
    return (
        Upload(head["name"], data),
        Answers(**head["answers"]),
        Limits(**head["limits"]),
        Context(
            words=context["words"],
            anchors=tuple(
                Anchor(**anchor | {"names": tuple(anchor["names"])})
                for anchor in context["anchors"]
            ),
            belts=tuple((name, words) for name, words in context["belts"]),
            near=(context["near"][0], context["near"][1]),
        ),
    )


def pack_outcome(outcome: Outcome) -> bytes:
    """Write an outcome: JSON, then the geometries as well-known binary."""
    rows = outcome.rows
    blobs = [] if rows is None else shapely.to_wkb(rows.geometries).tolist()
    head = {
        "receipt": _receipt(outcome.receipt),
        "questions": [_question(question) for question in outcome.questions],
        "matches": [asdict(match) for match in outcome.matches],
        "layers": outcome.layers,
        "sectors": dict(outcome.sectors),
        "rows": None if rows is None else _rows(rows),
        "sizes": [-1 if blob is None else len(blob) for blob in blobs],
    }
    return _joined(head, b"".join(blob for blob in blobs if blob is not None))


def unpack_outcome(packed: bytes) -> Outcome:
    """
    Read what `pack_outcome` wrote.

    Raises
    ------
    ValueError
        If it did not write that.
    """
    try:
        head, data = _parted(packed)
        receipt = dict(head["receipt"])
        receipt["verdict"] = Severity(receipt["verdict"])
        receipt["notices"] = tuple(map(_notice_of, receipt["notices"]))
        return Outcome(
            receipt=Receipt(**receipt),
            questions=tuple(map(_question_of, head["questions"])),
            rows=_rows_of(head["rows"], head["sizes"], data),
            matches=tuple(Match(**match) for match in head["matches"]),
            layers=tuple(head["layers"]),
            sectors=head["sectors"],
        )
    except (KeyError, TypeError, struct.error, shapely.errors.GEOSException) as error:
        raise ValueError("not an outcome") from error


def _joined(head: Json, data: bytes) -> bytes:
    words = json.dumps(head, default=_plain).encode()
    return _HEAD.pack(len(words), len(data)) + words + data


def _parted(packed: bytes) -> tuple[Any, bytes]:
    words, size = _HEAD.unpack_from(packed)
    middle = _HEAD.size + words
    if len(packed) != middle + size:
        raise ValueError("cut")
    return json.loads(packed[_HEAD.size : middle]), packed[middle:]


def _plain(value: Json) -> Json:
    if value is ABSENT:
        return {}
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(type(value).__name__)


def _notice(one: Notice) -> list[Json]:
    return [one.code, dict(one.place), dict(one.values), int(one.severity)]


def _notice_of(packed: list[Json]) -> Notice:
    code, place, values, severity = packed
    return Notice(code, place, values, Severity(severity))


def _receipt(receipt: Receipt) -> dict[str, Json]:
    values = {field.name: getattr(receipt, field.name) for field in fields(receipt)}
    notices = [_notice(one) for one in receipt.notices]
    return values | {"verdict": int(receipt.verdict), "notices": notices}


def _question(question: Question) -> dict[str, Json]:
    return {
        "about": question.about,
        "notice": _notice(question.notice),
        "options": [asdict(option) for option in question.options],
    }


def _question_of(packed: dict[str, Json]) -> Question:
    options = (
        Option(**option | {"outline": tuple(map(tuple, option["outline"]))})
        for option in packed["options"]
    )
    return Question(packed["about"], _notice_of(packed["notice"]), tuple(options))


def _rows(rows: Rows) -> dict[str, Json]:
    return {
        "name": rows.name,
        "columns": dict(rows.columns),
        "numbers": list(rows.numbers),
        "ids": rows.ids,
        "word": rows.word,
        "crs": rows.crs,
        "refused": [_notice(one) for one in rows.refused],
        "notices": [_notice(one) for one in rows.notices],
        "encoding": rows.encoding,
    }


def _rows_of(
    packed: dict[str, Json] | None, sizes: list[int], data: bytes
) -> Rows | None:
    if packed is None:
        return None
    blobs: list[bytes | None] = []
    at = 0
    for size in sizes:
        blobs.append(None if size < 0 else data[at : at + size])
        at += max(size, 0)
    geometries = np.empty(len(blobs), dtype=object)
    geometries[:] = shapely.from_wkb(np.array(blobs, dtype=object)) if blobs else []
    notices = {
        key: tuple(map(_notice_of, packed[key])) for key in ("refused", "notices")
    }
    columns = {
        name: [ABSENT if value == {} else value for value in values]
        for name, values in packed["columns"].items()
    }
    ids = [ABSENT if identity == {} else identity for identity in packed["ids"]]
    return Rows(
        **packed | notices | {"columns": columns, "ids": ids}, geometries=geometries
    )
