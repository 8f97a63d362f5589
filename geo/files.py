"""Files that beltmap writes: whole, or not at all."""

import errno
from collections.abc import Mapping
from pathlib import Path

from beltmap.geo.commit import commit, unwritable, writing
from beltmap.geo.errors import PlanError


def replace_file(path: Path, content: bytes) -> None:
    """
    Write a file at once: readers see the old one or the new one, never half.

    Parameters
    ----------
    path
        File to write; an existing one is replaced, a link is followed.
    content
        All of its bytes.

    Raises
    ------
    PlanError
        If the file cannot be written; an existing one is then untouched.
    """
    replace_files({path: content})


def replace_files(contents: Mapping[Path, bytes]) -> None:
    """
    Write files that belong together, and to one folder: all of them, or none.

    Parameters
    ----------
    contents
        All bytes of each file; existing ones are replaced once every new one
        is complete. Links are followed.

    Raises
    ------
    PlanError
        If one cannot be written; existing ones are then untouched.
    """
    asked = next(iter(contents))
    files = {path.resolve(): content for path, content in contents.items()}
    folder, *others = {path.parent for path in files}
    if others:
        apart = OSError(errno.EXDEV, "links lead to several folders")
        raise PlanError([unwritable(asked, apart)])
    try:
        with writing(folder):
            commit(folder, {path.name: content for path, content in files.items()})
    except OSError as error:
        raise PlanError([unwritable(asked, error)]) from error
