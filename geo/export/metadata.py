"""What a file says of itself."""

from beltmap.geo.export.crs import crs_label
from beltmap.geo.export.extract import Extract
from beltmap.geo.language.messages import text


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
        no software knows, sources and licence; author, date and version where
        the plan tells them.
    """
    crs = crs_label(extract.crs.code)
    if extract.crs.datum:
        crs += ". " + text("export.warn.datum", name=crs)
    charter = extract.charter
    title = charter.title.say()
    abstract = text("export.abstract", n=len(extract.zones), title=title)
    said = {
        "TITLE": text("export.title", title=title, crs=crs_label(extract.crs.code)),
        "ABSTRACT": f"{_sentence(charter.subtitle.say())} {abstract}".strip(),
        "CRS": crs,
        "SOURCES": extract.cited,
        "LICENCE": charter.licence.say() or text("export.licence"),
    }
    own = {
        "AUTHOR": charter.author.say(),
        "DATE": charter.date,
        "VERSION": charter.version,
    }
    return said | {key: value for key, value in own.items() if value}


def _sentence(words: str) -> str:
    """End what is no sentence yet, so that another one can follow it."""
    ended = not words or words[-1] in ".。!！?？"
    return words if ended else text("sentence", words=words)
