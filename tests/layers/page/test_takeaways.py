"""The address for QGIS, as the page gives it, leads to exactly what it shows."""

import pytest

from tests.layers.page.test_page import page, zones_in_table
from tests.layers.services.served import read, serve
from tests.layers.services.test_ogc import TOKEN

__all__ = ["page"]


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
    [address] = script.code
    assert address.value.endswith("lang=en/")
    assert names(address.value) == set(zones_in_table(script))


def test_the_address_is_the_public_one_with_the_token(page, monkeypatch):
    monkeypatch.setenv("BELTMAP_PUBLIC_URL", "https://plans.example/north")
    monkeypatch.setenv("BELTMAP_SERVICES_TOKEN", TOKEN)
    [address] = page(kind="park").code
    assert address.value.startswith("https://plans.example/north/ogc/kind=park&")
    assert f"token={TOKEN}" in address.value
    assert len(names(address.value)) == 7


def test_there_is_none_where_services_are_off(page, monkeypatch):
    monkeypatch.setenv("BELTMAP_SERVICES", "off")
    assert not page().code
