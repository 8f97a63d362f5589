"""KMZ: an archive of KML documents, of which one is the first."""

import posixpath

from beltmap.geo.intake.formats.kml import KmlReader
from beltmap.geo.intake.limits import Limits
from beltmap.geo.intake.notices import refuse
from beltmap.geo.intake.raw.archive import Archive
from beltmap.geo.intake.raw.sniff import ending, format_names
from beltmap.geo.intake.rows import Collector, Rows


def read_kmz(archive: Archive, *, limits: Limits, encoding: str | None = None) -> Rows:
    """
    Read a KMZ file: its first document, and those inside it that it links to.

    Parameters
    ----------
    archive
        The archive.
    limits, encoding
        As for `geo.intake.formats.kml.read_kml`.

    Returns
    -------
    rows
        The placemarks of all these documents; others are named and not read.

    Raises
    ------
    RefusedError
        If there is no document in it, or as for
        `geo.intake.formats.kml.read_kml`.
    """
    files = [name for name in archive.entries if ending(name) == "kml"]
    if not files:
        archive.refuse_inner()
        found, formats = list(archive.entries), list(format_names())
        raise refuse("E_ARCHIVE_NO_LAYER", found=found, formats=formats)
    reader = KmlReader(Collector(limits, "placemark"))
    waiting = ["doc.kml" if "doc.kml" in files else files[0]]
    read: dict[str, str] = {}
    while waiting:
        name = waiting.pop(0)
        reader.hrefs.clear()
        read[name] = reader.document(archive.read(name), encoding)
        for href in reader.hrefs:
            inside = posixpath.normpath(posixpath.join(posixpath.dirname(name), href))
            if inside in files:
                reader.links -= 1
                waiting += [inside] if inside not in {*read, *waiting} else []
    if len(read) > 1:
        reader.say("W_KML_LINK_INSIDE", n=len(read) - 1, found=[*read][1:])
    left = [name for name in files if name not in read]
    if left:
        reader.say("W_KML_NOT_LINKED", n=len(left), found=left)
    if archive.inner:
        reader.say("W_ARCHIVE_INNER", n=len(archive.inner), found=archive.inner)
    return reader.finished(next(iter(read.values())))
