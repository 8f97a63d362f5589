"""
Let many readers click on one page process of a store, then on two.

    python -m tests.bench.processes [--readers 20] [--zones 2000] [--clicks 4]
                                    [--runs 5]
"""

import argparse
import asyncio
import os
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from beltmap.geo.store.address import read_address
from beltmap.geo.store.folders import push
from beltmap.layers.commands.demo import write_demo
from tests.bench.load import opened, use
from tests.bench.results import finish, row, show
from tests.bench.serve import memory_mb
from tests.serving import ROOT, running
from tests.storing import PROGRAMS, own_server

REST_S = 10
OWN_TICKS = slice(11, 15)
"""Fields of a process's state, as Linux tells it: its own time and its children's."""

CLICK = "{} readers: time a click, two processes"
PAGE = "{} readers: a click, in its page"
STORE = "{} readers: a click, in the store"
REST = "{} readers: a page that is only open"
ASKING = "{} readers: a process asks its store"
MEMORY = "{} readers: memory of a process"


class Costs:
    """
    What processes take of the machine's cores while something is done.

    Parameters
    ----------
    pages
        Page processes.
    store
        Server of the store; its children are counted with it.
    """

    def __init__(self, pages, store):
        self.parts = {"page": pages, "store": [store]}

    def __enter__(self):
        self.before, self.start = self.now(), time.perf_counter()
        return self

    def __exit__(self, *_):
        self.seconds = time.perf_counter() - self.start
        self.spent = {
            name: spent - self.before[name] for name, spent in self.now().items()
        }

    def now(self):
        """Give the seconds of a core that each part has taken so far."""
        return {
            name: sum(cpu_s(process.pid) for process in processes)
            for name, processes in self.parts.items()
        }


def cpu_s(pid):
    """Give the seconds of a core that a process and all its children have taken."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except FileNotFoundError:
        # it has ended, and its parent counts it
        return 0
    own = sum(map(int, fields[OWN_TICKS])) / os.sysconf("SC_CLK_TCK")
    return own + sum(map(cpu_s, children))


async def click(addresses, readers, clicks):
    """Let readers click, each as soon as it has an answer; give the exceptions."""
    waiting = asyncio.Barrier(readers + 1)
    using = [
        asyncio.create_task(use(addresses[n % len(addresses)], clicks, waiting))
        for n in range(readers)
    ]
    await waiting.wait()
    return using


async def measure_clicks(addresses, costs, readers, clicks):
    """Give clicks a second; what they cost is in `costs` then."""
    using = await click(addresses, readers, clicks)
    with costs:
        found = await asyncio.gather(*using)
    faults = [one for _, seen in found for one in seen]
    if faults:
        raise AssertionError(faults)
    return readers * clicks / costs.seconds


async def measure_rest(address, costs, readers):
    """Let readers have the page open and do nothing."""
    ready = asyncio.Barrier(readers + 1)
    over = asyncio.Event()

    async def rest():
        async with opened(address) as user:
            await ready.wait()
            while not over.is_set():
                await user.look()
                await asyncio.sleep(1)

    resting = [asyncio.create_task(rest()) for _ in range(readers)]
    await ready.wait()
    with costs:
        await asyncio.sleep(REST_S)
    over.set()
    await asyncio.gather(*resting)


def measure(store, plan, chosen, *, n):
    """Start pages of a store; give what clicks, rest and memory come to, by name."""
    with ExitStack() as stack:
        page = ("streamlit", "run", ROOT / "app.py")
        started = [
            stack.enter_context(running(*page, environment={"BELTMAP_PLAN": plan}))
            for _ in range(n)
        ]
        addresses = [address for address, _ in started]
        costs = Costs([process for _, process in started], store.process)
        runs = []
        for _ in range(chosen.runs):
            speed = asyncio.run(
                measure_clicks(addresses, costs, chosen.readers, chosen.clicks)
            )
            done = chosen.readers * chosen.clicks
            spent = {name: 1e3 * each / done for name, each in costs.spent.items()}
            runs.append({"click": 1e3 / speed, **spent})
        found = {name: [one[name] for one in runs] for name in runs[0]}
        asyncio.run(measure_rest(addresses[0], costs, chosen.readers))
        looked = chosen.readers * costs.seconds
        found["rest"] = [1e3 * costs.spent["page"] / looked]
        found["asking"] = [1e3 * costs.spent["store"] / costs.seconds / n]
        found["memory"] = [memory_mb(process)[0] for _, process in started]
        return found


def rows_of(one, two, chosen):
    """Make the rows of the table: two processes against one, and what each takes."""

    def told(job, name, of, against, *, unit="ms", other=None, least=None):
        return row(
            job.format(chosen.readers),
            n=chosen.zones,
            unit=unit,
            ours=of[name],
            theirs=other[name] if other else (),
            against=against,
            least=least,
        )

    return [
        told(CLICK, "click", two, "one process", other=one, least=1.3),
        told(PAGE, "page", one, "of a core"),
        told(STORE, "store", one, "of the store's core"),
        told(REST, "rest", one, "of a core, each second"),
        told(ASKING, "asking", one, "of the store's core, each second"),
        told(MEMORY, "memory", two, "a process", unit="MB"),
    ]


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--readers", type=int, default=20)
    options.add_argument("--zones", type=int, default=2_000)
    options.add_argument("--clicks", type=int, default=4)
    options.add_argument("--runs", type=int, default=5)
    chosen = options.parse_args()
    if not PROGRAMS:
        print("needs PostgreSQL with PostGIS; on Debian: postgresql-15-postgis-3")
        return
    with tempfile.TemporaryDirectory() as folder, own_server() as store:
        write_demo(Path(folder, "plan"), zones=chosen.zones)
        plan = f"{store.address}/template1#plan"
        push(Path(folder, "plan"), read_address(plan))
        one, two = (measure(store, plan, chosen, n=n) for n in (1, 2))
    clicks = [1e3 / median(each["click"]) for each in (one, two)]
    print(f"clicks a second: {clicks[0]:.1f} of one process, {clicks[1]:.1f} of two")
    rows = rows_of(one, two, chosen)
    show(rows)
    finish("processes", rows)


if __name__ == "__main__":
    main()
