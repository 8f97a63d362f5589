"""A plan that is pushed and pulled again is the same, byte for byte."""

import shutil
from pathlib import Path

import geopandas as gpd
import pytest

from beltmap.geo.charter.reading import inner_plans
from beltmap.geo.errors import PlanError
from beltmap.geo.plan.plan import read_plan
from beltmap.geo.plan.synthetic import synthetic_zones
from beltmap.geo.plan.template import new_plan
from beltmap.geo.shipped import SHIPPED
from beltmap.geo.store.address import read_address
from beltmap.geo.store.folders import pull, push
from beltmap.geo.store.rows import files_of
from beltmap.layers.commands.demo import write_demo

CHENGDU = Path(__file__).parents[2] / "plans" / "chengdu"


def shipped(folder):
    """Copy the shipped plans: who pushes a folder leaves a note in it."""
    shutil.copytree(SHIPPED, folder, ignore=shutil.ignore_patterns("__pycache__"))


def chengdu(folder):
    shutil.copytree(CHENGDU, folder)


def sketched(folder):
    new_plan(folder, sentence="two belts and three parks")


def made_up(folder):
    write_demo(folder, zones=500)


def imported(folder):
    """Make a plan with columns of its own, and letters that SQL and CSV know."""
    sketched(folder)
    path = folder / "parks.geojson"
    zones = gpd.read_file(path)
    layer = path.read_text(encoding="utf-8").replace(
        '"source":"S1"}', '"source":"S1","b":"O\'Neil; \\"%\\" \\\\","a":[1,2.5,null]}'
    )
    assert len(zones) == layer.count('"b"')
    path.write_text(layer, encoding="utf-8")


def remarked(folder):
    made_up(folder)
    (folder / "comments.csv").write_bytes(
        "id,about,lon,lat,author,time,text,state\r\n"
        'c1,,120.50,36.1,安,2026-11-27T10:00:00Z,"in two\nlines, ""here""",open\r\n'
        "c2,z1,,,Li,2026-11-27T11:00:00Z,=1+1,settled\r\n".encode()
    )
    (folder / "notes.bin").write_bytes(bytes(range(256)))


def same(one, other):
    assert files_of(one) == files_of(other)
    for name in files_of(one):
        assert (one / name).read_bytes() == (other / name).read_bytes(), name


PLANS = (shipped, chengdu, sketched, made_up, imported, remarked)


@pytest.mark.parametrize("make", PLANS, ids=lambda make: make.__name__)
def test_a_plan_comes_back_byte_for_byte(database, tmp_path, make):
    folder, back = tmp_path / "plan", tmp_path / "back"
    make(folder)
    pushed = push(folder, read_address(f"{database}#plan"))
    assert pull(read_address(f"{database}#plan"), back) == 1
    assert pushed.other_form == ()
    same(folder, back)
    for inner in inner_plans(folder):
        same(inner, back / inner.relative_to(folder))


@pytest.mark.parametrize("name", ["zones.parquet", "zones.fgb"])
def test_zones_of_a_table_come_back(database, tmp_path, name):
    folder, back, again = (tmp_path / one for one in ("plan", "back", "again"))
    write_demo(folder, zones=50)
    for path in folder.glob("*.geojson"):
        path.unlink()
    zones = synthetic_zones(50, sectors=["software", "logistics"])
    if name.endswith(".fgb"):
        zones.to_file(folder / name, driver="FlatGeobuf")
    else:
        zones.to_parquet(folder / name)
    push(folder, read_address(f"{database}#plan"))
    pull(read_address(f"{database}#plan"), back)
    found, given = (read_plan(one).zones for one in (back, folder))
    by_id = [one.set_index("id").sort_index() for one in (found, given)]
    assert by_id[0].drop(columns="geometry").equals(by_id[1].drop(columns="geometry"))
    assert (by_id[0].geometry.to_wkb() == by_id[1].geometry.to_wkb()).all()
    push(back, read_address(f"{database}#again"))
    pull(read_address(f"{database}#again"), again)
    same(back, again)


def test_what_comes_back_in_another_form_is_said(database, tmp_path):
    folder = tmp_path / "plan"
    sketched(folder)
    path = folder / "parks.geojson"
    path.write_bytes(
        path.read_bytes().replace(b'{"type":"Feature"', b'{ "type":"Feature"')
    )
    pushed = push(folder, read_address(f"{database}#plan"))
    assert pushed.other_form == ("parks.geojson",)


def test_a_plan_with_faults_is_not_pushed(database, tmp_path):
    folder = tmp_path / "plan"
    sketched(folder)
    path = folder / "parks.geojson"
    path.write_bytes(path.read_bytes().replace(b'"schematic"', b'"guessed"'))
    with pytest.raises(PlanError, match="E_UNKNOWN_BOUNDARY"):
        push(folder, read_address(f"{database}#plan"))
    with pytest.raises(PlanError, match="E_STORE_PLAN"):
        pull(read_address(f"{database}#plan"), tmp_path / "back")


def test_a_table_and_its_layers_must_agree(database, tmp_path):
    folder = tmp_path / "plan"
    shutil.copytree(SHIPPED / "dalian", folder)
    path = folder / "zones.csv"
    path.write_text(path.read_text().replace("existing", "planned"))
    with pytest.raises(PlanError, match="E_NOT_BUILT"):
        push(folder, read_address(f"{database}#plan"))


def test_every_plan_of_a_store_opens_as_a_folder_does(database):
    from beltmap.geo.store.mirror import follow

    push(SHIPPED, read_address(f"{database}#all"))
    folder = follow(read_address(f"{database}#all")).folder
    stored, shipped = read_plan(folder), read_plan()
    assert stored.zones.drop(columns="geometry").equals(
        shipped.zones.drop(columns="geometry")
    )
    assert stored.claims.equals(shipped.claims)
    assert stored.ground.labels.equals(shipped.ground.labels)
