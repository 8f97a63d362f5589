"""Text is in the encoding that the file states, or that all of it makes likely."""

import json

import pytest

from beltmap.geo.intake.notices import Severity
from beltmap.geo.intake.questions import Answers
from beltmap.geo.intake.raw.guess import codec_of, likely_encodings
from beltmap.geo.intake.reading import read_upload
from beltmap.geo.intake.uploads import Upload
from tests.geo.intake.recipes import collection, feature, shapefile, zipped


def read(data, name, **answers):
    return read_upload(Upload(name, data), answers=Answers(**answers))


def table_of(texts, encoding, **change):
    """Give the names of a Shapefile whose texts are in an encoding."""
    cells = [
        text if isinstance(text, bytes) else text.encode(encoding) for text in texts
    ]
    rows = [[b"1", cells[0]], [b"2", cells[1]]]
    fields = [(b"id", 4), (b"name", change.pop("width", 20))]
    return zipped(shapefile(fields=fields, rows=rows, **change))


def values(outcome, column="name"):
    assert outcome.rows is not None, outcome.receipt.as_text()
    return outcome.rows.columns[column]


def codes(outcome):
    return {one.code for one in outcome.receipt.notices}


@pytest.mark.parametrize(
    ("texts", "encoding", "known"),
    [
        (("青岛软件园", "前湾保税区"), "gbk", "gb18030"),
        (("崂山园", "Park A"), "gbk", "gb18030"),
        (("新竹科學園區", "內湖區"), "big5", "big5"),
        (("臺北市", "高雄"), "big5", "big5"),
        (("Alto da Nação", "São João"), "latin-1", "cp1252"),
        (("Köln", "Straße"), "latin-1", "cp1252"),
        (("横浜市", "さいたま市"), "cp932", "cp932"),
        (("서울특별시", "강남구"), "cp949", "cp949"),
        (("A区", "B座"), "gbk", "gb18030"),
        (("Říčany u Prahy", "Plzeň"), "cp1250", "cp1250"),
        (("Gdańsk", "Łódź"), "cp1250", "cp1250"),
        (("Timişoara", "Iaşi"), "cp1250", "cp1250"),
        (("Malmö", "Ærø"), "cp1252", "cp1252"),
        (("Évora", "Logroño"), "cp1252", "cp1252"),
    ],
)
def test_the_encoding_of_a_table_is_the_one_in_which_all_of_it_makes_sense(
    texts, encoding, known
):
    outcome = read(table_of(texts, encoding), "plan.zip")
    assert values(outcome) == list(texts)
    assert outcome.receipt.encoding == known
    assert "W_ENCODING" in codes(outcome)


def test_texts_cut_inside_a_character_decide_nothing():
    cells = ["青岛软件园".encode("gbk")[:9], "前湾保税区".encode("gbk")[:9]]
    outcome = read(table_of(cells, "gbk", width=9), "plan.zip")
    assert values(outcome) == ["青岛软件", "前湾保税"]
    assert "W_TEXT_CUT" in codes(outcome)


def test_one_broken_text_does_not_decide_for_all():
    good = ["青岛软件园".encode("gbk")] * 20
    assert likely_encodings([*good, b"\xff\xff"]) == ["gb18030"]


@pytest.mark.parametrize(
    ("page", "encoding", "texts"),
    [
        ("1250", "cp1250", ("Hněvošický háj", "Žďár")),
        ("Windows-1251", "cp1251", ("Москва", "Тверь")),
        ("ISO 88592", "iso8859-2", ("Hněvošický háj", "Žďár")),
        ("ANSI 1253", "cp1253", ("Αθήνα", "Πάτρα")),
        ("CP949", "cp949", ("북경", "청도")),
        ("932", "cp932", ("青島", "東京")),
        ("936", "gbk", ("重庆", "北京")),
    ],
)
def test_the_code_page_that_a_file_states_is_used(page, encoding, texts):
    outcome = read(table_of(texts, encoding, cpg=page), "plan.zip")
    assert values(outcome) == list(texts)
    assert not {"W_ENCODING", "W_CODE_PAGE_UNKNOWN"} & codes(outcome)


def test_an_unknown_code_page_is_said():
    outcome = read(table_of(("青岛", "崂山"), "gbk", cpg="Klingon"), "plan.zip")
    assert "W_CODE_PAGE_UNKNOWN" in codes(outcome)
    assert values(outcome) == ["青岛", "崂山"]


def test_a_stated_code_page_that_cannot_be_is_asked():
    data = table_of(("青岛软件园", "崂山"), "gbk", cpg="utf-8")
    (question,) = read(data, "plan.zip").questions
    assert question.about == "encoding"
    assert question.options[0].value == "gb18030"


def test_no_encoding_of_bytes_is_taken_for_one_of_text():
    for name in ("hex", "base64", "rot13", "idna", "unicode_escape", "utf-7", ""):
        assert codec_of(name) is None, name


KML = (
    '<?xml version="1.0" encoding="{}"?><kml xmlns="http://www.opengis.net/kml/2.2">'
    "<Placemark><name>{}</name><Point><coordinates>120.4,36.1</coordinates></Point>"
    "</Placemark></kml>"
)


@pytest.mark.parametrize(
    ("stated", "encoding", "name"),
    [
        ("gb2312", "gbk", "崂山园"),
        ("GBK", "gbk", "é"),
        ("ISO-8859-2", "iso8859-2", "Žďár"),
        ("windows-1251", "cp1251", "Москва"),
        ("big5", "big5", "內湖區"),
        ("EUC-KR", "cp949", "청도"),
        ("utf-8", "utf-8", "崂山园"),
    ],
)
def test_the_encoding_that_xml_declares_comes_before_any_guess(stated, encoding, name):
    outcome = read(KML.format(stated, name).encode(encoding), "plan.kml")
    assert values(outcome) == [name]


def test_a_false_declaration_gives_way_to_what_can_be():
    outcome = read(KML.format("utf-8", "青岛软件园").encode("gbk"), "plan.kml")
    assert values(outcome) == ["青岛软件园"]


CSV = "name,lon,lat\nPark A,120.41,36.11\n{},120.47,36.16\n"


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        ("崂山园", "gbk"),
        ("内", "gb18030"),
        ("新竹科學園區", "big5"),
        ("São João", "latin-1"),
        ("崂山", "utf-16"),
        ("崂山", "utf-8-sig"),
    ],
)
def test_a_table_with_few_strange_letters_is_read_or_asked_about(name, encoding):
    outcome = read(CSV.format(name).encode(encoding), "plan.csv")
    if outcome.rows is None:
        assert [question.about for question in outcome.questions] == ["encoding"]
    else:
        assert values(outcome) == ["Park A", name]


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("plan.csv", CSV.format("Žďár").encode("cp1250")),
        ("plan.kml", KML.format("utf-8", "Žďár").encode("cp1250")),
        (
            "plan.geojson",
            json.dumps(
                collection(feature(properties={"name": "Žďár"})), ensure_ascii=False
            ).encode("cp1250"),
        ),
        ("plan.zip", table_of(("Žďár", "háj"), "cp1250")),
        ("list.zip", zipped({"a.csv": CSV.format("Žďár").encode("cp1250")})),
    ],
)
def test_a_person_says_the_encoding_of_every_text_format(name, make):
    outcome = read(make, name, encoding="windows-1250")
    assert "Žďár" in values(outcome)


def test_an_encoding_that_nobody_knows_is_no_answer():
    outcome = read(CSV.format("é").encode("latin-1"), "plan.csv", encoding="Klingon")
    assert codes(outcome) == {"E_UNKNOWN_ANSWER"}


def test_utf_8_with_broken_bytes_is_no_chinese_in_another_encoding():
    data = CSV.format("青岛软件园").encode() + "软件园".encode()[:-1] + b",120,36\n"
    outcome = read(data, "plan.csv")
    assert outcome.receipt.verdict is Severity.REJECT
    assert "E_ENCODING" in codes(outcome)


@pytest.mark.parametrize("name", ["Győr", "Gdańsk", "Škoda"])
def test_letters_of_two_languages_are_asked_about_not_guessed(name):
    data = f"name,lon,lat\n{name},120.4,36.1\n".encode("cp1250")
    (question,) = read(data, "one.csv").questions
    assert question.about == "encoding"
    assert "cp1250" in [option.value for option in question.options]
    assert values(read(data, "one.csv", encoding="cp1250")) == [name]
