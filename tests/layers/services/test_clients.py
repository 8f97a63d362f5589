"""The programs that users have: GDAL and QGIS of the system, and OWSLib."""

import http.client
import json
import os
import re
import shutil
import sqlite3
import subprocess
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner
from owslib.ogcapi.features import Features

from beltmap.geo.plan.plan import read_plan
from beltmap.layers.commands.demo import write_demo
from beltmap.layers.commands.main import main
from tests.geo.export.test_tools import SYSTEM_PYTHON, has_qgis, needed
from tests.serving import running

FILTERS = {
    "": (),
    "q=%E8%BD%AF%E4%BB%B6&sectors=BPO": ("--text", "软件", "--sector", "BPO"),
    "kind=park&kind=town&most=5&lang=zh": (
        *("--kind", "park", "--kind", "town", "--most", "5"),
    ),
    "city=Dalian&plan=dalian": ("--city", "Dalian"),
}
"""Filters as part of the path, and as the options of a command."""

TABLES = {"claims", "sources"}
SLICE, WHOLE = 1_234, 100_000


@pytest.fixture(scope="module")
def address():
    with running("beltmap", "serve") as (found, _):
        yield found


def summed(*options):
    """Tell how many zones ``beltmap summary`` counts."""
    said = CliRunner().invoke(main, ["summary", "--format", "json", *options])
    return next(
        int(row["value"]) for row in json.loads(said.stdout) if row["total"] == "zones"
    )


def roots(address):
    return {query: f"{address}ogc/{query}".rstrip("/") for query in FILTERS}


def listed_by_gdal(root):
    """List the collections that GDAL finds, with the type of their geometry."""
    said = gdal("ogrinfo", "-ro", f"OAPIF:{root}")
    return dict(
        re.findall(r"^\d+: (\S+) \(title: [^()]*\)(?: \((.*)\))?$", said, re.MULTILINE)
    )


def gdal(*command):
    needed(shutil.which(command[0]), "gdal-bin")
    return subprocess.run(
        command, capture_output=True, check=True, text=True, timeout=600
    ).stdout


def counted_by_gdal(root, folder, *, page):
    """Read every collection to its end, and count what came."""
    out = folder / "read.gpkg"
    options = ("-overwrite", "-oo", f"PAGE_SIZE={page}", "-f", "GPKG")
    gdal("ogr2ogr", *options, str(out), f"OAPIF:{root}")
    counts = {}
    with closing(sqlite3.connect(out)) as read:
        for (name,) in read.execute("SELECT table_name FROM gpkg_contents").fetchall():
            words = f'SELECT count(*), count(DISTINCT id) FROM "{name}"'
            counts[name], distinct = read.execute(words).fetchone()
            assert counts[name] == distinct
    return counts


@pytest.mark.parametrize("query", FILTERS)
def test_gdal_reads_every_collection(address, tmp_path, query):
    root = roots(address)[query]
    found = listed_by_gdal(root)
    counts = counted_by_gdal(root, tmp_path, page=3 if query else 100)
    assert set(counts) == set(found)
    zones = {one: n for one, n in counts.items() if one not in TABLES}
    assert sum(zones.values()) == summed(*FILTERS[query]) > 0
    assert not any(found[one] for one in TABLES & set(found)), found


def test_gdal_takes_the_types_of_a_column_without_values(address, plan):
    parks = plan.zones[plan.zones["kind"] == "park"]
    assert parks["declared_area_km2"].isna().all()
    said = gdal("ogrinfo", "-ro", "-so", f"OAPIF:{address}ogc", "park")
    types = dict(re.findall(r"^(\w+): (String|Real|Integer) ", said, re.MULTILINE))
    assert set(types) == set(plan.zones.columns.drop("geometry"))
    assert types["declared_area_km2"] == types["drawn_area_km2"] == "Real"
    assert types["name_zh"] == "String"
    said = gdal("ogrinfo", "-ro", "-so", f"OAPIF:{address}ogc", "claims")
    assert "year: Integer " in said


def seen_by_qgis(wanted, folder):
    """Open collections in one run of QGIS: its start takes seconds."""
    needed(has_qgis(), "python3-qgis")
    (folder / "wanted.json").write_text(json.dumps(wanted))
    look = Path(__file__).with_name("look.py")
    subprocess.run(
        [SYSTEM_PYTHON, look, folder / "wanted.json", folder / "seen.json"],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "HOME": str(folder)},
        capture_output=True,
        check=True,
        timeout=600,
    )
    return json.loads((folder / "seen.json").read_text())


@pytest.fixture(scope="module")
def seen(address, tmp_path_factory):
    wanted = {
        f"{query} {one}": (root, one)
        for query, root in roots(address).items()
        for one in listed_by_gdal(root)
    }
    return seen_by_qgis(wanted, tmp_path_factory.mktemp("qgis"))


@pytest.mark.parametrize("query", FILTERS)
def test_qgis_opens_every_collection(seen, query):
    layers = {
        name.rpartition(" ")[2]: one
        for name, one in seen.items()
        if name.rpartition(" ")[0] == query
    }
    assert all(one["valid"] for one in layers.values())
    assert all(one["told"] == len(set(one["ids"])) > 0 for one in layers.values())
    zones = {name: one for name, one in layers.items() if name not in TABLES}
    assert sum(len(one["ids"]) for one in zones.values()) == summed(*FILTERS[query])
    for one in zones.values():
        if one["located"]:
            assert one["crs"] == "EPSG:4326"
            assert one["shape"] in {"Polygon", "MultiPolygon"}
    for name in TABLES & set(layers):
        assert layers[name]["shape"] == "NoGeometry"


def test_qgis_has_types_and_places(seen, plan):
    layers = {name.strip(): one for name, one in seen.items() if name[0] == " "}
    located = sum(one["located"] for one in layers.values())
    assert located == plan.zones.geometry.notna().sum()
    assert layers["town"]["types"]["declared_area_km2"] == "Real"
    assert len(layers["claims"]["ids"]) == len(plan.claims)
    # a number that no zone of the kind has comes as text: QGIS asks the features
    assert layers["park"]["types"]["declared_area_km2"] == "String"


@pytest.mark.parametrize("query", FILTERS)
def test_owslib_reads_it(address, query):
    service = Features(roots(address)[query])
    assert any("cql2-text" in one for one in service.conformance()["conformsTo"])
    names = service.feature_collections()
    n = sum(
        service.collection_items(one)["numberMatched"]
        for one in names
        if one not in TABLES
    )
    assert n == summed(*FILTERS[query])
    assert service.collection_queryables(names[0])["properties"]


def test_owslib_asks_with_cql2_and_a_box(address):
    service = Features(f"{address}ogc")
    words = "city = 'Dalian' OR drawn_area_km2 > 10"
    zones = read_plan().zones
    chosen = zones[(zones["city"] == "Dalian") | (zones["drawn_area_km2"] > 10)]
    for kind, group in zones.groupby("kind"):
        found = service.collection_items(kind, filter=words)
        assert found["numberMatched"] == (chosen["kind"] == kind).sum()
        inside = service.collection_items(kind, bbox=[120, 36, 120.5, 36.2])
        assert inside["numberMatched"] == len(group.cx[120:120.5, 36:36.2])


@contextmanager
def proxy(to):
    """Pass requests on, as nginx does: the host is then the one behind."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            behind = http.client.HTTPConnection("127.0.0.1", to(), timeout=60)
            kept = ("accept", "accept-language", "if-none-match")
            heads = {k: v for k, v in self.headers.items() if k.lower() in kept}
            behind.request("GET", self.path, headers=heads)
            answer = behind.getresponse()
            body = answer.read()
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.headers["content-type"])
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            behind.close()

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


def test_clients_read_it_through_a_proxy(tmp_path):
    ports = {}
    with proxy(lambda: ports["server"]) as port:
        public = f"http://127.0.0.1:{port}/plans/north"
        serve = ("beltmap", "serve", "--public-url", public)
        with running(*serve, path="plans/north/") as (inner, _):
            ports["server"] = urlsplit(inner).port
            root = f"{public}/ogc/city=Qingdao"
            found = listed_by_gdal(root)
            counts = counted_by_gdal(root, tmp_path, page=50)
            n = sum(n for one, n in counts.items() if one not in TABLES)
            assert n == summed("--city", "Qingdao")
            # what is asked for behind it is told with the public address as well
            assert set(listed_by_gdal(f"{inner}ogc/city=Qingdao")) == set(found)
            [layer] = seen_by_qgis({"park": (root, "park")}, tmp_path).values()
            assert layer["valid"]
            assert layer["told"] == summed("--city", "Qingdao", "--kind", "park")


def paged_to_the_end(folder, zones, tmp_path, *, page):
    write_demo(folder, zones=zones)
    with running("beltmap", "serve", "--plan", folder) as (address, _):
        root = f"{address}ogc"
        counts = counted_by_gdal(root, tmp_path, page=page)
        for one in TABLES:
            counts.pop(one, None)
        assert sum(counts.values()) == zones == summed("--plan", str(folder))
        name = max(counts, key=counts.get)
        [layer] = seen_by_qgis({name: (root, name)}, tmp_path).values()
        assert layer["told"] == len(set(layer["ids"])) == counts[name]


def test_many_zones_are_paged_to_the_end(tmp_path):
    paged_to_the_end(tmp_path / "many", SLICE, tmp_path, page=100)


@pytest.mark.deep
def test_very_many_zones_are_paged_to_the_end(tmp_path):
    paged_to_the_end(tmp_path / "many", WHOLE, tmp_path, page=10_000)
