"""Files that were dropped together and belong together."""

import io
import zipfile
from collections.abc import Iterable

from geo.intake.reading import Upload
from geo.intake.sniff import SIDECARS, ending


def bundles(uploads: Iterable[Upload]) -> list[Upload]:
    """
    Put the files of each Shapefile into one archive; leave others alone.

    Parameters
    ----------
    uploads
        Files as they were dropped, in any order.

    Returns
    -------
    uploads
        In the order of their first files; the files of a Shapefile are those
        with its name and another ending.

    Examples
    --------
    >>> files = [Upload("a.shp", b"1"), Upload("b.csv", b"2"), Upload("a.DBF", b"3")]
    >>> [upload.name for upload in bundles(files)]
    ['a.zip', 'b.csv']
    """
    listed = list(uploads)
    stems: dict[str, list[Upload]] = {}
    for upload in listed:
        if ending(upload.name) in SIDECARS | {"shp"}:
            stems.setdefault(_stem(upload), []).append(upload)
    made: dict[str, Upload] = {}
    for upload in listed:
        parts = (
            stems.get(_stem(upload), [])
            if upload in stems.get(_stem(upload), [])
            else []
        )
        if len(parts) > 1:
            made.setdefault(f"stem {_stem(upload)}", _zipped(_stem(upload), parts))
        else:
            made[f"file {len(made)}"] = upload
    return list(made.values())


def _stem(upload: Upload) -> str:
    return upload.name.rpartition(".")[0]


def _zipped(stem: str, parts: list[Upload]) -> Upload:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for part in parts:
            archive.writestr(f"layer.{ending(part.name)}", part.data)
    return Upload(f"{stem}.zip", out.getvalue())
