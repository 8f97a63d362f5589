"""The same notebook in marimo, which shows what has ``_repr_html_`` as Jupyter does."""

import base64
import html
import os
import re
import subprocess
import sys

import nbformat
import pytest

from tests.notebooks.test_parks import HERE, ROOT, said


def marimo(folder, *words):
    command = [sys.executable, "-m", "marimo", *words]
    places = {"PYTHONPATH": str(ROOT), "XDG_CONFIG_HOME": str(folder)}
    subprocess.run(command, cwd=folder, env=os.environ | places, check=True)


@pytest.fixture(scope="module")
def outputs(tmp_path_factory):
    """Make a marimo notebook of it and run that without a browser or a server."""
    folder = tmp_path_factory.mktemp("marimo")
    marimo(folder, "convert", str(HERE / "parks.ipynb"), "-o", "parks.py")
    marimo(
        folder, "export", "ipynb", "parks.py", "-o", "run.ipynb", "--include-outputs"
    )
    run = nbformat.read(folder / "run.ipynb", as_version=4)
    cells = [cell for cell in run.cells if cell.cell_type == "code"]
    return {cell.source: said(cell) for cell in cells}


@pytest.mark.parametrize("cell", ["chosen.explore()", "chosen"])
def test_maps_show_themselves_and_ask_for_nothing(outputs, cell):
    [frame] = re.findall(r'<iframe[^>]*srcdoc="([^"]*)"', outputs[cell]["text/html"])
    shown = html.unescape(frame)
    assert "L.map(" in shown
    packed = re.findall(r'"zones":"data:[^,]*,([^"]*)"', shown)
    told = [shown, *(base64.b64decode(one).decode(errors="replace") for one in packed)]
    assert any("Laoshan" in words for words in told)
    assert not re.search(r"<(?:script|link|img|iframe)[^>]+(?:src|href)=", shown)


def test_tables_and_receipts_show_themselves(outputs):
    [ledger] = [shown for cell, shown in outputs.items() if "ledger(" in cell]
    assert "4000.0" in ledger["text/html"]
    [receipt] = [shown for cell, shown in outputs.items() if "read_upload" in cell]
    assert "3 rows: 3 drawn" in receipt["text/html"]
