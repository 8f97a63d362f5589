"""What a file says of itself."""

from geo.export.crs import crs_label
from geo.export.extract import Extract
from geo.language.messages import text


def describe(extract: Extract) -> dict[str, str]:
    """
    Describe an extract to whoever finds the file.

    Parameters
    ----------
    extract
        What is written.

    Returns
    -------
    metadata
        Texts by key: title, abstract, CRS with a warning where it is one that
        no software knows, sources and licence.
    """
    crs = crs_label(extract.crs.code)
    if extract.crs.datum:
        crs += ". " + text("export.warn.datum", name=crs)
    return {
        "TITLE": text("export.title", crs=crs_label(extract.crs.code)),
        "ABSTRACT": text("export.abstract", n=len(extract.zones)),
        "CRS": crs,
        "SOURCES": "; ".join(f"{i}: {t}" for i, t in _titles(extract)),
        "LICENCE": text("export.licence"),
    }


def _titles(extract: Extract) -> list[tuple[str, str]]:
    return list(zip(extract.sources["id"], extract.sources["title"], strict=True))
