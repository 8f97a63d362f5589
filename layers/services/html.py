"""The same for people: pages without scripts, in both languages, nothing fetched."""

import hashlib
from base64 import b64encode
from collections.abc import Iterable, Mapping
from typing import Any, Final
from urllib.parse import quote

import orjson
import pandas as pd

from beltmap.geo.language.messages import spoken, text
from beltmap.layers.door.address import framing_sites
from beltmap.layers.escape import as_html
from beltmap.layers.services.collections import Collection
from beltmap.layers.services.documents import Document, Face

STYLE: Final = """
body{font:16px/1.5 system-ui,"Noto Sans CJK SC","Microsoft YaHei",sans-serif;
color:#1f2430;max-width:72rem;margin:0 auto;padding:1rem}
nav,footer{font-size:.9rem}nav a{margin-right:.3rem}
h1{font-size:1.5rem;line-height:1.25;margin:.75rem 0}
a{color:#0b5cad}main{overflow-x:auto}
table{border-collapse:collapse;font-size:.9rem}
th,td{border-bottom:1px solid #d5d9e0;padding:.35rem .6rem;text-align:left;
vertical-align:top;min-width:5rem;max-width:22rem;overflow-wrap:break-word}
td.n{text-align:right;font-variant-numeric:tabular-nums}
pre{font-size:.8rem;overflow-wrap:anywhere;white-space:pre-wrap}
"""


def policy() -> str:
    """Write the content policy of these pages: their own style, and nothing else."""
    digest = b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    sites = " ".join(("'self'", *framing_sites()))
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; "
        f"form-action 'none'; frame-ancestors {sites}"
    )


def page(face: Face, title: str, body: str, crumbs: Iterable[tuple[str, str]]) -> bytes:
    """
    Write a page.

    Parameters
    ----------
    face
        The plan.
    title
        Of the page.
    body
        Its content, as HTML.
    crumbs
        Path below the landing page and title of what it is in.
    """
    trail = " / ".join(
        _anchor(f"{face.root}{path}?f=html", said)
        for path, said in (("/", face.title), *crumbs)
    )
    here = [path for path, _ in crumbs][-1:] or ["/"]
    other = _anchor(f"{face.other}{here[0]}?f=html", text("services.other"))
    return (
        f'<!doctype html><html lang="{spoken()}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{as_html(title)}</title><style>{STYLE}</style></head><body>"
        f"<nav>{trail}</nav><h1>{as_html(title)}</h1><main>{body}</main>"
        f"<footer><p>{_anchor(face.page, text('services.page'))} · {other}</p></footer>"
        "</body></html>"
    ).encode()


def landing(face: Face, document: Document) -> str:
    """Lay out the landing page."""
    # the last line of every page leads to the map
    named = [
        one
        for one in document["links"]
        if "title" in one and one["rel"] not in {"data", "related"}
    ]
    links = "".join(
        f"<li>{_anchor(_readable(one), one['title'])}</li>" for one in named
    )
    about = f"<p>{as_html(document['description'])}</p>"
    return f"{about}{collections(face)}<ul>{links}</ul>"


def collections(face: Face) -> str:
    """Lay out the list of collections."""
    found = face.collections.values()
    rows = [
        {
            text("services.collections"): (
                f"{face.root}/collections/{one.code}?f=html",
                one.title,
            ),
            text("services.number"): len(one.rows),
        }
        for one in found
    ]
    return table(rows) if rows else f"<p>{text('services.empty')}</p>"


def collection(face: Face, one: Collection) -> str:
    """Lay out a collection: what its features have."""
    items = f"{face.root}/collections/{one.code}/items?f=html&limit=100"
    rows = [
        {
            text("services.column"): field.name,
            text("services.meaning"): field.title,
            text("services.type"): field.type,
        }
        for field in one.fields
    ]
    return (
        f"<p>{as_html(one.about)}</p>"
        f"<p>{_anchor(items, f'{one.title} ({len(one.rows):,})')}</p>{table(rows)}"
    )


def items(
    face: Face,
    one: Collection,
    rows: list[dict[str, Any]],
    links: list[Document],
    total: tuple[int, int],
) -> str:
    """Lay out a page of features, and the way to the others."""
    titles = {field.name: field.title for field in one.fields}
    own = f"{face.root}/collections/{one.code}/items"
    laid = [
        {
            titles.get(name, name): (
                f"{own}/{quote(str(value), safe='')}?f=html",
                str(value),
            )
            if name == "id"
            else value
            for name, value in row.items()
        }
        for row in rows
    ]
    turns = " · ".join(
        _anchor(f"{link['href']}&f=html", text(f"services.{link['rel']}"))
        for link in links
        if link["rel"] in {"prev", "next"}
    )
    offset, n = total
    said = text("services.count", first=offset + 1, last=offset + len(rows), n=f"{n:,}")
    if not rows:
        return f"<p>{text('services.empty')}</p>"
    return f"<p>{as_html(said)} {turns}</p>{table(laid)}<p>{turns}</p>"


def item(one: Collection, feature: Mapping[str, Any]) -> str:
    """Lay out one feature."""
    titles = {field.name: field.title for field in one.fields}
    rows = [
        {
            text("services.column"): titles.get(name, name),
            text("report.value"): value,
        }
        for name, value in feature["properties"].items()
    ]
    return table(rows)


def raw(document: Document) -> str:
    """Lay out a document as it is."""
    said = orjson.dumps(document, option=orjson.OPT_INDENT_2).decode()
    return f"<pre>{as_html(said)}</pre>"


def table(rows: list[dict[str, Any]]) -> str:
    """Lay out rows that have the same columns."""
    head = "".join(f"<th>{as_html(name)}</th>" for name in rows[0])
    body = "".join(
        f"<tr>{''.join(_cell(value) for value in row.values())}</tr>" for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _link_of(items: str, feature: object) -> tuple[str, str]:
    said = str(feature)
    return f"{items}/{quote(said, safe='')}?f=html", said


def _cell(value: Any) -> str:  # noqa: ANN401 - whatever a table holds
    if isinstance(value, tuple):
        return f"<td>{_anchor(*value)}</td>"
    if value is None or pd.isna(value):
        return "<td></td>"
    if isinstance(value, int | float):
        return f'<td class="n">{value:g}</td>'
    return f"<td>{as_html(value)}</td>"


def _anchor(address: str, said: str) -> str:
    return f'<a href="{as_html(address)}">{as_html(said)}</a>'


def _readable(link: Document) -> str:
    """Give the form for people of what is linked to below the landing page."""
    own = link["type"] in {"application/json", "application/schema+json"}
    return f"{link['href']}?f=html" if own else str(link["href"])
