"""
Draw what each job costs against the number of zones.

    python -m tests.bench.plot
"""

import json
import math
from pathlib import Path

from tests.bench.results import FILE

PICTURE = Path(__file__).parent / "cost.png"
ACROSS = 4
OURS, PLAIN = "#0B6E8A", "#B4548C"


def main():
    from matplotlib import use

    use("Agg")
    from matplotlib import pyplot as plt

    groups = json.loads(FILE.read_text(encoding="utf-8")).values()
    jobs = {}
    for one in (one for group in groups for one in group["rows"]):
        # nothing, such as no exception, has no place on a scale of powers
        if one["ours"]:
            jobs.setdefault((one["job"], one["unit"]), []).append(one)
    # a cost at one size alone is in the table
    jobs = {
        job: rows
        for job, rows in jobs.items()
        if len({one["zones"] for one in rows}) > 1
    }
    high = math.ceil(len(jobs) / ACROSS)
    figure, axes = plt.subplots(
        high, ACROSS, figsize=(2.6 * ACROSS, 2.2 * high), squeeze=False
    )
    for place, ((job, unit), rows) in zip(axes.flat, jobs.items(), strict=False):
        draw(place, job, unit, sorted(rows, key=lambda one: one["zones"]))
    for place in axes.flat[len(jobs) :]:
        place.set_axis_off()
    figure.legend(
        *axes.flat[0].get_legend_handles_labels(),
        loc="upper center",
        ncols=2,
        fontsize=8,
        frameon=False,
    )
    figure.tight_layout(rect=(0, 0, 1, 0.97))
    figure.savefig(PICTURE, dpi=100)
    print(PICTURE)


def draw(place, job, unit, rows):
    """Draw one job, both axes in powers of ten."""
    for key, label, colour in (("ours", "beltmap", OURS), ("theirs", "plain", PLAIN)):
        known = [one for one in rows if one[key]]
        place.plot(
            [one["zones"] for one in known],
            [one[key] for one in known],
            marker="o",
            markersize=3,
            linewidth=1.2,
            label=label,
            color=colour,
        )
    place.set(xscale="log", yscale="log")
    low, top = place.get_ylim()
    place.set_ylim(min(low, top / 10), 1.5 * top)
    place.minorticks_off()
    place.set_title(job, fontsize=7)
    place.set_ylabel(unit, fontsize=7)
    place.tick_params(labelsize=6)
    place.grid(visible=True, linewidth=0.3)


if __name__ == "__main__":
    main()
