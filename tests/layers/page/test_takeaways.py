"""The address for QGIS, as the page gives it, leads to exactly what it shows."""

import re
from functools import partial
from html import unescape

import pytest

from beltmap.layers.keepsakes.seen import Imprint, Seen
from beltmap.layers.page.parts.takeaways import print_typed
from tests.layers.page.test_page import page, shown, zones_in_table
from tests.layers.services.served import read, serve
from tests.layers.services.test_ogc import TOKEN

__all__ = ["page"]


def live(script):
    """List the addresses for other tools that a page shows."""
    return [unescape(one) for one in re.findall("<code>(.*?)</code>", shown(script))]


def names(address):
    """Name the zones that another tool finds at an address."""
    app, found = serve(token=TOKEN if TOKEN in address else ""), set()
    path = address.partition("/ogc")[2]
    for one in read(app, f"/ogc{path}collections")["collections"]:
        if one["id"] not in {"claims", "sources"}:
            items = read(app, f"/ogc{path}collections/{one['id']}/items")
            found |= {item["properties"]["name_en"] for item in items["features"]}
    return found


CHOSEN = [
    {},
    {"city": "Qingdao", "sectors": "BPO", "most": "20"},
    {"q": "软件"},
    {"plan": "dalian"},
]


@pytest.mark.parametrize("query", CHOSEN)
def test_other_tools_find_what_is_filtered(page, query):
    script = page(**query, lang="en")
    [address] = live(script)
    assert address.endswith("lang=en/")
    assert names(address) == set(zones_in_table(script))


def test_the_address_is_the_public_one_with_the_token(page, monkeypatch):
    monkeypatch.setenv("BELTMAP_PUBLIC_URL", "https://plans.example/north")
    monkeypatch.setenv("BELTMAP_SERVICES_TOKEN", TOKEN)
    [address] = live(page(kind="park"))
    assert address.startswith("https://plans.example/north/ogc/kind=park&")
    assert f"token={TOKEN}" in address
    assert len(names(address)) == 7


def test_there_is_none_where_services_are_off(page, monkeypatch):
    monkeypatch.setenv("BELTMAP_SERVICES", "off")
    assert live(page()) == []


def test_what_is_typed_for_the_summary_is_printed_and_kept_by_the_session_alone(page):
    made = []

    def printed(*, seen):
        made.append(seen.imprint)
        return b""

    script = page(lang="en")
    assert not script.text_input
    # asked for before all is typed, as who types and clicks at once does
    ask = partial(print_typed, printed, Seen(), script.session_state["imprint"])
    ask()
    script.session_state["take-imprint"] = True
    script.run()
    hostile = "<b>{{7*7}}</b> $x$"
    script.text_input(key="imprint:title").set_value(f" {hostile} ").run()
    script.text_input(key="imprint:approval").set_value("鲁青S(2026)001号").run()
    assert not script.exception
    ask()
    assert made[0] == Imprint()
    assert made[-1] == Imprint(title=hostile, approval="鲁青S(2026)001号")
    # it waits for the download, and stays while other views are looked at
    script.session_state.view = "plan"
    script.run()
    assert script.session_state["imprint:title"] == f" {hostile} "
    assert "imprint" not in str(script.query_params)
    assert not [one for one in script.markdown if hostile in one.value]
