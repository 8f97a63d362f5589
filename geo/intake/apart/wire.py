"""What passes between the page and the process that reads: data, never code."""

import json
import math
import struct
from collections.abc import Mapping, Sequence, Sized
from dataclasses import dataclass, fields, is_dataclass
from typing import TYPE_CHECKING, Annotated, Any, Final, TypeAlias, TypeVar

import msgspec
import numpy as np

from beltmap.geo import schema
from beltmap.geo.intake.apart.blobs import from_blobs, to_blobs
from beltmap.geo.intake.columns.guesses import Match
from beltmap.geo.intake.context import Context
from beltmap.geo.intake.limits import Limits
from beltmap.geo.intake.notices import SEVERITY, Json, Notice, Severity
from beltmap.geo.intake.questions import Answers, Question
from beltmap.geo.intake.reading import Outcome
from beltmap.geo.intake.receipt import Receipt
from beltmap.geo.intake.rows import ABSENT, Rows
from beltmap.geo.intake.uploads import Upload
from beltmap.geo.intake.zones import (
    CODED,
    MOST,
    QUALIFIED,
    UPLOAD,
    code_words,
    zone_frame,
)
from beltmap.geo.language.messages import spoken, text
from beltmap.geo.units import GIVEN_AREA_UNITS

if TYPE_CHECKING:
    import pandas as pd

T = TypeVar("T")

_Cell: TypeAlias = (
    str | int | float | Annotated[dict[str, Any], msgspec.Meta(max_length=0)] | None
)
"""A value of a file; an empty object stands for `ABSENT`."""

OUTCOME: Final = "outcome"
LISTED: Final = "listed"
RECEIPT: Final = "receipt"
"""What a worker is asked for: all, what a page shows, or the receipt as a file."""

_HEAD: Final = struct.Struct("<QQ")
_ANSWERS: Final = frozenset(field.name for field in fields(Answers))


@dataclass(frozen=True)
class _Job:
    """What a worker is told; the files follow, of the given sizes."""

    name: str
    language: str
    answers: Answers
    limits: Limits
    context: Context
    purpose: str
    size: int
    beside: dict[str, int]


@dataclass(frozen=True)
class _Layer:
    """`Rows` without their geometries, and what makes them zones."""

    name: str
    columns: dict[str, list[_Cell]]
    numbers: list[int]
    ids: list[_Cell]
    word: str
    crs: str | None
    refused: tuple[Notice, ...]
    notices: tuple[Notice, ...]
    encoding: str
    zones: dict[str, list[str | float | None]]
    own: dict[str, str]
    sizes: list[int]


@dataclass(frozen=True)
class _Answer:
    """What a worker says; the geometries follow."""

    receipt: Receipt
    questions: tuple[Question, ...]
    matches: tuple[Match, ...]
    layers: tuple[str, ...]
    sectors: dict[str, str]
    layer: _Layer | None


def pack_job(
    upload: Upload,
    answers: Answers,
    limits: Limits,
    context: Context,
    purpose: str = OUTCOME,
) -> list[bytes]:
    """Write what a worker needs, in pieces: JSON, then the bytes of the files."""
    job = _Job(
        name=upload.name,
        language=spoken(),
        answers=answers,
        limits=limits,
        context=context,
        purpose=purpose,
        size=len(upload.data),
        beside={end: len(data) for end, data in upload.beside.items()},
    )
    return _pieces(job, upload.data, *upload.beside.values())


def unpack_job(packed: bytes) -> tuple[Upload, Answers, Limits, Context, str, str]:
    """Read what `pack_job` wrote; the last are the language and the purpose."""
    job, data = _parted(packed, _Job)
    at, beside = job.size, {}
    for end, size in job.beside.items():
        beside[end] = data[at : at + size]
        at += size
    upload = Upload(job.name, data[: job.size], beside)
    return upload, job.answers, job.limits, job.context, job.language, job.purpose


def pack_outcome(outcome: Outcome) -> bytes:
    """Write an outcome: JSON, then the geometries as well-known binary."""
    rows, zones, layer, blobs = outcome.rows, outcome.zones, None, b""
    if rows is not None and zones is not None:
        sizes, blobs = to_blobs(rows.geometries)
        head = {key: value for key, value in vars(rows).items() if key != "geometries"}
        made = [name for name in QUALIFIED if name in zones and name not in outcome.own]
        columns = {name: _plain(zones[name]) for name in (*schema.COLUMNS, *made)}
        layer = head | {"zones": columns, "own": outcome.own, "sizes": sizes}
    told = {
        "receipt": outcome.receipt,
        "questions": outcome.questions,
        "matches": outcome.matches,
        "layers": outcome.layers,
        "sectors": outcome.sectors,
        "layer": layer,
    }
    return _joined(told, blobs)


def unpack_outcome(
    packed: bytes, upload: Upload, context: Context | None = None
) -> Outcome:
    """
    Read what `pack_outcome` wrote, from a process that is not trusted.

    Parameters
    ----------
    packed
        What the process wrote.
    upload
        What it was given to read.
    context
        The plan that is open: whose kinds and statuses zones may have.

    Returns
    -------
    outcome
        Nothing in it but values of the types, columns and codes that an
        outcome has, and geometries as `geo.intake.apart.blobs.from_blobs` takes
        them.

    Raises
    ------
    ValueError
        If it is anything else.
    """
    try:
        told, data = _parted(packed, _Answer)
        layer = told.layer
        _check_words(told)
        _demand(told.receipt.name == upload.name, "another file")
        _demand((layer is not None) == (told.receipt.verdict < Severity.ASK), "verdict")
        kept = vars(told) | {"sectors": dict(told.sectors)}
        del kept["layer"]
        if layer is None:
            _demand(not data, "geometries of nothing")
            return Outcome(**kept)
        _check_layer(layer, context or Context())
        rows = _rows(layer, data)
        zones = zone_frame(rows, layer.zones, layer.own, name=upload.name)
        return Outcome(**kept, rows=rows, zones=zones, own=layer.own)
    except (struct.error, KeyError, IndexError, RecursionError) as error:
        raise ValueError("not an outcome") from error


def _demand(true: bool, what: str) -> None:  # noqa: FBT001 - as assert has it
    if not true:
        raise ValueError(what)


def _check_words(told: _Answer) -> None:
    """Demand that everything that is said has its words."""
    notices = [*told.receipt.notices, *(one.notice for one in told.questions)]
    if told.layer is not None:
        notices += [*told.layer.notices, *told.layer.refused]
        text(f"intake.place.{told.layer.word}")
    _demand(told.receipt.unlisted.keys() <= SEVERITY.keys(), "code")
    for one in notices:
        _demand(one.code in SEVERITY, "code")
        one.where()
        one.sentence()
    for question in told.questions:
        _demand(question.about in _ANSWERS, "question")
    for match in told.matches:
        text(f"bring.why.{match.why}")
        _demand(match.target in schema.COLUMNS, "target")
        _demand(match.unit in {"", *GIVEN_AREA_UNITS}, "unit")


def _check_layer(layer: _Layer, context: Context) -> None:
    """Demand the columns of zones, each with its values."""
    size = len(layer.numbers)
    lists: list[Sized] = [
        layer.ids,
        layer.sizes,
        *layer.columns.values(),
        *layer.zones.values(),
    ]
    _demand(all(len(values) == size for values in lists), "lengths")
    made = [name for name in QUALIFIED if name in layer.zones]
    _demand([*layer.zones] == [*schema.COLUMNS, *made], "columns")
    taken = {*layer.zones, UPLOAD, "geometry"}
    _demand(taken.isdisjoint(layer.own), "a column twice")
    _demand(layer.columns.keys() >= set(layer.own.values()), "a column of nowhere")
    for column, values in layer.zones.items():
        given = [value for value in values if value is not None]
        if column in {*schema.NUMBERS, MOST}:
            fine = all(isinstance(one, float) and math.isfinite(one) for one in given)
        else:
            fine = all(isinstance(one, str) for one in given)
        _demand(fine, column)
        # where there is no plan yet, kinds are as the file has them
        if column in CODED and (column != "kind" or context.default_kind):
            codes = code_words(column, context.words.get(column, {}))
            filled = {context.default_kind} if column == "kind" else set()
            _demand(set(given) <= filled | set(codes.values()), column)
    ids = set(layer.zones["id"])
    _demand(len(ids) == size and None not in ids, "an id twice")


def _rows(layer: _Layer, data: bytes) -> Rows:
    return Rows(
        name=layer.name,
        columns={name: _cells(values) for name, values in layer.columns.items()},
        geometries=from_blobs(layer.sizes, data),
        numbers=layer.numbers,
        ids=_cells(layer.ids),
        word=layer.word,
        crs=layer.crs,
        refused=layer.refused,
        notices=layer.notices,
        encoding=layer.encoding,
    )


def _cells(values: Sequence[_Cell]) -> list[Json]:
    return [ABSENT if isinstance(value, dict) else value for value in values]


def _plain(values: "pd.Series[Any]") -> list[Json]:
    return values.astype(object).where(values.notna(), None).tolist()


def _joined(head: object, *data: bytes) -> bytes:
    return b"".join(_pieces(head, *data))


def _pieces(head: object, *data: bytes) -> list[bytes]:
    words = json.dumps(head, default=_as_json).encode()
    return [_HEAD.pack(len(words), sum(map(len, data))), words, *data]


def _parted(packed: bytes, kind: type[T]) -> tuple[T, bytes]:
    words, size = _HEAD.unpack_from(packed)
    middle = _HEAD.size + words
    if len(packed) != middle + size:
        raise ValueError("cut")
    whole = memoryview(packed)
    head = json.loads(bytes(whole[_HEAD.size : middle]))
    return msgspec.convert(head, type=kind), packed[middle:]


def _as_json(value: Json) -> Json:
    if value is ABSENT:
        return {}
    if is_dataclass(value):
        return vars(value)
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(type(value).__name__)
