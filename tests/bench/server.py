"""
Measure what the server does against the plain way to do the same.

    python -m tests.bench.server [--quick] [--only WORD] [--most ZONES]

Both sides run on the same made-up zones, and medians count. Time is the
processor's, so that other programs on the machine lengthen it little. A plain
way that takes longer than a few seconds runs once with `--quick`, five times
without; what serves several jobs is measured once.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import geopandas as gpd
import numpy as np
from pyproj import Geod

from beltmap.geo.charter.reading import DEFAULT
from beltmap.geo.claims.table import read_sectors
from beltmap.geo.files import replace_file
from beltmap.geo.geometry.area import areas_m2, union
from beltmap.geo.geometry.cover import cover
from beltmap.geo.geometry.geojson import dumps
from beltmap.geo.plan.synthetic import synthetic_zones
from beltmap.geo.query.matches import index_zones
from beltmap.geo.query.summary import Land, totals_by
from beltmap.geo.zones.bulk import read_bulk
from beltmap.geo.zones.files import open_layer
from beltmap.layers.payload.zones import zone_payload
from tests.bench.first_view import SEE_ALL_ZOOM, first_payloads
from tests.bench.folium_map import folium_map
from tests.bench.results import finish, keep, row, show

CODES = read_sectors(DEFAULT)["code"].tolist()
GEOD = Geod(ellps="WGS84")
SIZES = (1_000, 10_000, 100_000)
RUNS = 5
QUICK_MOST = 10_000
LONG_S = 5.0


class Case:
    """Zones of one size, and the files that hold them."""

    def __init__(self, n, folder):
        self.folder = folder
        self.zones = synthetic_zones(n, sectors=CODES)

    @cached_property
    def shapes(self):
        return self.zones.geometry.to_numpy()

    @cached_property
    def index(self):
        return index_zones(self.zones, sectors=CODES)

    @cached_property
    def geojson(self):
        path = self.folder / f"{len(self.zones)}.geojson"
        path.write_bytes(dumps(self.zones.assign(kind="park")))
        return path

    @cached_property
    def parquet(self):
        folder = self.folder / str(len(self.zones))
        folder.mkdir()
        path = folder / "zones.parquet"
        self.zones.to_parquet(path, compression="zstd", write_covering_bbox=True)
        return path

    @property
    def out(self):
        return self.folder / "out.geojson"


@dataclass(frozen=True)
class Job:
    """Two ways to the same end; `targets` say how often ours fits, by number."""

    name: str
    against: str
    ours: Callable
    theirs: Callable
    targets: Mapping[int, float]
    unit: str = "ms"
    most: int = SIZES[-1]


def folium_page(case):
    return folium_map(case.zones).get_root().render().encode()


def exact(case):
    return zone_payload(case.zones)


def simplified(case):
    return zone_payload(case.zones, zoom=SEE_ALL_ZOOM)


def first_view(case):
    return first_payloads(case.zones)


def geod_areas(case):
    return [GEOD.geometry_area_perimeter(shape)[0] for shape in case.shapes]


def our_areas(case):
    return areas_m2(case.shapes)


def our_union(case):
    return union(case.shapes)


def union_all(case):
    return case.zones.geometry.union_all()


def read_geojson(case):
    return gpd.read_file(case.geojson)


def summary(case):
    land = cover(case.shapes)
    chosen = np.ones(len(case.zones), bool)
    return [
        totals_by(
            case.zones, chosen, land=Land(land, land), index=case.index, column=column
        )
        for column in ("kind", "sectors", "city")
    ]


def dissolved(case):
    listed = case.zones.assign(sectors=case.zones["sectors"].str.split(";"))
    tables = []
    for column in ("kind", "sectors", "city"):
        rows = listed.explode(column) if column == "sectors" else case.zones
        table = rows[[column, "declared_area_km2", "geometry"]].dissolve(
            by=column, aggfunc="sum"
        )
        table["covered_km2"] = [
            abs(GEOD.geometry_area_perimeter(shape)[0]) / 1e6
            for shape in table.geometry
        ]
        tables.append(table)
    return tables


def first_opening(case):
    return read_bulk(case.parquet, sectors=CODES)


def second_opening(case):
    return open_layer(case.geojson, kind="park", sectors=CODES)


def export(case):
    replace_file(case.out, dumps(case.zones))


def to_file(case):
    case.zones.to_file(case.out, driver="GeoJSON")


FOLIUM = "folium.GeoJson with style, tooltip, popup"
JOBS = (
    Job("map payload, exact", FOLIUM, exact, folium_page, {10_000: 80, 100_000: 40}),
    Job(
        "map payload, exact: size",
        FOLIUM,
        exact,
        folium_page,
        {10_000: 3, 100_000: 3},
        "MB",
    ),
    Job("first view", FOLIUM, first_view, folium_page, {100_000: 80}),
    Job("first view: size", FOLIUM, first_view, folium_page, {100_000: 15}, "MB"),
    Job("map payload, simplified", FOLIUM, simplified, folium_page, {}),
    Job(
        "map payload, simplified: size",
        FOLIUM,
        simplified,
        folium_page,
        {10_000: 12},
        "MB",
    ),
    Job(
        "ellipsoidal area",
        "loop over pyproj.Geod.geometry_area_perimeter",
        our_areas,
        geod_areas,
        {10_000: 20},
    ),
    Job(
        "union",
        "GeoSeries.union_all()",
        our_union,
        union_all,
        {10_000: 10, 100_000: 20},
    ),
    Job(
        "summary by kind, sector, city",
        "groupby and dissolve",
        summary,
        dissolved,
        {10_000: 25},
        most=10_000,
    ),
    Job(
        "first opening, GeoParquet",
        "read_file of GeoJSON",
        first_opening,
        read_geojson,
        {},
    ),
    Job(
        "second opening, GeoJSON",
        "read_file of GeoJSON",
        second_opening,
        read_geojson,
        {10_000: 10, 100_000: 10},
    ),
    Job("GeoJSON export", "GeoDataFrame.to_file", export, to_file, {10_000: 8}),
)


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--quick", action="store_true")
    options.add_argument("--only", default="")
    options.add_argument("--most", type=int, default=SIZES[-1])
    chosen = options.parse_args()
    if chosen.quick:
        chosen.most = min(chosen.most, QUICK_MOST)
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        os.environ["BELTMAP_CACHE"] = str(Path(folder) / "cache")
        for n in (n for n in SIZES if n <= chosen.most):
            measured = measure_all(Case(n, Path(folder)), chosen)
            rows += measured
            if not (chosen.only or chosen.quick):
                keep(f"server {n}", measured)
    finish("server", rows, kept=False)


def measure_all(case, chosen):
    """Run every job on one case; what serves two jobs is measured once."""
    rows, known = [], {}
    for job in JOBS:
        if chosen.only in job.name and len(case.zones) <= job.most:
            # a page of folium takes a minute at 100 000, and three jobs need it
            for way in (job.ours, job.theirs):
                if way not in known:
                    known[way] = measure(case, way, quick=chosen.quick)
            rows.append(tell(job, len(case.zones), known[job.ours], known[job.theirs]))
            show(rows[-1:])
    return rows


def measure(case, way, *, quick):
    """Run a way often enough; give seconds and result sizes."""
    runs = [once(way, case)]
    if runs[0][0] < LONG_S:
        # the first run also fills caches
        runs = []
    most = 1 if quick and runs else RUNS
    while len(runs) < most:
        runs.append(once(way, case))
    return runs


def once(way, case):
    start = time.process_time()
    made = way(case)
    seconds = time.process_time() - start
    return seconds, len(made) if isinstance(made, bytes) else 0


def tell(job, n, mine, other):
    """Make the row of a job: of seconds in milliseconds, or of bytes in megabytes."""
    sides = [
        [seconds * 1e3 if job.unit == "ms" else size / 1e6 for seconds, size in runs]
        for runs in (mine, other)
    ]
    return row(
        job.name,
        n=n,
        unit=job.unit,
        ours=sides[0],
        theirs=sides[1],
        against=job.against,
        least=job.targets.get(n),
    )


if __name__ == "__main__":
    main()
