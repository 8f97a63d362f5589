"""
Plans of parks, towns and belts as checked map layers.

What is in `__all__` is public; everything below `beltmap.geo`, `beltmap.layers`
and `beltmap.data` may change. Nothing heavy is imported before it is used.

Examples
--------
>>> import beltmap
>>> plan = beltmap.read_plan()
>>> chosen = plan.select(city="Qingdao", sectors=["BPO"])
>>> chosen.zones["kind"].tolist()
['belt', 'town', 'town', 'park']
>>> round(chosen.totals().loc["declared", "value"], 1)
54.4
"""

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

# the packages lie beside this file, in a checkout as in an installed copy
__path__ = [str(Path(__file__).parent)]

__all__ = [
    "Fault",
    "Outcome",
    "Plan",
    "PlanError",
    "Selection",
    "drawn_area_km2",
    "overlaps",
    "read_plan",
    "read_upload",
    "speaking",
]

if TYPE_CHECKING:
    from beltmap.geo.errors import Fault, PlanError
    from beltmap.geo.geometry.area import drawn_area_km2
    from beltmap.geo.geometry.overlap import overlaps
    from beltmap.geo.language.messages import speaking
    from beltmap.layers.notebook import (
        Outcome,
        Plan,
        Selection,
        read_plan,
        read_upload,
    )
else:
    _HOMES = {
        "Fault": "beltmap.geo.errors",
        "PlanError": "beltmap.geo.errors",
        "drawn_area_km2": "beltmap.geo.geometry.area",
        "overlaps": "beltmap.geo.geometry.overlap",
        "speaking": "beltmap.geo.language.messages",
    }

    def __getattr__(name: str) -> Any:  # noqa: ANN401 - what it is called
        if name not in __all__:
            raise AttributeError(f"module 'beltmap' has no attribute {name!r}")
        home = _HOMES.get(name, "beltmap.layers.notebook")
        return getattr(import_module(home), name)

    def __dir__() -> list[str]:
        return __all__


if __name__ == "__main__":
    from beltmap.layers.commands.main import main

    main(prog_name="beltmap")
