"""What the audit finds, ready to be said in the reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from beltmap.geo.language.wording import Phrase, Value

SEVERITIES: Final = ("error", "warning", "note")
"""
An error cannot be true as it stands; a warning needs an explanation that the
sources do not give; a note is worth knowing when the figures are used.
"""


@dataclass(frozen=True)
class Finding:
    """
    One thing that does not fit.

    Parameters
    ----------
    rule
        Name of the rule that found it.
    severity
        One of `SEVERITIES`.
    values
        What fills the rule's sentence.
    claims
        Ids of the claims that it rests on, the most important first.
    zones
        Ids of the zones that it concerns.
    """

    rule: str
    severity: str
    values: Mapping[str, Value]
    claims: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()

    def say(self) -> str:
        """
        Say the finding in a sentence.

        Returns
        -------
        sentence
            What does not fit, with its figures.
        """
        return Phrase(f"audit.{self.rule}", self.values).say()
