"""Looking at zones in columns finds what looking at each of them finds."""

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from beltmap.geo import schema
from beltmap.geo.charter.reading import default_charter
from beltmap.geo.errors import Fault
from beltmap.geo.zones.faults import geometry_fault, property_faults
from beltmap.geo.zones.screen import MOST_EXPLAINED, bad_shapes, explain, suspects
from tests.chance import cases
from tests.conftest import zone

SECTORS = {"BPO", "ITO"}

odd = st.sampled_from(
    [None, "", "BPO", "BPO;ITO", "BPO;", "x", [1], {}, True, 7, "park"]
)
numbers = st.sampled_from([None, 0, 1.5, -1, "4", True, [2], float("inf"), 10**9])
right = {
    "id": st.just("z1"),
    "kind": st.sampled_from(list(default_charter().by_kind)),
    "status": st.sampled_from([None, *list(default_charter().statuses)]),
    "patterns": st.sampled_from(
        [None, *default_charter().patterns, ";".join(default_charter().patterns)]
    ),
    "sectors": st.sampled_from([None, "BPO", "ITO;BPO"]),
}


@st.composite
def zones(draw):
    """Draw a zone of which one property, or none, is odd."""
    values = {column: draw(values) for column, values in right.items()}
    column = draw(st.sampled_from([None, *schema.COLUMNS]))
    if column:
        values[column] = draw(numbers if column in schema.NUMBERS else odd)
    return zone(1, **values)


@cases(300)
@given(st.lists(zones(), max_size=6), st.sampled_from([None, "park"]))
def test_columns_find_the_zones_that_have_faults(records, kind):
    columns = pd.DataFrame(records, columns=list(schema.COLUMNS), dtype=object)
    slow = [
        any(property_faults(record, "", kind=kind, sectors=SECTORS))
        for record in records
    ]
    assert suspects(columns, kind=kind, sectors=SECTORS).tolist() == slow


def test_columns_of_floats_are_looked_at_too():
    columns = pd.DataFrame([zone(n) for n in range(4)], dtype=object)
    columns["drawn_area_km2"] = [1.0, np.nan, -1.0, np.inf]
    found = suspects(columns, kind="park", sectors=SECTORS)
    assert found.tolist() == [False, False, True, True]


@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")
def test_arrays_find_the_shapes_that_have_faults():
    box = shapely.box(0, 0, 1, 1)
    bow_tie = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    shapes = [
        box,
        None,
        shapely.MultiPolygon([box, shapely.box(2, 2, 3, 3)]),
        bow_tie,
        shapely.MultiPolygon([box, box]),
        shapely.Polygon(),
        shapely.Point(0, 0),
        shapely.Point(),
        shapely.GeometryCollection([box]),
        shapely.box(-181, 0, 0, 1),
        shapely.box(0, 0, 1, 90.001),
        shapely.box(-180, -90, 180, 90),
        shapely.from_wkt("POLYGON ((0 0, inf 1, 1 0, 0 0))"),
        shapely.from_wkt("POLYGON ((0 0, nan 1, 1 0, 0 0))"),
    ]
    slow = [
        shape is not None and geometry_fault(shape, "") is not None for shape in shapes
    ]
    assert bad_shapes(np.array(shapes, object)).tolist() == slow
    assert slow.count(False) == 4


def test_many_faults_are_cut_and_counted():
    def say(row):
        yield Fault("E", f"row {row}", "bad", "mend it")

    faults = explain(np.ones(MOST_EXPLAINED + 5, bool), say, name="parks.geojson")
    assert len(faults) == MOST_EXPLAINED + 1
    assert faults[-1].what == "5 more zones have faults"
    assert explain(np.zeros(9, bool), say, name="x") == []
