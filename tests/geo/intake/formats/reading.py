"""What a reader makes of some bytes, in a few words."""

from beltmap.geo.intake.questions import Answers
from beltmap.geo.intake.reading import read_upload
from beltmap.geo.intake.uploads import Upload
from beltmap.geo.language.messages import LANGUAGES, speaking


def read(name, data, limits=None, **answers):
    """Read bytes, here and now."""
    return read_upload(Upload(name, data), answers=Answers(**answers), limits=limits)


def codes(outcome):
    """Give the codes of everything that is said, but that a file names no kinds."""
    return {one.code for one in outcome.receipt.notices} - {"W_KIND_DEFAULT"}


def sentences(outcome):
    """Give all that is said in words, in both languages."""
    said = []
    for language in LANGUAGES:
        with speaking(language):
            said += [one.sentence() for one in outcome.receipt.notices]
    return said
