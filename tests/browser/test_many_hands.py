"""QGIS edits a zone in the store, and the page that is open shows it when asked to."""

import json
import subprocess
from urllib.parse import urlsplit

import pytest

from beltmap.geo.shipped import SHIPPED
from beltmap.geo.store.address import read_address
from beltmap.geo.store.folders import push
from tests import storing
from tests.browser.harness import at_rest, open_tab
from tests.browser.test_watch import appears
from tests.geo.export.test_tools import SYSTEM_PYTHON, has_qgis, needed
from tests.geo.store.test_qgis import EDIT
from tests.serving import running

pytestmark = pytest.mark.browser


def test_qgis_edits_a_zone_and_an_open_page_shows_it(browser, tmp_path):
    needed(has_qgis(), "python3-qgis")
    with storing.own_server() as server:
        database = f"{server.address}/template1"
        push(SHIPPED / "qingdao", read_address(f"{database}#plan"))
        [(name,)] = storing.sql(
            database, "select name_en from plan.zones where id = 'qd-town-laoshan'"
        )
        with (
            running("beltmap", "serve", "--plan", f"{database}#plan") as (address, _),
            open_tab(browser, locale="en") as tab,
        ):
            tab.goto(f"{address}?view=map&lang=en")
            appears(tab, name)
            at_rest(tab)
            parts, said = urlsplit(database), tmp_path / "seen.json"
            place = [parts.hostname, str(parts.port), parts.path.strip("/"), str(said)]
            subprocess.run(
                [SYSTEM_PYTHON, EDIT, *place],
                env={"QT_QPA_PLATFORM": "offscreen", "XDG_RUNTIME_DIR": str(tmp_path)},
                capture_output=True,
                check=False,
                timeout=300,
            )
            assert json.loads(said.read_text())["first"][0]
            line = tab.get_by_text("The plan has changed.")
            line.wait_for(timeout=30_000)
            # nothing jumps before it is asked for
            assert f"{name}*" not in tab.content()
            tab.get_by_role("button", name="Show it").click()
            appears(tab, f"{name}*")
            line.wait_for(state="detached", timeout=30_000)
            assert not tab.errors
