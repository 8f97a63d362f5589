"""What can be taken along: files for other tools, the map, the brief."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from itertools import product

import streamlit as st

from beltmap.geo.errors import PlanError
from beltmap.geo.export.catalogue import FORMATS, Format
from beltmap.geo.export.crs import crs_label, datum_mark
from beltmap.geo.export.extract import nothing_chosen
from beltmap.geo.export.filename import export_name
from beltmap.geo.language.messages import text
from beltmap.layers.door.address import public_address
from beltmap.layers.escape import as_markdown
from beltmap.layers.keepsakes.brief import KINDS, PAPERS, missing_font, write_brief
from beltmap.layers.keepsakes.offline import offline_page
from beltmap.layers.keepsakes.seen import Imprint, Seen
from beltmap.layers.link import Link
from beltmap.layers.map.view import read_view
from beltmap.layers.page.now import Now
from beltmap.layers.page.session import named_plans
from beltmap.layers.services.address import service_address
from beltmap.layers.services.settings import services
from beltmap.layers.views import html

IMPRINT = (("title", "author"), ("number", "approval"))
"""What a reader writes on the summary, in rows."""

LONGEST_IMPRINT = 120
"""Letters of a line that a reader writes on the summary."""

MOST_READ_BACK = 500
"""Zones of a plan up to which the page measures what a format loses of it."""


def show_download(now: Now) -> None:
    """Offer what is filtered in any format, and say what the format loses."""
    with st.container(border=True, key="take"):
        row = st.container(horizontal=True, vertical_alignment="bottom")
        code = row.selectbox(
            text("export.panel.format"),
            FORMATS,
            format_func=lambda code: FORMATS[code].label,
            key="format",
        )
        form = FORMATS[code]
        crs = row.selectbox(
            text("export.panel.crs"),
            form.crs,
            format_func=crs_label,
            disabled=len(form.crs) == 1,
            key=f"crs:{code}",
        )
        try:
            content, name, notes = offered(now, form, crs)
        except PlanError as error:
            for fault in error.faults:
                st.text(str(fault))
            return
        row.download_button(
            text("export.panel.later"),
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
) -> tuple[Callable[[], bytes], str, Sequence[str]]:
    """Give what makes a download when it is asked for, its name and notes."""
    opened, filters, today = now.opened, now.filters, datetime.now(UTC).date()
    if not len(opened.select(filters)):
        raise PlanError([nothing_chosen(opened.plan)])
    suffix = f"{datum_mark(crs)}{form.suffixes[0]}"
    make = partial(opened.file, filters, form.code, crs, language=st.session_state.lang)
    name = export_name(filters, on=today, suffix=suffix)
    if len(opened.plan.zones) > MOST_READ_BACK:
        return make, name, [text("export.panel.unread", n=f"{MOST_READ_BACK:,}")]
    return make, name, opened.losses(form.code, crs)


def offer_takeaways(now: Now) -> None:
    """Offer the map as one file, and the brief on one sheet."""
    state, today = st.session_state, datetime.now(UTC).date()
    query = {name: st.query_params.get_all(name) for name in st.query_params}
    commented = len(now.opened.plan.comments) > 0 and st.checkbox(
        text("comment.print"), key="print_comments"
    )
    imprint = ask_imprint()
    # made when asked for, in a thread that does not know the reader's language
    seen = Seen(
        selected=state.selected,
        view=read_view(query)[0],
        language=state.lang,
        comments=commented,
    )
    selection = now.opened.select(now.filters)
    row = st.container(horizontal=True, vertical_alignment="bottom")
    row.download_button(
        text("take.map"),
        partial(offline_page, selection, on=today, seen=seen),
        file_name=export_name(now.filters, on=today, suffix=".html"),
        mime="text/html",
        on_click="ignore",
        width="stretch",
        key="take:map",
    )
    paper, kind = row.selectbox(
        text("take.sheet"),
        list(product(PAPERS, KINDS)),
        format_func=lambda sheet: " ".join(sheet).upper(),
        key="sheet",
    )
    printed = partial(write_brief, selection, kind=kind, on=today, paper=paper)
    lack = missing_font(state.lang)
    row.download_button(
        text("take.brief"),
        partial(print_typed, printed, seen, imprint),
        file_name=export_name(now.filters, on=today, suffix=f".{kind}"),
        mime=KINDS[kind],
        on_click="ignore",
        disabled=lack is not None,
        width="stretch",
        key="take:brief",
    )
    if lack is not None:
        st.text(str(lack))
    offer_address(now)


def print_typed(
    printed: Callable[..., bytes], seen: Seen, imprint: Mapping[str, str]
) -> bytes:
    """
    Print the sheet with what the reader has typed by now.

    Who types and at once asks for the sheet has asked before the page was drawn anew.
    """
    typed = {name: said.strip() for name, said in imprint.items()}
    return printed(seen=replace(seen, imprint=Imprint(**typed)))


def ask_imprint() -> Mapping[str, str]:
    """Let the reader say what the plan does not; only their session keeps it."""
    state = st.session_state
    said: dict[str, str] = state.setdefault("imprint", {})
    # a click draws nothing that is folded
    fold = st.expander(text("take.imprint"), key="take-imprint", on_change="rerun")
    if fold.open:
        fold.caption(text("take.imprint.how"))
        for row in IMPRINT:
            places = fold.container(horizontal=True)
            for name in row:
                places.text_input(
                    text(f"take.imprint.{name}"),
                    key=f"imprint:{name}",
                    on_change=partial(take_imprint, said, name),
                    max_chars=LONGEST_IMPRINT,
                    persist_state="session",
                )
    return said


def take_imprint(said: dict[str, str], name: str) -> None:
    """Keep what was typed, where a sheet that is asked for finds it."""
    said[name] = st.session_state[f"imprint:{name}"]


def offer_address(now: Now) -> None:
    """Offer the address at which QGIS finds what is filtered, with a button to copy."""
    settings, public = services(), public_address()
    if not settings.offered:
        return
    state = st.session_state
    # without a public address, as the reader's browser knows the page
    page = public.url if public else str(st.context.url or "").rstrip("/")
    query = Link(now.filters, plans=named_plans()).to_query(state.lang)
    address = service_address(page, query, token=settings.token)
    st.html(html.live_address(text("take.qgis"), address, text("take.qgis.how")))
