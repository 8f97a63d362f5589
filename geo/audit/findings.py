"""What the audit finds, ready to be said in the reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

import pandas as pd

from geo.language.wording import Name, Phrase, Sayable, Value, ZoneName

SEVERITIES: Final = ("error", "warning", "note")
"""
An error cannot be true as it stands; a warning needs an explanation that the
sources do not give; a note is worth knowing when the figures are used.
"""

Names: TypeAlias = Mapping[str, Sayable]
"""What to call the zones, by id."""


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

    def say(self, *, language: str | None = None) -> str:
        """
        Say the finding in a sentence.

        Parameters
        ----------
        language
            Code of a language in `geo.language.messages.LANGUAGES`; the spoken one if
            left out.

        Returns
        -------
        sentence
            What does not fit, with its figures.
        """
        return Phrase(f"audit.{self.rule}", self.values).say(language=language)


def zone_names(zones: pd.DataFrame) -> dict[str, ZoneName]:
    """
    Collect what to call the zones.

    Parameters
    ----------
    zones
        Zones of a plan with ``id``, ``name_en`` and ``name_zh``.

    Returns
    -------
    names
        Name of each zone by its id.
    """
    named = zip(zones["id"], zones["name_en"], zones["name_zh"], strict=True)
    return {zone: ZoneName(zone, en, zh) for zone, en, zh in named}


def subject_name(names: Names, subject: str) -> Sayable:
    """
    Choose what to call the subject of a claim.

    Parameters
    ----------
    names
        What to call the zones, by id.
    subject
        Subject of a claim, a zone's id or not.

    Returns
    -------
    name
        The zone's name, or else the subject's in the catalogue.
    """
    return names.get(subject, Name("subject", subject))
