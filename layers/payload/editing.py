"""What the desk at which zones are changed begins with: outlines, words, vocabulary."""

from collections.abc import Iterator
from typing import Any, Final

import orjson
import shapely

from beltmap.geo import schema
from beltmap.geo.changes.change import (
    PROPERTIES,
    content_stamp,
    geometry_json,
    versions,
)
from beltmap.geo.charter.force import charter
from beltmap.geo.language.labels import code_label, column_label, sector_labels
from beltmap.geo.language.messages import spoken, text
from beltmap.geo.plan.plan import Plan

MOST_CORNERS: Final = 300_000
"""Corners of a plan up to which its zones are sent whole, and can be changed."""

UNITS: Final = {"km2": "km²", "ha": "ha", "mu": "mu"}

WORDS: Final = (
    *("ask_basis", "ask_by", "ask_name", "ask_source", "area", "basis", "by", "cancel"),
    *("choose_first", "clash", "close", "coordinates", "corners", "crossed"),
    *(
        "crossed_at",
        "crossings",
        "discard",
        "download",
        "downloaded",
        "east",
        "finish",
        "geopackage",
        "grow",
    ),
    *("how_merge", "how_new", "how_redraw", "how_split", "how_strip", "insert", "keep"),
    *(
        "km",
        "lat",
        "least_corners",
        "length",
        "lost_file",
        "lon",
        "merge",
        "merged",
        "mine",
    ),
    *("more_corners", "move", "name", "new", "no_merge", "no_number", "no_rights"),
    *("no_split", "none", "north", "not_drawn", "note", "nothing", "off", "off_by"),
    *("offer", "or_area", "other", "outside", "overlap", "part_shown", "pick_first"),
    *("making", "properties", "redo", "redraw", "remove", "removed", "resume", "save"),
    *("sent", "simplified", "simplify", "very_many"),
    *("source", "source_note", "split", "split_done", "stated", "strip", "take_out"),
    *("theirs", "title", "tools", "undo", "width", "zone"),
)
"""Keys of the catalogue under ``edit``."""

FORM: Final = (
    *("name_en", "name_zh", "kind", "status", "city", "boundary"),
    *("declared_area_km2", "area_basis", "part_of", "sectors", "patterns"),
    *("focus_en", "focus_zh"),
)
"""Properties that a reader can change, in the order of the form."""


def corners(plan: Plan) -> int:
    """Count the corners of a plan's zones."""
    return int(shapely.get_num_coordinates(plan.zones.geometry.to_numpy()).sum())


def editing_payload(plan: Plan, *, name: str, may_save: bool) -> bytes:
    """
    Write what the desk begins with.

    Parameters
    ----------
    plan
        One plan, with at most `MOST_CORNERS` corners.
    name
        Name of its folder.
    may_save
        Whether the page may write to it.

    Returns
    -------
    content
        JSON in the spoken language; outlines letter for letter as in the files.
    """
    framing = {kind.code for kind in plan.charter.frames}
    zones = [
        {
            "id": zone,
            "frame": version.properties["kind"] in framing,
            "properties": version.properties,
            "geometry": geometry_json(version.geometry),
        }
        for zone, version in versions(plan.zones)
    ]
    return orjson.dumps(
        {
            "plan": name,
            "stamp": content_stamp(plan.zones),
            "may_save": may_save,
            "language": spoken(),
            "words": {word: text(f"edit.{word}") for word in WORDS}
            | {"title": text("edit.title_of", plan=plan.charter.title.say() or name)}
            | {unit: text(f"unit.name.{code}") for unit, code in UNITS.items()},
            "columns": list(_columns(plan)),
            "blank": _blank(plan),
            "zones": zones,
        }
    )


def _columns(plan: Plan) -> Iterator[dict[str, Any]]:
    """Say of each property what it is called and what it may be."""
    closed = {**charter().closed, **schema.CLOSED}
    closed["city"] = tuple(city.code for city in charter().cities)
    sectors = [
        (code, sector_labels(plan.sectors, code)) for code in plan.sectors["code"]
    ]
    patterns = [(code, code_label("patterns", code)) for code in charter().patterns]
    several = {"sectors": sectors, "patterns": patterns}
    for name in FORM:
        column: dict[str, Any] = {"name": name, "label": column_label(name)}
        if several.get(name):
            yield column | {"type": "several", "options": several[name]}
        elif closed.get(name):
            named = [(code, code_label(name, code)) for code in closed[name]]
            yield column | {"type": "one", "options": named}
        elif name == "part_of":
            yield column | {"type": "one", "options": []}
        elif name in schema.NUMBERS:
            yield column | {"type": "number"}
        else:
            yield column | {"type": "text"}


def _blank(plan: Plan) -> dict[str, str | None]:
    """Give the properties of a zone of which nothing is known yet."""
    blank: dict[str, str | None] = dict.fromkeys(PROPERTIES)
    cities = plan.zones["city"].dropna().mode()
    return blank | {
        "kind": charter().default_kind,
        "status": charter().closed["status"][-1],
        "city": str(cities.iloc[0]) if len(cities) else None,
        "boundary": "schematic",
        "area_basis": "nominal",
    }
