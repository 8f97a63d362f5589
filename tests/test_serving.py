"""The server of tests comes up on a port of its own, or says why it did not."""

import socket
import urllib.request

import pytest

from tests import serving


def test_a_port_that_another_has_taken_is_left_to_it(monkeypatch):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        ports = iter([taken, serving.free_port()])
        monkeypatch.setattr(serving, "free_port", lambda: next(ports))
        page = ("streamlit", "run", serving.ROOT / "tests/bench/empty_page.py")
        with serving.running(*page) as (address, server):
            assert f":{taken}/" not in address
            with urllib.request.urlopen(address) as answer:
                assert answer.status == 200
        assert server.poll() is not None


def test_a_server_that_ends_says_what_it_wrote():
    with (
        pytest.raises(serving.NoServerError, match="No module named nosuch"),
        serving.running("nosuch"),
    ):
        pass
