"""Formats of GDAL that mean harm: nothing is reached, and the worker ends in time."""

import http.server
import threading

import pytest

from beltmap.geo.intake.apart.worker import read_apart
from beltmap.geo.intake.limits import Limits
from beltmap.geo.intake.uploads import Upload
from tests.geo.intake.formats.gdal import makers
from tests.geo.intake.formats.gdal.makers import dxf, gml, gml_zone, gpx, outline, pairs

INSIDE = "traceback /tmp/ gdal ogr pyogrio expat exception errno .py"
LIMITS = Limits(seconds=20)


def insert(block):
    return pairs((0, "INSERT"), (8, "0"), (2, block), (10, 0), (20, 0))


def blocks(depth, each, *grid):
    """A drawing of blocks that insert blocks."""
    made = []
    for level in range(depth):
        inside = outline("1", [(0, 0), (1, 0), (1, 1)])
        if level:
            one = pairs((0, "INSERT"), (8, "0"), (2, f"B{level - 1}"), (10, 0), (20, 0))
            inside = one * each
        head = pairs(
            (0, "BLOCK"), (8, "0"), (2, f"B{level}"), (70, 0), (10, 0), (20, 0)
        )
        made.append(head + inside + pairs((0, "ENDBLK"), (8, "0")))
    section = pairs((0, "SECTION"), (2, "BLOCKS")) + "".join(made)
    return dxf(insert(f"B{depth - 1}") + pairs(*grid)).replace(
        pairs((0, "SECTION"), (2, "ENTITIES")),
        section + pairs((0, "ENDSEC"), (0, "SECTION"), (2, "ENTITIES")),
    )


def harmful(secret, address):
    """Give files by name, each with what it tries."""
    entity = f'<!DOCTYPE a [<!ENTITY x SYSTEM "file://{secret}">]>'
    link = f'xlink:href="{address}/x.gml"'
    away = f'xsi:schemaLocation="http://example.org/p {address}/x.xsd"'
    here = f'xsi:schemaLocation="http://example.org/p file://{secret}"'
    huge = gml_zone("甲").replace(
        "<gml:posList>", '<gml:posList srsDimension="2000000000">'
    )
    table = makers.mapinfo("a.tab", "Neutral")
    view = (
        f'!table\n!version 100\nOpen Table "{secret}"\ncreate view v as select * from a'
    )
    mif = makers.mapinfo("a.mif", "Neutral")
    region = mif["a.mif"].replace(b"Region 1", b"Region 2000000000")
    geodatabase = makers.written(makers.frame(), "a.gdb", "OpenFileGDB")
    rows = {
        f"p.gdb/{name}": data[:4] + b"\xff\xff\xff\x7f" + data[8:]
        if name.endswith("gdbtable")
        else data
        for name, data in geodatabase.items()
    }
    return {
        "entity.gml": gml(gml_zone("&x;"), head=entity),
        "entity.gpx": gpx("<wpt lat='36' lon='120'><name>&x;</name></wpt>", entity),
        "schemas.gml": gml(gml_zone("甲", more=f"<p:a {link}/>"), root=f"{away}"),
        "local.gml": gml(gml_zone("甲", crs=str(secret)), root=here),
        "dimension.gml": gml(huge),
        "blocks.dxf": blocks(9, 10),
        "count.dxf": dxf(
            outline("A1", [(0, 0)] * 3).replace(" 90\n3", " 90\n2000000000")
        ),
        "view.zip": makers.zipped(table | {"a.tab": view}),
        "region.zip": makers.zipped(mif | {"a.mif": region}),
        "rows.zip": makers.zipped(
            {f"p.gdb/{name}": data for name, data in rows.items()}
        ),
        "beside.zip": makers.zipped(
            {"a.gml": gml(gml_zone("甲"), root=here), "a.gfs": f"<x>{secret}</x>"}
        ),
    }


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """Lay out a secret, and count who calls."""
    calls = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            calls.append(self.path)
            self.send_error(404)

        def log_message(self, *_):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    secret = tmp_path_factory.mktemp("secret") / "canary.csv"
    secret.write_text("name,lon,lat\nCANARY,120.3,36.1\n")
    address = f"http://127.0.0.1:{server.server_port}"
    yield harmful(secret, address), calls, secret
    server.shutdown()
    server.server_close()


NAMES = tuple(harmful("/x", "http://127.0.0.1:9"))
DEEP = {"grid.dxf", "dimension.gml", "count.dxf", "region.zip", "beside.zip"}


@pytest.mark.parametrize(
    "name",
    [pytest.param(n, marks=pytest.mark.deep if n in DEEP else ()) for n in NAMES],
)
def test_nothing_is_reached_and_nothing_is_shown(name, world):
    files, calls, secret = world
    content = files[name]
    data = content if isinstance(content, bytes) else content.encode()
    outcome = read_apart(Upload(name, data), limits=LIMITS)
    receipt = outcome.receipt
    codes = {one.code for one in receipt.notices}
    assert not codes & {"E_TIMEOUT", "E_UNREADABLE"}, receipt.as_text()
    shown = receipt.as_text() + receipt.as_json()
    shown += "" if outcome.zones is None else outcome.zones.to_json()
    assert "CANARY" not in shown
    assert str(secret) not in shown
    assert not [word for word in INSIDE.split() if word in receipt.as_text().lower()]
    assert calls == []
