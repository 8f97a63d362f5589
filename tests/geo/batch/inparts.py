"""A made-up plan twice: whole, and in parts."""

import shutil
from itertools import pairwise

import numpy as np
from pyarrow import parquet

from beltmap.layers.commands.demo import write_demo


def write_both(folder, *, zones, parts, mixed=False):
    """
    Write a plan and its parts, none of them as long as another; give both.

    Mixed, zones that lie together are in all parts.
    """
    whole, apart = folder / "whole", folder / "apart"
    write_demo(whole, zones=zones)
    apart.mkdir()
    for table in whole.glob("*.csv"):
        shutil.copy(table, apart)
    table = parquet.read_table(whole / "zones.parquet")
    if mixed:
        table = table.take(np.random.default_rng(1).permutation(len(table)))
        parquet.write_table(table, whole / "zones.parquet")
    weights = np.arange(1, parts + 1) + parts
    ends = (np.cumsum([0, *weights]) * len(table) // weights.sum()).tolist()
    names = []
    for number, (start, end) in enumerate(pairwise(ends)):
        names.append(apart / f"part-{number:02d}.parquet")
        parquet.write_table(table.slice(start, end - start), names[-1])
    return whole, names
