"""Files as they arrive, and those that belong together."""

import os
import stat
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from beltmap.geo.intake.limits import Limits, limits_from
from beltmap.geo.intake.raw.sniff import SIDECARS, ending

STANDARD_INPUT: Final = Path("-")
"""What stands for standard input where a file is named."""


@dataclass(frozen=True)
class Upload:
    """
    A file as it arrives.

    Parameters
    ----------
    name
        Its name, as given; only ever shown.
    data
        All of its bytes.
    beside
        Bytes of the files that came with it, by ending, such as the ``dbf`` of
        a ``.shp``.
    unread
        Bytes that it has beyond `data`, which were too many to be read.
    """

    name: str
    data: bytes = field(repr=False)
    beside: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    unread: int = 0

    @property
    def parts(self) -> dict[str, bytes]:
        """All its files by ending."""
        return {ending(self.name): self.data, **self.beside}

    @property
    def size(self) -> int:
        """Bytes of all its files."""
        return sum(map(len, self.parts.values())) + self.unread


def taken(path: Path, limits: Limits | None = None) -> Upload:
    """
    Take a file from the disk, or from a pipe.

    Parameters
    ----------
    path
        The file; ``-`` for standard input.
    limits
        How large it may be; by default as the settings say.

    Returns
    -------
    upload
        The file; of one that is too large nothing, and of a pipe no more than
        shows that it is.

    Raises
    ------
    OSError
        If it cannot be opened.
    """
    most = (limits or limits_from()).file_bytes
    if path == STANDARD_INPUT:
        return Upload("stdin", sys.stdin.buffer.read(most + 1))
    # a name on the disk may be no text
    name = path.name.encode("utf-8", "backslashreplace").decode()
    with path.open("rb") as file:
        status = os.fstat(file.fileno())
        if stat.S_ISREG(status.st_mode) and status.st_size > most:
            return Upload(name, b"", unread=status.st_size)
        return Upload(name, file.read(most + 1))


def bundles(uploads: Iterable[Upload]) -> list[Upload]:
    """
    Put the files of each Shapefile together; leave others alone.

    Parameters
    ----------
    uploads
        Files as they were dropped, in any order.

    Returns
    -------
    uploads
        In the order of their first files; the files of a Shapefile are those
        with its name and another ending.

    Examples
    --------
    >>> files = [Upload("a.dbf", b"1"), Upload("b.csv", b"2"), Upload("a.SHP", b"3")]
    >>> [(upload.name, [*upload.beside]) for upload in bundles(files)]
    [('a.SHP', ['dbf']), ('b.csv', [])]
    """
    stems: dict[object, dict[str, Upload]] = {}
    for n, upload in enumerate(uploads):
        end = ending(upload.name)
        stem: object = upload.name.rpartition(".")[0]
        # of two files of one ending the second belongs to nothing
        if end not in SIDECARS | {"shp"} or end in stems.get(stem, {}):
            stem = n
        stems.setdefault(stem, {})[end] = upload
    return [_bundle(files) for files in stems.values()]


def _bundle(files: Mapping[str, Upload]) -> Upload:
    """Put files of one name together, named after the .shp where there is one."""
    main = files.get("shp") or next(iter(files.values()))
    beside = {end: one.data for end, one in files.items() if one is not main}
    return Upload(
        main.name, main.data, beside, sum(one.unread for one in files.values())
    )
