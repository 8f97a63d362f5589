"""What is kept between runs comes back letter for letter, or not at all."""

import os
from pathlib import Path

import pytest

from geo.cache import SUFFIX, cache_folder, keep, key_of, recall


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("BELTMAP_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_what_is_kept_comes_back():
    keep("a", b"content")
    assert recall("a") == b"content"
    assert recall("b") is None


def test_the_key_follows_from_everything():
    keys = {
        key_of(b"x"),
        key_of(b"y"),
        key_of(b"x", "park"),
        key_of(b"x", "par", "k"),
        key_of(b"xpark"),
    }
    assert len(keys) == 5
    assert key_of(b"x", "park") == key_of(b"x", "park")


@pytest.mark.parametrize("spoil", [lambda c: c[:-1], lambda c: c[:9] + b"!" + c[10:]])
def test_a_spoilt_file_is_deleted(folder, spoil):
    keep("a", b"content of a file")
    (path,) = folder.iterdir()
    path.write_bytes(spoil(path.read_bytes()))
    assert recall("a") is None
    assert not path.exists()


@pytest.mark.skipif(os.name != "posix", reason="files have no owner to be asked")
def test_a_file_of_another_user_is_left_alone(folder, monkeypatch):
    """In a folder that others may write to, it might be made to mislead."""
    keep("a", b"content")
    stranger = os.getuid() + 1
    monkeypatch.setattr(os, "getuid", lambda: stranger)
    assert recall("a") is None
    assert len(list(folder.iterdir())) == 1


@pytest.mark.parametrize("content", [b"", b"abc"])
def test_a_file_cut_short_is_nothing(folder, content):
    folder.mkdir()
    (folder / f"a{SUFFIX}").write_bytes(content)
    assert recall("a") is None


def test_the_files_not_asked_for_longest_make_room(folder):
    for age, name in enumerate("abc"):
        keep(name, bytes(100), most_bytes=1000)
        os.utime(folder / f"{name}{SUFFIX}", (age, age))
    assert recall("a") == bytes(100)
    keep("d", bytes(100), most_bytes=350)
    assert {path.stem for path in folder.iterdir()} == {"a", "c", "d"}
    assert recall("b") is None


def test_what_is_too_large_is_not_kept(folder):
    keep("a", bytes(100), most_bytes=99)
    assert not folder.exists()


def test_a_cache_that_cannot_be_written_is_done_without(folder):
    folder.write_text("a file stands where the folder should be")
    keep("a", b"content")
    assert recall("a") is None


@pytest.mark.parametrize(
    ("platform", "name", "value", "where"),
    [
        ("linux", "XDG_CACHE_HOME", "/x", "/x/beltmap"),
        ("linux", "XDG_CACHE_HOME", "", ".cache/beltmap"),
        ("darwin", "LOCALAPPDATA", "", "Library/Caches/beltmap"),
        ("win32", "LOCALAPPDATA", "/l", "/l/beltmap/Cache"),
    ],
)
def test_each_system_has_its_place(monkeypatch, platform, name, value, where):
    monkeypatch.delenv("BELTMAP_CACHE")
    monkeypatch.setattr("sys.platform", platform)
    monkeypatch.setenv(name, value)
    assert cache_folder() == (Path(where) if where[0] == "/" else Path.home() / where)
