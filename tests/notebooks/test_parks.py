"""The notebook that is the proof of the public interface, run from its first cell."""

import ast
import html
import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
WATCH = """
import sys
def watch(event, args):
    if event in {"socket.connect", "socket.getaddrinfo", "urllib.Request"}:
        with open("asked.txt", "a") as file:
            print(event, args, file=file)
sys.addaudithook(watch)
"""
READMES = ("README.md", "README.zh.md")


@pytest.fixture(scope="module")
def sources():
    notebook = nbformat.read(HERE / "parks.ipynb", as_version=4)
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("notebook")


@pytest.fixture(scope="module")
def outputs(folder, sources):
    """Run the notebook in a folder of its own; give its last words, cell by cell."""
    cells = [nbformat.v4.new_code_cell(source) for source in (WATCH, *sources)]
    notebook = nbformat.v4.new_notebook(cells=cells)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(ROOT))
        where = {"metadata": {"path": str(folder)}}
        NotebookClient(notebook, timeout=120, resources=where).execute()
    _, *own = notebook.cells
    return dict(zip(sources, map(said, own), strict=True))


def said(cell):
    """Join what a cell gave, by media type; what it printed is plain text."""
    found = {}
    for output in cell.outputs:
        assert output.output_type != "error"
        data = output.get("data") or {"text/plain": output.get("text", "")}
        found |= {kind: found.get(kind, "") + words for kind, words in data.items()}
    return found


def of(outputs, part, kind="text/plain"):
    [cell] = [cell for source, cell in outputs.items() if part in source]
    return cell[kind]


def page(outputs, part):
    """Give the page in the frame that a cell shows."""
    frame = of(outputs, part, "text/html")
    assert "sandbox=" in frame
    return html.unescape(re.search(r'srcdoc="([^"]*)"', frame)[1])


def test_tables_say_what_they_count(outputs):
    assert "sources_disagree" in of(outputs, "plan.audit()")
    assert "qd-town-laoshan" in of(outputs, "chosen.zones[")
    assert re.search(
        r"declared\s+Stated in the plan\s+54\.4\s+km²", of(outputs, "chosen.totals")
    )
    assert "4000.0" in of(outputs, "chosen.ledger(")


def test_an_export_says_what_it_loses(outputs, folder):
    losses, warnings = ast.literal_eval(of(outputs, "it.gpkg"))
    assert losses == warnings == ()
    assert (folder / "it.gpkg").read_bytes().startswith(b"SQLite format 3")


def test_an_upload_is_accounted_for_and_measured(outputs):
    assert "3 rows: 3 drawn" in of(outputs, "read_upload")
    areas = ast.literal_eval(of(outputs, "drawn_area_km2"))
    assert areas == [4.4, 10.0, 5.0]
    assert "qd-belt" in of(outputs, "beltmap.overlaps")


@pytest.mark.parametrize("cell", ["chosen.explore()", "chosen"])
def test_maps_are_whole_and_ask_for_nothing(outputs, cell):
    frame = outputs[cell]["text/html"]
    shown = html.unescape(re.search(r'srcdoc="([^"]*)"', frame)[1])
    assert "L.map(" in shown
    assert not re.search(r"<(?:script|link|img|iframe)[^>]+(?:src|href)=", shown)
    for address in re.findall(r'"(?:zones|land|roads|places)":"([^"]*)"', shown):
        assert address.startswith("data:")


def test_the_notebook_asks_no_network(outputs, folder):
    assert len(outputs) > 5
    assert not (folder / "asked.txt").exists()


@pytest.mark.parametrize("readme", READMES)
def test_the_readme_shows_lines_of_it(sources, readme):
    text = (ROOT / readme).read_text(encoding="utf-8")
    block = re.search(r"```python\n(import beltmap\n.*?)```", text, re.DOTALL)[1]
    shown = [line.partition("  #")[0].rstrip() for line in block.splitlines()]
    lines = [line for source in sources for line in source.splitlines()]
    assert len(shown) >= 10
    assert [line for line in shown if line and line not in lines] == []
