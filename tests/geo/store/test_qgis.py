"""QGIS edits the tables of a store, sees what they are, and is refused like others."""

import json
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from beltmap.geo.plan.plan import read_plan
from beltmap.geo.shipped import SHIPPED
from beltmap.geo.store import history
from beltmap.geo.store.address import read_address
from beltmap.geo.store.folders import push
from beltmap.geo.store.mirror import follow
from tests.geo.export.test_tools import SYSTEM_PYTHON, has_qgis, needed

EDIT = Path(__file__).with_name("qgis_edit.py")


@pytest.fixture
def edited(database, tmp_path):
    """Let two windows of QGIS edit one zone; give the address and what they saw."""
    needed(has_qgis(), "python3-qgis")
    address = read_address(f"{database}#plan")
    push(SHIPPED / "qingdao", address)
    parts, said = urlsplit(database), tmp_path / "seen.json"
    place = [parts.hostname, str(parts.port), parts.path.strip("/")]
    done = subprocess.run(
        [SYSTEM_PYTHON, EDIT, *place, said],
        env={"QT_QPA_PLATFORM": "offscreen", "XDG_RUNTIME_DIR": str(tmp_path)},
        capture_output=True,
        check=False,
        timeout=300,
    )
    assert said.exists(), done.stderr.decode()
    return address, json.loads(said.read_text())


def test_qgis_edits_a_plan_in_a_store(edited):
    address, seen = edited
    assert seen["valid"]
    assert (seen["zones"], seen["towns"]) == (10, 3)
    assert (seen["style"], seen["colours"]) == ("categorizedSymbol", 3)
    assert seen["comment"] == "Zone that contains it · 所属片区"
    assert seen["alias"] == "Name (English) · 英文名称"
    (first, _), (second, why), (again, _), (wrong, rule) = (
        seen[name] for name in ("first", "second", "again", "wrong")
    )
    assert (first, second, again, wrong) == (True, False, True, False)
    assert "you changed version 1, but it is at version 2" in "".join(why)
    assert 'status "guessed"' in "".join(rule)
    log = history.log(address)
    assert [(one.number, one.via) for one in log[:2]] == [(3, "QGIS"), (2, "QGIS")]
    zones = read_plan(follow(address).folder).zones.set_index("id")
    assert zones.loc["qd-town-laoshan", "name_en"].endswith("*")
    assert zones.loc["qd-town-laoshan", "name_zh"] == "丙"
    assert zones.loc["qd-town-laoshan", "drawn_area_km2"] == pytest.approx(
        4.4, abs=1e-3
    )
