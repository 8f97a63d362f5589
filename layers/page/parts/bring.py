"""The view in which a reader brings files."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import partial
from typing import Any
from uuid import uuid4

import streamlit as st

from beltmap.geo.intake.apart.worker import read_apart, receipt_apart, repaired_apart
from beltmap.geo.intake.checks.crs import canonical
from beltmap.geo.intake.columns.guesses import usual_headings
from beltmap.geo.intake.notices import Severity
from beltmap.geo.intake.overlay import is_version
from beltmap.geo.intake.questions import Question
from beltmap.geo.intake.raw.sniff import read_formats
from beltmap.geo.intake.reading import Outcome
from beltmap.geo.intake.receipt import Receipt
from beltmap.geo.intake.tables.example import example_csv, template_xlsx
from beltmap.geo.intake.uploads import Upload, bundles
from beltmap.geo.language.hidden import excerpt
from beltmap.geo.language.labels import column_label, facet_label
from beltmap.geo.language.messages import speaking, spoken, text
from beltmap.geo.plan.adopt import adopted_archive
from beltmap.geo.query.difference import (
    as_geojson,
    as_text,
    difference,
    difference_zones,
)
from beltmap.geo.query.partly import part_of_plan
from beltmap.geo.units import GIVEN_AREA_UNITS
from beltmap.layers.escape import as_markdown
from beltmap.layers.map.changes import (
    VERSIONS,
    candidate_map,
    difference_sides,
    difference_words,
    totals_words,
)
from beltmap.layers.page.mapframe import draw
from beltmap.layers.page.now import Now
from beltmap.layers.page.parts.adding import show_added, show_adding
from beltmap.layers.page.plans import Brought, forget, join, shelf
from beltmap.layers.page.session import as_drawn, cookie_comes_back
from beltmap.layers.prepared import Prepared
from beltmap.layers.views import html
from beltmap.layers.views.receipt import (
    Choices,
    match_table,
    preview_table,
)

CANDIDATE_HEIGHT_PX = 360
LOOKED_AT = frozenset({Severity.REJECT, Severity.ASK, Severity.WARN})
"""What is not folded away."""


def show_bring(now: Now) -> None:
    """Take in files of the reader's own, say what became of them, ask what is open."""
    st.caption(as_markdown(text("bring.intro")))
    if not cookie_comes_back():
        # Streamlit would take the file, and then fail without a word on why
        st.warning(as_markdown(text("bring.framed")))
        return
    show_added()
    st.html(html.said_by_streamlit(most_mb=st.get_option("server.maxUploadSize")))
    given = st.file_uploader(
        text("bring.files", formats=read_formats()),
        accept_multiple_files=True,
        key=f"files:{st.session_state.upload_turn}",
    )
    if given:
        for upload in bundles([Upload(one.name, one.getvalue()) for one in given]):
            st.session_state.uploads[uuid4().hex] = Brought(upload)
        # read once, and out of the way of the next ones
        st.session_state.upload_turn += 1
        st.rerun()
    if not st.session_state.uploads:
        show_beginning(now.shipped.context.near)
    for key, brought in list(st.session_state.uploads.items()):
        with st.container(border=True):
            show_upload(key, brought, now.shipped)


def show_beginning(near: tuple[float, float]) -> None:
    """Offer what a reader without a file may begin with."""
    st.caption(as_markdown(text("bring.empty")))
    offer = st.container(horizontal=True)
    for name, ending, made in (
        ("example", "csv", partial(example_csv, near)),
        ("template", "xlsx", template_xlsx),
    ):
        offer.download_button(
            text(f"bring.{name}"),
            made(),
            file_name=f"{name}.{ending}",
            on_click="ignore",
            key=f"begin:{name}",
        )
    with st.expander(text("bring.headings")):
        for column, words in usual_headings().items():
            known = text("intake.list").join(words)
            fact = text("bring.fact", label=column_label(column), value=known)
            st.caption(as_markdown(fact))


def show_upload(key: str, brought: Brought, shipped: Prepared) -> None:
    """Show the receipt of one file, its questions, and what can be done with it."""
    head = st.container(horizontal=True, vertical_alignment="center")
    head.text(excerpt(brought.upload.name), width="stretch")
    head.button(
        text("bring.remove"), key=f"remove:{key}", on_click=partial(forget, key)
    )
    # answers are worded where the file is read
    asked = brought.outcome is not None and brought.outcome.questions
    if brought.outcome is None or (asked and brought.language != spoken()):
        with st.spinner(text("bring.reading"), show_time=True):
            brought.outcome = read_apart(
                brought.upload,
                answers=brought.answers,
                context=shipped.context,
                brief=True,
            )
            # what is chosen next is chosen about what was read last
            brought.reads += 1
            brought.language = spoken()
        zones = brought.outcome.zones
        if zones is not None:
            # a plan and its other version would count everything twice
            if brought.reads == 1:
                brought.joins = not is_version(shipped.plan, zones)
            join()
            st.rerun()
    outcome = brought.outcome
    zones = outcome.zones
    receipt = outcome.receipt
    verdict = receipt.verdict_in_words()
    verdict = verdict[:1].upper() + verdict[1:]
    st.text(text("bring.verdict", verdict=verdict, rows=receipt.summary()))
    if outcome.rows is not None:
        st.toggle(
            text("bring.join"),
            value=brought.joins,
            key=f"join:{key}",
            on_change=as_drawn(partial(take_join, key, brought)),
        )
        if not brought.joins:
            st.caption(text("bring.join_help"))
    for question in outcome.questions:
        ask(key, brought, question, shipped)
    show_receipt(receipt, asked={one.notice.code for one in outcome.questions})
    if outcome.matches or outcome.rows is not None:
        with st.expander(text("bring.columns")):
            match(key, brought, outcome, shipped)
    offer = st.container(horizontal=True)
    whole = not receipt.unlisted
    offer.download_button(
        text("bring.receipt"),
        partial(receipt_file, brought, shipped, spoken()),
        file_name="receipt.csv" if whole else "receipt.zip",
        mime="text/csv" if whole else "application/zip",
        on_click="ignore",
        key=f"receipt:{key}",
    )
    if outcome.rows is not None:
        offer.download_button(
            text("bring.repaired"),
            partial(repaired_file, brought, shipped, spoken()),
            file_name="repaired.geojson",
            mime="application/geo+json",
            on_click="ignore",
            key=f"repaired:{key}",
        )
    if outcome.zones is not None:
        offer.download_button(
            text("bring.plan"),
            partial(adopted_archive, outcome.zones),
            file_name="my-plan.zip",
            mime="application/zip",
            on_click="ignore",
            key=f"plan:{key}",
            help=text("bring.plan_help"),
        )
        with offer:
            show_adding(key, outcome)
        show_difference(key, outcome, shipped)


def show_receipt(receipt: Receipt, *, asked: Collection[str]) -> None:
    """Say what needs a look; what else was noted is folded away."""
    open_codes = {one.worded().what for one in receipt.notices if one.code in asked}
    told = [one for one in receipt.told() if one.what not in open_codes]
    rest = [one for one in told if one.severity not in LOOKED_AT]
    for one in told:
        if one.severity in LOOKED_AT:
            severity = text(f"intake.severity.{one.severity.name}")
            st.text(text("bring.told", severity=severity, what=one.line()))
            if one.hint:
                st.caption(as_markdown(one.hint))
    if rest or receipt.facts():
        with st.expander(text("bring.rest")):
            for one in rest:
                st.text(one.line())
            for label, value in receipt.facts():
                st.caption(as_markdown(text("bring.fact", label=label, value=value)))


def receipt_file(brought: Brought, shipped: Prepared, language: str) -> bytes:
    """Write the whole receipt when it is asked for; a long one where it was read."""
    with speaking(language):
        outcome = brought.outcome
        if outcome is not None and not outcome.receipt.unlisted:
            return outcome.receipt.as_csv().encode("utf-8", "replace")
        return receipt_apart(
            brought.upload, answers=brought.answers, context=shipped.context
        )


def repaired_file(brought: Brought, shipped: Prepared, language: str) -> bytes:
    """Write the repaired layer when it is asked for, where the file is read."""
    with speaking(language):
        return repaired_apart(
            brought.upload, answers=brought.answers, context=shipped.context
        )


def ask(key: str, brought: Brought, question: Question, shipped: Prepared) -> None:
    """Ask what only the reader can say, with what speaks for each answer."""
    with st.form(f"ask:{key}:{question.about}"):
        st.text(question.notice.sentence())
        if rows := question.rows_in_words():
            st.text("\n".join(rows))
        drawing = candidate_map(question.options, opened=shipped, shelf=shelf())
        if drawing is not None:
            place = f"candidates:{key}:{drawing.key}"
            draw(drawing, CANDIDATE_HEIGHT_PX, key=place)
        if question.unlisted:
            st.caption(as_markdown(text("bring.unlisted", n=question.unlisted)))
        labels = {option.value: option for option in question.options}
        if labels:
            st.radio(
                text("bring.answer"),
                list(labels),
                format_func=lambda value: as_markdown(excerpt(labels[value].label)),
                captions=[as_markdown(excerpt(o.why)) for o in question.options],
                # nothing is guessed in silence
                index=None if len(labels) > 1 else 0,
                key=f"answer:{key}:{question.about}",
            )
        if question.about == "crs":
            st.text_input(
                text("bring.other_crs"),
                key=f"other:{key}",
                help=text("bring.other_crs_help"),
            )
        st.form_submit_button(
            text("bring.go"), on_click=as_drawn(partial(answer, key, brought, question))
        )


def answer(key: str, brought: Brought, question: Question) -> None:
    """Take an answer, and read the file again."""
    leave_out = question.about == "leave_out"
    picked = st.session_state.get(f"answer:{key}:{question.about}")
    typed = canonical(st.session_state.get(f"other:{key}") or "")
    value: Any = leave_out or typed or picked
    if value is None:
        return
    brought.answers = replace(brought.answers, **{question.about: value})
    brought.outcome = None


def match(key: str, brought: Brought, outcome: Outcome, shipped: Prepared) -> None:
    """Show what each column is taken for, and let the reader say otherwise."""
    st.dataframe(match_table(outcome.matches), hide_index=True, placeholder="")
    if outcome.rows is None:
        return
    st.dataframe(preview_table(outcome.rows), hide_index=True, placeholder="")
    choices, sectors = Choices.of(outcome), shipped.plan.sectors
    with st.form(f"match:{key}:{brought.reads}", border=False):
        columns = choose_each(
            f"column:{key}:{brought.reads}",
            {target: column_label(target) for target in choices.columns},
            choices.columns,
            {name: excerpt(name) for name in ("", *choices.offered)}
            | {"": text("bring.none")},
        )
        unit = choices.unit and st.segmented_control(
            text("bring.area_unit"),
            GIVEN_AREA_UNITS,
            default=choices.unit,
            format_func=lambda unit: text(f"unit.name.{unit}"),
            required=True,
            key=f"area_unit:{key}:{brought.reads}",
        )
        if choices.sectors:
            st.caption(as_markdown(text("bring.sectors")))
        words = choose_each(
            f"sector:{key}:{brought.reads}",
            {word: excerpt(word) for word in choices.sectors},
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
    joins = st.session_state[f"join:{key}"]
    # a browser may send a switch again that it no longer shows: nothing was pressed
    if joins != brought.joins:
        brought.joins = joins
        join()


def show_difference(key: str, outcome: Outcome, shipped: Prepared) -> None:
    """Compare what a file has with the plan, as another version of it."""
    box = st.expander(text("bring.compare"), key=f"compare:{key}", on_change="rerun")
    if not box.open or outcome.zones is None or outcome.rows is None:
        return
    said = {one.target for one in outcome.matches} | set(outcome.rows.columns)
    part = part_of_plan(shipped.plan.zones, outcome.zones, said)
    before, after = part.before, part.after
    changes = difference(before, after)
    layer = difference_zones(changes, before, after)
    group = f"difference:{key}"
    sides = difference_sides(layer, opened=shipped, shelf=shelf(), group=group)
    with box:
        for place, side in zip(st.columns(2), sides, strict=False):
            with place:
                st.caption(side.title)
                draw(side.drawing, CANDIDATE_HEIGHT_PX)
        if part.left:
            st.caption(as_markdown(text("bring.not_in_file", n=part.left)))
        for place, version, frame in zip(
            st.columns(2), VERSIONS, (before, after), strict=True
        ):
            place.text(totals_words(version, frame))
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
