"""Pieces of the page in HTML; every text that goes in is escaped here."""

import base64
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlencode

from beltmap.geo.language.messages import spoken, text
from beltmap.layers.assets import STATIC
from beltmap.layers.escape import as_html as escape
from beltmap.layers.palette import kind_looks

SHEETS = (
    "page.css",
    "plan.css",
    "charts.css",
    "reach/everyone.css",
    "reach/phone.css",
    "reach/paper.css",
)


@dataclass(frozen=True)
class Origin:
    """
    Where a value comes from.

    Parameters
    ----------
    source
        Document or data set, by its title.
    place
        Place in the source, such as a section's name.
    method
        How the value was come by: stated, inferred, computed, …
    note
        What a reader must know besides; may be empty.
    address
        Where the source is found, see `geo.claims.citation.address_of`.
    """

    source: str
    place: str
    method: str
    note: str = ""
    address: str = ""


@dataclass(frozen=True)
class Fact:
    """
    One labelled value of a zone.

    Parameters
    ----------
    label, value
        What it is, and what it says.
    origins
        Where it comes from; several where sources disagree.
    """

    label: str
    value: str
    origins: tuple[Origin, ...] = ()


@dataclass(frozen=True)
class Reference:
    """
    A source, to be looked up and cited.

    Parameters
    ----------
    title, address
        What it is called, and where it is found; nowhere, if empty.
    about
        Publisher, date and date of access, and which of them no one knows.
    line, bibtex
        How to cite it, in words and for BibTeX.
    """

    title: str
    address: str
    about: str
    line: str
    bibtex: str


@dataclass(frozen=True)
class Part:
    """
    A part of the sentence at the head of the page.

    Parameters
    ----------
    words
        What it says.
    leads_to
        What its button asks for: where the view of the audit shows its ground.
    """

    words: str
    leads_to: str


@dataclass(frozen=True)
class Tile:
    """
    One total at the head of the page.

    Parameters
    ----------
    label, value, unit
        What is counted, how much, of what.
    explanation
        One sentence that says what the total counts.
    """

    label: str
    value: str
    unit: str
    explanation: str


def style(sheets: tuple[str, ...] = SHEETS) -> str:
    """Give the style of a page, with the map's colour for each kind of zone."""
    kinds = "".join(
        f".bm-kind-{kind} {{ border-left-color: {colour}; }}\n"
        for kind, (colour, _) in kind_looks().items()
    )
    return f"<style>{_sheets(sheets)}{kinds}</style>"


@cache
def icon() -> str:
    """Give the mark of the page as an address that holds it."""
    mark = base64.b64encode((STATIC / "icon.svg").read_bytes()).decode()
    return f"data:image/svg+xml;base64,{mark}"


@cache
def _sheets(names: tuple[str, ...]) -> str:
    return "".join(map(_sheet, names))


def _sheet(name: str) -> str:
    return (STATIC / name).read_text(encoding="utf-8")


def said_by_streamlit(*, most_mb: int) -> str:
    """
    Say in the reader's language what Streamlit says in English only.

    Parameters
    ----------
    most_mb
        Largest file that is taken, in megabytes.

    Returns
    -------
    style
        Words in place of those that the page's style hides.
    """
    words = {
        "Dropzone] button [data-testid=stMarkdownContainer": text("page.upload"),
        "DropzoneInstructions": text("page.upload_limit", mb=most_mb),
    }
    quoted = {
        place: json.dumps(said, ensure_ascii=False) for place, said in words.items()
    }
    rules = (
        f"[data-testid=stFileUploader{place}]::after {{ content: {said}; }}"
        for place, said in quoted.items()
    )
    return f"<style>{''.join(rules)}</style>"


def warn_before_leaving(*, warn: bool) -> str:
    """Let the browser ask before the page is left or loaded anew, or no longer."""
    asks = "(leaving) => leaving.preventDefault()" if warn else "null"
    return f"<script>window.onbeforeunload = {asks};</script>"


def skip(name: str) -> str:
    """Link past a thing of the page, to where `skipped` stands."""
    words = escape(text(f"skip.{name}"))
    return f'<a class="bm-skip" href="#bm-after-{name}">{words}</a>'


def contents(entries: Iterable[tuple[str, str]]) -> str:
    """List what a view holds: each title leads to where `skipped` marks its place."""
    items = "".join(
        f'<li><a class="bm-to" href="#bm-after-{escape(name)}">{escape(title)}</a></li>'
        for name, title in entries
    )
    title = escape(text("plan.contents"))
    return (
        f'<nav class="bm-contents" aria-label="{title}"><b>{title}</b>'
        f"<ul>{items}</ul></nav>"
    )


def skipped(name: str) -> str:
    """Mark where a thing ends that can be skipped."""
    return f'<span class="bm-after" id="bm-after-{name}" tabindex="-1"></span>'


def opener(n: int) -> str:
    """Name the opener of the filters on a phone, with how many are set."""
    words = text("filter.open_n", n=n) if n else text("filter.open")
    said = json.dumps(words, ensure_ascii=False)
    place = "[data-testid=stExpandSidebarButton]::after"
    rule = f"@media (max-width: 640px) {{ {place} {{ content: {said}; }} }}"
    return f"<style>{rule}</style>"


def foot(version: str, feedback: str) -> str:
    """Say what made the page, and where readers send remarks."""
    parts = [escape(text("foot.version", version=version).strip())]
    if feedback:
        mail = "" if "://" in feedback else "mailto:"
        parts.append(_linked(text("foot.feedback"), mail + feedback))
    return f'<p class="bm-foot">{" · ".join(parts)}</p>'


def paper_foot() -> str:
    """Say at the foot of a printed page where it stands, and what prints better."""
    words = escape(text("paper.brief"))
    return f'<p class="bm-paper">{words}<br><span data-here></span></p>'


def as_script(source: str) -> str:
    """Wrap a script of the page's own."""
    return f"<script>{source}</script>"


def heading(title: str, subtitle: str, about: str = "") -> str:
    """Head the page: title, subtitle, and who made the plan and when."""
    said = "".join(f"<p>{escape(words)}</p>" for words in (subtitle, about) if words)
    return f'<header class="bm-head"><h1>{escape(title)}</h1>{said}</header>'


def heard_heading(words: str) -> str:
    """Head a part of the page for those who hear it; others see what it is."""
    return f'<h2 class="bm-voice">{escape(words)}</h2>'


def share(language: str, *, embeds: bool) -> str:
    """Offer the link of what is shown, and the code that shows its map elsewhere."""
    offered = ("link", "embed") if embeds else ("link",)
    buttons = "".join(_copier(one, f"share.{one}", language) for one in offered)
    return f'<div class="bm-share">{buttons}</div>'


def _copier(what: str, name: str, language: str = "") -> str:
    """Make a button that copies something, see ``static/reach/page.js``."""
    said, done = escape(text(name)), escape(text("share.copied"))
    of = f' data-lang="{escape(language)}"' if language else ""
    return (
        f'<button type="button" data-copy="{what}"{of} data-done="{done}">'
        f"{said}</button>"
    )


def alone() -> str:
    """Give the style of a map that stands alone, without the page around it."""
    return f"<style>{_sheet('reach/alone.css')}</style>"


def hint(title: str, words: str) -> str:
    """Say what a reader may do next."""
    return f'<div class="bm-hint"><b>{escape(title)}</b><br>{escape(words)}</div>'


def answer(parts: Iterable[Part], *, links: bool = True) -> str:
    """Write the sentence at the head of the page; it keeps its lines if empty."""
    said = [
        ask(part.leads_to, part.words) if links else escape(part.words)
        for part in parts
    ]
    line = text("sentence", words=text("answer.between").join(said)) if said else ""
    return f'<p class="bm-answer">{line}</p>'


def ask(place: str, words: str, **query: str) -> str:
    """
    Link to a place of the page without loading it anew, see `layers.page.panel`.

    Before the panel is there, and in another tab, it opens what `query` asks for: the
    audit, if nothing else.
    """
    there = urlencode({"lang": spoken()} | (query or {"view": "audit"}))
    # a button would not break over lines
    return f'<a href="?{escape(there)}" data-ask="{escape(place)}">{escape(words)}</a>'


def folded(title: str, inside: str) -> str:
    """Fold HTML under a title."""
    return f"<details><summary>{escape(title)}</summary>{inside}</details>"


def tiles(items: Iterable[Tile], *, notes: Iterable[str] = ()) -> str:
    """Lay totals side by side, and notes under them; one keeps its line if empty."""
    cells = "".join(
        f'<div class="bm-tile" title="{escape(tile.explanation)}">'
        f"<dt>{escape(tile.label)}</dt>"
        f"<dd>{escape(tile.value)} <small>{escape(tile.unit)}</small></dd>"
        f'<dd class="bm-why">{escape(tile.explanation)}</dd></div>'
        for tile in items
    )
    return f'<dl class="bm-tiles">{cells}</dl>{_under(notes)}'


def _under(notes: Iterable[str]) -> str:
    return "".join(f'<p class="bm-under">{escape(note)}</p>' for note in notes)


def beside(chart: str, table: str, notes: Iterable[str]) -> str:
    """Lay a chart beside its table, and notes under that; both are HTML."""
    said = f"{table}{_under(notes)}"
    return f'<div class="bm-beside"><div>{chart}</div><div>{said}</div></div>'


def live_address(title: str, address: str, how: str) -> str:
    """Show an address that other tools open, with a button that copies it."""
    button = _copier("address", "share.address")
    return (
        f'<div class="bm-live"><b>{escape(title)}</b><code>{escape(address)}</code>'
        f"{button}{_under([how])}</div>"
    )


def card(
    *,
    title: str,
    subtitle: str,
    badges: Iterable[tuple[str, str]],
    facts: Iterable[Fact],
    references: Iterable[Reference] = (),
) -> str:
    """
    Show one zone: names, badges and facts, each fact opening its origin.

    Parameters
    ----------
    title, subtitle
        Names of the zone in both scripts.
    badges
        Caption and CSS class of each badge.
    facts
        Labelled values in the order in which they are read.
    references
        The sources of all that.

    Returns
    -------
    html
        The card; every text in it is escaped.
    """
    marks = "".join(
        f'<span class="bm-badge {escape(kind)}">{escape(caption)}</span>'
        for caption, kind in badges
    )
    rows = "".join(_fact(fact) for fact in facts)
    return (
        f'<article class="bm-card"><h3>{escape(title)}</h3>'
        f'<p class="bm-subtitle">{escape(subtitle)}</p>'
        f"<p>{marks}</p>{rows}{_references(references)}</article>"
    )


def _fact(fact: Fact) -> str:
    """Show one fact; with origins it opens, without it is plain."""
    row = f"<span>{escape(fact.label)}</span><b>{escape(fact.value)}</b>"
    if not fact.origins:
        return f'<div class="bm-fact">{row}</div>'
    origins = "".join(
        f"<p><cite>{_linked(origin.source, origin.address)}</cite>"
        + (f" · {escape(origin.place)}" if origin.place else "")
        + f" <em>{escape(origin.method)}</em>"
        + (f"<br>{escape(origin.note)}" if origin.note else "")
        + "</p>"
        for origin in fact.origins
    )
    return (
        f'<details class="bm-fact"><summary>{row}</summary>'
        f'<div class="bm-origin">{origins}</div></details>'
    )


def _linked(title: str, address: str) -> str:
    """Let a title lead to an address, if there is one."""
    if not address:
        return escape(title)
    return (
        f'<a href="{escape(address)}" target="_blank" rel="noopener noreferrer">'
        f"{escape(title)}</a>"
    )


def _references(references: Iterable[Reference]) -> str:
    """Fold the sources of a card, each with what cites it."""
    entries = [
        f"<p><cite>{_linked(one.title, one.address)}</cite><br>{escape(one.about)}</p>"
        f"<details><summary>{escape(text('cite.how'))}</summary>"
        f"<p>{escape(one.line)}</p><pre>{escape(one.bibtex)}</pre></details>"
        for one in references
    ]
    if not entries:
        return ""
    title = escape(text("cite.title", n=len(entries)))
    return (
        f'<details class="bm-fact bm-sources"><summary><b>{title}</b></summary>'
        f'<div class="bm-origin">{"".join(entries)}</div></details>'
    )
