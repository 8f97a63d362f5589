"""Several files as one: an archive in memory, which GDAL opens like a folder."""

import io
import zipfile
from collections.abc import Mapping


def packed(files: Mapping[str, bytes]) -> bytes:
    """
    Put files into a ZIP archive, as they are.

    Parameters
    ----------
    files
        Bytes by name; names of our making, or looked over.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, data in files.items():
            # without a date: the clock is of no use here
            archive.writestr(zipfile.ZipInfo(name), data)
    return out.getvalue()
