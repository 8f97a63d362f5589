"""Whether readers of this page may change the files of a plan."""

import os
from pathlib import Path

import streamlit as st

from beltmap.geo.shipped import SHIPPED
from beltmap.layers.door.editing import ANYWHERE, EDIT, HERE, is_loopback


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
    return allowed and not folder.resolve().is_relative_to(SHIPPED.resolve())
