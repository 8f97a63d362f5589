"""Zones chosen by number, where a test needs what no filters say."""

import numpy as np

from beltmap.geo.plan.selection import Selection


def choose(plan, mask=None, **filters):
    """Choose zones by a mask, by filters, or all."""
    from beltmap.geo.query.filters import Filters

    selection = Selection(plan, Filters(**filters))
    if mask is not None:
        vars(selection)["mask"] = np.asarray(mask, bool)
    return selection
