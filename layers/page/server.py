"""The server of the page, which makes ready while the browser still loads."""

import asyncio
import gc
import inspect
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from importlib import import_module
from typing import Final

import streamlit as st

from geo.errors import PlanError
from geo.filters import Filters
from geo.language.messages import text
from geo.memory import give_back
from layers.assets import SCRIPTS, STYLES, file_address
from layers.page.session import visits_over

PATIENCE_SECONDS: Final = 3
"""Time for a first reader's map, before the plan is opened for whoever comes."""

SWEEP_SECONDS: Final = 20


@asynccontextmanager
async def ready(_: st.App) -> AsyncIterator[None]:
    """Make ready what readers will ask for, and sweep after those who have gone."""
    opening = asyncio.create_task(prepare_soon())
    sweeping = asyncio.create_task(sweep())
    yield
    sweeping.cancel()
    opening.cancel()


def prepare_first() -> None:
    """Import and read what the first map needs, before a browser competes."""
    for name in ("layers.page.main", "pyarrow"):
        import_module(name)
    text("page.title")
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
        await asyncio.to_thread(tidy)


def tidy() -> None:
    """Give back what no one needs any more."""
    # a session may have been there when all was frozen, and would stay for ever
    if over := visits_over():
        gc.unfreeze()
    # it is a knot of references, which only the collector undoes
    gc.collect()
    give_back()
    if over:
        gc.freeze()


def prepare() -> None:
    """Compute what the page begins with, and free what is never garbage."""
    from layers.page.plans import open_shipped
    from layers.page.summaries import SUMMARIES

    for name in ("layers.page.views", "streamlit_folium"):
        import_module(name)
    with suppress(PlanError):
        opened, everything = open_shipped(), Filters()
        _ = opened.addresses
        opened.totals(everything)
        opened.bars(everything, SUMMARIES[0])
    # what the imports left is never to be looked through again
    tidy()
    gc.freeze()
