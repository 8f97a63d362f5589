"""What can be taken along: files for other tools, the map, the brief."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from itertools import product

import streamlit as st

from geo.errors import PlanError
from geo.export.crs import crs_label, datum_mark
from geo.export.formats import FORMATS, Format
from geo.files import export_name
from geo.language.messages import text
from layers.brief import KINDS, PAPERS, missing_font, write_brief
from layers.escape import as_markdown
from layers.offline import offline_page
from layers.page.plans import Now
from layers.view import read_view
from layers.wording import Chosen

MOST_READ_BACK = 500
"""Zones up to which a download is made, and read back, before it is asked for."""


def show_download(now: Now) -> None:
    """Offer what is filtered in any format, and say what the format loses."""
    with st.container(border=True):
        pick, place, button = st.columns([0.34, 0.36, 0.3], vertical_alignment="bottom")
        code = pick.selectbox(
            text("export.panel.format"),
            FORMATS,
            format_func=lambda code: FORMATS[code].label,
            key="format",
        )
        form = FORMATS[code]
        crs = place.selectbox(
            text("export.panel.crs"),
            form.crs,
            format_func=crs_label,
            disabled=len(form.crs) == 1,
            key=f"crs:{code}",
        )
        try:
            label, content, name, notes = offered(now, form, crs)
        except PlanError as error:
            for fault in error.faults:
                st.text(str(fault))
            return
        button.download_button(
            label,
            content,
            name,
            form.media_type,
            on_click="ignore",
            width="stretch",
            type="primary",
            key="download",
        )
        lines = [as_markdown(line) for line in (form.purpose, *notes)]
        st.caption("  \n".join(lines))
        offer_takeaways(now)


def offered(
    now: Now, form: Format, crs: str
) -> tuple[str, bytes | Callable[[], bytes], str, Sequence[str]]:
    """Give label, content, name and notes of a download; a large one is made later."""
    opened, filters, today = now.opened, now.filters, datetime.now(UTC).date()
    if int(opened.mask(filters).sum()) <= MOST_READ_BACK:
        made = opened.export(filters, form.code, crs)
        label = text("export.panel.download", size=made.size)
        return label, made.content, made.name(filters, on=today), made.notes
    suffix = f"{datum_mark(crs)}{form.suffixes[0]}"
    later = partial(
        opened.file, filters, form.code, crs, language=st.session_state.lang
    )
    notes = [text("export.panel.unread", n=f"{MOST_READ_BACK:,}")]
    name = export_name(filters, on=today, suffix=suffix)
    return text("export.panel.later"), later, name, notes


def offer_takeaways(now: Now) -> None:
    """Offer the map as one file, and the brief on one sheet."""
    state, today = st.session_state, datetime.now(UTC).date()
    query = {name: st.query_params.get_all(name) for name in st.query_params}
    # made when asked for, in a thread that does not know the reader's language
    seen = Chosen(
        filters=now.filters,
        selected=state.selected,
        view=read_view(query)[0],
        language=state.lang,
    )
    plan, mask = now.opened.plan, now.opened.mask(now.filters)
    save, choice, sheet = st.columns([0.4, 0.2, 0.4], vertical_alignment="bottom")
    save.download_button(
        text("take.map"),
        partial(offline_page, plan, mask, on=today, chosen=seen),
        file_name=export_name(now.filters, on=today, suffix=".html"),
        mime="text/html",
        on_click="ignore",
        width="stretch",
        key="take:map",
    )
    paper, kind = choice.selectbox(
        text("take.sheet"),
        list(product(PAPERS, KINDS)),
        format_func=lambda sheet: " ".join(sheet).upper(),
        key="sheet",
    )
    lack = missing_font(state.lang)
    sheet.download_button(
        text("take.brief"),
        partial(write_brief, plan, mask, kind=kind, on=today, paper=paper, chosen=seen),
        file_name=export_name(now.filters, on=today, suffix=f".{kind}"),
        mime=KINDS[kind],
        on_click="ignore",
        disabled=lack is not None,
        width="stretch",
        key="take:brief",
    )
    if lack is not None:
        st.text(str(lack))
