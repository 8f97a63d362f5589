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


GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "sums": (
        "counted_twice",
        "counted_twice_unknown",
        "currency_contradicts",
        "currency_misread",
        "currency_not_stated",
        "drawn_differs",
        "drawn_to_scale",
        "not_compared",
        "part_exceeds_whole",
        "part_nearly_whole",
        "part_of_other_year",
        "product_exceeds_total",
        "sum_differs",
        "zone_exceeds_whole",
    ),
    "sources": (
        "focus_not_stated",
        "measure_not_said",
        "sector_without_words",
        "sources_disagree",
        "stated_of_another",
        "year_not_attested",
        "zone_differs_from_claim",
    ),
    "promises": (
        "goal_measured_otherwise",
        "goal_missed",
        "goal_not_comparable",
        "pattern_incomplete",
        "priority_general",
        "priority_unserved",
        "sector_unprioritised",
    ),
    "places": (
        "away_from_anchor",
        "drawn_inside",
        "drawn_on",
        "not_inside",
        "uncertainty_differs",
        "uncertainty_too_small",
    ),
    "gaps": ("comment_open", "comment_open_at", "year_inferred", "year_not_stated"),
}
"""What the rules look at: whether it adds up, who says so, what was promised, …"""

_GROUP_OF: Final = {rule: group for group, rules in GROUPS.items() for rule in rules}


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

    @property
    def name(self) -> str:
        """Tell it from the other findings of a plan, in whatever language."""
        return " ".join((self.rule, *self.zones, *self.claims))

    @property
    def group(self) -> str:
        """Name the one of `GROUPS` that it belongs to."""
        return _GROUP_OF[self.rule]

    def say(self) -> str:
        """
        Say the finding in a sentence.

        Returns
        -------
        sentence
            What does not fit, with its figures.
        """
        return Phrase(f"audit.{self.rule}", self.values).say()
