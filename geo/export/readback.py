"""What an export still says when it is read again."""

import zipfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import geopandas as gpd
import pandas as pd


@dataclass(frozen=True, eq=False)
class Readback:
    """
    What could be read from a written export.

    Parameters
    ----------
    zones
        Zones of all layers, columns in the order in which they were written;
        None where a format holds none, as a picture.
    styled
        Whether the colours of the kinds were found.
    claims
        How many claims were found in full.
    """

    zones: gpd.GeoDataFrame | None
    styled: bool = False
    claims: int = 0


def stack(layers: list[gpd.GeoDataFrame]) -> gpd.GeoDataFrame:
    """
    Put layers of one export under each other.

    Parameters
    ----------
    layers
        Layers with the same columns and CRS, at least one.

    Returns
    -------
    zones
        All rows, numbered anew.
    """
    filled = [layer.astype(_objects(layer)) for layer in layers]
    zones = pd.concat(filled, ignore_index=True)
    return gpd.GeoDataFrame(zones, geometry="geometry", crs=layers[0].crs)


def _objects(layer: gpd.GeoDataFrame) -> dict[str, type]:
    """Name the columns of text, which pandas types by what happens to be in them."""
    columns = layer.columns.drop(layer.geometry.name)
    return {c: object for c in columns if layer[c].dtype.kind != "f"}


def zip_folder(folder: Path) -> bytes:
    """
    Pack a folder into an archive.

    Parameters
    ----------
    folder
        Folder with files and folders; it is not itself in the archive.

    Returns
    -------
    archive
        A ZIP archive, the same for the same content whenever it is made.
    """
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return zip_files(
        {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
    )


def zip_files(files: dict[str, bytes]) -> bytes:
    """
    Pack contents into an archive.

    Parameters
    ----------
    files
        Content by name.

    Returns
    -------
    archive
        A ZIP archive, the same for the same content whenever it is made.
    """
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return packed.getvalue()


def unzip(archive: bytes, folder: Path) -> Path:
    """
    Unpack an archive.

    Parameters
    ----------
    archive
        A ZIP archive that this software wrote.
    folder
        Where to.

    Returns
    -------
    folder
        The same folder.
    """
    with zipfile.ZipFile(BytesIO(archive)) as files:
        files.extractall(folder)
    return folder
