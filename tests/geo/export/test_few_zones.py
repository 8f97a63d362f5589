"""Every format of plans with little in them: written, or refused in a line."""

import json
from dataclasses import replace

import numpy as np
import pytest

from beltmap.geo.errors import PlanError
from beltmap.geo.export.catalogue import FORMATS
from beltmap.geo.export.write import write
from beltmap.geo.intake.context import context_of
from beltmap.geo.intake.overlay import with_zones
from beltmap.geo.intake.reading import read_upload
from beltmap.geo.intake.uploads import Upload
from beltmap.geo.plan.plan import read_plan
from beltmap.geo.plan.template import new_plan
from tests.choosing import choose
from tests.geo.intake.recipes import collection, feature, polygon, square

LINE = {"type": "LineString", "coordinates": [[120.4, 36.0], [120.5, 36.1]]}
POINT = {"type": "Point", "coordinates": [120.4, 36.0]}
DRAWINGS = {"dxf", "svg", "png"}
ONE_TYPE = {"shapefile", "geodatabase", "dxf"}
"""Formats of which a layer holds polygons, or one type at most."""

REFUSED = {
    "empty": dict.fromkeys(FORMATS, "E_NOTHING_CHOSEN"),
    "unlocated": dict.fromkeys(DRAWINGS, "E_NOTHING_DRAWN"),
    "brought points and lines": dict.fromkeys(ONE_TYPE, "E_MIXED_SHAPES"),
}
PLANS = (
    "shipped",
    "new",
    "empty",
    "unlocated",
    "brought",
    "brought to an empty plan",
    "brought points and lines",
)


@pytest.fixture(scope="module")
def plans(tmp_path_factory, shipped):
    """Give each plan with the zones of it that are chosen."""
    folder = tmp_path_factory.mktemp("new")
    new_plan(folder)
    new = read_plan(folder)
    empty = replace(new, zones=new.zones[:0])
    nowhere = shipped.zones.geometry.isna().to_numpy()
    one = replace(shipped, zones=shipped.zones[nowhere].reset_index(drop=True))
    shape = polygon(square())
    own = {"名称": "一", "=1+1": 7}
    return {
        "shipped": whole(shipped),
        "new": whole(new),
        "empty": whole(empty),
        "unlocated": whole(one),
        "brought": only_brought(shipped, feature(shape, own), feature(None, own)),
        "brought to an empty plan": only_brought(empty, feature(shape, own)),
        "brought points and lines": only_brought(
            shipped, feature(POINT, own), feature(LINE, own)
        ),
    }


def whole(plan):
    return plan, np.ones(len(plan.zones), bool)


def only_brought(plan, *features):
    upload = Upload("mine.geojson", json.dumps(collection(*features)).encode())
    context = context_of(plan)
    joined = with_zones(plan, read_upload(upload, context=context).zones)
    mask = np.arange(len(joined.zones)) >= len(plan.zones)
    assert mask.sum() == len(features)
    return joined, mask


@pytest.mark.parametrize("name", PLANS)
@pytest.mark.parametrize("code", FORMATS)
def test_a_format_is_written_or_refused_in_one_line(plans, code, name):
    plan, mask = plans[name]
    refused = REFUSED.get(name, {}).get(code)
    if refused is not None:
        with pytest.raises(PlanError) as error:
            write(choose(plan, mask), format_code=code)
        (fault,) = error.value.faults
        assert fault.code == refused
        assert fault.hint
        return
    export = write(choose(plan, mask), format_code=code)
    read = export.format_.read(export.content).zones
    if read is None:
        assert [loss.kind for loss in export.losses] == ["picture"]
        return
    chosen = plan.zones[mask]
    gone = {n for loss in export.losses if loss.kind == "zones" for n in loss.names}
    assert gone <= set(chosen["id"][chosen.geometry.isna()])
    assert len(read) == len(chosen) - len(gone)


def test_an_empty_plan_is_not_blamed_on_the_filters(plans):
    plan, mask = plans["empty"]
    with pytest.raises(PlanError, match="the plan has no zones"):
        write(choose(plan, mask), format_code="csv")
