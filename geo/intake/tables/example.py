"""What a reader without a file may begin with: an example, and a table to fill in."""

import csv
import io
from typing import Final

from beltmap.geo.charter.force import charter
from beltmap.geo.language.messages import spoken, text

_HEADS: Final = {
    "en": ("name", "city", "area (ha)", "longitude", "latitude"),
    "zh": ("名称", "城市", "面积（公顷）", "经度", "纬度"),
}
_NAMES: Final = {"en": ("North Park", "South Park"), "zh": ("北园", "南园")}
_CITY: Final = {"en": "Anytown", "zh": "某市"}
"""Where the plan names no city."""

_AREAS: Final = (40, 25.5)
_APART: Final = (0.02, -0.02)
"""Degrees north of the plan's middle."""

MIDDLE: Final = (105.0, 35.0)
_EXPLAINED: Final = ("name", "city", "area", "lon", "lat")
_WIDTH: Final = 24


def example_csv(near: tuple[float, float] = MIDDLE) -> bytes:
    """
    Write a small file that is read without a question, in the spoken language.

    Parameters
    ----------
    near
        Longitude and latitude around which its parks lie, in a city of the plan.
    """
    cities = charter().cities
    city = cities[0].name.say() if cities else _CITY[spoken()]
    lon, lat = round(near[0], 2), near[1]
    rows = [
        (name, city, area, lon, round(lat + north, 2))
        for name, area, north in zip(_NAMES[spoken()], _AREAS, _APART, strict=True)
    ]
    out = io.StringIO(newline="")
    lines = csv.writer(out)
    lines.writerow(_HEADS[spoken()])
    lines.writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def template_xlsx() -> bytes:
    """Write a workbook to fill in: what each column takes, then the headings."""
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        small = book.add_format({"italic": True, "text_wrap": True, "valign": "top"})
        bold = book.add_format({"bold": True})
        for at, name in enumerate(_EXPLAINED):
            sheet.write_string(0, at, text(f"bring.template.{name}"), small)
            sheet.write_string(1, at, _HEADS[spoken()][at], bold)
        sheet.set_column(0, len(_EXPLAINED) - 1, _WIDTH)
        sheet.freeze_panes(2, 0)
    return out.getvalue()
