"""Where measurements are kept: one file of rows, each with the machine that made it."""

import json
import os
import platform
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median

FILE = Path(__file__).parent / "results.json"
PACKAGES = ("folium", "geopandas", "numpy", "shapely", "streamlit", "streamlit-folium")


def row(job, *, n, unit, ours, against, theirs=(), least=None, most=None, limit=None):
    """
    Make a row of the table.

    `ours` and `theirs` are lists of runs, of which the median counts. A row has one
    bound at most: `least`, how often ours must fit into theirs; `most`, how many times
    theirs ours may cost; or `limit`, what ours must not exceed, in its unit.
    """
    mine = median(ours)
    other = median(theirs) if theirs else None
    return {
        "job": job,
        "zones": n,
        "unit": unit,
        "ours": mine,
        "theirs": other,
        "against": against,
        "ratio": other / mine if other and mine else None,
        "least": least,
        "most": most,
        "limit": limit,
        "runs": len(ours),
    }


def holds(one):
    """Tell whether a row keeps its bound; one without a bound always does."""
    if one["limit"] is not None:
        return one["ours"] <= one["limit"]
    if one["least"] is not None:
        return one["ratio"] is not None and one["ratio"] >= one["least"]
    return one["most"] is None or (
        bool(one["ratio"]) and 1 / one["ratio"] <= one["most"]
    )


def bound(one):
    """Say what a row must keep, as the table says it."""
    if one["limit"] is not None:
        return f"≤ {one['limit']:g} {one['unit']}".rstrip()
    if one["least"] is not None:
        return f"≥ {one['least']:g}×"
    return "" if one["most"] is None else f"≤ {one['most']:g}×"


def ratio(one):
    """Say how a row compares: what may cost so many times as much, as its cost."""
    if one["ratio"] is None:
        return ""
    told = one["ratio"] if one["most"] is None else 1 / one["ratio"]
    return f"{told:.3g}×"


def within(job, *, seconds, megabytes, most_s, most_mb):
    """Make two rows of a job whose time and memory have bounds of their own."""
    return [
        row(job=f"{job}: {what}", n=1, unit=unit, ours=found, against="", limit=limit)
        for what, unit, found, limit in (
            ("time", "ms", [one * 1e3 for one in seconds], most_s * 1e3),
            ("memory", "MB", list(megabytes), most_mb),
        )
    ]


def finish(group, rows, *, kept=True):
    """
    Keep the rows of one script, in place of its earlier ones, unless it was quick.

    Ends the process with 1, and the rows that do so, where one exceeds its bound.
    """
    if kept:
        keep(group, rows)
    if over := [one for one in rows if not holds(one)]:
        print("over their bounds:")
        show(over)
        sys.exit(1)


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
        kept = bound(one) and (bound(one) if holds(one) else f"{bound(one)}, NOT KEPT")
        print(
            f"{one['job']:46} {one['zones']:>9,} {one['ours']:12.4g} {other:>12}"
            f" {one['unit']:4} {ratio(one):>9} {kept:12} {one['against']}",
            flush=True,
        )
