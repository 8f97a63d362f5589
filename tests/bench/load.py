"""
Let many users change filters at once, without browsers: one socket each.

    python -m tests.bench.load [--users 20] [--zones 2000] [--reruns 2]
                              [--runs 5]
"""

import argparse
import asyncio
import json
import tempfile
import time
from pathlib import Path
from statistics import median, quantiles

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from beltmap.layers.commands.demo import write_demo
from tests.bench.results import finish, row, show
from tests.bench.serve import serving_page

HERE = Path(__file__).parent
LABELS = ("Town", "Park", "Base", "Zone")


class User:
    """One session: its boxes, and the exceptions that it was shown."""

    def __init__(self, socket):
        self.socket = socket
        self.boxes = {}
        self.checked = {}
        self.panel, self.turn, self.picked = None, 0, set()
        self.seen = 0
        self.exceptions = []

    async def rerun(self):
        """Ask for a rerun; give seconds until the map came and until the end."""
        message = BackMsg()
        message.rerun_script.query_string = ""
        for box, on in self.checked.items():
            state = message.rerun_script.widget_states.widgets.add()
            state.id, state.bool_value = box, on
        if self.panel and self.turn:
            state = message.rerun_script.widget_states.widgets.add()
            state.id, state.json_value = self.panel.id, json.dumps(self.choice())
        start = time.perf_counter()
        await self.socket.send(message.SerializeToString())
        drawn = None
        while True:
            forward = ForwardMsg()
            forward.ParseFromString(await self.socket.recv())
            kind = forward.WhichOneof("type")
            if kind == "delta":
                element = forward.delta.new_element
                name = element.WhichOneof("type")
                if name == "checkbox":
                    self.boxes[element.checkbox.label.split(" :gray")[0]] = (
                        element.checkbox.id
                    )
                elif name == "bidi_component":
                    self.panel = element.bidi_component
                    self.told = json.loads(self.panel.bytes)
                    self.boxes |= {
                        label: f"{facet['column']}={value}"
                        for facet in self.told["facets"]
                        if facet["column"] == "kind"
                        for value, label, _ in facet["values"]
                    }
                elif name == "exception":
                    self.exceptions.append(element.exception.message)
                elif name == "component_instance" and drawn is None:
                    drawn = time.perf_counter() - start
            elif kind == "script_finished":
                return drawn, time.perf_counter() - start

    def choice(self):
        """Give what our panel of filters sends."""
        kinds = [box.removeprefix("kind=") for box in sorted(self.picked)]
        said = {"text": "", "least": None, "most": None, "kind": kinds}
        return {"choice": said | {"epoch": self.told["epoch"], "turn": self.turn}}

    def toggle(self, label):
        box = self.boxes[label]
        if self.panel is None:
            self.checked[box] = not self.checked.get(box, False)
            return
        self.turn += 1
        self.picked ^= {box}


async def use(address, reruns, waiting):
    """Open the page, wait for all others, then change filters one after another."""
    socket_address = address.replace("http", "ws") + "_stcore/stream"
    async with websockets.connect(
        socket_address, max_size=None, subprotocols=["streamlit"]
    ) as socket:
        user = User(socket)
        await user.rerun()
        await user.rerun()
        await waiting.wait()
        times = []
        labels = [label for label in LABELS if label in user.boxes]
        labels = labels or [label.lower() for label in LABELS]
        for turn in range(reruns):
            user.toggle(labels[turn % len(labels)])
            times.append(await user.rerun())
        return times, user.exceptions


async def crowd(address, users, reruns):
    waiting = asyncio.Barrier(users)
    found = await asyncio.gather(*[use(address, reruns, waiting) for _ in range(users)])
    exceptions = [one for _, faults in found for one in faults]
    return [time for times, _ in found for time in times], exceptions


def p95(values):
    return quantiles(values, n=20)[-1] * 1000


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--users", type=int, default=20)
    options.add_argument("--zones", type=int, default=2_000)
    options.add_argument("--reruns", type=int, default=2)
    options.add_argument("--runs", type=int, default=5)
    options.add_argument("--plans", type=Path, help="where made-up plans are kept")
    options.add_argument("--only", choices=["ours", "plain"])
    chosen = options.parse_args()
    found, faults = {}, {}
    with tempfile.TemporaryDirectory() as temporary:
        folder = (chosen.plans or Path(temporary)) / f"p{chosen.zones}"
        if not folder.exists():
            write_demo(folder, zones=chosen.zones)
        pages = {"ours": None, "plain": HERE / "plain_page.py"}
        for name, script in pages.items():
            if chosen.only not in (None, name):
                continue
            with serving_page(script, folder) as (address, _):
                runs = [
                    asyncio.run(crowd(address, chosen.users, chosen.reruns))
                    for _ in range(chosen.runs)
                ]
            found[name] = [p95([one[1] for one in times]) for times, _ in runs]
            faults[name] = [fault for _, seen in runs for fault in seen]
            drawn = sorted(one[0] or 0 for times, _ in runs for one in times)
            print(
                f"{name}: p95 {median(found[name]):.0f} ms,"
                f" map sent after {drawn[len(drawn) // 2] * 1000:.0f} ms (median),"
                f" {len(faults[name])} exceptions {set(faults[name])}"
            )
    if len(found) == 2:
        ours, plain = (found[name] for name in pages)
        rows = [
            row(
                f"{chosen.users} users: rerun p95",
                n=chosen.zones,
                unit="ms",
                ours=ours,
                theirs=plain,
                against="the plain page",
                least=5,
            ),
            row(
                f"{chosen.users} users: exceptions",
                n=chosen.zones,
                unit="",
                ours=[len(faults["ours"])],
                against="none",
                limit=0,
            ),
        ]
        show(rows)
        finish(f"load {chosen.users}", rows)


if __name__ == "__main__":
    main()
