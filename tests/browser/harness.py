"""What streamlit-folium's frame does with a map, without Streamlit."""

import threading
import time
from contextlib import contextmanager
from urllib.parse import urlsplit

import uvicorn
from streamlit_folium import _get_feature_group_string, generate_leaflet_string

CANARY = "{{7*7*1009}} <img src=x onerror=\"document.title='run'\">"
BELT = (0, 0x72, 0xB2)
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>map</title>
<body><div id="map_div" style="height: {height}px; width: 100%"></div><script>
window.sent = [];
window.Streamlit = {{setComponentValue: (value) => window.sent.push(value)}};
</script>{css}{js}<script>{script}
window.map = map_div;</script>"""


@contextmanager
def open_tab(browser, **options):
    """
    Open a tab that may talk to this machine only, and watch it.

    A request elsewhere is refused and listed in ``tab.strays``, an error of
    any script in ``tab.errors``.
    """
    options = {"viewport": {"width": 1000, "height": 700}} | options
    context = browser.new_context(reduced_motion="reduce", **options)
    tab = context.new_page()
    tab.strays, tab.errors = [], []

    def watch(route):
        if urlsplit(route.request.url).hostname == "127.0.0.1":
            route.continue_()
        else:
            tab.strays.append(route.request.url)
            route.abort()

    context.route("**/*", watch)
    tab.on("pageerror", lambda error: tab.errors.append(str(error)))
    try:
        yield tab
    finally:
        context.close()


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


def map_page(plan, *, height=600):
    """Write the page that streamlit-folium's frame makes of a map."""
    js = "".join(f'<script src="{src}"></script>' for _, src in plan.default_js)
    css = "".join(
        f'<link rel="stylesheet" href="{href}">' for _, href in plan.default_css
    )
    script = generate_leaflet_string(plan)
    return PAGE.format(height=height, css=css, js=js, script=script)


def state_script(plan, state):
    """Write what streamlit-folium's frame evaluates when the state has changed."""
    return _get_feature_group_string(state, map=plan)


def looks_like(found, colour):
    """Tell whether a drawn pixel has a colour, however transparent it is."""
    return found[3] > 0 and all(
        abs(a - b) <= 6 for a, b in zip(found[:3], colour, strict=True)
    )
