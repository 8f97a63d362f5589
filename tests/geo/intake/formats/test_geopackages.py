"""Reading a GeoPackage runs nothing that stands in it, and ends in time."""

import sqlite3
import struct
import subprocess
import sys

import pytest
import shapely

from beltmap.geo.intake.apart import start
from beltmap.geo.intake.formats import geopackage as reader
from beltmap.geo.intake.limits import Limits
from beltmap.geo.intake.notices import RefusedError
from beltmap.geo.intake.raw.wkb import shape_of_wkb
from tests.geo.intake.formats.reading import codes, read
from tests.geo.intake.recipes import geopackage

HEAVY = "hex(zeroblob(300000000))"


def loud(column):
    """Write an expression that fails where it is run, and only there."""
    return f"abs({column} * 0 - 9223372036854775807 - 1)"


SYSTEM = {
    "gpkg_contents": ("table_name", "data_type"),
    "gpkg_geometry_columns": ("table_name", "column_name", "srs_id"),
    "gpkg_spatial_ref_sys": (
        "srs_id",
        "organization",
        "organization_coordsys_id",
        "definition",
    ),
}


def computed(table, column):
    """Make a table of the GeoPackage's own anew, with one column computed."""
    kept = [name for name in SYSTEM[table] if name != column]
    return geopackage(
        f"DROP TABLE {table}",
        f"CREATE TABLE {table} AS SELECT {', '.join(f'1 AS {one}' for one in kept)}",
        f"ALTER TABLE {table} ADD COLUMN {column} AS ({loud(kept[0])})",
    )


@pytest.mark.parametrize(
    ("table", "column"), [(t, c) for t, columns in SYSTEM.items() for c in columns]
)
def test_a_computed_column_of_its_own_tables_is_refused(table, column):
    outcome = read("plan.gpkg", computed(table, column))
    assert codes(outcome) == {"E_GPKG_COMPUTED"}
    assert outcome.receipt.notices[0].values["found"] == f"{table}.{column}"


def test_other_computed_columns_are_passed_over_and_named():
    more = (
        f"ALTER TABLE zones ADD COLUMN heavy AS ({loud('fid')})",
        f"ALTER TABLE gpkg_contents ADD COLUMN more AS ({loud('identifier')})",
        "CREATE TABLE gpkg_ogr_contents AS SELECT 'zones' AS table_name",
        f"ALTER TABLE gpkg_ogr_contents ADD COLUMN feature_count AS ({loud('1')})",
    )
    outcome = read("plan.gpkg", geopackage(*more))
    assert codes(outcome) == {"W_GPKG_COMPUTED"}
    assert outcome.receipt.notices[0].values == {"columns": ["heavy"]}
    assert outcome.receipt.drawn == 2
    assert "heavy" not in outcome.rows.columns


@pytest.mark.parametrize("name", ["gpkg_contents", "gpkg_geometry_columns"])
def test_its_own_tables_are_no_views(name):
    data = geopackage(
        f"ALTER TABLE {name} RENAME TO other",
        f"CREATE VIEW {name} AS SELECT *, {loud('1')} AS x FROM other",
    )
    assert codes(read("plan.gpkg", data)) == {"E_GPKG_VIEW"}


def test_a_count_that_is_a_view_is_not_read():
    view = (
        "CREATE VIEW gpkg_ogr_contents AS SELECT 'zones' AS table_name,"
        f" {loud('1')} AS feature_count"
    )
    assert codes(read("plan.gpkg", geopackage(view))) == set()


def test_each_statement_ends_in_time(monkeypatch):
    monkeypatch.setattr(reader, "SECONDS", 0.0)
    monkeypatch.setattr(reader, "_STEPS", 1)
    assert codes(read("plan.gpkg", geopackage())) == {"E_TIMEOUT"}


def test_tables_about_tables_are_not_endless():
    many = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n LIMIT 200)"
    contents = (
        "DROP TABLE gpkg_contents",
        "CREATE TABLE gpkg_contents (table_name TEXT, data_type TEXT)",
        f"INSERT INTO gpkg_contents {many} SELECT 'zones', 'features' FROM n",
    )
    columns = f"{many} SELECT 'zones', 'geom', 'POINT', 4326, 0, 0 FROM n"
    data = geopackage(*contents, f"INSERT INTO gpkg_geometry_columns {columns}")
    assert codes(read("plan.gpkg", data)) == {"E_TOO_MANY_ROWS"}


def test_no_value_is_longer_than_the_file():
    base = reader._connect(geopackage())
    with pytest.raises(sqlite3.DataError, match="too big"):
        base.execute(f"SELECT {HEAVY}")
    base.close()


def test_sqlite_has_a_limit_of_memory_in_the_worker():
    code = (
        f"import sys; sys.path.insert(0, {str(start.ROOT)!r})\n"
        "import sqlite3\n"
        "from beltmap.geo.intake.apart.child import _limit_sqlite\n"
        "_limit_sqlite(64 << 20)\n"
        "base = sqlite3.connect(':memory:')\n"
        "base.execute('SELECT zeroblob(20000000)')\n"
        "try: base.execute('SELECT hex(zeroblob(60000000))')\n"
        "except MemoryError: print('bounded')\n"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", code], capture_output=True, check=True
    )
    assert done.stdout.strip() == b"bounded"


def nested(kind, depth, order="<", more=0):
    """Write so many multi-geometries in each other, with a point in the last."""
    mark = b"\1" if order == "<" else b"\0"
    head = mark + struct.pack(f"{order}2I", kind | more, 1)
    point = mark + struct.pack(f"{order}I2d", 1, 120.3, 36.1)
    return head * depth + point


def with_blob(blob):
    content = struct.pack("<2sBBi", b"GP", 0, 1, 4326) + blob
    return geopackage(
        f"INSERT INTO zones (geom, name) VALUES (x'{content.hex()}', 'n')"
    )


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("kind", [4, 5, 6, 7, 1004, 2005, 3006, 11, 12, 15, 16])
def test_multi_geometries_in_each_other_are_refused_by_name(kind, order):
    for depth in (9, 200_000):
        for more in (0, 0x80000000, 0x40000000):
            with pytest.raises(RefusedError, match="E_GEOMETRY_NESTED"):
                shape_of_wkb(nested(kind, depth, order, more), {"row": 1})


def test_a_row_of_nested_shapes_is_set_aside():
    outcome = read("plan.gpkg", with_blob(nested(5, 2)))
    assert (outcome.receipt.drawn, outcome.receipt.refused) == (2, 1)
    assert codes(outcome) == {"E_GEOMETRY_NESTED"}


def test_every_plain_multi_geometry_is_read():
    box = shapely.box(120, 36, 121, 37)
    hole = box.difference(shapely.box(120.4, 36.4, 120.6, 36.6))
    line = shapely.LineString([(120, 36), (121, 37)])
    for shape in (
        shapely.MultiPoint([(120, 36), (121, 37)]),
        shapely.MultiLineString([line, line.reverse()]),
        shapely.MultiPolygon([hole, shapely.box(122, 36, 123, 37)]),
        shapely.MultiPolygon([shapely.force_3d(hole, 7)]),
        shapely.MultiPolygon(),
        shapely.MultiPolygon([shapely.Polygon()]),
    ):
        for order in (0, 1):
            for flavor in ("iso", "extended"):
                blob = shapely.to_wkb(shape, byte_order=order, flavor=flavor)
                assert shape_of_wkb(blob, {}).equals_exact(shape)


def test_layers_of_a_file_that_is_none_are_refused():
    with pytest.raises(RefusedError, match="E_GPKG_BROKEN"):
        reader.open_geopackage(b"SQLite format 3\x00" + bytes(90), limits=Limits())


@pytest.mark.parametrize("name", [b"geom", b"name", b"zones", b"table_name"])
def test_names_that_are_no_text_are_a_damage(name):
    """A byte of a name in the schema, as a damaged disk leaves it."""
    data = geopackage()
    at = data.find(name)
    while at >= 0:
        hurt = data[:at] + b"\x80" + data[at + 1 :]
        assert read("plan.gpkg", hurt).receipt.format == "gpkg"
        at = data.find(name, at + 1)
