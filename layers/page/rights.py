"""Whether readers of this page may change the files of a plan, and who they are."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

import streamlit as st

from beltmap.geo.csvfile import inert
from beltmap.geo.language.hidden import reveal
from beltmap.geo.shipped import SHIPPED
from beltmap.geo.store.server import BY_PROXY, PAGE
from beltmap.layers.door.editing import ANYWHERE, EDIT, HERE, is_loopback, who_header

MOST_NAME: Final = 200
"""Letters of a name that are taken."""


def may_write(folder: Path) -> bool:
    """
    Tell whether the page may change a plan.

    Parameters
    ----------
    folder
        Of the plan; that of the shipped ones is never changed by a page.
    """
    setting = os.environ.get(EDIT, "")
    address = str(st.get_option("server.address") or "")
    allowed = setting == ANYWHERE or (setting == HERE and is_loopback(address))
    # whom the proxy does not name has come by another way
    known = not who_header() or bool(named())
    return allowed and known and not folder.resolve().is_relative_to(SHIPPED.resolve())


def named() -> str:
    """Give the name by which a proxy knows the reader; empty where it tells none."""
    header = who_header()
    given = str(st.context.headers.get(header) or "") if header else ""
    with suppress(UnicodeError):
        # a proxy sends the letters of other scripts as they are, and HTTP knows none
        given = given.encode("latin-1").decode()
    return inert(reveal(" ".join(given.split())))[:MOST_NAME]


def via() -> str:
    """Say what changes a plan, and who names the reader, as the history has it."""
    return f"{BY_PROXY}{who_header()}" if named() else PAGE
