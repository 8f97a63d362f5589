"""A plan in a store is used as one in a folder: by commands, and by other tools."""

import json

import pytest
from click.testing import CliRunner

from beltmap.geo.shipped import SHIPPED, stamp
from beltmap.geo.store.address import read_address
from beltmap.geo.store.folders import push
from beltmap.geo.store.mirror import follow, let_go
from beltmap.layers.commands.main import main
from beltmap.layers.prepared import open_plan
from tests.layers.services.served import read, serve

FOLDER = SHIPPED / "qingdao"
COMMANDS = (
    ("summary", "--kind", "park", "--format", "csv"),
    ("ledger", "--format", "csv"),
    ("audit", "--format", "json"),
    ("claims", "--format", "json"),
)


@pytest.fixture
def stored(database):
    push(FOLDER, read_address(f"{database}#plan"))
    return f"{database}#plan"


def test_commands_say_of_a_store_what_they_say_of_a_folder(stored, tmp_path):
    def run(*arguments):
        let_go()
        done = CliRunner().invoke(main, list(map(str, arguments)))
        assert done.exit_code == 0, done.output
        return done.stdout

    for command in COMMANDS:
        said = [run(*command, "--plan", plan) for plan in (FOLDER, stored)]
        assert said[0] == said[1]
        assert len(said[0]) > 100
    features = []
    for name, plan in (("folder", FOLDER), ("store", f"{stored}@v1")):
        file = tmp_path / f"{name}.geojson"
        run("export", file, "--plan", plan)
        features.append(json.loads(file.read_bytes())["features"])
    assert features[0] == features[1]
    assert len(features[0]) == 10


def test_other_tools_get_of_a_store_what_they_get_of_a_folder(stored):
    def served(folder):
        return serve(lambda _: open_plan((folder,), stamp(folder)))

    folder, store = served(FOLDER), served(follow(read_address(stored)).folder)
    root = "/ogc/city=Qingdao&most=50"
    codes = [one["id"] for one in read(folder, f"{root}/collections")["collections"]]
    assert {"park", "claims"} < set(codes)
    for path in ("/collections", *(f"/collections/{one}/items" for one in codes)):
        assert read(folder, root + path) == read(store, root + path)
    assert read(folder, "/plan.geojson") == read(store, "/plan.geojson")
