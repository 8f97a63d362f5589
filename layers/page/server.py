"""The server of the page, which makes ready while the browser still loads."""

import asyncio
import gc
import inspect
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

import streamlit as st
from streamlit import runtime

from beltmap.geo.errors import PlanError
from beltmap.geo.language.messages import text
from beltmap.geo.memory import give_back
from beltmap.geo.query.filters import Filters
from beltmap.geo.shipped import stamp
from beltmap.layers.assets import SCRIPTS, STYLES, file_address
from beltmap.layers.door.patience import ending_slow
from beltmap.layers.page.session import choices, served, visits_over

if TYPE_CHECKING:
    from beltmap.layers.prepared import Prepared

PATIENCE_SECONDS: Final = 3
"""Time for a first reader's map, before the plan is opened for whoever comes."""

SWEEP_SECONDS: Final = 20


@asynccontextmanager
async def ready(_: st.App) -> AsyncIterator[None]:
    """Make ready what readers will ask for, and sweep after those who have gone."""
    opening = asyncio.create_task(prepare_soon())
    sweeping = asyncio.create_task(sweep())
    with ending_slow():
        yield
    sweeping.cancel()
    opening.cancel()


def prepare_first() -> None:
    """Import and read what the first map needs, before a browser competes."""
    for name in ("beltmap.layers.page.main", "pyarrow"):
        import_module(name)
    text("page.language")
    file_address(SCRIPTS)
    file_address(STYLES)
    # Streamlit will ask where it was started, which takes a look at every module
    inspect.stack()
    import_module("streamlit.emojis")


async def prepare_soon() -> None:
    """Prepare the page, unless its first reader has done so already."""
    await asyncio.to_thread(prepare_first)
    await asyncio.sleep(PATIENCE_SECONDS)
    await asyncio.to_thread(prepare)


async def sweep() -> None:
    """Let go of what sessions that are over have left, files of readers too."""
    while True:
        await asyncio.sleep(SWEEP_SECONDS)
        await asyncio.to_thread(tidy, ended=end_sessions())


def end_sessions() -> int:
    """
    End the sessions whose readers did not come back in time; tell how many.

    Streamlit lets go of them when another session comes or goes, which may be
    never; until then each keeps three file descriptors, of an event loop of its
    own, its files and all that it knows. To be called in the server's own thread.
    """
    ended: list[Any] = []
    # nothing public leads there: without it, they are let go of as by Streamlit
    with suppress(AttributeError):
        manager: Any = runtime.get_instance()._session_mgr  # noqa: SLF001
        ended = manager._session_storage._cache.expire()  # noqa: SLF001
    for _, one in ended:
        one.session.shutdown()
    return len(ended)


def tidy(*, ended: int = 0) -> None:
    """
    Give back what no one needs any more.

    Parameters
    ----------
    ended
        Number of sessions that were ended because no one came back to them.
    """
    # a session may have been there when all was frozen, and would stay for ever
    if over := visits_over() or ended > 0:
        gc.unfreeze()
    # it is a knot of references, which only the collector undoes
    gc.collect()
    give_back()
    if over:
        gc.freeze()


def prepare() -> None:
    """Compute what the page begins with, and free what is never garbage."""
    # too much to be imported before the server listens
    from beltmap.layers.page.parts.summaries import SUMMARIES

    import_module("beltmap.layers.page.views")
    with suppress(PlanError):
        opened, everything = open_served(), Filters()
        _ = opened.addresses
        opened.answer(everything)
        opened.bars(everything, SUMMARIES[0])
    # what the imports left is never to be looked through again
    tidy()
    gc.freeze()


def open_served(names: Sequence[str] = ()) -> "Prepared":
    """
    Open what the page was started with, without what its readers brought.

    Parameters
    ----------
    names
        Names of some of its plans; all where none is named.

    Raises
    ------
    KeyError
        If there is no plan of a name.
    PlanError
        With every fault of the plan.
    """
    from beltmap.layers.prepared import open_plan

    # asked for by no session, whose plans may stand as they were
    known = choices(newest=True)
    wanted = tuple(known[name] for name in dict.fromkeys(names))
    # as the page has it: what the plans say together counts where all are open
    folders = wanted if 0 < len(wanted) < len(known) else served()
    return open_plan(folders, stamp(*folders))
