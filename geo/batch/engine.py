"""What does the work of the parts: this process, or the workers of a cluster."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, Protocol, TypeVar

from beltmap.geo.errors import PlanError, fault

T = TypeVar("T")

PATIENCE_S: Final = 20
"""Seconds for which a scheduler may keep quiet before it counts as away."""

Done = Callable[[], object]
"""Hears that the work of one more part is done."""


class Engine(Protocol):
    """Something that does the same work for many parts."""

    def each(
        self, work: Callable[..., T], jobs: Sequence[tuple[Any, ...]], *, done: Done
    ) -> list[T]:
        """
        Do some work for each part.

        Parameters
        ----------
        work
            A function of a module that changes nothing: a part of which the
            worker is lost is done again by another.
        jobs
            Its arguments.
        done
            Called whenever one is done.

        Returns
        -------
        results
            In the order of `jobs`.
        """


class Here:
    """The work of one part after another, in the process that asks."""

    def each(
        self, work: Callable[..., T], jobs: Sequence[tuple[Any, ...]], *, done: Done
    ) -> list[T]:
        """Do some work for each part, see `Engine`."""
        results = []
        for job in jobs:
            results.append(work(*job))
            done()
        return results


class OnDask:
    """
    The workers of a Dask scheduler.

    Parameters
    ----------
    client
        What Dask calls a client of it.
    """

    def __init__(self, client: Any) -> None:  # noqa: ANN401 - Dask's, with an extra
        self._client = client

    def each(
        self, work: Callable[..., T], jobs: Sequence[tuple[Any, ...]], *, done: Done
    ) -> list[T]:
        """Do some work for each part, see `Engine`."""
        from distributed import CancelledError, KilledWorker, as_completed

        # each job goes by itself: one graph of all would be too large a message
        waited = [self._client.submit(work, *job, pure=False) for job in jobs]
        try:
            for one in as_completed(waited, loop=self._client.loop):
                if one.status == "error":
                    one.result()
                done()
            return [one.result() for one in waited]
        except (KilledWorker, CancelledError) as error:
            why = str(error).partition("\n")[0]
            where = self._client.scheduler.address
            raise PlanError([fault("E_WORKERS_LOST", where, why=why)]) from error
        finally:
            for one in waited:
                one.release()


@contextmanager
def engine(scheduler: str | None) -> Iterator[Engine]:
    """
    Give what does the work.

    Parameters
    ----------
    scheduler
        Address of a Dask scheduler, such as ``tcp://office:8786``; None for this
        process, which then never imports Dask.

    Raises
    ------
    PlanError
        If Dask is not installed, or the scheduler does not answer.
    """
    if scheduler is None:
        yield Here()
        return
    try:
        from distributed import Client
    except ImportError as error:
        raise PlanError([fault("E_NO_DASK", "beltmap[cluster]")]) from error
    try:
        client = Client(scheduler, timeout=PATIENCE_S, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise PlanError([fault("E_SCHEDULER_AWAY", scheduler)]) from error
    with client:
        yield OnDask(client)
