"""How much an upload may cost."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Final

from beltmap.geo.errors import PlanError, fault

PREFIX: Final = "BELTMAP_LIMIT_"
MIB: Final = 1024 * 1024
APART: Final = "BELTMAP_APART"
"""Set in the environment of the process that reads behind its wall, nowhere else."""


@dataclass(frozen=True)
class Limits:
    """
    What one upload may take; each is said in the error that it causes.

    Parameters
    ----------
    file_bytes
        Size of the file as it arrives.
    inflated_bytes
        Size of everything in an archive, once inflated.
    ratio
        How many times an entry of an archive may grow.
    entries
        Entries of an archive.
    depth
        Levels of nesting in XML.
    rows, columns, cells, vertices
        Size of a layer.
    digits
        Digits of one number.
    text_characters
        Characters of one value.
    seconds
        Time on the clock, reading and checking together.
    memory_bytes
        Memory of the process that reads.
    """

    file_bytes: int = 64 * MIB
    inflated_bytes: int = 256 * MIB
    ratio: int = 200
    entries: int = 2_000
    depth: int = 64
    rows: int = 200_000
    columns: int = 1_000
    cells: int = 5_000_000
    vertices: int = 2_000_000
    digits: int = 400
    text_characters: int = 2_000_000
    seconds: int = 20
    memory_bytes: int = 1024 * MIB


def limits_from(environment: Mapping[str, str] = os.environ) -> Limits:
    """
    Read limits from settings such as ``BELTMAP_LIMIT_ROWS=500000``.

    Parameters
    ----------
    environment
        Settings by name; those that do not begin with ``BELTMAP_LIMIT_`` are
        passed over.

    Returns
    -------
    limits
        The defaults, changed where a setting says so.

    Raises
    ------
    PlanError
        If a setting is unknown or not a whole number above zero.

    Examples
    --------
    >>> limits_from({"BELTMAP_LIMIT_ROWS": "500"}).rows
    500
    """
    known = {PREFIX + field.name.upper(): field.name for field in fields(Limits)}
    given = {k: v for k, v in environment.items() if k.startswith(PREFIX)}
    faults = [
        fault("E_BAD_SETTING", name, value=value, known=known)
        for name, value in given.items()
        if name not in known or not (value.isdecimal() and int(value) > 0)
    ]
    if faults:
        raise PlanError(faults)
    return Limits(**{known[name]: int(value) for name, value in given.items()})
