"""The server gives back what sessions that are over have left."""

import asyncio
import gc
import sys
import time
from pathlib import Path
from threading import Event
from types import SimpleNamespace
from weakref import ref

import pytest
import websockets
from streamlit.runtime.caching.ttl_cache import TTLCache
from streamlit.runtime.memory_session_storage import MemorySessionStorage
from streamlit.runtime.session_manager import SessionInfo
from streamlit.runtime.websocket_session_manager import WebsocketSessionManager

from beltmap.layers.page import server, session
from tests.asking import run
from tests.bench.load import User
from tests.serving import running


class Knot:
    """Something that holds itself, as a session does."""

    def __init__(self):
        self.self = self


@pytest.fixture
def over(monkeypatch):
    """Give how a session ends; no session of another test does."""
    ended = Event()
    monkeypatch.setattr(session, "_OVER", ended)
    yield ended
    gc.unfreeze()


@pytest.fixture
def asked(monkeypatch):
    """Write down what the collector is asked to do."""
    asked = []
    for name in ("freeze", "unfreeze", "collect"):
        monkeypatch.setattr(gc, name, lambda name=name: asked.append(name))
    return asked


def test_a_session_that_is_over_is_found_even_if_it_was_frozen(over):
    knot = Knot()
    left = ref(knot)
    gc.freeze()
    del knot
    server.tidy()
    assert left() is not None
    over.set()
    server.tidy()
    assert left() is None


def test_what_was_frozen_stays_so_while_no_session_ends(over, asked):
    server.tidy()
    assert not over.is_set()
    assert asked == ["collect"]


def test_what_is_left_is_frozen_again_once_a_session_has_ended(over, asked):
    over.set()
    server.tidy()
    assert asked == ["unfreeze", "collect", "freeze"]
    server.tidy()
    assert asked[3:] == ["collect"]


class Waiting:
    """A session that waits for its reader, as Streamlit keeps it."""

    def __init__(self, name):
        self.id, self.ended = name, 0

    def shutdown(self):
        self.ended += 1


def test_sessions_that_no_one_comes_back_to_are_ended(monkeypatch):
    storage, clock = MemorySessionStorage(ttl_seconds=120), [0]
    storage._cache = TTLCache(maxsize=9, ttl=120, timer=lambda: clock[0])
    manager = WebsocketSessionManager(storage, None, None, None, None)
    monkeypatch.setattr(
        server.runtime, "get_instance", lambda: SimpleNamespace(_session_mgr=manager)
    )
    one, two = Waiting("one"), Waiting("two")
    storage.save(SessionInfo(client=None, session=one, script_run_count=1))
    clock[0] = 60
    storage.save(SessionInfo(client=None, session=two, script_run_count=1))
    found = []
    for clock[0] in (119, 121, 121, 181):
        found.append((server.end_sessions(), one.ended, two.ended))
    assert found == [(0, 0, 0), (1, 1, 0), (0, 1, 0), (1, 1, 1)]


def test_another_streamlit_is_no_error(monkeypatch):
    monkeypatch.setattr(server.runtime, "get_instance", lambda: None)
    assert server.end_sessions() == 0


def test_what_was_frozen_is_looked_through_when_a_session_was_ended(over, asked):
    server.tidy(ended=1)
    assert not over.is_set()
    assert asked == ["unfreeze", "collect", "freeze"]


def handles(pid):
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


async def visit(address, until):
    """Open the page by its socket alone, and stay for a while."""
    stream = f"{address.replace('http', 'ws')}_stcore/stream"
    async with websockets.connect(
        stream, max_size=None, subprotocols=["streamlit"]
    ) as socket:
        await User(socket).rerun()
        await until.wait()


async def crowd(address, pid, readers):
    until = asyncio.Event()
    visits = [asyncio.create_task(visit(address, until)) for _ in range(readers)]
    while handles(pid) < 4 * readers:  # noqa: ASYNC110 - of another process
        await asyncio.sleep(0.1)
    until.set()
    await asyncio.gather(*visits)


@pytest.mark.deep
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="counted in /proc")
def test_readers_who_have_gone_leave_no_handles_open():
    options = ("--server.disconnectedSessionTTL", "1")
    with running("beltmap", "serve", *options) as (address, process):
        run(crowd(address, process.pid, 1))
        before = handles(process.pid)
        run(crowd(address, process.pid, 30))
        last = time.monotonic() + 120
        while handles(process.pid) > before + 3:
            assert time.monotonic() < last, handles(process.pid)
            time.sleep(1)
