"""Sentences of plans are counted, in English and Chinese; the rest is said."""

import pytest

from beltmap.geo.charter.planwords import NOUNS, plural, singular
from beltmap.geo.charter.sentence import named, read_sentence
from beltmap.geo.errors import PlanError

COUNTED = {
    "一核两轴三区": {"core": 1, "axis": 2, "district": 3},
    "一核、双轴、三个片区": {"core": 1, "axis": 2, "district": 3},
    "1核2轴12园": {"core": 1, "axis": 2, "park": 12},
    "二十一岛": {"island": 21},
    "十湾": {"bay": 10},
    "一主两副三轴": {"main-centre": 1, "sub-centre": 2, "axis": 3},
    "一轴两翼": {"axis": 1, "wing": 2},
    "一軸兩翼": {"axis": 1, "wing": 2},
    "一带一路": {"belt": 1, "road": 1},
    "一体两翼": {"body": 1, "wing": 2},
    "一心一环五廊": {"centre": 1, "ring": 1, "corridor": 5},
    "一江两岸": {"river": 1, "bank": 2},
    "三横四纵": {"east-west-axis": 3, "north-south-axis": 4},
    "一屏两带三网": {"screen": 1, "belt": 2, "network": 3},
    "单核双轴": {"core": 1, "axis": 2},
    "一山一水一城": {"mountain": 1, "water": 1, "town": 1},
    "一环两湾三岛": {"ring": 1, "bay": 2, "island": 3},
    "一主轴两副轴四组团": {"main-axis": 1, "secondary-axis": 2, "cluster": 4},
    "“一核、两带、三大功能片区”": {
        "core": 1,
        "belt": 2,
        "functional-district": 3,
    },
    "一条发展轴、两个产业园区、三个特色小镇": {
        "axis": 1,
        "industrial-park": 2,
        "special-township": 3,
    },
    "五大城市中心": {"urban-centre": 5},
    "一核三梦": {"core": 1, "梦": 3},
    "one core, two axes, three districts": {"core": 1, "axis": 2, "district": 3},
    "One belt, three towns and 5 parks.": {"belt": 1, "town": 3, "park": 5},
    "two branches + four cities": {"branch": 2, "city": 4},
    "five industrial parks": {"industrial-park": 5},
    "one base": {"base": 1},
    "one axis with two wings": {"axis": 1, "wing": 2},
    "a core and two belts": {"core": 1, "belt": 2},
    "three horizontal and four vertical corridors": {
        "horizontal-corridor": 3,
        "vertical-corridor": 4,
    },
    "twin cores, a dozen parks": {"core": 2, "park": 12},
    "two sub-centers, one main city": {"sub-centre": 2, "main-city": 1},
}


@pytest.mark.parametrize("sentence", COUNTED)
def test_a_sentence_is_counted(sentence):
    read = read_sentence(sentence)
    assert read.structure.promises == COUNTED[sentence]
    assert [kind.code for kind in read.kinds] == list(COUNTED[sentence])
    assert len({kind.file for kind in read.kinds}) == len(read.kinds)
    assert (read.unread, read.several) == ((), ())


NOT_ALL = {
    "一心两轴多组团": ({"centre": 1, "axis": 2}, ("cluster",), ()),
    "四园多点": ({"park": 4}, ("node",), ()),
    "一轴，两带，N点": ({"axis": 1, "belt": 2}, ("node",), ()),
    "一核，若干组团": ({"core": 1}, ("cluster",), ()),
    "一核引领，两轴联动，三区协同": (
        {"core": 1, "axis": 2, "district": 3},
        (),
        ("引领", "联动", "协同"),
    ),
    "双核驱动、多点支撑、全域协同": (
        {"core": 2},
        ("node",),
        ("驱动", "支撑", "全域协同"),
    ),
    "三区联动": ({"district": 3}, (), ("联动",)),
    "十字轴线、双心辉映": ({"centre": 2}, (), ("十字轴线", "辉映")),
    "南北双城": ({"town": 2}, (), ("南北",)),
    "one core leads, several clusters": ({"core": 1}, ("cluster",), ("leads",)),
    "a number of parks and two centers": ({"centre": 2}, ("park",), ()),
}


@pytest.mark.parametrize("sentence", NOT_ALL)
def test_what_is_not_understood_is_kept(sentence):
    promises, several, unread = NOT_ALL[sentence]
    read = read_sentence(sentence)
    assert read.structure.promises == promises
    assert read.several == several
    assert read.unread == unread
    assert {*promises, *several} == {kind.code for kind in read.kinds}


def test_a_sentence_is_called_as_it_is_given_and_in_the_other_language():
    name = read_sentence("一心两轴，多组团。").structure.name
    assert name.zh == "一心两轴，多组团"
    assert name.en == "One centre, two axes, several clusters"
    name = read_sentence("One core, two axes and many parks").structure.name
    assert name.en == "One core, two axes and many parks"
    assert name.zh == "一核两轴多园"


def test_a_word_that_is_not_known_keeps_the_sentence_whole():
    read = read_sentence("一核三梦")
    assert read.unnamed == ("梦",)
    assert read.structure.name.en == read.structure.name.zh == "一核三梦"


@pytest.mark.parametrize("noun", [*NOUNS, "branch", "glass", "city"])
def test_a_plural_is_read_as_its_singular(noun):
    assert singular(plural(noun)) == noun
    assert read_sentence(f"two {plural(noun)}").structure.promises == {
        noun.replace(" ", "-"): 2
    }


@pytest.mark.parametrize(
    "sentence",
    ["", "park", "lovely parks", "园区", "多点", "1+3+N", "多中心、组团式、网络化"],
)
def test_a_sentence_that_counts_nothing_is_a_fault(sentence):
    with pytest.raises(PlanError, match="E_NO_STRUCTURE"):
        read_sentence(sentence)


@pytest.mark.parametrize(
    ("words", "en", "zh"),
    [
        ("产业园区", "industrial park", "产业园区"),
        ("Industrial Parks", "industrial park", "产业园"),
        ("锦江", "锦江", "锦江"),
        ("核心区块", "核心区块", "核心区块"),
    ],
)
def test_a_kind_is_named_in_both_languages_where_it_is_known(words, en, zh):
    found = named(words)
    assert (found.en, found.zh) == (en, zh)
