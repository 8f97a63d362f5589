"""A plan small enough to check by hand, and the shipped one."""

import os
import sys
from collections import defaultdict
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from hypothesis import settings

from beltmap.geo import schema
from tests.chance import GATE

settings.load_profile(GATE)

ROOT = Path(__file__).resolve().parent.parent
NO_NAMES = {"geo", "layers", "data", "app"}
"""Packages and files of beltmap, which have these names below it only."""


def unsaid(report):
    """In CI, where everything is installed, let what is passed over fail."""
    if report.skipped and os.environ.get("CI") and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"passed over in CI: {report.longrepr[2]}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport():
    return unsaid((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report():
    return unsaid((yield))


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory):
    """Keep nothing between runs of the tests, nor beside what users keep."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BELTMAP_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session", autouse=True)
def one_name_each():
    """Find, when all tests have run, that no module was loaded under two names."""
    yield
    bare = NO_NAMES & set(sys.modules)
    assert not bare, f"imported without `beltmap.` before it: {bare}"
    names = defaultdict(list)
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        # a command's own file is `__main__`, whatever else it is called
        if file and name != "__main__":
            names[Path(file).resolve()].append(name)
    own = {ROOT / name for name in ("geo", "layers", "data", "tests")}
    own |= {ROOT / name for name in ("app.py", "beltmap.py")}
    twice = [
        both for path, both in names.items() if own & {path, *path.parents} and both[1:]
    ]
    assert not twice, f"one file, several names: {twice}"


EMPTY = dict.fromkeys(schema.COLUMNS)


def zone(number, **properties):
    """Make the properties of a zone, null where a test does not care."""
    kind = properties.get("kind", "park")
    return EMPTY | {"id": f"z{number}", "kind": kind} | properties


@pytest.fixture
def zones():
    """
    Four zones near the equator: a belt, two squares and one without a place.

    The belt is 4 x 1 cells; ``z1`` overlaps half of one of its cells, ``z2``
    lies apart. A cell is a hundredth of a degree wide and high.
    """
    cell = 0.01
    boxes = [
        shapely.box(0, 0, 4 * cell, cell),
        shapely.box(0, cell / 2, cell, 3 * cell / 2),
        shapely.box(10 * cell, 0, 11 * cell, cell),
        None,
    ]
    rows = [
        zone(
            0, kind="belt", city="Qingdao", sectors="software;BPO", boundary="described"
        ),
        zone(1, kind="town", city="Qingdao", sectors="BPO", boundary="schematic"),
        zone(2, city="Dalian", sectors="logistics", boundary="nominal"),
        zone(3, city="Dalian", boundary="not located"),
    ]
    declared = [5.0, 1.25, None, None]
    drawn = [4.92, 1.23, 1.23, None]
    basis = ["declared", "declared", "nominal", None]
    names = ["Belt 产业带", "Lǚshùn Town", "Port Park 物流园", "Lost Park"]
    for row, area, measured, by, name in zip(
        rows, declared, drawn, basis, names, strict=True
    ):
        row |= {
            "declared_area_km2": area,
            "drawn_area_km2": measured,
            "area_basis": by,
            "name_en": name,
        }
    frame = gpd.GeoDataFrame(rows, geometry=boxes, crs=4326)
    for column in schema.NUMBERS:
        frame[column] = frame[column].astype(float)
    return frame


@pytest.fixture(scope="session")
def plan():
    """Give the shipped plan; tests do not change it."""
    from beltmap.geo.plan.plan import read_plan

    return read_plan()


@pytest.fixture(scope="session")
def cluster():
    """Run a PostgreSQL server with PostGIS as long as this process tests."""
    from tests.storing import own_server

    with own_server() as server:
        yield server.address


@pytest.fixture
def database(cluster, request):
    """Give the address of an empty database with PostGIS."""
    from beltmap.geo.store.mirror import let_go
    from tests.storing import sql

    name = f"t{abs(hash(request.node.nodeid))}"
    sql(f"{cluster}/postgres", f"create database {name}")
    yield f"{cluster}/{name}"
    let_go()
    sql(f"{cluster}/postgres", f"drop database {name} with (force)")
