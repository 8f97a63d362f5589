"""The view in which a reader brings files."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any
from uuid import uuid4

import streamlit as st

from geo.difference import as_geojson, as_text, difference, difference_zones
from geo.intake.bundles import bundles
from geo.intake.frame import repaired_geojson, zones_of
from geo.intake.joined import is_version
from geo.intake.notices import visible
from geo.intake.questions import Question
from geo.intake.reading import Outcome, Upload
from geo.intake.worker import read_apart
from geo.language.labels import column_label, facet_label
from geo.language.messages import spoken, text
from geo.units import AREA_UNITS
from layers import html
from layers.bring import (
    Choices,
    match_table,
    preview_table,
    receipt_lines,
    receipt_table,
)
from layers.changes import candidate_map, difference_sides, difference_words
from layers.escape import as_markdown
from layers.map import map_state
from layers.page.mapframe import draw
from layers.page.plans import Brought, Now, forget, join, open_shipped, shelf

CANDIDATE_HEIGHT_PX = 360
RECEIPT_WIDTH_PX = 260
LINE_HEIGHT_PX = 22


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
        show_difference(key, outcome)


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
    value: Any = leave_out or st.session_state[f"answer:{key}:{question.about}"]
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
            format_func=options.__getitem__,
            key=f"{key}:{name}",
        )
        for n, (name, label) in enumerate(labels.items())
    }


def take_join(key: str, brought: Brought) -> None:
    """Count the zones of a file with the plan's own, or not."""
    brought.joins = st.session_state[f"join:{key}"]
    join()


def show_difference(key: str, outcome: Outcome) -> None:
    """Compare a file with the plan, as another version of it."""
    box = st.expander(text("bring.compare"), key=f"compare:{key}", on_change="rerun")
    if not box.open:
        return
    shipped = open_shipped()
    before = shipped.plan.zones
    after = zones_of(outcome, context=shipped.context)
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
