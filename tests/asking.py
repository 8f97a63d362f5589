"""Ask an ASGI app without a server, and wait until several threads ask."""

import asyncio
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from traceback import walk_stack


def run(work):
    """Run a coroutine in a thread: a browser test may have a loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(work)).result()


def ask(app, path, **headers):
    """Get a path; give status, headers and body."""
    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "headers": [(k.encode(), v.encode()) for k, v in headers.items()],
        "query_string": b"",
    }
    sent = []

    async def receive():
        return {"type": "http.request"}

    async def send(message):
        sent.append(message)

    run(app(scope, receive, send))
    head = {k.decode(): v.decode() for k, v in sent[0]["headers"]}
    return sent[0]["status"], head, b"".join(m.get("body", b"") for m in sent[1:])


def asked_together(function, n):
    """Wait until so many threads are within a function."""
    for _ in range(3_000):
        stacks = map(walk_stack, sys._current_frames().values())
        within = [
            any(frame.f_code is function.__code__ for frame, _ in stack)
            for stack in stacks
        ]
        if sum(within) == n:
            return
        time.sleep(0.01)
    raise AssertionError(f"never {n} at once")
