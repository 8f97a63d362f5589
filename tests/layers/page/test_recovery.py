"""A session outlives whatever happens to the files of its plan."""

import itertools
import os
import random
import shutil

import pytest
from streamlit.testing.v1 import AppTest

from beltmap.geo.query.filters import Filters
from beltmap.geo.shipped import SHIPPED, stamp
from beltmap.layers.page.drawing import take_click
from beltmap.layers.page.frame import VIEWS
from tests.elsewhere import write_flat
from tests.layers.page.test_page import PAGE, zones_in_table

CHOSEN = Filters(sectors=("logistics",))

SQUARE = (
    '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": '
    '{"source": "someone"}, "geometry": {"type": "Polygon", "coordinates": '
    "[[[119, 35], [122, 35], [122, 40], [119, 40], [119, 35]]]}}]}"
)


def half(path):
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def empty(path):
    path.write_bytes(b"")


def garbage(path):
    path.write_bytes(bytes(random.Random(1).randrange(256) for _ in range(500)))


def other(path):
    path.write_bytes(b'{"type": "FeatureCollection", "features": [7]}')


def gone(path):
    path.unlink()


def folder_instead(path):
    path.unlink()
    path.mkdir()


def dangling(path):
    path.unlink()
    path.symlink_to("nowhere")


BREAKS = (half, empty, garbage, other, gone, folder_instead, dangling)


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """Copy the shipped plan, on a basemap that is read at once."""
    folder = write_flat(tmp_path_factory.mktemp("kept") / "plan")
    for name in ("land", "roads"):
        (folder / "basemap" / f"{name}.geojson").write_text(SQUARE)
    return folder


FILES = sorted(
    [
        *(
            f"basemap/{name}"
            for name in ("land.geojson", "roads.geojson", "labels.csv")
        ),
        *(path.name for path in (SHIPPED / "qingdao").iterdir()),
        "zone.geojson",
    ]
)


@pytest.fixture
def folder(kept, tmp_path, monkeypatch):
    shutil.copytree(kept, tmp_path / "plan")
    monkeypatch.setenv("BELTMAP_PLAN", str(tmp_path / "plan"))
    return tmp_path / "plan"


@pytest.fixture
def script(folder):
    """Open the page, and choose something that must not get lost."""
    assert folder.is_dir()
    script = AppTest.from_file(PAGE, default_timeout=60).run()
    script.session_state.wanted = CHOSEN
    script.run()
    assert sound(script)
    return script


def sound(script):
    """Tell whether the page shows what was chosen."""
    assert not script.exception
    return script.session_state.wanted == CHOSEN and zones_in_table(script) == [
        "Modern Logistics Information Park"
    ]


def mend(folder, kept, name):
    path = folder / name
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)
    path.parent.mkdir(exist_ok=True)
    shutil.copyfile(kept / name, path)


def told(script):
    return " ".join(one.value for one in script.text)


def try_out(script, folder, kept, name, spoil):
    """Break a file, look twice, mend it, and find everything as it was."""
    spoil(folder / name)
    for _ in range(2):
        script.run()
        assert not script.exception, (name, spoil)
        # a plan may do without some of its files
        assert name in told(script) or script.dataframe, (name, spoil)
        assert str(folder.parent) not in told(script)
    mend(folder, kept, name)
    script.run()
    assert sound(script), (name, spoil)


def test_every_file_may_break_and_be_mended_under_an_open_page(script, folder, kept):
    """Each file breaks in one way here, and in all ways in the long run."""
    breaks = itertools.cycle(BREAKS)
    for name in FILES:
        try_out(script, folder, kept, name, next(breaks))
    # half a layer was what broke a session for good
    try_out(script, folder, kept, "towns.geojson", half)


@pytest.mark.deep
@pytest.mark.parametrize("spoil", BREAKS)
def test_every_file_may_break_in_every_way(script, folder, kept, spoil):
    for name in FILES:
        try_out(script, folder, kept, name, spoil)


def test_the_whole_folder_may_go_and_come_back(script, folder, kept):
    for spoil in (shutil.rmtree, lambda path: path.rename(path.with_name("moved"))):
        spoil(folder)
        script.run()
        assert not script.exception
        assert "sectors.csv" in told(script) or "towns.geojson" in told(script)
        shutil.copytree(kept, folder)
        script.run()
        assert sound(script)


@pytest.mark.parametrize(
    "name", ["", "towns.geojson", "claims.csv", "plan.toml", "basemap"]
)
def test_rights_may_be_taken_and_given_back(script, folder, monkeypatch, name):
    """Some accounts may read everything: the system is made to refuse."""
    closed = folder / name
    if name:
        os.utime(closed, (1, 1))

    def refusing(function):
        def ask(path, *given, **named):
            if str(path).startswith(str(closed)):
                raise PermissionError(13, "Permission denied", str(path))
            return function(path, *given, **named)

        return ask

    with monkeypatch.context() as patch:
        patch.setattr("io.open", refusing(open))
        patch.setattr("os.scandir", refusing(os.scandir))
        patch.setattr("os.listdir", refusing(os.listdir))
        if not closed.is_file():
            # in a folder without rights, nothing can be looked at either
            patch.setattr("os.stat", refusing(os.stat))
        script.run()
        assert not script.exception
        assert "Permission denied" in told(script)
        assert str(folder.parent) not in told(script)
    script.run()
    assert sound(script)


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_comes_back(script, folder, kept, view):
    script.session_state.view = view
    script.session_state.view_turn += 1
    script.run()
    half(folder / "towns.geojson")
    script.run()
    assert "towns.geojson" in told(script)
    mend(folder, kept, "towns.geojson")
    script.run()
    assert not script.exception
    assert script.session_state.view == view
    assert script.session_state.wanted == CHOSEN


def test_a_session_recovers_from_a_fault_of_our_own(script, monkeypatch):
    def fail(*_):
        raise RuntimeError("not foreseen")

    with monkeypatch.context() as patch:
        patch.setattr("beltmap.layers.prepared.Prepared.totals", fail)
        script.run()
        assert script.exception
    script.run()
    assert sound(script)


@pytest.mark.usefixtures("script")
def test_a_click_on_the_map_of_a_plan_that_broke_is_no_error(folder):
    half(folder / "towns.geojson")
    take_click(stamp(folder), "qd-belt")
