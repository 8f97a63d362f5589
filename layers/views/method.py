"""How figures are measured and what certainty means, for who asks."""

from typing import Final

from beltmap.geo.audit.findings import SEVERITIES
from beltmap.geo.charter.force import charter
from beltmap.geo.language.messages import text
from beltmap.geo.schema import BOUNDARIES
from beltmap.layers.escape import as_html as escape

METHOD: Final = "method"
"""Section that says it."""

AREAS: Final = ("stated", "drawn", "covered", "range", "unknown", "distance")


def method_words() -> str:
    """
    Explain areas, certainty and severities as HTML.

    Returns
    -------
    html
        Lists of what is said; every text in it is escaped.
    """
    areas = [text(f"measuring.area.{name}") for name in AREAS]
    if charter().frames:
        areas.append(text("measuring.area.framed", frame=charter().frame()))
    certainty = [
        _meaning(text(f"boundary.{code}"), text(f"card.boundary.{code}"))
        for code in BOUNDARIES
    ]
    certainty.append(text("measuring.digits"))
    severities = [
        _meaning(text(f"severity.{one}"), text(f"measuring.severity.{one}"))
        for one in SEVERITIES
    ]
    lists = {"areas": areas, "certainty": certainty, "severities": severities}
    return "".join(
        f"<h4>{escape(text(f'measuring.{name}'))}</h4><ul>"
        + "".join(f"<li>{escape(words)}</li>" for words in said)
        + "</ul>"
        for name, said in lists.items()
    )


def _meaning(label: str, meaning: str) -> str:
    return text("list.labelled", label=label, meaning=meaning)
