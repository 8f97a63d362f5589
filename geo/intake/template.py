"""A new plan: an empty folder that can be opened, with one zone to copy."""

import csv
import io
from pathlib import Path
from typing import Final

import geopandas as gpd
import shapely

from geo import schema
from geo.claims.table import CLAIM_COLUMNS, CLAIMS_FILE, SOURCE_COLUMNS, SOURCES_FILE
from geo.errors import Fault, PlanError
from geo.files import replace_file
from geo.geometry.area import drawn_area_km2
from geo.geometry.geojson import dumps
from geo.language.messages import text
from geo.places import ANCHOR_COLUMNS, ANCHORS_FILE

README: Final = "README.md"
_EXAMPLE: Final = "park"


def new_plan(folder: Path, *, sectors: bytes) -> tuple[Path, ...]:
    """
    Make a plan folder with every file, a guide and an example zone.

    Parameters
    ----------
    folder
        Folder to make; it may exist if it is empty.
    sectors
        Content of ``sectors.csv``, the vocabulary to begin with.

    Returns
    -------
    files
        What was written.

    Raises
    ------
    PlanError
        If there is something in the folder, or it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        taken = any(folder.iterdir())
    except OSError as error:
        raise PlanError([_unusable(folder, error.strerror or "")]) from error
    if taken:
        raise PlanError([_unusable(folder, "it is not empty")])
    example = _example()
    files = {
        name: dumps(example[example["kind"] == kind], name=Path(name).stem)
        for kind, name in schema.LAYER_FILES.items()
    }
    files |= {
        CLAIMS_FILE: _header(CLAIM_COLUMNS),
        SOURCES_FILE: _header(SOURCE_COLUMNS) + _source(),
        ANCHORS_FILE: _header(ANCHOR_COLUMNS),
        "sectors.csv": sectors,
        README: guide().encode(),
    }
    for name, content in files.items():
        replace_file(folder / name, content)
    return tuple(folder / name for name in files)


def guide() -> str:
    """
    Write what each file and each column of a plan is for.

    Returns
    -------
    guide
        Markdown.
    """
    lines = [text("intake.guide.head"), ""]
    lines += [
        f"- `{name}`: {text(f'intake.guide.file.{kind}')}"
        for kind, name in schema.LAYER_FILES.items()
    ]
    others = (CLAIMS_FILE, SOURCES_FILE, "sectors.csv", ANCHORS_FILE)
    lines += [f"- `{name}`: {text(f'intake.guide.file.{name}')}" for name in others]
    lines += ["", text("intake.guide.columns"), ""]
    lines += [
        f"- `{column}`: {text(f'intake.guide.column.{column}')}"
        + (f" ({', '.join(schema.CLOSED[column])})" if column in schema.CLOSED else "")
        for column in schema.COLUMNS
    ]
    return "\n".join([*lines, "", text("intake.guide.foot"), ""])


def _example() -> gpd.GeoDataFrame:
    """Draw one zone that can be copied and changed."""
    shape = shapely.box(120.400, 36.080, 120.410, 36.088)
    properties = dict.fromkeys(schema.COLUMNS) | {
        "id": "example-park",
        "name_en": "Example Park",
        "name_zh": "示例园区",
        "city": "Qingdao",
        "kind": _EXAMPLE,
        "status": "planned",
        "sectors": "software;BPO",
        "focus_en": "copy this zone, then remove it",
        "declared_area_km2": 0.8,
        "area_basis": "declared",
        "boundary": "schematic",
        "location_uncertainty_m": 500.0,
        "source": "S1, page 1",
    }
    zones = gpd.GeoDataFrame([properties], geometry=[shape], crs=4326)
    return zones.assign(drawn_area_km2=drawn_area_km2(zones).round(4))


def _header(columns: tuple[str, ...]) -> bytes:
    return (",".join(columns) + "\r\n").encode()


def _source() -> bytes:
    """Give the source that the example names."""
    out = io.StringIO()
    known = {"id": "S1", "title": "Title of your plan", "date": "2026"}
    csv.writer(out).writerow([known.get(column, "") for column in SOURCE_COLUMNS])
    return out.getvalue().encode()


def _unusable(folder: Path, why: str) -> Fault:
    return Fault(
        "E_FOLDER_TAKEN",
        str(folder),
        text("fault.folder_taken", why=why),
        text("fault.folder_taken.mend"),
    )
