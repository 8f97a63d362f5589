"""The documents of the plans, and what no one knows of them."""

import pytest

from beltmap.geo.language.messages import LANGUAGES, speaking, text
from beltmap.geo.report.sources import SOURCES, sources_in_words


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_cell_of_a_document_is_empty_in_silence(plan, language):
    with speaking(language):
        told = sources_in_words(plan).set_index(plan.sources["id"])
        unknown = {one: text(f"source.no_{one}") for one in ("date", "url", "accessed")}
    documents = told.drop(index="own")
    assert (documents[list(SOURCES)] != "").all(axis=None)
    lost = documents.index[documents["address"] == unknown["url"]]
    assert set(lost) == {"Q", "qd-commerce-2014", "qd-2012-93"}
    unread = documents.index[documents["accessed"] == unknown["accessed"]]
    assert set(unread) == {"qd-2012-93", "dlhitech", "dl-older", "tiandi"}
    undated = documents.index[documents["date"] == unknown["date"]]
    assert set(undated) == {"dlhitech", "dl-older", "tiandi"}
    assert told.loc["own", ["date", "address", "accessed"]].tolist() == ["", "", ""]
