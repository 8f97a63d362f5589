"""A map to take along: one HTML file that needs neither server nor network."""

import base64
import gzip
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Final

import geopandas as gpd
import numpy as np

from beltmap.geo.audit.explanations import unplaced_words
from beltmap.geo.charter.force import about_in_words, charter, chartered
from beltmap.geo.geometry.geojson import Box
from beltmap.geo.language.labels import code_label, sector_labels
from beltmap.geo.language.messages import speaking, spoken, text
from beltmap.geo.plan.plan import Plan
from beltmap.geo.plan.selection import Selection
from beltmap.geo.report.findings import findings
from beltmap.geo.report.origin import filter_words, made_words, source_words
from beltmap.geo.report.remarks import bare_in_words
from beltmap.geo.report.zones import MOST_ROWS, zone_table
from beltmap.geo.schema import SEPARATOR
from beltmap.layers.assets import SAVED_SCRIPTS, STATIC, STYLES, inline
from beltmap.layers.escape import as_html as escape
from beltmap.layers.keepsakes.seen import Seen
from beltmap.layers.map.drawing import ascii_json
from beltmap.layers.map.map import OPTIONS, map_state
from beltmap.layers.payload.ground import basemap_payloads, embedded
from beltmap.layers.payload.zones import zone_payload
from beltmap.layers.views import html
from beltmap.layers.views.answer import MOST_ANSWERED, answer
from beltmap.layers.views.card import zone_card
from beltmap.layers.views.comments import remarked_within
from beltmap.layers.views.totals import FIGURES, HEAD, own_counted, total_tiles

MOST_CARDS: Final = 300
"""Zones up to which the file holds a card of each."""

AROUND_DEG: Final = 3
"""Degrees around its zones whose land and roads the file holds."""

SAVED_SHEETS: Final = ("page.css", "reach/everyone.css", "reach/paper.css")
LOCALES: Final = {"en": "en", "zh": "zh-CN"}


@chartered
def offline_page(selection: Selection, *, on: date, seen: Seen | None = None) -> bytes:
    """
    Write a map as one HTML file with everything in it.

    Parameters
    ----------
    selection
        The zones that the file holds.
    on
        Day of making, for the reader.
    seen
        What the reader sees: all in the spoken language if left out.

    Returns
    -------
    page
        HTML in UTF-8. Its policy lets it ask for nothing, and run no script
        but its own.
    """
    seen = seen or Seen()
    with speaking(seen.language or spoken()):
        zones = selection.zones.reset_index(drop=True)
        row = zones.index[zones["id"] == seen.selected]
        selected = int(row[0]) if len(row) else None
        setup = {
            "map": {"broken": text("map.broken")},
            "options": OPTIONS,
            "state": map_state(selected=selected, view=seen.view),
            "rows": _memberships(zones),
            "words": {"count": text("offline.count"), "none": text("page.nothing")},
        }
        payloads = _payloads(selection.plan, zones)
        body = _body(selection, zones, on=on, comments=seen.comments)
        return _document(body, setup, payloads).encode()


def _payloads(plan: Plan, zones: gpd.GeoDataFrame) -> Mapping[str, bytes]:
    """Write what the map draws, without what lies elsewhere."""
    box = _around(zones)
    return {
        "zones": zone_payload(zones, basemaps=(embedded(plan, within=box),)),
        **basemap_payloads(plan, within=box),
    }


def _around(zones: gpd.GeoDataFrame) -> Box | None:
    """Give the box in degrees whose land and roads the file holds, None for all."""
    west, south, east, north = zones.total_bounds
    if np.isnan(west):
        return None
    return west - AROUND_DEG, south - AROUND_DEG, east + AROUND_DEG, north + AROUND_DEG


def _memberships(zones: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    """Give the numbers by which `_choice` knows each zone's kind and sectors."""
    kinds, sectors = _values(zones)
    return [
        {
            "kind": kinds.index(kind) if kind else -1,
            "sectors": [sectors.index(code) for code in _codes(joined)],
        }
        for kind, joined in zip(
            _plain(zones["kind"]), _plain(zones["sectors"]), strict=True
        )
    ]


def _values(zones: gpd.GeoDataFrame) -> tuple[list[str], list[str]]:
    """Give the kinds and the sectors that occur."""
    kinds = [str(kind) for kind in zones["kind"].dropna().unique()]
    joined = (_codes(codes) for codes in _plain(zones["sectors"]))
    return kinds, list(dict.fromkeys(code for codes in joined for code in codes))


def _plain(column: Iterable[object]) -> list[str | None]:
    return [value if isinstance(value, str) else None for value in column]


def _codes(joined: str | None) -> list[str]:
    return joined.split(SEPARATOR) if joined else []


def _body(
    selection: Selection, zones: gpd.GeoDataFrame, *, on: date, comments: bool
) -> Iterator[str]:
    """Write what is seen, in the order in which it is read."""
    plan = selection.plan
    chosen = text("chosen", filters=filter_words(selection))
    head = (charter().title.say(), charter().subtitle.say(), about_in_words())
    yield html.heading(*head)
    yield "<main>"
    made = made_words(plan, on=on)
    yield f'<p class="bm-made">{escape(chosen)}<br>{escape(made)}</p>'
    few = len(plan.zones) <= MOST_ANSWERED
    found = selection.summary
    said = answer(selection, found, findings(plan) if few else None)
    yield html.answer(said, links=False) if len(zones) else ""
    first = total_tiles(found, names=FIGURES, everything=len(plan.zones))
    yield html.tiles(first, notes=filter(None, [own_counted(selection)]))
    rest = total_tiles(found, names=[name for name in HEAD if name not in FIGURES])
    notes = filter(None, [unplaced_words(selection.unplaced)])
    yield html.folded(text("tile.more"), html.tiles(rest, notes=notes))
    yield _choice(plan, zones)
    cards = _cards(selection) if len(zones) <= MOST_CARDS else ""
    hint = html.hint(text("card.none"), text("card.none_hint")) if cards else ""
    yield html.heard_heading(text("view.map"))
    words = escape(text("card.close"))
    close = f'<button type="button" id="close" hidden>{words}</button>'
    sheet = f'<div class="bm-sheet">{cards}{close}</div>'
    yield f'<div class="bm-both"><div id="map"></div><aside>{hint}{sheet}</aside></div>'
    yield f"<h2>{escape(text('table.title'))}</h2>{_table(selection)}"
    if len(zones) > MOST_ROWS:
        cut = text("table.cut", shown=f"{MOST_ROWS:,}", n=len(zones))
        yield f'<p class="bm-made">{escape(cut)}</p>'
    if comments:
        lines = [one.line for one in remarked_within(selection)]
        yield _list(text("comment.titled"), lines) if lines else ""
    yield _list(text("offline.sources"), source_words(selection))
    for words in (text("offline.certainty"), bare_in_words(plan), plan.names_note()):
        yield f'<p class="bm-made">{escape(words)}</p>' if words else ""
    yield "</main>"


def _list(title: str, lines: Iterable[str]) -> str:
    items = "".join(f"<li>{escape(one)}</li>" for one in lines)
    return f"<h2>{escape(title)}</h2><ul>{items}</ul>"


def _choice(plan: Plan, zones: gpd.GeoDataFrame) -> str:
    """Write a box for each kind and sector that occurs."""
    kinds, sectors = _values(zones)
    groups = {
        "kind": [code_label("kind", kind) for kind in kinds],
        "sectors": [sector_labels(plan.sectors, code) for code in sectors],
    }
    fields = "".join(
        f"<fieldset><legend>{escape(text(f'filter.{facet}'))}</legend>"
        + "".join(
            f'<label><input type="checkbox" name="{facet}" value="{number}">'
            f"{escape(label)}</label>"
            for number, label in enumerate(labels)
        )
        + "</fieldset>"
        for facet, labels in groups.items()
    )
    clear = f'<button type="reset">{escape(text("filter.clear"))}</button>'
    return (
        f'<form class="bm-choice">{fields}<p>{clear}'
        f' <button type="button" id="print">{escape(text("offline.print"))}</button>'
        ' <output role="status"></output></p></form>'
    )


def _cards(selection: Selection) -> str:
    """Write a card of each zone, all hidden but the selected one."""
    rows = np.flatnonzero(selection.mask)
    return "".join(
        f'<div class="bm-of-zone" data-row="{number}" hidden>'
        f"{zone_card(selection.plan, int(row))}</div>"
        for number, row in enumerate(rows)
    )


def _table(selection: Selection) -> str:
    """Write the table of zones; a row selects its zone."""
    table = zone_table(selection)
    heads = "".join(f"<th>{escape(head)}</th>" for head in table.columns)
    rows = "".join(
        f'<tr data-row="{number}" tabindex="0">'
        + "".join(
            f'<td data-head="{escape(head)}">{escape(_cell(cell))}</td>'
            for head, cell in zip(table.columns, cells, strict=True)
        )
        + "</tr>"
        for number, cells in enumerate(table.itertuples(index=False))
    )
    return (
        f'<div class="bm-wide"><table><thead><tr>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _cell(cell: object) -> str:
    if isinstance(cell, float):
        return "" if np.isnan(cell) else f"{cell:,.2f}"
    return cell if isinstance(cell, str) else ""


def _document(
    body: Iterable[str], setup: Mapping[str, Any], payloads: Mapping[str, bytes]
) -> str:
    """Put the file together; nothing but its own scripts may run in it."""
    scripts = [inline(path) for path in (*SAVED_SCRIPTS, STATIC / "offline.js")]
    styles = [inline(path) for path in (*STYLES, STATIC / "offline.css")]
    allowed = " ".join(f"'sha256-{_digest(script)}'" for script in scripts)
    policy = (
        "default-src 'none'; base-uri 'none'; form-action 'none'; img-src data:; "
        f"style-src 'unsafe-inline'; script-src {allowed}"
    )
    blobs = {name: _packed(data) for name, data in payloads.items()}
    parts = [
        f'<!doctype html><html lang="{LOCALES[spoken()]}"><head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(charter().title.say())}</title>",
        html.style(SAVED_SHEETS),
        *(f"<style>{style}</style>" for style in styles),
        "</head><body>",
        *body,
        '<script type="application/json" id="setup">',
        ascii_json(dict(setup)),
        "</script>",
        *(
            f'<script type="text/plain" id="payload-{name}">{blob}</script>'
            for name, blob in blobs.items()
        ),
        *(f"<script>{script}</script>" for script in scripts),
        "</body></html>\n",
    ]
    return "\n".join(parts)


def _packed(data: bytes) -> str:
    return base64.b64encode(gzip.compress(data, mtime=0)).decode()


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
