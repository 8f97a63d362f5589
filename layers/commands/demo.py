"""A made-up plan of any size in a folder of its own, for trying the page out."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from beltmap.geo.language.messages import text
from beltmap.layers.commands.terminal.helptext import Command, option

if TYPE_CHECKING:
    import geopandas as gpd

MOST_GEOJSON: Final = 10_000
"""Zones that are still written as GeoJSON layers; more go into one table."""

ROW_GROUP: Final = 10_000
"""Zones that lie together in the table; who wants a part need not read the rest."""

SOURCE: Final = (
    "S",
    "Made-up zones",
    "beltmap",
    "",
    "",
    "",
    "CC0-1.0",
    "no such place",
)


def write_demo(folder: Path, *, zones: int, seed: int = 7) -> list[Path]:
    """
    Write a plan of made-up zones.

    Parameters
    ----------
    folder
        Folder of the plan, made if it does not exist; otherwise empty.
    zones
        Number of zones: up to `MOST_GEOJSON` as one GeoJSON layer a kind, above
        as GeoParquet, in the order of a space-filling curve.
    seed
        Begins the random numbers.

    Returns
    -------
    paths
        Files written.

    Raises
    ------
    PlanError
        If the folder holds anything already or cannot be written.
    """
    from beltmap.geo.charter.reading import DEFAULT
    from beltmap.geo.claims.table import (
        CLAIM_COLUMNS,
        SECTORS_FILE,
        SOURCE_COLUMNS,
        read_sectors,
    )
    from beltmap.geo.commit import LOCK, commit, writing
    from beltmap.geo.errors import PlanError, fault
    from beltmap.geo.plan.places import ANCHOR_COLUMNS
    from beltmap.geo.plan.synthetic import synthetic_zones

    codes = read_sectors(DEFAULT)["code"].tolist()
    files = {
        SECTORS_FILE: (DEFAULT / SECTORS_FILE).read_bytes(),
        "sources.csv": _table(SOURCE_COLUMNS, SOURCE),
        "claims.csv": _table(CLAIM_COLUMNS),
        "anchors.csv": _table(ANCHOR_COLUMNS),
        **zone_files(synthetic_zones(zones, sectors=codes, seed=seed)),
    }
    folder.mkdir(parents=True, exist_ok=True)
    with writing(folder):
        if any(path.name != LOCK for path in folder.iterdir()):
            raise PlanError([fault("E_FOLDER_NOT_EMPTY", folder)])
        commit(folder, files)
    return [folder / name for name in files]


def zone_files(zones: "gpd.GeoDataFrame") -> dict[str, bytes]:
    """
    Write zones as the files of a plan that hold them.

    Parameters
    ----------
    zones
        Columns `geo.schema.COLUMNS` and geometry in EPSG:4326.

    Returns
    -------
    files
        Content by name.
    """
    from beltmap.geo.charter.reading import default_charter
    from beltmap.geo.geometry.geojson import dumps

    if len(zones) > MOST_GEOJSON:
        table = io.BytesIO()
        near = zones.hilbert_distance().to_numpy().argsort()
        zones.iloc[near].to_parquet(
            table,
            index=False,
            compression="zstd",
            row_group_size=ROW_GROUP,
            schema_version="1.1.0",
            write_covering_bbox=True,
        )
        return {"zones.parquet": table.getvalue()}
    return {
        file: dumps(zones[zones["kind"] == kind], name=Path(file).stem)
        for kind, file in default_charter().files.items()
    }


def _table(columns: Sequence[str], *rows: Sequence[str]) -> bytes:
    """Write a CSV table."""
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows([columns, *rows])
    return written.getvalue().encode()


@click.command(
    cls=Command,
    help="cli.demo",
    examples=("beltmap demo many --zones 100000", "beltmap serve --plan many"),
)
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@option(
    "--zones",
    type=click.IntRange(1, 5_000_000),
    default=MOST_GEOJSON,
    show_default=True,
    help="cli.demo.zones",
)
@option("--seed", default=7, show_default=True, help="cli.demo.seed")
def demo(folder: Path, zones: int, seed: int) -> None:
    """Write a plan of made-up zones."""
    for path in write_demo(folder, zones=zones, seed=seed):
        click.echo(text("cli.wrote", file=path), err=True)
