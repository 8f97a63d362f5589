"""Heights of a file: in the repaired layer as they were, or said to be left out."""

import json
import shutil

import numpy as np
import pyogrio
import pytest
import shapely
from click.testing import CliRunner

from beltmap.geo.export.catalogue import FORMATS
from beltmap.geo.export.write import write
from beltmap.geo.intake.checks.repair import repair, without_measures
from beltmap.geo.intake.overlay import with_zones
from beltmap.geo.intake.reading import read_upload
from beltmap.geo.intake.repaired import repaired_geojson
from beltmap.geo.intake.rows import ABSENT, Rows
from beltmap.geo.intake.uploads import Upload
from beltmap.geo.plan.plan import read_plan
from beltmap.layers.commands.main import main
from tests.choosing import choose
from tests.geo.intake.recipes import collection, feature

SOUND = {
    "Point": [120.5, 36.1, 31.25],
    "LineString": [[120.5, 36.1, 1], [120.6, 36.2, -2.5]],
    "Polygon": [
        [[120, 36, 1.5], [121, 36, 2], [121, 37, 3], [120, 37, 4], [120, 36, 1.5]]
    ],
}
BOW_TIE = [[[120, 36, 1], [121, 37, 2], [121, 36, 3], [120, 37, 4], [120, 36, 1]]]
ACROSS = [[[179, 0, 1], [-179, 0, 2], [-179, 1, 3], [179, 1, 4], [179, 0, 1]]]


def read(kind, coordinates):
    shape = {"type": kind, "coordinates": coordinates}
    document = json.dumps(collection(feature(shape, {"name": "x"})))
    return read_upload(Upload("a.geojson", document.encode()))


def repaired(outcome):
    (one,) = json.loads(repaired_geojson(outcome))["features"]
    return one["geometry"]["coordinates"]


def codes(outcome):
    return {one.code for one in outcome.receipt.notices}


@pytest.mark.parametrize("kind", SOUND)
def test_heights_stay_as_they_are(kind):
    outcome = read(kind, SOUND[kind])
    assert repaired(outcome) == SOUND[kind]
    assert "W_HEIGHTS_LEFT_OUT" not in codes(outcome)


def test_a_repaired_polygon_keeps_the_heights_of_its_corners():
    outcome = read("Polygon", BOW_TIE)
    heights = {
        tuple(position[:2]): position[2]
        for (ring,) in repaired(outcome)
        for position in ring
    }
    assert {position[2] for position in BOW_TIE[0]} <= set(heights.values())
    assert "W_HEIGHTS_LEFT_OUT" not in codes(outcome)


def test_heights_that_are_lost_are_said_to_be():
    outcome = read("Polygon", ACROSS)
    assert len(repaired(outcome)[0][0][0]) == 2
    assert "W_HEIGHTS_LEFT_OUT" in codes(outcome)


def rows(*words):
    shapes = np.array([shapely.from_wkt(one) for one in words], dtype=object)
    count = len(shapes)
    return Rows("", {}, shapes, list(range(1, count + 1)), [ABSENT] * count)


def test_a_shape_has_all_of_its_heights_or_none():
    read_in = rows("LINESTRING Z (1 2 3, 4 5 NaN)", "POINT Z (1 2 NaN)", "POINT (1 2)")
    made = repair(read_in)
    assert not shapely.has_z(made.geometries).any()
    (said,) = made.notices
    # only the first one had a height to lose
    assert (said.code, said.values["n"]) == ("W_HEIGHTS_LEFT_OUT", 1)


def test_measures_take_no_height_with_them():
    made = without_measures(rows("POINT ZM (1 2 3 4)", "POINT M (1 2 4)"))
    assert shapely.to_wkt(made.geometries).tolist() == [
        "POINT Z (1 2 3)",
        "POINT (1 2)",
    ]
    assert [one.code for one in made.notices] == ["W_EXTRA_ORDINATES"]


def test_the_command_line_keeps_or_says_too(tmp_path):
    for name, ring in (("kept", SOUND["Polygon"]), ("lost", ACROSS)):
        shape = {"type": "Polygon", "coordinates": ring}
        path, out = tmp_path / f"{name}.geojson", tmp_path / "repaired.geojson"
        path.write_text(json.dumps(collection(feature(shape, {}))), encoding="utf-8")
        arguments = ["check", str(path), "--json", "--repaired", str(out)]
        done = CliRunner().invoke(main, arguments)
        said = {one["code"] for one in json.loads(done.stdout)["notices"]}
        assert ("W_HEIGHTS_LEFT_OUT" in said) == (name == "lost")
        (one,) = json.loads(out.read_bytes())["features"]
        assert shapely.from_geojson(json.dumps(one)).has_z == (name == "kept")


@pytest.fixture(scope="module")
def joined(plan):
    """Give the shipped plan with a zone of someone's own that has heights."""
    return with_zones(plan, read("Polygon", SOUND["Polygon"]).zones)


@pytest.mark.parametrize("format_", FORMATS.values(), ids=list(FORMATS))
@pytest.mark.parametrize("crs", [None, "gk"])
def test_an_export_of_brought_zones_says_that_heights_are_lost(joined, format_, crs):
    crs = crs if crs in format_.crs else None
    own = (joined.zones["upload"].notna()).to_numpy()
    taken = choose(joined, own | (joined.zones["kind"] == "town").to_numpy())
    export = write(taken, format_code=format_.code, crs=crs)
    read_again = format_.read(export.content).zones
    said = [loss for loss in export.losses if loss.kind == "heights"]
    kept = read_again is not None and read_again.has_z.any()
    if read_again is None:
        assert [loss.kind for loss in export.losses] == ["picture"]
    else:
        assert bool(said) != kept
    for loss in said:
        assert loss.names == tuple(joined.zones.loc[own, "id"])
        assert "heights of 1 zone" in export.notes[0]


@pytest.mark.parametrize("format_", FORMATS.values(), ids=list(FORMATS))
def test_zones_that_all_have_heights_are_written_too(joined, format_):
    own = joined.zones["upload"].notna().to_numpy()
    export = write(choose(joined, own), format_code=format_.code)
    back = format_.read(export.content).zones
    if back is not None:
        said = {loss.kind for loss in export.losses}
        assert back.has_z.all() == ("heights" not in said)
        kept = {"geopackage", "geodatabase", "flatgeobuf", "parquet"}
        assert back.has_z.all() or format_.code not in kept


def test_geojson_of_the_plan_alone_loses_no_heights(plan):
    losses = write(choose(plan), format_code="geojson").losses
    assert {loss.kind for loss in losses} == {"style"}


def test_a_geopackage_keeps_heights_or_says_so(joined, tmp_path):
    own = (joined.zones["upload"].notna()).to_numpy()
    export = write(choose(joined, own), format_code="geopackage")
    (tmp_path / "x.gpkg").write_bytes(export.content)
    layer = pyogrio.list_layers(tmp_path / "x.gpkg")[0][0]
    kept = pyogrio.read_dataframe(tmp_path / "x.gpkg", layer=layer).has_z.all()
    assert kept == ("heights" not in {loss.kind for loss in export.losses})


@pytest.mark.parametrize(
    ("properties", "name"), [({"name": "Hill Park"}, "Hill Park"), ({}, "feature-1")]
)
def test_an_import_says_that_a_plan_keeps_no_heights(tmp_path, properties, name):
    folder, file = tmp_path / "mine", tmp_path / "hill.geojson"
    flat = [[position[:2] for position in SOUND["Polygon"][0]]]
    for ring, high in ((SOUND["Polygon"], True), (flat, False)):
        shape = {"type": "Polygon", "coordinates": ring}
        given = {"kind": "park", "city": "Qingdao"} | properties
        layer = collection(feature(shape, given))
        file.write_text(json.dumps(layer), encoding="utf-8")
        if folder.exists():
            shutil.rmtree(folder)
        CliRunner().invoke(main, ["new", str(folder)])
        done = CliRunner().invoke(main, ["import", str(file), "--into", str(folder)])
        assert done.exit_code == 0, done.output
        said = f"Does not keep: heights of 1 zone ({name})."
        assert (said in done.stderr.splitlines()) == high
        added = read_plan(folder).zones.geometry
        assert len(added) == 2
        assert not added.has_z.any()
