"""Zones of a file become a plan folder to take along, which opens by itself."""

import io
import zipfile

import pytest

from beltmap.geo.plan.adopt import ARCHIVED, adopted_archive
from beltmap.geo.plan.plan import read_plan
from tests.geo.intake.formats.reading import read

POINTS = "名称,经度,纬度,面积（公顷）\n甲园,120.38,36.07,40\n乙园,120.48,36.17,\n"
SHAPES = '名称,wkt\n甲园,"POLYGON ((120 36, 120.1 36, 120.1 36.1, 120 36))"\n'


@pytest.mark.parametrize(("table", "n"), [(POINTS, 2), (SHAPES, 1)])
def test_a_plan_of_a_file_can_be_taken_along(table, n, tmp_path):
    zones = read("a.csv", table.encode()).zones
    with zipfile.ZipFile(io.BytesIO(adopted_archive(zones))) as archive:
        assert {name.partition("/")[0] for name in archive.namelist()} == {ARCHIVED}
        archive.extractall(tmp_path)
    made = read_plan(tmp_path / ARCHIVED)
    assert len(made.zones) == n
    assert made.zones["name_zh"].tolist()[0] == "甲园"
