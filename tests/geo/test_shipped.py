"""The state of a plan's files can be told at any moment, whatever goes on there."""

import os
import random
import shutil
import threading
from pathlib import Path

import pytest

from beltmap.geo.commit import read_whole
from beltmap.geo.errors import PlanError
from beltmap.geo.shipped import stamp


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "basemap").mkdir()
    for name in ("plan.toml", "a.csv", "b.csv", "basemap/land.geojson"):
        (tmp_path / name).write_text(name)
    return tmp_path


class Moving:
    """An entry of a folder that something happens to before it is looked at."""

    def __init__(self, entry, happen):
        self.name, self._entry, self._happen = entry.name, entry, happen

    def __fspath__(self):
        return self._entry.path

    def is_dir(self):
        return self._entry.is_dir()

    def stat(self):
        self._happen(self._entry.path)
        return Path(self._entry.path).stat()


class Listed:
    """A folder whose files move between their listing and a look at them."""

    def __init__(self, entries, happen):
        self._entries, self._happen = entries, happen

    def __enter__(self):
        return (Moving(one, self._happen) for one in list(self._entries))

    def __iter__(self):
        return self.__enter__()

    def __exit__(self, *_):
        self._entries.close()


def moving(monkeypatch, happen):
    scan = os.scandir
    monkeypatch.setattr(os, "scandir", lambda path: Listed(scan(path), happen))


@pytest.mark.parametrize("seed", range(8))
def test_files_renamed_between_listing_and_look_are_no_error(folder, monkeypatch, seed):
    dice = random.Random(seed)

    def happen(path):
        if dice.random() < 0.5 and Path(path).exists():
            Path(path).rename(f"{path}.{dice.randrange(3)}")

    before = stamp(folder)
    with monkeypatch.context() as patch:
        moving(patch, happen)
        found = stamp(folder)
    names = {path.name for path in folder.rglob("*.*")}
    moved = names != {"plan.toml", "a.csv", "b.csv", "land.geojson"}
    assert (found != before) == moved


def test_a_file_that_has_gone_is_as_if_it_had_not_been_listed(folder, monkeypatch):
    def happen(path):
        if path.endswith("a.csv"):
            Path(path).unlink()

    with monkeypatch.context() as patch:
        moving(patch, happen)
        found = stamp(folder)
    assert found == stamp(folder)


def test_every_change_of_the_folder_itself_is_another_state(folder):
    states = [stamp(folder)]
    shutil.rmtree(folder / "basemap")
    states.append(stamp(folder))
    (folder / "basemap").write_text("a file")
    states.append(stamp(folder))
    shutil.rmtree(folder)
    states.append(stamp(folder))
    folder.write_text("a file")
    states.append(stamp(folder))
    # a file where the basemap should be has no dot, and says nothing
    assert len(set(states)) == 5


def test_a_folder_without_rights_has_a_state_and_a_fault(folder, monkeypatch):
    before = stamp(folder)

    def refuse(path):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(os, "scandir", refuse)
    assert stamp(folder) != before
    with pytest.raises(PlanError, match=r"Permission denied.*E_NO_ACCESS") as told:
        read_whole(folder, refuse)
    assert str(folder.parent) not in str(told.value)


def churn(folder, until, seed):
    """Rename drafts into place until told to stop, as writers do."""
    dice = random.Random(seed)
    while not until.is_set():
        draft = folder / f"{seed}{dice.randrange(9)}.draft"
        draft.write_text(str(dice.random()))
        draft.replace(folder / f"{dice.choice('abc')}.csv")


def looks(folder, times):
    until = threading.Event()
    writers = [
        threading.Thread(target=churn, args=(folder, until, seed)) for seed in (1, 2)
    ]
    for writer in writers:
        writer.start()
    try:
        return [stamp(folder) for _ in range(times)]
    finally:
        until.set()
        for writer in writers:
            writer.join()


def test_a_reader_beside_writers_sees_states(folder):
    assert len(set(looks(folder, 200))) > 1


@pytest.mark.deep
def test_a_reader_beside_writers_sees_states_for_long(folder):
    assert len(set(looks(folder, 30_000))) > 100
