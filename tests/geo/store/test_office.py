"""The way from one laptop to an office goes as its page tells it."""

import re
import shlex
import shutil
import urllib.request

import pytest
from click.testing import CliRunner

from beltmap.geo.shipped import SHIPPED
from beltmap.geo.store.mirror import let_go
from beltmap.layers.commands.main import main
from tests.geo.store.test_round_trip import same
from tests.serving import running
from tests.storing import sql
from tests.test_examples import OFFICE, ROOT, STORE

TOLD = (ROOT / "docs" / "office.md").read_text(encoding="utf-8")
ROLES = ("editors", "readers", "ann")


@pytest.fixture
def roles(database):
    """Make the roles of an office, and a person who is an editor."""
    for role in ROLES:
        sql(database, f"drop role if exists {role}", f"create role {role} login")
    sql(database, "grant editors to ann")
    yield
    for role in ROLES:
        sql(database, f"drop owned by {role}", f"drop role {role}")


@pytest.mark.usefixtures("roles")
def test_the_way_from_one_laptop_to_an_office(database, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shutil.copytree(SHIPPED / "qingdao", "my-plan")
    store = f"{database}#north"

    def run(line, address=store):
        let_go()
        words = shlex.split(line.replace(STORE, address))
        done = CliRunner().invoke(main, words[1:])
        assert done.exit_code == 0, done.output
        return done.output

    _, push, serve, *others = OFFICE
    run(push)
    [grants] = re.findall(r"```sql\n(.*?)```", TOLD, re.DOTALL)
    _, *grants = filter(str.strip, grants.split(";"))
    sql(database, *grants)
    # ann edits as QGIS does, and has no right that the page does not give
    theirs = database.replace("postgres@", "ann@")
    sql(
        theirs,
        "update north.towns set name_en = 'A' where id = 'qd-town-laoshan'",
        "insert into north.comments (id, about, author, time, text, state)"
        " values ('c1', 'qd-belt', 'Ann', '2026-11-27', 'why', 'open')",
    )
    words = shlex.split(serve.replace(STORE, f"{theirs}#north"))
    with (
        running(*words, cwd=ROOT) as (address, _),
        urllib.request.urlopen(address) as page,
    ):
        assert page.status == 200
    for line in others:
        run(line, f"{theirs}#north")
    assert "first" in run(f"beltmap log {STORE}")
    assert "'A'" not in run(f"beltmap diff {STORE}@first {STORE}")
    run(f"beltmap restore {STORE}@v1")
    run(f"beltmap pull {STORE}@v1 again")
    same(tmp_path / "my-plan", tmp_path / "again")
