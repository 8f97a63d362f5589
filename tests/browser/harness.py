"""What the page does with the frame of a map, without Streamlit."""

import json
import threading
import time
from collections import deque
from contextlib import contextmanager
from urllib.parse import urlsplit

import uvicorn
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import expect
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from beltmap.layers.assets import FILES
from beltmap.layers.page.frame import VIEWS
from tests.serving import running

CANARY = "{{7*7*1009}} <img src=x onerror=\"document.title='run'\">"
BELT = (0, 0x72, 0xB2)
FRAME = "iframe[title^=beltmap]"
"""Frames of maps on the page."""

MOST_OF_A_RUN_BYTES = 100_000
"""A message that a run has begun or ended is never larger."""

IDLE = {}
"""Contexts that no tab has, by their browser and options."""

HEARING = """<head><script>
window.sent = [];
window.postMessage = ({ type, value }) => {
  if (type === "streamlit:setComponentValue") sent.push(value);
};
</script>"""
TELLING = """<script>
window.tell = (state) => window.dispatchEvent(new MessageEvent("message", {
  source: window.parent,
  data: { type: "streamlit:render", args: { height: HEIGHT, told: [SETUP, state] } },
}));
tell(STATE);
</script></html>"""


class Talk:
    """What a page and Streamlit say to each other: whether a run is still due."""

    def __init__(self):
        self.due = self.running = False
        self.begun = 0.0
        self.heard = deque(maxlen=40)

    def listen(self, socket):
        """Follow a connection of the page."""
        socket.on("framesent", self.sent)
        socket.on("framereceived", self.received)

    def sent(self, frame):
        """Take note of a run that is asked for."""
        asked = BackMsg.FromString(frame) if isinstance(frame, bytes) else BackMsg()
        if asked.HasField("rerun_script"):
            self.due = True
            if not asked.rerun_script.is_auto_rerun:
                self.note("asks", asked.rerun_script.fragment_id or "all")

    def received(self, frame):
        """Take note of a run that begins, or that ends and is not run again."""
        if not isinstance(frame, bytes) or len(frame) > MOST_OF_A_RUN_BYTES:
            return
        message = ForwardMsg.FromString(frame)
        if message.HasField("new_session"):
            self.due, self.running = False, True
            self.begun = time.monotonic()
        elif message.HasField("script_finished"):
            self.running = False
            if message.script_finished != ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY:
                began = f"{time.monotonic() - self.begun:.2f} s after it began"
                self.note("ended", message.script_finished, began)

    def note(self, *what):
        """
        Keep what was said last, and when, for the report of a test that fails.

        Looks at the plan, one a second, would take the place of all else.
        """
        self.heard.append((round(time.monotonic(), 2), *what))


@contextmanager
def started(plan=None, **environment):
    """Run the page as a user does; give its address and process."""
    chosen = ["--plan", plan] if plan else []
    with running("beltmap", "serve", *chosen, environment=environment) as page:
        yield page


@contextmanager
def served(plan=None):
    """Run the page on a free port of this machine; give its address."""
    with started(plan) as (address, _):
        yield address


@contextmanager
def open_tab(browser, **options):
    """
    Open a tab of a new reader that may talk to this machine only, and watch it.

    A request elsewhere, which the browser cannot make, is listed in ``tab.strays``,
    an error of any script in ``tab.errors``. Playwright waits for a function by `eval`,
    which the page's policy refuses: it holds only where ``bypass_csp`` is False.
    """
    options = {"viewport": {"width": 1000, "height": 700}, "bypass_csp": True} | options
    with profile(browser, {"reduced_motion": "reduce"} | options) as context:
        tab = context.new_page()
        tab.strays, tab.errors, tab.talk = [], [], Talk()
        origins = set()

        # listened to, not routed: a route keeps the browser from caching anything
        def watch(request):
            address = urlsplit(request.url)
            if address.hostname == "127.0.0.1":
                origins.add(f"{address.scheme}://{address.netloc}")
            elif address.netloc:
                tab.strays.append(request.url)

        context.on("request", watch)
        tab.on("pageerror", lambda error: tab.errors.append(str(error)))
        tab.on("websocket", tab.talk.listen)
        try:
            yield tab
        finally:
            context.remove_listener("request", watch)
            forget(context, origins)


@contextmanager
def profile(browser, options):
    """
    Give a context of a browser that no one else has.

    One that was given back comes again where the same is asked for: of the readers
    before, it has nothing but the files that a server lets a browser keep. So the page
    opens with a quarter less work.
    """
    idle = IDLE.setdefault((browser, json.dumps(options, sort_keys=True)), [])
    context = idle.pop() if idle else browser.new_context(**options)
    try:
        yield context
        context.set_offline(options.get("offline", False))
        idle.append(context)
    except BaseException:
        context.close()
        raise


def forget(context, origins):
    """Close the tabs of a context, and clear what a reader leaves in it."""
    clearing = context.new_page()
    for tab in context.pages:
        if tab != clearing:
            tab.close()
    storage = context.new_cdp_session(clearing)
    for origin in origins:
        cleared = {"origin": origin, "storageTypes": "local_storage,indexeddb"}
        storage.send("Storage.clearDataForOrigin", cleared)
    clearing.close()
    context.unroute_all()
    context.clear_cookies()
    context.clear_permissions()


@contextmanager
def serving(app):
    """Serve an ASGI app on a free port of this machine; give its address."""
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", ws="none")
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    for _ in range(500):
        if server.started:
            break
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(timeout=5)


def map_page(drawing, *, height=600):
    """Write the document of a map, with a page that tells it what it shows."""
    document = FILES.get(drawing.document).data.decode()
    telling = TELLING.replace("HEIGHT", str(height))
    telling = telling.replace("SETUP", json.dumps(drawing.setup))
    telling = telling.replace("STATE", json.dumps(drawing.state))
    return document.replace("<head>", HEARING).replace("</html>", telling)


def state_script(state):
    """Write how the page tells a map its new state."""
    return f"tell({json.dumps(state)})"


def looks_like(found, colour):
    """Tell whether a drawn pixel has a colour, however transparent it is."""
    return found[3] > 0 and all(
        abs(a - b) <= 6 for a, b in zip(found[:3], colour, strict=True)
    )


AT_REST = """() => {
  const all = (where) => [...document.querySelectorAll(where)];
  return (
    all("[data-test-script-state=notRunning]").length === 1 &&
    all("[data-testid=stSkeleton], [data-testid=stSpinner]").length === 0
  );
}"""


def at_rest(tab):
    """Wait until no run of Streamlit is due and everything that it sent is drawn."""
    until = time.monotonic() + 60
    while True:
        tab.wait_for_function(AT_REST, timeout=60_000)
        # the page says that it is at rest until the server has heard of a click
        if not (tab.talk.due or tab.talk.running):
            return
        assert time.monotonic() < until, "a run that was asked for has not ended"
        tab.wait_for_timeout(20)


def in_frames(tab, script):
    """Give what a script says in each frame of a tab, of which one may just go."""
    while True:
        try:
            return [frame.evaluate(script) for frame in tab.frames]
        except PlaywrightError as error:
            if "detached" not in str(error):
                raise


def shows(where, text):
    """Wait until an element shows a text, which may come after the element."""
    expect(where).to_contain_text(text, use_inner_text=True)


def visit(tab, view):
    """Go to a view by its switch, and wait until it stands."""
    at = VIEWS.index(view)
    tab.locator(".st-key-views [role=radio]").nth(at).click()
    tab.mouse.move(5, 5)
    at_rest(tab)


def settled(frame):
    """Wait until a map has drawn all its zones and every tile of its background."""
    frame.wait_for_function(
        """() => {
          const tiles = [...document.querySelectorAll("img.leaflet-tile")];
          const there = (tile) =>
            tile.matches(".leaflet-tile-loaded") &&
            getComputedStyle(tile).opacity === "1";
          const { ready, zones } = map.beltmap;
          return ready && !zones.waiting.length && tiles.every(there);
        }"""
    )
    frame.evaluate(
        "new Promise((done) => requestAnimationFrame(() => setTimeout(done)))"
    )
