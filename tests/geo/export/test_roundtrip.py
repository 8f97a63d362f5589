"""Every format in every CRS: written, read again, and the same."""

import json
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from beltmap.geo.errors import PlanError
from beltmap.geo.export.catalogue import FORMATS, crs_for, format_called, format_of
from beltmap.geo.export.crs import choose_crs, unproject
from beltmap.geo.export.write import write
from beltmap.geo.geometry.area import areas_m2
from tests.choosing import choose
from tests.rfc7946 import faults

PAIRS = [(f.code, crs) for f in FORMATS.values() for crs in f.crs]
PICTURES = {"svg", "png"}
PLAIN_PAIRS = [pair for pair in PAIRS if pair[0] not in PICTURES]
# both kinds of picture are saved from one drawing: each CRS is drawn for one of them
DRAWN_PAIRS = [
    pytest.param(f.code, crs, marks=() if n % 2 == turn else pytest.mark.deep)
    for turn, f in enumerate(FORMATS[code] for code in sorted(PICTURES))
    for n, crs in enumerate(f.crs)
]
DATED = {"geopackage", "geodatabase", "xlsx", "dxf"}
WITHOUT_CRS = {"dxf", "csv", "csvzip", "xlsx"}

# what the shipped plan loses, measured; a change here is a change of a format
LOST = {
    "geojson": {"style"},
    "geopackage": set(),
    "shapefile": {"names", "claims"},
    "geodatabase": {"style"},
    "kml": {"claims"},
    "kmz": {"claims"},
    "flatgeobuf": {"style", "claims"},
    "parquet": {"style"},
    "dxf": {"zones", "crs", "types", "claims"},
    "csv": {"crs", "style", "claims"},
    "csvzip": {"crs", "style"},
    "xlsx": {"crs", "style"},
    "svg": {"picture"},
    "png": {"picture"},
}


@pytest.fixture(scope="module")
def written(everything):
    """Write each format in each CRS once for all tests."""
    return cache(lambda code, crs: write(everything, format_code=code, crs=crs))


@pytest.mark.parametrize(("code", "crs"), [*PLAIN_PAIRS, *DRAWN_PAIRS])
def test_what_is_lost_is_known_and_no_more(written, code, crs):
    export = written(code, crs)
    assert {loss.kind for loss in export.losses} == LOST[code]


@pytest.mark.parametrize(("code", "crs"), PLAIN_PAIRS)
def test_rows_values_crs_and_areas_come_back(written, shipped, code, crs):
    export = written(code, crs)
    read = export.format_.read(export.content).zones
    wanted = shipped.zones
    if "zones" in LOST[code]:
        wanted = wanted[wanted.geometry.notna()]
    read = read.set_index("id").loc[wanted["id"]]
    assert read["name_zh"].tolist() == wanted["name_zh"].tolist()
    assert read["city"].tolist() == wanted["city"].tolist()
    chosen = choose_crs(crs, shipped.zones)
    if code not in WITHOUT_CRS:
        assert read.crs.to_epsg() == chosen.system.to_epsg()
        assert chosen.datum is None or chosen.system.name in read.crs.name
    back = areas_m2(unproject(read, chosen).geometry.to_numpy())
    assert np.allclose(
        back, areas_m2(wanted.geometry.to_numpy()), rtol=1e-9, equal_nan=True
    )


def test_geojson_is_as_the_standard_has_it(odd, everything):
    for selection in (everything, choose(odd)):
        content = write(selection, format_code="geojson").content
        assert faults(content) == []
        assert len(json.loads(content)["features"]) == len(selection)


# the others have the time of their making in the file
@pytest.mark.parametrize("code", sorted(set(FORMATS) - DATED))
def test_same_zones_give_the_same_file(written, everything, code):
    again = write(everything, format_code=code)
    assert again.content == written(code, again.crs).content


@pytest.mark.parametrize("code", [f.code for f in FORMATS.values() if not f.drawing])
def test_one_zone_without_geometry_can_be_asked_for_alone(shipped, code):
    alone = shipped.zones.geometry.isna().to_numpy()
    export = write(choose(shipped, alone), format_code=code)
    read = export.format_.read(export.content).zones
    assert read["id"].tolist() == shipped.zones["id"][alone].tolist()
    assert read.geometry.isna().all()


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("a.GeoJSON", "geojson"),
        ("a.b.gpkg", "geopackage"),
        ("a.zip", "shapefile"),
        ("a.gdb.zip", "geodatabase"),
        ("a.csv.zip", "csvzip"),
        ("a.csv", "csv"),
        ("计划.xlsx", "xlsx"),
    ],
)
def test_format_is_told_by_the_name(name, code):
    assert format_of(Path(name)).code == code


@pytest.mark.parametrize("name", ["a", "a.shp", "a.pdf", ".gpkg", "gpkg"])
def test_unknown_ending_names_the_known_ones(name):
    with pytest.raises(PlanError, match="E_UNKNOWN_FORMAT") as said:
        format_of(Path(name))
    assert ".gpkg" in str(said.value)
    assert ".shp.zip" in str(said.value)


def test_unknown_format_names_the_known_ones():
    with pytest.raises(PlanError, match=r"geojson, geopackage.*E_UNKNOWN_FORMAT"):
        format_called("mapinfo")


@pytest.mark.parametrize(
    ("code", "crs"), [("kml", "gcj02"), ("geojson", "EPSG:4549"), ("dxf", "wgs84")]
)
def test_crs_that_a_format_cannot_have_is_refused(code, crs):
    with pytest.raises(PlanError, match="E_CRS_NOT_ALLOWED"):
        crs_for(FORMATS[code], crs)


@pytest.mark.parametrize("format_", FORMATS.values(), ids=list(FORMATS))
def test_every_format_says_what_it_is_for(format_):
    assert format_.label
    assert format_.purpose
    assert format_.media_type
