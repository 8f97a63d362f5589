"""Reads ``plan.toml`` strictly: every fault with its line, and what is known."""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

from beltmap import data
from beltmap.geo.charter.charter import (
    OTHER_COLOUR,
    Charter,
    City,
    Kind,
    Sector,
    Start,
    Structure,
    Words,
)
from beltmap.geo.charter.lines import key_lines, line_of
from beltmap.geo.charter.merge import merged
from beltmap.geo.charter.shape import Misfit, misfits
from beltmap.geo.csvfile import CHARTER_FILE
from beltmap.geo.errors import Fault, PlanError, fault, unknown_value
from beltmap.geo.language.messages import text

SCHEMA: Final = Path(__file__).with_name("plan.schema.json")
"""JSON Schema of the file, for editors and for this module alike."""

DEFAULT: Final = Path(data.__file__).parent / "default"
"""Folder with the charter of plans that have none, and what others leave out."""

COLOURS: Final = ("#0072B2", "#D55E00", "#009E73", "#C98500", "#CC79A7", "#56788F")
"""Colours of kinds that state none, in turn."""

MOST_REMEMBERED: Final = 32
"""Texts of files, of which what they say is remembered."""

_FAMILIES: Final = {
    "attribute": "attribute",
    "subject": "subject",
    "section": "section",
    "chapter": "section.chapter",
    "indicator": "indicator",
    "note": "chart.note",
}
_AT: Final = re.compile(r"\(at line (\d+), column (\d+)\)|\(at end of document\)")


def read_charter(*folders: Path) -> Charter:
    """
    Read what a plan says of itself, or several that are open together.

    Parameters
    ----------
    folders
        Folders of the plans, each perhaps with ``plan.toml``; at least one.

    Returns
    -------
    charter
        What it says; what it leaves out, and all of a plan without the file,
        comes from the charter in `DEFAULT`, of its kinds those that there are
        files of, if any. Of several, or of one that consists
        of several, see `geo.charter.merge.merged`.

    Raises
    ------
    PlanError
        With every fault of the file, each with its line.
    """
    if len(folders) > 1:
        names = plan_names(folders)
        return merged(dict(zip(names, map(read_charter, folders), strict=True)))
    [folder] = folders
    head = read_head(folder)
    if head is not None:
        charters = {name: read_charter(folder / name) for name in head.plans}
        return merged(charters, head=head)
    path = folder / CHARTER_FILE
    if not path.exists():
        return default_charter()
    content = _content(path)
    found, document = _own(content), _checked(content)
    # a plan that names no kinds has those that there are files of, or is to be built
    there = tuple(kind for kind in found.kinds if (folder / kind.file).exists())
    if "kinds" in document or not there or (folder / "zones.csv").exists():
        return found
    return replace(found, kinds=there)


def read_head(folder: Path) -> Charter | None:
    """
    Read what a folder says of the plans in it.

    Parameters
    ----------
    folder
        Folder, perhaps with a ``plan.toml`` that names plans.

    Returns
    -------
    head
        What the file itself says, and nothing else; None where it is one plan.

    Raises
    ------
    PlanError
        With every fault of the file, and each plan that is not there.
    """
    path = folder / CHARTER_FILE
    if not path.exists():
        return None
    content = _content(path)
    document = _checked(content)
    if not document.get("plans"):
        return None
    faults = [
        fault("E_NO_SUCH_PLAN", f"{CHARTER_FILE} (plans)", name=name)
        for name in document["plans"]
        if not (folder / name).is_dir()
    ]
    if faults:
        raise PlanError(faults)
    return _head(content)


def inner_plans(*folders: Path) -> tuple[Path, ...]:
    """
    List the folders of the plans that others consist of, and the others' own.

    Parameters
    ----------
    folders
        Folders of plans.

    Returns
    -------
    folders
        Each once, in their order; a folder whose ``plan.toml`` cannot be read is
        one of them.
    """
    found: list[Path] = []
    for folder in folders:
        # what cannot be read is said by who opens it
        try:
            head = read_head(folder)
        except (PlanError, OSError):
            head = None
        names = head.plans if head else ()
        found += inner_plans(*(folder / name for name in names)) or [folder]
    return tuple(dict.fromkeys(found))


def only_plan(*folders: Path) -> Path:
    """
    Give the folder of the one plan that is to be changed.

    Parameters
    ----------
    folders
        Folders of plans.

    Returns
    -------
    folder
        Of the plan that they come to.

    Raises
    ------
    PlanError
        If they come to several.
    """
    first, *others = inner_plans(*folders)
    if others:
        names = plan_names([first, *others])
        where = folders[0].name
        raise PlanError([fault("E_SEVERAL_PLANS", where, names=", ".join(names))])
    return first


def shipped_plans() -> dict[str, Path]:
    """Give the folders of the plans that come with beltmap by their names."""
    inner = inner_plans(DEFAULT.parent)
    return {folder.name: folder for folder in inner if folder != DEFAULT.parent}


def plan_names(folders: Sequence[Path]) -> tuple[str, ...]:
    """
    Name plans that are open together by their folders.

    Parameters
    ----------
    folders
        Folders, each another one.

    Returns
    -------
    names
        The last part of each path, and more parts of those that share it.

    Examples
    --------
    >>> plan_names([Path("/a/x"), Path("/b/x"), Path("/b/y")])
    ('a/x', 'b/x', 'y')
    """
    paths = [folder.resolve() for folder in folders]
    names = [path.name for path in paths]
    for parts in range(2, max(len(path.parts) for path in paths) + 1):
        shared = {name for name in names if names.count(name) > 1}
        names = [
            "/".join(path.parts[-parts:]) if name in shared else name
            for name, path in zip(names, paths, strict=True)
        ]
    return tuple(names)


@cache
def default_charter() -> Charter:
    """Give the charter of plans that have none."""
    return _charter(_checked(_content(DEFAULT / CHARTER_FILE)), default=None)


@cache
def _schema() -> dict[str, Any]:
    schema: dict[str, Any] = json.loads(SCHEMA.read_bytes())
    return schema


def parse_charter(content: str) -> Charter:
    """
    Read what a plan says of itself from the text of its file.

    Parameters
    ----------
    content
        TOML.

    Returns
    -------
    charter
        As from `read_charter`.

    Raises
    ------
    PlanError
        With every fault, each with its line.
    """
    return _own(content)


@lru_cache(MOST_REMEMBERED)
def _own(content: str) -> Charter:
    """Make a plan's own charter of the text of its file."""
    return _charter(_checked(content), default=default_charter())


@lru_cache(MOST_REMEMBERED)
def _head(content: str) -> Charter:
    """Make a charter of what a file itself says."""
    return _charter(_checked(content), default=None)


def _content(path: Path) -> str:
    """Read the text of the file."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        why = error.strerror or ""
        raise PlanError([fault("E_TOML_SYNTAX", path.name, why=why)]) from error
    except UnicodeDecodeError as error:
        raise PlanError([fault("E_TOML_SYNTAX", path.name, why="UTF-8")]) from error


@lru_cache(MOST_REMEMBERED)
def _checked(content: str) -> Mapping[str, Any]:
    """Read the text and check it; a page asks for the same text many times a run."""
    try:
        document = tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        raise PlanError([_misread(content, error)]) from error
    lines = key_lines(content.replace("\r\n", "\n"))

    def where(path: tuple[str, ...]) -> str:
        line = line_of(lines, path)
        key = ".".join(path)
        return text("where.row_key", name=CHARTER_FILE, line=line, key=key)

    schema = _schema()
    found = list(misfits(document, schema, schema))
    faults = [_misfit(one, where(one.path)) for one in found]
    faults += _cross_faults(_fitting(document, found), where)
    if faults:
        raise PlanError(faults)
    return document


def _fitting(document: Mapping[str, Any], found: Sequence[Misfit]) -> dict[str, Any]:
    """Leave out what does not fit, so that the rest can be held against itself."""
    if {("kinds",), ("statuses",)} & {one.path for one in found}:
        return {}
    rest: dict[str, Any] = deepcopy(dict(document))
    for one in found:
        *above, last = one.path
        if one.reason == "missing" and last in {"en", "zh"}:
            last = above.pop()
        table = rest
        for key in above:
            table = table.get(key, {})
        # a kind that is not as it should be is still known by its code
        if above == ["kinds"]:
            table[last] = {}
        elif above != ["statuses"]:
            table.pop(last, None)
    return rest


def _charter(document: Mapping[str, Any], *, default: Charter | None) -> Charter:
    """Make a charter of a document that fits."""
    kinds = tuple(
        _kind(code, given, COLOURS[n % len(COLOURS)])
        for n, (code, given) in enumerate(document.get("kinds", {}).items())
    )
    statuses = {
        code: _words(name) for code, name in document.get("statuses", {}).items()
    }
    structures = tuple(
        Structure(
            code,
            _words(given.get("name", code)),
            given.get("status"),
            given.get("promises", {}),
            _words(given["whole"]) if "whole" in given else None,
        )
        for code, given in document.get("structures", {}).items()
    )
    cities = tuple(
        City(
            code,
            _words(given.get("name", code)),
            given.get("crs"),
            Start(**given["view"]) if "view" in given else None,
        )
        for code, given in document.get("cities", {}).items()
    )
    sectors = tuple(
        Sector(code, _words(given.get("name", code)), given.get("scope", "specific"))
        for code, given in document.get("sectors", {}).items()
    )
    words = {
        f"{_FAMILIES[family]}.{code}": _words(said)
        for family, codes in document.get("words", {}).items()
        for code, said in codes.items()
    }
    return Charter(
        title=_words(document["title"]),
        subtitle=_words(document.get("subtitle", "")),
        kinds=kinds or (default.kinds if default else ()),
        statuses=statuses or (default.statuses if default else {}),
        structures=structures,
        cities=cities,
        sectors=sectors,
        licence=_words(document.get("licence", "")),
        author=_words(document.get("author", "")),
        date=document.get("date", ""),
        version=document.get("version", ""),
        feedback=document.get("feedback", ""),
        unit=document.get("unit", ""),
        views=tuple(document.get("views", ())),
        other_colour=document.get("other_colour", OTHER_COLOUR),
        basemap=document.get("basemap", ""),
        words=words,
        columns=_columns(document),
        plans=tuple(document.get("plans", ())),
    )


def _columns(document: Mapping[str, Any]) -> dict[str, Words] | None:
    """Read which columns of one's own are shown; None where all of them are."""
    if "columns" not in document:
        return None
    return {name: _words(said) for name, said in document["columns"].items()}


def _kind(code: str, given: Mapping[str, Any], colour: str) -> Kind:
    return Kind(
        code=code,
        name=_words(given.get("name", code)),
        file=given["file"],
        colour=given.get("colour", colour).upper(),
        pattern=given.get("hatch", "solid"),
        frames=given.get("frames", False),
        in_text=_words(given["in_text"]) if "in_text" in given else None,
        also=tuple(given.get("also", ())),
        default=given.get("default", False),
    )


def _words(said: str | Mapping[str, str]) -> Words:
    """Read a text for both languages, or one for each."""
    return Words(said, said) if isinstance(said, str) else Words(said["en"], said["zh"])


def _cross_faults(
    document: Mapping[str, Any],
    where: Any,  # noqa: ANN401 - a function
) -> Iterator[Fault]:
    """Find what fits no other part of the file."""
    kinds = document.get("kinds", {})
    owners: dict[str, str] = {}
    for code, given in kinds.items():
        # some systems take names for one that differ in case only
        file = given.get("file", code)
        owner = owners.setdefault(file.casefold(), code)
        if owner != code:
            place = where(("kinds", code, "file"))
            yield fault("E_FILE_SHARED", place, file=file, kind=owner)
    defaults = [code for code, given in kinds.items() if given.get("default")]
    for code in defaults[1:]:
        yield fault("E_DEFAULT_SHARED", where(("kinds", code)), kind=defaults[0])
    kinds = kinds or default_charter().by_kind if "kinds" not in document else kinds
    statuses = document.get("statuses") or _default_statuses(document)
    for code, given in document.get("structures", {}).items():
        at = ("structures", code)
        for kind in given.get("promises", {}):
            if kind not in kinds:
                place = where((*at, "promises", kind))
                yield unknown_value(
                    place, "promises", kind, kinds, code="E_UNKNOWN_KIND"
                )
        if "whole" in given and (of := _of_kind(given["whole"], kinds)):
            yield fault("E_WHOLE_IS_KIND", where((*at, "whole")), kind=of)
        if given.get("status", next(iter(statuses), "")) not in statuses:
            place = where((*at, "status"))
            yield unknown_value(place, "status", given["status"], statuses)


def _of_kind(said: Any, kinds: Mapping[str, Any]) -> str | None:  # noqa: ANN401 - TOML's
    """Give the kind that a word means, by its code or name; None if it is no kind."""
    whole = _words(said)
    wholes = {whole.en.casefold(), whole.zh}
    for code, given in kinds.items():
        name = given.name if isinstance(given, Kind) else given.get("name", code)
        name = name if isinstance(name, Words) else _words(name)
        if wholes & {code.casefold(), name.en.casefold(), name.zh}:
            return code
    return None


def _default_statuses(document: Mapping[str, Any]) -> Mapping[str, Any]:
    return {} if "statuses" in document else default_charter().statuses


def _misfit(one: Misfit, where: str) -> Fault:
    key = ".".join(one.path) or CHARTER_FILE
    if one.reason == "missing":
        return fault("E_MISSING_KEY", where, key=one.path[-1])
    if one.reason == "unknown":
        return fault("E_UNKNOWN_KEY", where, key=one.path[-1], known=one.known)
    code = "E_BAD_VALUE.example" if one.examples else "E_BAD_VALUE"
    return fault(code, where, column=key, value=one.value, known=one.known)


def _misread(content: str, error: tomllib.TOMLDecodeError) -> Fault:
    """Say where the text is no TOML."""
    said = str(error)
    found = _AT.search(said)
    line = found[1] if found and found[1] else content.count("\n") + 1
    where = text("where.row", name=CHARTER_FILE, line=int(line))
    return fault("E_TOML_SYNTAX", where, why=_AT.sub("", said).strip())
