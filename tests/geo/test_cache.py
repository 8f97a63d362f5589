"""What is kept between runs comes back letter for letter, or not at all."""

import os
from pathlib import Path

import pytest

from beltmap.geo.cache import SUFFIX, cache_folder, keep, key_of, recall


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


@pytest.fixture
def as_stranger(monkeypatch):
    monkeypatch.setattr(os, "getuid", lambda: os.geteuid() + 1)


POSIX = pytest.mark.skipif(os.name != "posix", reason="folders have no mode")


@POSIX
@pytest.mark.parametrize("mode", [0o720, 0o702, 0o777, 0o1777])
def test_a_folder_that_others_can_write_to_is_done_without(folder, mode):
    keep("a", b"content")
    folder.chmod(mode)
    assert recall("a") is None
    keep("b", b"content")
    assert [path.stem for path in folder.iterdir()] == ["a"]
    folder.chmod(0o755)
    assert recall("a") == b"content"


@POSIX
@pytest.mark.usefixtures("as_stranger")
def test_a_folder_of_another_user_is_done_without(folder):
    folder.mkdir()
    keep("a", b"content")
    assert list(folder.iterdir()) == []


@POSIX
def test_ones_own_link_to_a_folder_is_followed(folder, tmp_path):
    (tmp_path / "disk").mkdir()
    folder.symlink_to("disk")
    keep("a", b"content")
    assert recall("a") == b"content"
    (tmp_path / "disk").chmod(0o777)
    assert recall("a") is None


@POSIX
def test_a_strangers_link_is_not_followed(folder, tmp_path, monkeypatch):
    (tmp_path / "disk").mkdir()
    folder.symlink_to("disk")
    keep("a", b"content")
    look = os.lstat

    def planted(path):
        found = list(look(path))
        found[4] += 1
        return os.stat_result(found)

    monkeypatch.setattr(os, "lstat", planted)
    assert recall("a") is None
    keep("b", b"content")
    assert len(list((tmp_path / "disk").iterdir())) == 1


@POSIX
def test_a_link_in_the_folder_is_not_followed(folder, tmp_path):
    keep("a", b"content")
    (path,) = folder.iterdir()
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    assert recall("a") is None
    keep("a", b"other")
    assert not path.is_symlink()
    assert recall("a") == b"other"


@POSIX
def test_a_folder_put_in_its_place_is_not_read(folder, tmp_path, monkeypatch):
    """What was looked at is what is read, whatever its name leads to by then."""
    keep("a", b"mine")
    look = os.fstat

    def swapped(handle):
        if folder.exists() and not (tmp_path / "moved").exists():
            folder.rename(tmp_path / "moved")
            folder.mkdir()
        return look(handle)

    monkeypatch.setattr(os, "fstat", swapped)
    assert recall("a") == b"mine"


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
    ("value", "where"), [("/x", Path("/x/beltmap")), ("", ".cache/beltmap")]
)
def test_it_is_where_the_system_keeps_caches(monkeypatch, value, where):
    monkeypatch.delenv("BELTMAP_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", value)
    assert cache_folder() == Path.home() / where
