"""One family of errors: what is wrong, where, and what to do."""

from collections.abc import Sequence
from dataclasses import dataclass

from geo.language.messages import text


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
    mend
        What to do about it.
    """

    code: str
    where: str
    what: str
    mend: str

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
