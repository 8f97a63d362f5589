"""One family of errors: what is wrong, where, and what to do."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from beltmap.geo.language.hidden import reveal
from beltmap.geo.language.messages import has_text, text


@dataclass(frozen=True)
class Fault:
    """
    One thing that is wrong.

    Parameters
    ----------
    code
        Stable name of the kind of fault, such as ``E_UNKNOWN_SECTOR``.
    where
        File, feature, ring or row, as a reader would look for it.
    what
        What was found.
    hint
        What to do about it; empty where nothing need be done.
    """

    code: str
    where: str
    what: str
    hint: str

    def __str__(self) -> str:
        return text("fault.line", **vars(self))


class PlanError(ValueError):
    """
    A plan, or a request about it, cannot be used as given.

    Parameters
    ----------
    faults
        Every fault found, not only the first.
    """

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))

    def __reduce__(self) -> tuple[type["PlanError"], tuple[tuple[Fault, ...]]]:
        # what is raised in another process is given back with its faults
        return type(self), (self.faults,)


def fault(
    code: str, where: object, /, *, known: Iterable[str] | None = None, **values: object
) -> Fault:
    """
    Word a fault in the reader's language.

    Parameters
    ----------
    code
        Stable name of the kind of fault; where the catalogues word a kind in
        several ways, with the name of one behind a dot: ``E_FILE_MISSING.table``.
        The messages are ``fault.CODE`` and ``fault.CODE.hint``; where there is
        none of the longer name, that of the shorter.
    where
        File, feature, ring or row, as a reader would look for it.
    known
        What may stand there instead: one text, or several to be listed.
    **values
        Fill the placeholders of both messages; characters that hide or turn
        text are made visible.

    Returns
    -------
    fault
        The fault.

    Raises
    ------
    KeyError
        If the catalogue says nothing of the code.

    Examples
    --------
    >>> missing = fault("E_FILE_MISSING.table", "claims.csv")
    >>> missing.code, missing.hint
    ('E_FILE_MISSING', "Put it back into the plan's folder")
    """
    if known is not None:
        values["known"] = known if isinstance(known, str) else ", ".join(known)
    shown: dict[str, Any] = {
        key: reveal(value) if isinstance(value, str) else value
        for key, value in values.items()
    }
    parts = code.split(".")
    stems = [".".join(["fault", *parts[:n]]) for n in range(len(parts), 0, -1)]
    what = next((stem for stem in stems if has_text(stem)), stems[0])
    hints = [f"{stem}.hint" for stem in stems if has_text(f"{stem}.hint")]
    return Fault(
        parts[0],
        reveal(str(where)),
        text(what, **shown),
        text(hints[0], **shown) if hints else "",
    )


def no_access(where: object, error: OSError) -> Fault:
    """Say that a file or folder cannot be read, and why; no path of the server."""
    return fault("E_NO_ACCESS", where, reason=error.strerror or "")


def unknown_value(
    where: object,
    column: str,
    value: object,
    known: Iterable[str],
    *,
    code: str | None = None,
) -> Fault:
    """
    Word the fault of a value that is in no closed list.

    Parameters
    ----------
    where
        As for `fault`.
    column
        What has the value.
    value
        The value.
    known
        The list.
    code
        Name of the fault; by default ``E_UNKNOWN_`` and the column's.

    Examples
    --------
    >>> unknown_value("zones.csv", "kind", "town", ["park", "belt"]).hint
    'Use one of park, belt'
    """
    said = fault("E_UNKNOWN_VALUE", where, column=column, value=value, known=known)
    return replace(said, code=code or f"E_UNKNOWN_{column.upper()}")
