"""Files as people have them, through the page: drawn, or asked about in words."""

import json

import pytest
import shapely

from tests.browser.harness import open_tab
from tests.geo.intake.formats.gdal.makers import box, dxf, gml, gml_zone, outline
from tests.geo.intake.recipes import kml, placemark, shapefile, zipped

pytestmark = pytest.mark.browser

BOX = shapely.box(120.4, 36.1, 120.5, 36.2)
HEX = shapely.to_wkb(shapely.set_srid(BOX, 4326), hex=True, include_srid=True)
FEATURE = {
    "type": "Feature",
    "properties": {"名称": "甲园"},
    "geometry": shapely.geometry.mapping(BOX),
}
TOPOLOGY = {
    "type": "Topology",
    "objects": {"a": {"type": "Polygon", "arcs": [[0]]}},
    "arcs": [[list(corner) for corner in BOX.exterior.coords]],
}
UNBOUND = kml("<Document xsi:a='x'/>" + placemark("甲园"))
TOTALS = "名称,面积（公顷）,lon,lat\n甲,40,120.4,36.1\n乙,60,120.5,36.1\n合计,90,,\n"
HEAD = "名称,坐标,\n,经度,纬度\n甲园,120.4,36.1\n"
FILES = {
    "ewkb.csv": (f"name,geom\nA,{HEX}\n", "1 row: 1 drawn"),
    "beside.zip": (
        zipped(shapefile() | {"old.zip": b"PK", "fields.csv": "a,b\n1,2\n"}),
        "2 rows: 2 drawn",
    ),
    "seq.geojsons": (
        "".join("\x1e" + json.dumps(FEATURE, indent=1) + "\n" for _ in "ab"),
        "2 rows: 2 drawn",
    ),
    "topology.json": (json.dumps(TOPOLOGY), "1 row: 1 drawn"),
    "unbound.kml": (UNBOUND, "1 row: 1 drawn"),
    "totals.csv": (TOTALS, "3 rows: 2 drawn, 1 set aside"),
    "head.csv": (HEAD, "1 row: 1 drawn"),
    "old.fgb": (b"fgb\x02" + b"\0" * 60, "version 2"),
    "gdb.zip": (zipped({"a.gdb/a00000001.gdbtable": b"\0" * 40}), "Geodatabase"),
    "plan.gml": (gml(gml_zone("甲园")), "1 row: 1 drawn"),
    "plan.dxf": (
        dxf(outline("A1", box(40500000, 3990000, 900))),
        "in which CRS its coordinates are",
    ),
}


def test_files_as_people_have_them_through_the_page(browser, address):
    payloads = [
        {
            "name": name,
            "mimeType": "application/octet-stream",
            "buffer": content if isinstance(content, bytes) else content.encode(),
        }
        for name, (content, _) in FILES.items()
    ]
    with open_tab(browser) as tab:
        tab.goto(f"{address}?view=bring")
        tab.get_by_role("button", name="Download the template (XLSX)").wait_for()
        tab.locator("input[type=file]").set_input_files(payloads)
        receipts = tab.get_by_role("button", name="Download the receipt")
        receipts.nth(len(FILES) - 1).wait_for(timeout=120_000)
        tab.get_by_test_id("stSpinner").wait_for(state="detached", timeout=60_000)
        boxes = tab.locator("[data-testid=stVerticalBlock]")
        for name, (_, said) in FILES.items():
            mine = boxes.filter(has_text=name).filter(has_text="Remove").last
            assert said in mine.inner_text(), name
        assert "Make a plan of this" in tab.content()
        assert "E_" not in tab.locator("[data-testid=stMain]").inner_text()
        assert (tab.strays, tab.errors) == ([], [])
