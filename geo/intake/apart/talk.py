"""Talk with a process that is not trusted to stop: in bounded time and size."""

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Final

if TYPE_CHECKING:
    import subprocess

CHUNK: Final = 2**16
LAST_WORDS: Final = 4_000
"""Bytes of what it complained of that are kept."""


@dataclass(frozen=True)
class Said:
    """
    What a process answered.

    Parameters
    ----------
    answer
        What it wrote; empty where that was too much.
    complaint
        The end of what it complained of.
    late, long
        Whether it was ended for taking too much time, or saying too much.
    """

    answer: bytes
    complaint: bytes
    late: bool
    long: bool


def talk(
    child: "subprocess.Popen[bytes]",
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
    answer, size = [], 0
    while size <= most_bytes and (part := child.stdout.read1(CHUNK)):  # type: ignore[attr-defined]
        answer.append(part)
        size += len(part)
    if size > most_bytes:
        answer.clear()
        child.kill()
    child.wait()
    timer.cancel()
    writer.join()
    listener.join()
    return Said(b"".join(answer), bytes(complaint), late.is_set(), size > most_bytes)


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
