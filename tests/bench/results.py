"""Where measurements are kept: one file of rows, each with the machine that made it."""

import json
import os
import platform
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median

FILE = Path(__file__).parent / "results.json"
PACKAGES = ("folium", "geopandas", "numpy", "shapely", "streamlit", "streamlit-folium")


def row(job, *, n, unit, ours, theirs, against, least):
    """
    Make a row of the table.

    `ours` and `theirs` are lists of runs, of which the median counts; `least`
    is how often ours must fit into theirs. Without `theirs`, `least` is None
    and `against` says what must be reached.
    """
    mine = median(ours)
    other = median(theirs) if theirs else None
    ratio = other / mine if other and mine else None
    return {
        "job": job,
        "zones": n,
        "unit": unit,
        "ours": mine,
        "theirs": other,
        "against": against,
        "ratio": ratio,
        "least": least,
        "runs": len(ours),
    }


def within(job, *, seconds, megabytes, most_s, most_mb):
    """Make two rows of a job whose time and memory have bounds of their own."""
    return [
        row(
            f"{job}: {what}",
            n=1,
            unit=unit,
            ours=found,
            theirs=[],
            against=f"at most {most:g} {unit}",
            least=None,
        )
        for what, unit, found, most in (
            ("time", "ms", [one * 1e3 for one in seconds], most_s * 1e3),
            ("memory", "MB", list(megabytes), most_mb),
        )
    ]


def keep(group, rows):
    """Put the rows of one script into the file, in place of its earlier ones."""
    kept = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}
    kept[group] = {"machine": machine(), "rows": rows}
    FILE.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", "utf-8")


def machine():
    return {
        "cpu": platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
        "python": platform.python_version(),
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        **{name: version(name) for name in PACKAGES},
    }


def show(rows):
    """Print rows for a reader."""
    for one in rows:
        other = "" if one["theirs"] is None else f"{one['theirs']:12.4g}"
        ratio = "" if one["ratio"] is None else f"{one['ratio']:8.1f}x"
        least = "" if one["least"] is None else f"(>= {one['least']:g}x)"
        print(
            f"{one['job']:46} {one['zones']:>9,} {one['ours']:12.4g} {other:>12}"
            f" {one['unit']:4} {ratio:>9} {least:10} {one['against']}"
        )
