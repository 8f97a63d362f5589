"""Talk with a process that is not trusted to stop: in bounded time and size."""

import io
import struct
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from typing import IO, Final, Protocol

CHUNK: Final = 2**16
LAST_WORDS: Final = 4_000
"""Bytes of what it complained of that are kept."""

MOST_FRAMES: Final = 100_000
"""Pieces of the longest answer."""

STATUS: Final = struct.Struct("<i")
"""How the end of a forked process is told."""

_SIZE: Final = struct.Struct("<Q")


class Worker(Protocol):
    """What is used of a `subprocess.Popen`."""

    @property
    def stdin(self) -> IO[bytes] | None:
        """Where it reads its job."""

    @property
    def stdout(self) -> IO[bytes] | None:
        """Where it writes its answer."""

    @property
    def stderr(self) -> IO[bytes] | None:
        """Where it complains."""

    def kill(self) -> None:
        """End it."""

    def wait(self) -> int:
        """Wait for its end; give its status."""


@dataclass(frozen=True)
class Said:
    """
    What a process answered.

    Parameters
    ----------
    answer
        What it wrote, in the pieces that `say` gave; none where that was too much,
        or the last was cut.
    complaint
        The end of what it complained of.
    status
        How it ended, as a `subprocess.Popen` tells it.
    late, long
        Whether it was ended for taking too much time, or saying too much.
    """

    answer: list[bytes]
    complaint: bytes
    status: int
    late: bool
    long: bool


def talk(
    child: Worker,
    job: Iterable[bytes],
    *,
    seconds: float,
    most_bytes: int,
) -> Said:
    """
    Give a process its job, and take its answer; end it where it goes too far.

    Parameters
    ----------
    child
        The process, with pipes to all three of its ends.
    job
        What it is given, in pieces that are never put together.
    seconds
        Time on the clock.
    most_bytes
        Largest answer.
    """
    if child.stdin is None or child.stdout is None or child.stderr is None:
        raise ValueError("a process without pipes")
    late = threading.Event()

    def give_up() -> None:
        late.set()
        child.kill()

    complaint = bytearray()
    timer = threading.Timer(seconds, give_up)
    writer = threading.Thread(target=_write, args=(child.stdin, job))
    listener = threading.Thread(target=_listen, args=(child.stderr, complaint))
    for one in (timer, writer, listener):
        one.daemon = True
        one.start()
    answer, long = _hear(child.stdout, most_bytes)
    if long:
        child.kill()
    status = child.wait()
    timer.cancel()
    writer.join()
    listener.join()
    return Said(answer, bytes(complaint), status, late.is_set(), long)


def say(pipe: IO[bytes], answer: Iterable[bytes]) -> None:
    """
    Answer as `talk` hears it.

    Parameters
    ----------
    pipe
        Where the answer goes.
    answer
        Its pieces.
    """
    for piece in answer:
        pipe.write(_SIZE.pack(len(piece)))
        pipe.write(piece)
    pipe.flush()


def _hear(pipe: IO[bytes], most_bytes: int) -> tuple[list[bytes], bool]:
    """Read an answer piece by piece, so that nothing is held twice."""
    answer: list[bytes] = []
    left = most_bytes
    while head := pipe.read(_SIZE.size):
        size = _SIZE.unpack(head)[0] if len(head) == _SIZE.size else 0
        left -= _SIZE.size + size
        if left < 0 or len(answer) >= MOST_FRAMES:
            return [], True
        piece = io.BytesIO()
        while size and (part := pipe.read(min(size, CHUNK))):
            piece.write(part)
            size -= len(part)
        if size or len(head) < _SIZE.size:
            return [], False
        # the buffer's own bytes, not a copy
        answer.append(piece.getvalue())
    return answer, False


def _write(pipe: IO[bytes], job: Iterable[bytes]) -> None:
    try:
        for piece in job:
            pipe.write(piece)
        pipe.close()
    except (OSError, ValueError):
        # it has ended, and says so otherwise
        return


def _listen(pipe: IO[bytes], complaint: bytearray) -> None:
    while part := pipe.read(CHUNK):
        complaint += part
        del complaint[:-LAST_WORDS]
