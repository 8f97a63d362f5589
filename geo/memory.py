"""The garbage collector, held off while much is built at once."""

import atexit
import ctypes
import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

MANY: Final = 200_000
"""New things after which a command looks for garbage; Python's own choice is 700."""


@contextmanager
def collector_paused() -> Iterator[None]:
    """
    Keep the garbage collector from running.

    While a large file is taken apart it runs hundreds of times and finds
    nothing: all that was built is still in use. Reading GeoJSON takes a third
    of the time without it.

    Examples
    --------
    >>> with collector_paused():
    ...     gc.isenabled()
    False
    >>> gc.isenabled()
    True
    """
    was_running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_running:
            gc.enable()


def start_lightly() -> None:
    """
    Spare a short process what a long one needs, before numpy is imported.

    Modules are half of what a command costs, and the collector looks through what
    they made many times; the threads of linear algebra are started and never used.

    Examples
    --------
    >>> start_lightly()
    >>> gc.get_threshold()[0] == MANY
    True
    """
    gc.set_threshold(MANY)
    # what is frozen is not looked through
    atexit.register(gc.freeze)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def give_back() -> None:
    """
    Give memory that reading has left behind back to the system.

    Arrow keeps what it has freed for the next large table, and the C library
    what lies between things still in use; after a plan of a million zones
    that is as much as their coordinates.

    Examples
    --------
    >>> give_back()
    """
    import pyarrow as pa

    pa.default_memory_pool().release_unused()
    if sys.platform == "linux":
        # other C libraries than GNU's have no such function
        with suppress(OSError, AttributeError):
            ctypes.CDLL("libc.so.6").malloc_trim(0)
