"""A line that is slow: what passes between a browser and a server waits its turn."""

import asyncio
import threading
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

CHUNK = 1_400


class Line:
    """
    A relay on loopback with a bounded rate and a delay, for all connections together.

    Parameters
    ----------
    port
        Of the server behind it.
    kbit_s
        Rate of what comes down.
    latency_s
        From a question to its answer, besides.
    """

    def __init__(self, port, *, kbit_s, latency_s):
        self.port, self.latency_s = port, latency_s
        self.bytes_s = kbit_s * 1000 / 8
        self.free_at = 0.0
        self.down = 0

    async def relay(self, reader, writer):
        """Pass on what one connection says, and what it is answered."""
        with suppress(OSError, asyncio.IncompleteReadError):
            # a connection is made before it is used
            await asyncio.sleep(self.latency_s)
            there, back = await asyncio.open_connection("127.0.0.1", self.port)
            await asyncio.gather(self.up(reader, back), self.come_down(there, writer))

    async def up(self, reader, writer):
        while part := await reader.read(65_536):
            await asyncio.sleep(self.latency_s / 2)
            writer.write(part)
            await writer.drain()
        writer.close()

    async def come_down(self, reader, writer):
        loop = asyncio.get_running_loop()
        while part := await reader.read(CHUNK):
            self.down += len(part)
            self.free_at = max(self.free_at, loop.time()) + len(part) / self.bytes_s
            # what is on its way arrives while the next is sent
            due = self.free_at + self.latency_s / 2
            loop.call_at(due, self.arrive, writer, part)
            await asyncio.sleep(max(self.free_at - loop.time(), 0))
        await asyncio.sleep(self.latency_s)
        writer.close()

    @staticmethod
    def arrive(writer, part):
        if not writer.is_closing():
            writer.write(part)


@contextmanager
def slow(address, *, kbit_s, latency_s):
    """Give the address of a server behind a slow line, and the line."""
    line = Line(urlsplit(address).port, kbit_s=kbit_s, latency_s=latency_s)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    begun = asyncio.start_server(line.relay, "127.0.0.1", 0)
    server = asyncio.run_coroutine_threadsafe(begun, loop).result()
    port = server.sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}/", line
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(timeout=5)
