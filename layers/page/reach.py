"""What the page does for those on a phone, on paper, or who do not see it."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from beltmap.geo.charter.force import charter
from beltmap.geo.language.messages import spoken, text
from beltmap.geo.report.areas import zone_labels
from beltmap.geo.report.origin import program_version
from beltmap.layers.assets import STATIC
from beltmap.layers.keepsakes.offline import LOCALES
from beltmap.layers.map.drawing import ascii_json
from beltmap.layers.page.now import Now
from beltmap.layers.views import html
from beltmap.layers.views.rows import as_cards


def show_grid(
    table: pd.DataFrame,
    *,
    place: DeltaGenerator | None = None,
    rows: Sequence[int] | None = None,
    **options: Any,  # noqa: ANN401 - of Streamlit's own
) -> None:
    """
    Show a table, which on a phone and on paper is a list of cards.

    Parameters
    ----------
    table
        What readers see.
    place
        Where it stands, if not here.
    rows
        Rows of the plan, where a card selects its zone.
    options
        Of Streamlit's table.
    """
    here = st.container() if place is None else place
    here.dataframe(table, **options)
    here.html(as_cards(table, rows=rows))


def offer_skip(name: str) -> None:
    """Offer the keyboard a way past a thing, to where `end_skip` stands."""
    st.html(html.skip(name))


def end_skip(name: str) -> None:
    """Mark where a thing ends that can be skipped."""
    st.html(html.skipped(name))


def show_filter_count(now: Now) -> None:
    """Say at the opener of the filters how many are set; a phone shows no others."""
    st.html(html.opener(sum(map(len, now.filters.to_query().values()))))


def speak_of(now: Now) -> None:
    """Say aloud which view is shown, how many zones, which is chosen, the verdict."""
    selection, state = now.opened.select(now.filters), st.session_state
    parts = [
        text(f"view.{state.view}"),
        text(
            "voice.zones",
            n=f"{len(selection):,}",
            all=f"{len(now.opened.plan.zones):,}",
        ),
    ]
    row = now.opened.row(state.selected)
    if row is not None:
        chosen = now.opened.plan.zones.iloc[[row]]
        parts.append(text("voice.selected", name=zone_labels(chosen)[0]))
    told = {
        "language": LOCALES[spoken()],
        "words": ". ".join(parts),
        # that of the audit stands on the page
        "verdict": state.view == "audit",
    }
    script = html.as_script(_script().replace("TOLD", ascii_json(told)))
    st.html(script, unsafe_allow_javascript=True)


def show_foot() -> None:
    """Say at the foot what made the page, on paper also where it stands."""
    made = html.foot(program_version() or "", charter().feedback)
    st.html(made + html.paper_foot())


def speak_around() -> None:
    """Let a page in whose frame the map stands alone hear of it, and ask."""
    script = html.as_script(_script("around.js"))
    st.html(html.alone() + script, unsafe_allow_javascript=True)


@cache
def _script(name: str = "page.js") -> str:
    return (STATIC / "reach" / name).read_text(encoding="utf-8")
