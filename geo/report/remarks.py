"""What a reader should know of how a plan was opened."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np

from beltmap.geo.charter.charter import NO_GROUND, Charter
from beltmap.geo.charter.reading import inner_plans, plan_names
from beltmap.geo.language.hidden import excerpt
from beltmap.geo.language.messages import text
from beltmap.geo.language.wording import in_a_row
from beltmap.geo.plan.check import unused_files
from beltmap.geo.plan.plan import Plan


def remarks(plan: Plan, folders: Iterable[Path]) -> Iterator[str]:
    """
    Say what a reader should know of how plans were opened.

    Parameters
    ----------
    plan
        The plan that they came to.
    folders
        Their folders.

    Yields
    ------
    line
        What they say differently, files that are not read, and that no map lies
        under zones.
    """
    yield from differences_in_words(plan.charter)
    yield from unread_in_words(*folders)
    if line := bare_in_words(plan):
        yield line


def bare_in_words(plan: Plan) -> str:
    """Say that no map lies under zones, and how to get one; nothing where one does."""
    shapes = plan.zones.geometry.array
    drawn = np.asarray(shapes[~shapes.isna()], dtype=object)
    if not len(drawn) or (plan.ground is not None and plan.ground.reaches(drawn)):
        return ""
    return "" if plan.charter.basemap == NO_GROUND else text("ground.bare")


def differences_in_words(charter: Charter) -> Iterator[str]:
    """Say what plans that are open together say differently, a line each."""
    for one in charter.differences:
        code = one.code.rpartition(".")[2] if "." in one.code else one.code
        yield text("plan.differs", code=code, kept=one.kept, other=one.other)


def unread_in_words(*folders: Path) -> Iterator[str]:
    """Name the files in the folders of plans that are not read, a line a plan."""
    inner = inner_plans(*folders)
    for name, folder in zip(plan_names(inner), inner, strict=True):
        # a folder that may not be looked at is told of by who opens it
        unused: tuple[str, ...] = ()
        with suppress(OSError):
            unused = unused_files(folder)
        if unused:
            names = in_a_row([excerpt(one) for one in unused])
            yield text("plan.unread", plan=excerpt(name), names=names)
