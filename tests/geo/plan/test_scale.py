"""A sketched outline is scaled to the area that is stated, and nothing else is."""

import orjson
import pytest
import shapely

from beltmap.geo.audit.audit import audit
from beltmap.geo.errors import PlanError
from beltmap.geo.geometry.area import areas_m2
from beltmap.geo.language.messages import speaking
from beltmap.geo.plan.plan import read_plan
from beltmap.geo.plan.scale import scale_zones, scaled
from tests.elsewhere import write_flat
from tests.rfc7946 import faults

TOWN = "qd-town-laoshan"


@pytest.fixture
def folder(tmp_path):
    """Give a plan whose Laoshan town is drawn with 3 instead of 4.4 km²."""
    plan = write_flat(tmp_path / "plan")
    changed(plan, shrunk)
    return plan


def changed(folder, change):
    path = folder / "towns.geojson"
    layer = orjson.loads(path.read_bytes())
    change(layer["features"][0])
    path.write_bytes(orjson.dumps(layer))


def shrunk(feature):
    shape = scaled(shapely.geometry.shape(feature["geometry"]), area_km2=3)
    feature["geometry"] = shapely.geometry.mapping(shape)
    feature["properties"]["drawn_area_km2"] = 3.0
    feature["properties"]["mine"] = "kept"


def to_scale(folder):
    plan = read_plan(folder)
    found = audit(plan.zones, plan.claims, sectors=plan.sectors, places=plan.places)
    return [each for each in found if each.rule in {"drawn_to_scale", "drawn_differs"}]


def test_the_offer_of_the_audit_is_a_command_that_does_it(folder):
    [finding] = to_scale(folder)
    assert finding.severity == "note"
    assert f"beltmap scale {TOWN}" in finding.say()
    with speaking("zh"):
        assert f"beltmap scale {TOWN}" in finding.say()
    before = read_plan(folder).zones.set_index("id")
    assert scale_zones(folder, [TOWN]) == {TOWN: folder / "towns.geojson"}
    after = read_plan(folder).zones.set_index("id")
    assert to_scale(folder) == []
    area_m2 = float(areas_m2([after.geometry[TOWN]])[0])
    assert area_m2 == pytest.approx(4.4e6, rel=1e-6)
    assert after["drawn_area_km2"][TOWN] == pytest.approx(4.4, abs=1e-5)
    middle, old = after.geometry[TOWN].centroid, before.geometry[TOWN].centroid
    assert middle.distance(old) < 1e-6
    others = before.index != TOWN
    assert after[others].equals(before[others])
    assert faults((folder / "towns.geojson").read_bytes()) == []
    assert '"mine":"kept"' in (folder / "towns.geojson").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("nowhere", "no such zone"),
        ("qd-park-shinan", "no area is stated"),
        ("dl-software-park", "not drawn"),
        (TOWN, "described by a document"),
    ],
)
def test_what_cannot_be_scaled_says_why_and_nothing_is_written(folder, zone, said):
    changed(folder, lambda town: town["properties"].update(boundary="described"))
    before = (folder / "towns.geojson").read_bytes()
    with pytest.raises(PlanError) as caught:
        scale_zones(folder, ["qd-town-film", zone])
    [fault] = caught.value.faults
    assert (fault.code, fault.where) == ("E_CANNOT_SCALE", zone)
    assert said in fault.what
    assert (folder / "towns.geojson").read_bytes() == before
