"""
The page: filters, map, card, totals and table of a plan.

Run it with ``beltmap serve`` or ``streamlit run app.py``. Everything that is
shown is computed in `geo` and drawn in `layers`; this file lays it out.
"""

import asyncio
import gc
import os
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import streamlit as st

from geo.commands.output import as_csv
from geo.difference import as_geojson, as_text, difference, difference_zones
from geo.errors import PlanError
from geo.export.crs import crs_label, datum_mark
from geo.export.formats import FORMATS, Format
from geo.files import export_name
from geo.filters import FACETS, Filters
from geo.intake.bundles import bundles
from geo.intake.frame import repaired_geojson, zones_of
from geo.intake.joined import is_version, with_zones
from geo.intake.notices import visible
from geo.intake.questions import Answers, Question
from geo.intake.reading import Outcome, Upload
from geo.intake.worker import read_apart
from geo.language.labels import column_label, facet_label
from geo.language.messages import LANGUAGES, choose, speak, spoken, text
from geo.memory import give_back
from geo.plan import SHIPPED, Plan, stamp
from geo.summary import MOST_SURVEYED
from geo.units import AREA_UNITS
from layers import html
from layers.assets import Shelf, routes
from layers.brief import KINDS, PAPERS, missing_font, write_brief
from layers.bring import (
    Choices,
    match_table,
    preview_table,
    receipt_lines,
    receipt_table,
)
from layers.card import zone_card
from layers.changes import candidate_map, difference_sides, difference_words
from layers.compare import COMPARISONS, compare
from layers.escape import as_markdown
from layers.link import Link, read_link
from layers.literal import refuse_templates
from layers.map import PlanMap, PlanState, map_state, plan_map
from layers.offline import offline_page
from layers.opened import Opened, open_plan
from layers.sections import Section
from layers.table import MOST_ROWS
from layers.tiles.tiles import tile_routes
from layers.totals import HEAD, total_tiles
from layers.view import VIEW, read_view
from layers.wording import Chosen

if TYPE_CHECKING:
    import pandas as pd

MAP_HEIGHT_PX = 620
SWEEP_SECONDS = 20
CANDIDATE_HEIGHT_PX = 360
ROW_HEIGHT_PX = 35
RECEIPT_WIDTH_PX = 260
LINE_HEIGHT_PX = 22
TALLEST_TABLE = 12
TALLEST_FIGURES = 20
# each language names itself
NAMES = {"en": "English", "zh": "中文"}
SUMMARIES = ("kind", "sectors", "city")
MOST_READ_BACK = 500
"""Zones up to which a download is made, and read back, before it is asked for."""


@dataclass
class Brought:
    """A file that a reader brought, and what has become of it so far."""

    upload: Upload
    answers: Answers = field(default_factory=Answers)
    outcome: Outcome | None = None
    language: str = ""
    reads: int = 0
    joins: bool = True


@dataclass(frozen=True, eq=False)
class Now:
    """What one run of the page shows."""

    opened: Opened
    filters: Filters


def main() -> None:
    """Lay out the page."""
    speak(language())
    st.set_page_config(page_title=text("page.title"), layout="wide")
    st.html(html.style())
    refuse_templates()
    try:
        opened = open_joined()
    except PlanError as error:
        show_faults(error)
        return
    restore_link(opened)
    filters = sidebar(opened)
    write_link(filters)
    st.html(html.heading(text("page.title"), text("page.subtitle")))
    if st.session_state.dropped:
        names = as_markdown(text("list.comma").join(st.session_state.dropped))
        st.caption(text("page.dropped", names=names))
    if st.session_state.get("changed"):
        st.caption(text("page.changed"))
    st.segmented_control(
        text("view.label"),
        VIEWS,
        key="view",
        format_func=lambda view: text(f"view.{view}"),
        required=True,
        label_visibility="collapsed",
    )
    VIEWS[st.session_state.view](Now(opened, filters))


def show_map(now: Now) -> None:
    """Show where the zones are: totals, map, card, table and summary."""
    opened, filters = now.opened, now.filters
    head = st.container()
    if not opened.mask(filters).any():
        show_nothing()
    row = opened.row(st.session_state.selected)
    left, right = st.columns([0.68, 0.32], gap="medium")
    # the map goes first: adding up may take longer than drawing
    with left:
        draw_map(now, row)
    with right:
        show_card(opened.plan, row)
    found, everything = opened.totals(filters), len(opened.plan.zones)
    head.html(html.tiles(total_tiles(found, names=HEAD, everything=everything)))
    show_table(now)
    show_download(now)
    show_summary(now)


def show_plan(now: Now) -> None:
    """Show what the plan wants, and what came of it."""
    if not now.opened.sections:
        st.info(text("plan.nothing"))
    for section in now.opened.sections:
        show_section(section)


def show_audit(now: Now) -> None:
    """Show whether the plan adds up."""
    unit = st.segmented_control(
        text("view.unit"),
        AREA_UNITS,
        default=AREA_UNITS[0],
        format_func=lambda unit: text(f"unit.name.{unit}"),
        required=True,
        key="unit",
    )
    with st.spinner(text("view.adding"), show_time=True):
        sections = now.opened.audited(now.filters, unit)
    for section in sections:
        show_section(section)


def show_bring(_: Now) -> None:
    """Take in files of the reader's own, say what became of them, ask what is open."""
    st.caption(as_markdown(text("bring.intro")))
    st.html(html.said_by_streamlit(most_mb=st.get_option("server.maxUploadSize")))
    given = st.file_uploader(
        text("bring.files"),
        accept_multiple_files=True,
        key=f"files:{st.session_state.upload_turn}",
    )
    if given:
        for upload in bundles([Upload(one.name, one.getvalue()) for one in given]):
            st.session_state.uploads[uuid4().hex] = Brought(upload)
        # read once, and out of the way of the next ones
        st.session_state.upload_turn += 1
        st.rerun()
    for key, brought in list(st.session_state.uploads.items()):
        with st.container(border=True):
            show_upload(key, brought)


def show_upload(key: str, brought: Brought) -> None:
    """Show the receipt of one file, its questions, and what can be done with it."""
    head = st.container(horizontal=True, vertical_alignment="center")
    head.text(visible(brought.upload.name), width="stretch")
    head.button(
        text("bring.remove"), key=f"remove:{key}", on_click=partial(forget, key)
    )
    # answers are worded where the file is read
    asked = brought.outcome is not None and brought.outcome.questions
    if brought.outcome is None or (asked and brought.language != spoken()):
        with st.spinner(text("bring.reading"), show_time=True):
            shipped = open_shipped()
            brought.outcome = read_apart(
                brought.upload, answers=brought.answers, context=shipped.context
            )
            # what is chosen next is chosen about what was read last
            brought.reads += 1
            brought.language = spoken()
        if brought.outcome.rows is not None:
            zones = zones_of(brought.outcome, context=shipped.context)
            # a plan and its other version would count everything twice
            if brought.reads == 1:
                brought.joins = not is_version(shipped.plan, zones)
            join()
            st.rerun()
    outcome = brought.outcome
    receipt = outcome.receipt
    verdict = text(f"intake.verdict.{receipt.verdict.name}")
    verdict = verdict[:1].upper() + verdict[1:]
    st.text(text("bring.verdict", verdict=verdict, rows=receipt.summary()))
    if outcome.rows is not None:
        st.toggle(
            text("bring.join"),
            value=brought.joins,
            key=f"join:{key}",
            help=text("bring.join_help"),
            on_change=partial(take_join, key, brought),
        )
    for question in outcome.questions:
        ask(key, brought, question)
    if receipt.notices:
        table = receipt_table(receipt)
        st.dataframe(
            table,
            hide_index=True,
            placeholder="",
            row_height=LINE_HEIGHT_PX * receipt_lines(table) + LINE_HEIGHT_PX // 2,
            column_config={
                text("bring.what"): st.column_config.TextColumn(width=RECEIPT_WIDTH_PX),
                text("bring.mend"): st.column_config.TextColumn(width=RECEIPT_WIDTH_PX),
            },
        )
    if outcome.matches or outcome.rows is not None:
        with st.expander(text("bring.columns")):
            match(key, brought, outcome)
    offer = st.container(horizontal=True)
    offer.download_button(
        text("bring.receipt"),
        receipt.as_csv().encode(),
        file_name="receipt.csv",
        mime="text/csv",
        on_click="ignore",
        key=f"receipt:{key}",
    )
    if outcome.rows is not None:
        offer.download_button(
            text("bring.repaired"),
            partial(repaired_geojson, outcome),
            file_name="repaired.geojson",
            mime="application/geo+json",
            on_click="ignore",
            key=f"repaired:{key}",
        )
        show_difference(key, brought)


def ask(key: str, brought: Brought, question: Question) -> None:
    """Ask what only the reader can say, with what speaks for each answer."""
    with st.form(f"ask:{key}:{question.about}"):
        st.text(question.notice.sentence())
        drawing = candidate_map(question.options, opened=open_shipped(), shelf=shelf())
        if drawing is not None:
            place = f"candidates:{key}:{drawing.digest}"
            draw(drawing, place, CANDIDATE_HEIGHT_PX, map_state())
        labels = {option.value: option for option in question.options}
        if labels:
            st.radio(
                text("bring.answer"),
                list(labels),
                format_func=lambda value: as_markdown(visible(labels[value].label)),
                captions=[as_markdown(visible(o.why)) for o in question.options],
                # nothing is guessed in silence
                index=None if len(labels) > 1 else 0,
                key=f"answer:{key}:{question.about}",
            )
        st.form_submit_button(
            text("bring.go"), on_click=partial(answer, key, brought, question)
        )


def answer(key: str, brought: Brought, question: Question) -> None:
    """Take an answer, and read the file again."""
    leave_out = question.about == "leave_out"
    value = leave_out or st.session_state[f"answer:{key}:{question.about}"]
    if value is None:
        return
    brought.answers = replace(brought.answers, **{question.about: value})
    brought.outcome = None


def match(key: str, brought: Brought, outcome: Outcome) -> None:
    """Show what each column is taken for, and let the reader say otherwise."""
    st.dataframe(match_table(outcome.matches), hide_index=True, placeholder="")
    if outcome.rows is None:
        return
    st.dataframe(preview_table(outcome.rows), hide_index=True, placeholder="")
    choices, sectors = Choices.of(outcome), open_shipped().plan.sectors
    with st.form(f"match:{key}:{brought.reads}", border=False):
        columns = choose_each(
            f"column:{key}:{brought.reads}",
            {target: column_label(target) for target in choices.columns},
            choices.columns,
            {name: visible(name) for name in ("", *choices.offered)}
            | {"": text("bring.none")},
        )
        unit = choices.unit and st.segmented_control(
            text("bring.area_unit"),
            AREA_UNITS,
            default=choices.unit,
            format_func=lambda unit: text(f"unit.name.{unit}"),
            required=True,
            key=f"area_unit:{key}:{brought.reads}",
        )
        if choices.sectors:
            st.caption(as_markdown(text("bring.sectors")))
        words = choose_each(
            f"sector:{key}:{brought.reads}",
            {word: visible(word) for word in choices.sectors},
            choices.sectors,
            {"": text("bring.keep")}
            | {code: facet_label(sectors, "sectors", code) for code in sectors["code"]},
        )
        if st.form_submit_button(text("bring.match")):
            wanted = replace(choices, columns=columns, unit=unit, sectors=words)
            brought.answers = choices.answers(brought.answers, wanted)
            brought.outcome = None
            st.rerun()


def choose_each(
    key: str,
    labels: Mapping[str, str],
    chosen: Mapping[str, str],
    options: Mapping[str, str],
) -> dict[str, str]:
    """Let the reader choose one of the same options for each of several things."""
    places, values = st.columns(3), list(options)
    return {
        name: places[n % 3].selectbox(
            as_markdown(label),
            values,
            index=values.index(chosen[name]),
            format_func=options.get,
            key=f"{key}:{name}",
        )
        for n, (name, label) in enumerate(labels.items())
    }


def forget(key: str) -> None:
    """Let go of a file and its zones."""
    del st.session_state.uploads[key]
    join()


def counted_files() -> list[Outcome]:
    """Give what was read of each file that is to be counted with the plan."""
    counted = [one for one in st.session_state.uploads.values() if one.joins]
    read = [brought.outcome for brought in counted]
    return [one for one in read if one is not None and one.rows is not None]


def take_join(key: str, brought: Brought) -> None:
    """Count the zones of a file with the plan's own, or not."""
    brought.joins = st.session_state[f"join:{key}"]
    join()


def join() -> None:
    """Let the zones of the reader's files be put together anew."""
    st.session_state.joined = uuid4().hex if counted_files() else None
    # what is removed must not be found for a moment longer
    open_mine.clear()
    shelf.clear()


def show_difference(key: str, brought: Brought) -> None:
    """Compare a file with the plan, as another version of it."""
    box = st.expander(text("bring.compare"), key=f"compare:{key}", on_change="rerun")
    if not box.open:
        return
    shipped = open_shipped()
    before = shipped.plan.zones
    after = zones_of(brought.outcome, context=shipped.context)
    changes = difference(before, after)
    layer = difference_zones(changes, before, after)
    group = f"difference:{key}"
    sides = difference_sides(layer, opened=shipped, shelf=shelf(), group=group)
    with box:
        for place, side in zip(st.columns(2), sides, strict=False):
            with place:
                st.caption(side.title)
                draw(side.drawing, side.key, CANDIDATE_HEIGHT_PX, side.state)
        st.text(difference_words(changes))
        offer = st.container(horizontal=True)
        for ending, media_type, made in (
            ("txt", "text/plain", as_text(changes).encode()),
            ("geojson", "application/geo+json", as_geojson(changes, before, after)),
        ):
            offer.download_button(
                text(f"bring.difference.{ending}"),
                made,
                file_name=f"difference.{ending}",
                mime=media_type,
                on_click="ignore",
                key=f"difference:{ending}:{key}",
            )


def draw(
    drawing: PlanMap,
    key: str,
    height: int,
    state: PlanState,
    taken: Callable[[], None] | None = None,
) -> None:
    """Draw a map; what changes is sent to it, the map itself stays."""
    # a component registers only where a run of the page imports it first
    from streamlit_folium import st_folium

    st_folium(
        drawing,
        key=key,
        height=height,
        use_container_width=True,
        returned_objects=[],
        feature_group_to_add=state,
        on_change=taken,
    )


def show_compare(now: Now) -> None:
    """Show two cities, or two patterns, side by side."""
    column = st.segmented_control(
        text("compare.by"),
        COMPARISONS,
        default=next(iter(COMPARISONS)),
        format_func=lambda column: text(f"filter.{column}"),
        required=True,
        key="compared",
    )
    row = now.opened.row(st.session_state.selected)
    sides = compare(now.opened, now.filters, column, selected=row)
    for place, side in zip(st.columns(2), sides, strict=False):
        with place:
            st.subheader(side.title, anchor=False)
            draw(side.drawing, side.key, MAP_HEIGHT_PX, side.state)


VIEWS = {
    "map": show_map,
    "compare": show_compare,
    "plan": show_plan,
    "audit": show_audit,
    "bring": show_bring,
}


def show_section(section: Section) -> None:
    """Show a section: its words, its chart, and its figures to read and take."""
    st.subheader(section.title, anchor=False)
    for note in section.notes:
        st.caption(as_markdown(note))
    if section.body:
        st.html(section.body)
    if section.chart is not None:
        take = partial(take_priority, section) if section.selects else "ignore"
        # the style finds it by this key: Streamlit gives a chart none
        wide = st.container(key=f"wide-{section.key}")
        wide.vega_lite_chart(section.chart, on_select=take, key=f"chart:{section.key}")
    if section.table is None:
        return
    place = st.expander(text("view.figures")) if section.chart is not None else st
    place.dataframe(
        section.table,
        hide_index=True,
        placeholder="",
        height=table_height(len(section.table), TALLEST_FIGURES),
    )
    place.download_button(
        text("view.download"),
        as_csv(section.table).encode("utf-8-sig"),
        file_name=f"beltmap_{section.key}.csv",
        mime="text/csv",
        on_click="ignore",
        key=f"csv:{section.key}",
    )


def take_priority(section: Section) -> None:
    """Filter the map by the priority that was clicked in its chart."""
    picked = st.session_state[f"chart:{section.key}"]["selection"][section.selects]
    if picked:
        set_filters(section.choices[picked[0][section.selects]])
        st.session_state.view = "map"


def language() -> str:
    """Choose the language: as picked, as the link asks, or as the browser does."""
    state = st.session_state
    if "lang" not in state:
        state.lang = choose(st.query_params.get("lang"), st.context.locale)
    return str(state.lang)


def open_shipped() -> Opened:
    """Open the plan that the page was started with."""
    folder = Path(os.environ.get("BELTMAP_PLAN", SHIPPED))
    return open_plan(folder, stamp(folder))


def open_joined() -> Opened:
    """Open the plan, with the reader's own zones in it if there are any."""
    state, shipped = st.session_state, open_shipped()
    if state.setdefault("shipped", shipped.key) != shipped.key:
        state.shipped, state.changed = shipped.key, True
    turn = state.get("joined")
    return open_mine(turn, shipped.key) if turn else shipped


# streamlit releases these as soon as the reader's browser has gone
@st.cache_resource(
    scope="session", max_entries=1, on_release=Opened.close, show_spinner=False
)
def open_mine(turn: str, state: str) -> Opened:
    """Put the zones of all files that are counted beside the plan's own."""
    shipped = open_shipped()
    plan = shipped.plan
    for outcome in counted_files():
        plan = with_zones(plan, zones_of(outcome, context=shipped.context))
    return Opened(plan, shipped.folder, key=turn + state)


@st.cache_resource(scope="session", on_release=Shelf.close, show_spinner=False)
def shelf() -> Shelf:
    """Keep what else is drawn of the reader's files."""
    return Shelf(uuid4().hex)


def restore_link(opened: Opened) -> None:
    """Take filters and selection from the link, once a session."""
    state = st.session_state
    if "dropped" in state:
        return
    link, state.dropped = read_link(
        {name: st.query_params.get_all(name) for name in st.query_params},
        known=opened.index.known,
        zones=opened.plan.zones["id"].array,
        views=VIEWS,
        language=state.lang,
    )
    set_filters(link.filters)
    state.selected, state.view, state.place = link.zone, link.view, link.place
    state.table_turn = state.upload_turn = 0
    state.uploads = {}


def write_link(filters: Filters) -> None:
    """Keep the link in step with what is shown."""
    state = st.session_state
    other = None if state.lang == choose(st.context.locale) else state.lang
    query = Link(filters, state.selected, state.view).to_query(other)
    present = {name: st.query_params.get_all(name) for name in st.query_params}
    # the map itself keeps its place in the link, without a rerun
    query |= {name: present[name] for name in VIEW if name in present}
    if present != query:
        st.query_params.from_dict(query)


def set_filters(filters: Filters) -> None:
    """Set every widget of the sidebar."""
    state = st.session_state
    for name in [name for name in state if str(name).startswith("facet:")]:
        state[name] = False
    for column in FACETS:
        for value in getattr(filters, column):
            state[f"facet:{column}:{value}"] = True
    state.words = filters.text
    state.least = filters.least_km2
    state.most = filters.most_km2


def sidebar(opened: Opened) -> Filters:
    """Show the filters with their live counts; give what is wanted."""
    state = st.session_state
    known = opened.index.known
    picked = {
        column: tuple(v for v in known[column] if state.get(f"facet:{column}:{v}"))
        for column in FACETS
    }
    least, most = state.get("least"), state.get("most")
    if least is not None and most is not None and least > most:
        least, most = most, least
    filters = Filters(**picked, least_km2=least, most_km2=most, text=state.words)
    with st.sidebar:
        st.segmented_control(
            text("page.language"),
            LANGUAGES,
            format_func=NAMES.get,
            key="lang",
            required=True,
            label_visibility="collapsed",
        )
        st.text_input(
            text("filter.text"), key="words", placeholder=text("filter.text_hint")
        )
        st.button(
            text("filter.clear"),
            on_click=partial(set_filters, Filters()),
            disabled=not filters.narrow,
            width="stretch",
        )
        for column in FACETS:
            show_facet(opened, filters, column)
        with st.expander(text("filter.area")):
            low, high = st.columns(2)
            limits = {"min_value": 0.0, "value": None, "step": 1.0, "format": "%g"}
            low.number_input(text("filter.least"), key="least", **limits)
            high.number_input(text("filter.most"), key="most", **limits)
    return filters


def show_facet(opened: Opened, filters: Filters, column: str) -> None:
    """Show one facet: a box a value, with zones and area under the other filters."""
    counts = opened.facet(filters, column)
    with st.expander(text(f"filter.{column}"), expanded=column in SUMMARIES):
        for value, zones, km2 in counts.itertuples():
            label = as_markdown(facet_label(opened.plan.sectors, column, value))
            count = as_markdown(text("filter.count", n=f"{zones:,}", km2=f"{km2:,.1f}"))
            st.checkbox(
                f"{label} :gray[{count}]",
                key=f"facet:{column}:{value}",
                help=text("filter.count_help") if value == counts.index[0] else None,
            )


def draw_map(now: Now, row: int | None) -> None:
    """Draw the map of all zones."""
    opened = now.opened
    drawing = plan_map(opened.addresses)
    key = f"map-{drawing.digest}"
    shown = map_state(
        opened.mask(now.filters),
        selected=row,
        view=st.session_state.place,
        tiles=opened.tiles,
    )
    taken = partial(take_click, key, opened.plan.zones["id"])
    draw(drawing, key, MAP_HEIGHT_PX, shown, taken)


def take_click(key: str, ids: "pd.Series[str]") -> None:
    """Select the zone that was clicked on the map; none where none is."""
    row = (st.session_state[key] or {}).get("row", -1)
    select(str(ids.iloc[row]) if 0 <= row < len(ids) else None)


def show_card(plan: Plan, row: int | None) -> None:
    """Show the selected zone, or how to select one."""
    if row is None:
        st.html(html.hint(text("card.none"), text("card.none_hint")))
        return
    st.html(zone_card(plan, row))
    st.button(text("card.close"), on_click=partial(select, None), width="stretch")


def select(zone: str | None) -> None:
    """Select a zone by its id; the table is told by a new turn."""
    if st.session_state.selected != zone:
        st.session_state.selected = zone
        st.session_state.table_turn += 1


def show_table(now: Now) -> None:
    """Show the chosen zones as a table that selects."""
    st.subheader(text("table.title"), anchor=False)
    table = now.opened.table(now.filters)
    ids = now.opened.ids(now.filters)
    place = [n for n, zone in enumerate(ids) if zone == st.session_state.selected]
    key = f"table:{st.session_state.table_turn}:{hash(now.filters)}"
    st.dataframe(
        table,
        key=key,
        hide_index=True,
        on_select=partial(take_row, key, ids),
        selection_mode="single-row",
        selection_default={"selection": {"rows": place}},
        column_config={
            text(f"table.{name}"): st.column_config.NumberColumn(format="%.2f")
            for name in ("declared", "drawn")
        },
        alt=text("table.title"),
        placeholder=text("card.not_stated"),
        height=table_height(len(table), TALLEST_TABLE),
    )
    found = int(now.opened.mask(now.filters).sum())
    if found > MOST_ROWS:
        st.caption(text("table.cut", shown=f"{MOST_ROWS:,}", n=found))


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


def take_row(key: str, ids: Sequence[str]) -> None:
    """Select the zone of the row that was picked in the table."""
    rows = st.session_state[key]["selection"]["rows"]
    st.session_state.selected = str(ids[rows[0]]) if rows else None


def show_summary(now: Now) -> None:
    """Show the totals by kind, sector and city, one at a time."""
    st.subheader(text("chart.title"), anchor=False)
    labels = [text(f"filter.{column}") for column in SUMMARIES]
    tabs = st.tabs(labels, key=f"summary:{spoken()}", on_change="rerun")
    for tab, column in zip(tabs, SUMMARIES, strict=True):
        # the browser takes its time to make a chart that no one sees
        if tab.open:
            with tab:
                show_totals(now, column)


def show_totals(now: Now, column: str) -> None:
    """Show the totals of each value of a facet as chart and table."""
    opened = now.opened
    table = opened.summary(now.filters, column)
    if table.empty:
        return
    chart, figures = st.columns([0.47, 0.53], gap="medium")
    columns = ["label", "zones", "declared_km2", "covered_km2"]
    if bars := opened.bars(now.filters, column):
        chart.vega_lite_chart(bars, key=f"bars:{column}")
    else:
        chart.caption(text("tile.not_computed", n=f"{MOST_SURVEYED:,}"))
    figures.dataframe(
        table[[name for name in columns if name in table]],
        hide_index=True,
        placeholder=text("card.not_stated"),
        column_config={
            name: st.column_config.NumberColumn(
                text(f"summary.short.{name}"), format="%.1f"
            )
            for name in ("declared_km2", "covered_km2")
        }
        | {
            "label": text(f"filter.{column}"),
            "zones": text("summary.count"),
        },
    )
    figures.caption(text(f"chart.note.{column}"))


def table_height(rows: int, most: int) -> int:
    """Give the height in pixels of a table that shows up to so many rows."""
    return ROW_HEIGHT_PX * (1 + min(max(rows, 1), most)) + 3


def show_nothing() -> None:
    """Say that no zone matches, and offer a way out."""
    st.warning(text("page.nothing"))
    st.button(
        text("filter.clear"),
        key="clear:nothing",
        on_click=partial(set_filters, Filters()),
    )


def show_faults(error: PlanError) -> None:
    """Show everything that is wrong with the plan's files, and nothing else."""
    st.html(html.heading(text("page.title"), text("page.broken")))
    for fault in error.faults:
        with st.container(border=True):
            mend = text("sentence", words=fault.mend)
            st.text(f"{fault.where}\n{fault.what}\n{mend}\n[{fault.code}]")


@asynccontextmanager
async def ready(_: st.App) -> AsyncIterator[None]:
    """Open the plan while the first reader's browser still loads the page."""
    opening = asyncio.create_task(asyncio.to_thread(prepare))
    sweeping = asyncio.create_task(sweep())
    yield
    sweeping.cancel()
    await opening


async def sweep() -> None:
    """Let go of what sessions that are over have left, files of readers too."""
    while True:
        await asyncio.sleep(SWEEP_SECONDS)
        # a session is a knot of references, which only the collector undoes
        gc.collect()


def prepare() -> None:
    """Compute what the page begins with, and free what is never garbage."""
    with suppress(PlanError):
        opened, everything = open_shipped(), Filters()
        _ = opened.addresses
        opened.totals(everything)
        opened.bars(everything, SUMMARIES[0])
    # what the imports left is never to be looked through again
    gc.collect()
    give_back()
    gc.freeze()


if __name__ == "__main__":
    main()

BASE = st.get_option("server.baseUrlPath")

app = st.App(
    __file__, lifespan=ready, routes=[*tile_routes(base=BASE), *routes(base=BASE)]
)
