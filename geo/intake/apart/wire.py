"""What passes between the page and the process that reads: data, never code."""

import json
import math
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import TYPE_CHECKING, Annotated, Any, Final, TypeAlias, TypeVar

import msgspec
import numpy as np

from beltmap.geo import schema
from beltmap.geo.geometry.area import Geometries
from beltmap.geo.intake.apart.blobs import from_blobs, to_blobs
from beltmap.geo.intake.apart.cells import Cells, demand, pack_column, unpack_column
from beltmap.geo.intake.apart.listed import SHOWN
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
    UPLOAD,
    code_words,
    zone_frame,
)
from beltmap.geo.language.messages import spoken, text
from beltmap.geo.schema import MOST, QUALIFIED
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
REPAIRED: Final = "repaired"
"""What a worker is asked for: all, what a page shows, or one of two files."""

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
    """
    `Rows` and zones but for what follows: columns, then geometries.

    Columns are first those of zones, `made` of them as the file has them; then
    `columns` of the file. Where only a part of the rows is `shown`, these are the
    columns that zones have of it.
    """

    name: str
    numbers: list[int]
    ids: list[_Cell]
    word: str
    crs: str | None
    refused: tuple[Notice, ...]
    notices: tuple[Notice, ...]
    encoding: str
    shown: dict[str, list[_Cell]] | None
    columns: list[str]
    made: list[str]
    own: dict[str, str]
    size: int


@dataclass(frozen=True)
class _Answer:
    """What a worker says; columns and geometries follow."""

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


def pack_outcome(outcome: Outcome) -> Iterator[bytes]:
    """Write an outcome: JSON, its columns, its geometries as well-known binary."""
    rows, zones, layer = outcome.rows, outcome.zones, None
    columns: dict[str, Sequence[Json]] = {}
    if rows is not None and zones is not None:
        whole = len(rows) == len(zones)
        made = [name for name in QUALIFIED if name in zones and name not in outcome.own]
        given = rows.columns if whole else {n: _plain(zones[n]) for n in outcome.own}
        layer = {
            key: value
            for key, value in vars(rows).items()
            if key not in {"geometries", "columns"}
        } | {
            "shown": None if whole else rows.columns,
            "columns": [*(given if whole else outcome.own.values())],
            "made": made,
            "own": outcome.own,
            "size": len(zones),
        }
        columns = {name: _plain(zones[name]) for name in (*schema.COLUMNS, *made)}
        kept = [*columns.values(), *given.values()]
        shapes = rows.geometries if whole else np.asarray(zones.geometry.array, object)
    told = {
        "receipt": outcome.receipt,
        "questions": outcome.questions,
        "matches": outcome.matches,
        "layers": outcome.layers,
        "sectors": outcome.sectors,
        "layer": layer,
    }
    yield json.dumps(told, default=_as_json).encode()
    if layer is not None:
        for values in kept:
            yield from pack_column(values)
        yield from to_blobs(shapes)


def unpack_outcome(
    packed: list[bytes], upload: Upload, context: Context | None = None
) -> Outcome:
    """
    Read what `pack_outcome` wrote, from a process that is not trusted.

    Parameters
    ----------
    packed
        What the process wrote, which is let go.
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
        head, *pieces = packed
        packed.clear()
        told = msgspec.convert(json.loads(head), type=_Answer)
        layer = told.layer
        _check_words(told)
        demand(told.receipt.name == upload.name, "another file")
        demand((layer is not None) == (told.receipt.verdict < Severity.ASK), "verdict")
        kept = vars(told) | {"sectors": dict(told.sectors)}
        del kept["layer"]
        if layer is None:
            demand(not pieces, "geometries of nothing")
            return Outcome(**kept)
        _check_layer(layer)
        # each piece is let go when it is read
        pieces.reverse()
        columns = _zone_columns(layer, pieces, context or Context())
        given = {name: unpack_column(pieces, layer.size)[0] for name in layer.columns}
        brief = layer.shown is not None
        geometries = from_blobs(pieces, layer.size, packed=brief)
        zones = zone_frame(columns, given, geometries, layer.own, name=upload.name)
        rows = _rows(layer, given, geometries)
        return Outcome(**kept, rows=rows, zones=zones, own=layer.own)
    except (struct.error, KeyError, IndexError, RecursionError) as error:
        raise ValueError("not an outcome") from error


def _check_words(told: _Answer) -> None:
    """Demand that everything that is said has its words."""
    notices = [*told.receipt.notices, *(one.notice for one in told.questions)]
    if told.layer is not None:
        notices += [*told.layer.notices, *told.layer.refused]
        text(f"intake.place.{told.layer.word}")
    demand(told.receipt.unlisted.keys() <= SEVERITY.keys(), "code")
    for one in notices:
        demand(one.code in SEVERITY, "code")
        one.where()
        one.sentence()
    for question in told.questions:
        demand(question.about in _ANSWERS, "question")
    for match in told.matches:
        text(f"bring.why.{match.why}")
        demand(match.target in schema.COLUMNS, "target")
        demand(match.unit in {"", *GIVEN_AREA_UNITS}, "unit")


def _check_layer(layer: _Layer) -> None:
    """Demand that rows, columns and names agree."""
    shown, size = layer.shown, len(layer.numbers)
    demand(size == len(layer.ids), "lengths")
    if shown is None:
        demand(size == layer.size, "lengths")
    else:
        demand(size <= SHOWN <= layer.size, "lengths")
        demand(all(len(values) == size for values in shown.values()), "lengths")
        demand([*layer.own.values()] == layer.columns, "columns")
    demand([one for one in QUALIFIED if one in layer.made] == layer.made, "columns")
    taken = {*schema.COLUMNS, *layer.made, UPLOAD, "geometry"}
    demand(taken.isdisjoint(layer.own), "a column twice")
    demand(set(layer.columns) >= set(layer.own.values()), "a column of nowhere")
    demand(len(set(layer.columns)) == len(layer.columns), "a column twice")


def _zone_columns(
    layer: _Layer, pieces: list[bytes], context: Context
) -> dict[str, Cells]:
    """Read the columns of zones, each with its values."""
    columns = {}
    for column in (*schema.COLUMNS, *layer.made):
        values, known = unpack_column(pieces, layer.size)
        given = [value for value in known.tolist() if value is not None]
        if column in {*schema.NUMBERS, MOST}:
            demand(set(map(type, given)) <= {float}, column)
            demand(all(map(math.isfinite, given)), column)
        else:
            demand(set(map(type, given)) <= {str}, column)
        # where there is no plan yet, kinds are as the file has them
        if column in CODED and (column != "kind" or context.default_kind):
            codes = code_words(column, context.words.get(column, {}))
            filled = {context.default_kind} if column == "kind" else set()
            demand(set(given) <= filled | set(codes.values()), column)
        if column == "id":
            demand(len(set(values)) == len(given) == layer.size, "an id twice")
        columns[column] = values
    return columns


def _rows(layer: _Layer, given: dict[str, Cells], geometries: Geometries) -> Rows:
    shown = layer.shown
    if shown is None:
        columns = {name: values.tolist() for name, values in given.items()}
    else:
        columns = {name: _cells(values) for name, values in shown.items()}
    return Rows(
        name=layer.name,
        columns=columns,
        geometries=np.asarray(geometries[: len(layer.numbers)], object),
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
