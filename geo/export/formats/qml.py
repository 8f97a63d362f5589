"""QGIS styles: the colours and outlines of the page, field names in two languages."""

from collections.abc import Mapping, Sequence
from typing import Final
from xml.etree import ElementTree as ET

from beltmap.geo import schema
from beltmap.geo.charter.charter import Charter
from beltmap.geo.colours import FILL_OPACITY, OUTLINES, kind_colour, rgb
from beltmap.geo.language.messages import own, text

QGIS_VERSION: Final = "3.22.0"
"""Version whose style format is written; later ones read it too."""

QGIS_LINES: Final = {
    "solid": "solid",
    "dashed": "dash",
    "dotted": "dot",
    "dashdot": "dash dot",
}
OUTLINE_MM: Final = 0.5

_DOCTYPE: Final = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"


def layer_style(
    kind: str, columns: Sequence[str], names: Mapping[str, str], *, version: str = ""
) -> str:
    """
    Describe how QGIS is to show the zones of one kind.

    Parameters
    ----------
    kind
        Kind of the zones, such as the plan names.
    columns
        Columns of the layer as the plan names them.
    names
        What each column is called in the file.
    version
        Column with which a change says which version it began with, see
        `geo.store`; none where nobody asks.

    Returns
    -------
    qml
        QML text: the kind's colour, an outline by how certain the boundary is,
        the reader's name as label, and the column names in both languages.
    """
    symbols = {
        value: (
            text(f"boundary.{value}") if value else text("export.other"),
            kind_colour(kind),
            OUTLINES.get(value, "dotted"),
        )
        for value in (*schema.BOUNDARIES, "")
    }
    return _style("boundary", symbols, columns, names, version)


def plan_style(
    charter: Charter, columns: Sequence[str], names: Mapping[str, str], *, version: str
) -> str:
    """
    Describe how QGIS is to show all zones of a plan: each in its kind's colour.

    Parameters
    ----------
    charter
        What the plan says of itself.
    columns, names, version
        As for `layer_style`.

    Returns
    -------
    qml
        QML text.
    """
    symbols = {
        kind.code: (kind.name.say(), kind.colour, "solid") for kind in charter.kinds
    }
    return _style("kind", symbols, columns, names, version)


def _style(
    column: str,
    shown: Mapping[str, tuple[str, str, str]],
    columns: Sequence[str],
    names: Mapping[str, str],
    version: str,
) -> str:
    """Write a style: label, colour and outline by the values of a column."""
    root = ET.Element(
        "qgis",
        version=QGIS_VERSION,
        styleCategories="Symbology|Labeling|Fields",
        labelsEnabled="1",
    )
    attribute = names.get(column, column)
    renderer = ET.SubElement(
        root,
        "renderer-v2",
        type="categorizedSymbol",
        attr=attribute,
        enableorderby="0",
    )
    categories = ET.SubElement(renderer, "categories")
    symbols = ET.SubElement(renderer, "symbols")
    for place, (value, (label, colour, outline)) in enumerate(shown.items()):
        ET.SubElement(
            categories,
            "category",
            value=value,
            label=label,
            symbol=str(place),
            render="true",
        )
        _symbol(symbols, str(place), colour, outline)
    _labels(root, names.get(own("name"), own("name")))
    aliases = ET.SubElement(root, "aliases")
    for place, name in enumerate(columns):
        alias = field_alias(name)
        ET.SubElement(aliases, "alias", index=str(place), field=names[name], name=alias)
    if version:
        defaults = ET.SubElement(root, "defaults")
        # QGIS sends what differs, and asks again at each change
        ET.SubElement(
            defaults,
            "default",
            field=version,
            expression=f'-abs("{version}")',
            applyOnUpdate="1",
        )
    return _DOCTYPE + ET.tostring(root, encoding="unicode")


def field_alias(column: str) -> str:
    """
    Name a column for readers of either language.

    Parameters
    ----------
    column
        Name of a column.

    Returns
    -------
    alias
        English and Chinese name, or the column's own where it is not one of
        the plan's.

    Examples
    --------
    >>> field_alias("name_en")
    'Name (English) · 英文名称'
    >>> field_alias("用地")
    '用地'
    """
    if column not in (*schema.COLUMNS, "claims"):
        return column
    return f"{text(f'export.field.{column}.en')} · {text(f'export.field.{column}.zh')}"


def _symbol(symbols: ET.Element, name: str, colour: str, outline: str) -> None:
    symbol = ET.SubElement(symbols, "symbol", name=name, type="fill", alpha="1")
    layer = ET.SubElement(
        symbol, "layer", {"class": "SimpleFill", "enabled": "1", "pass": "0"}
    )
    red, green, blue = rgb(colour)
    properties = {
        "color": f"{red},{green},{blue},{round(FILL_OPACITY * 255)}",
        "style": "solid",
        "outline_color": f"{red},{green},{blue},255",
        "outline_style": QGIS_LINES[outline],
        "outline_width": str(OUTLINE_MM),
        "outline_width_unit": "MM",
    }
    for key, value in properties.items():
        ET.SubElement(layer, "prop", k=key, v=value)


def _labels(root: ET.Element, column: str) -> None:
    labeling = ET.SubElement(root, "labeling", type="simple")
    settings = ET.SubElement(labeling, "settings")
    style = ET.SubElement(
        settings, "text-style", fieldName=column, fontSize="9", isExpression="0"
    )
    ET.SubElement(
        style, "text-buffer", bufferDraw="1", bufferSize="0.8", bufferSizeUnits="MM"
    )
