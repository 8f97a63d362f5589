"""What the zones of an upload may take in the page's process is bounded."""

from beltmap.geo.intake.apart import room, wire
from beltmap.geo.intake.apart.listed import listed
from beltmap.geo.intake.notices import Severity
from beltmap.geo.intake.reading import read_upload
from beltmap.geo.intake.uploads import Upload
from tests.geo.intake import hostile


def long_words(letters):
    """Give zones with a column of long texts and one of short ones."""
    rows = [
        hostile.member(
            hostile.point(120 + k / 100, 36), {"a": f"{k}{'x' * letters}", "b": k}
        )
        for k in range(9)
    ]
    return Upload("a.geojson", hostile.features(rows))


def test_columns_that_take_too_much_are_left_out_and_named(monkeypatch):
    upload = long_words(5_000)
    whole = read_upload(upload)
    assert list(listed(whole).own) == ["a", "b"]
    monkeypatch.setattr(room, "MOST_BYTES", 40_000)
    brief = listed(whole)
    assert list(brief.own) == ["b"]
    assert "a" not in brief.zones
    assert brief.receipt.verdict is Severity.WARN
    said = [one for one in brief.receipt.notices if one.code == "W_COLUMNS_LEFT"]
    assert [one.values["columns"] for one in said] == [["a"]]
    # what is shown of the file is shown all the same
    assert list(brief.rows.columns) == ["a", "b"]
    (head, *_) = wire.pack_outcome(brief)
    assert len(head) < 30_000
    again = wire.unpack_outcome([*wire.pack_outcome(brief)], upload)
    assert list(again.zones) == list(brief.zones)


def test_zones_that_take_too_much_are_refused(monkeypatch):
    upload = long_words(10)
    monkeypatch.setattr(room, "MOST_BYTES", 1_000)
    brief = listed(read_upload(upload))
    assert brief.zones is None
    assert brief.receipt.verdict is Severity.REJECT
    first = brief.receipt.notices[0]
    assert (first.code, first.values["n"]) == ("E_PAGE_ROOM", 9)
    assert "beltmap import" in first.worded().hint
    assert wire.unpack_outcome([*wire.pack_outcome(brief)], upload).zones is None


def first_of(name, data):
    brief = listed(read_upload(Upload(name, data)))
    return brief, brief.receipt.notices[0].code


def test_more_zones_than_a_page_draws_in_time_are_refused(monkeypatch):
    monkeypatch.setattr(room, "MOST_ZONES", 9)
    assert first_of("a.geojson", hostile.points(9))[0].zones is not None
    brief, code = first_of("a.geojson", hostile.points(10))
    assert (brief.zones, code) == (None, "E_PAGE_ROOM")


def test_outlines_that_are_written_out_whole_count_for_more(monkeypatch):
    data = hostile.rings(20, places=100)
    monkeypatch.setattr(room, "MOST_BYTES", 100_000)
    assert first_of("a.geojson", data)[1] == "E_PAGE_ROOM"
    monkeypatch.setattr(room, "FEW", 10)
    assert first_of("a.geojson", data)[1] != "E_PAGE_ROOM"


def test_a_column_that_is_no_list_to_choose_from_is_emptied_and_named(monkeypatch):
    monkeypatch.setattr(room, "MOST_VALUES", 30)
    brief, _ = first_of("a.csv", hostile.many_cities(30))
    assert brief.zones["city"].nunique() == 30
    brief, code = first_of("a.csv", hostile.many_cities(31))
    assert (code, brief.receipt.verdict) == ("W_VALUES_LEFT", Severity.WARN)
    assert brief.receipt.notices[0].values["n"] == 31
    assert brief.zones["city"].isna().all()
    brief, code = first_of("a.csv", hostile.many_patterns(5, patterns=31))
    assert code == "W_VALUES_LEFT"
    assert brief.zones["patterns"].isna().all()


def test_texts_without_end_are_cut_and_counted(monkeypatch):
    brief, code = first_of("a.zip", hostile.long_names(3, letters=3_000))
    assert (code, brief.receipt.notices[0].values["n"]) == ("W_TEXTS_SHORT", 6)
    assert brief.zones["id"].str.len().max() <= room.MOST_NAME
    assert brief.zones["id"].is_unique
    monkeypatch.setattr(room, "MOST_LETTERS", 90)
    same = hostile.many_cities(9)
    assert first_of("a.csv", same)[1] != "W_TEXTS_SHORT"
    brief, code = first_of("a.zip", hostile.long_names(3, letters=100))
    assert code == "W_TEXTS_SHORT"
    assert brief.zones["name_en"].str.len().tolist() == [10, 10, 10]


def test_each_value_of_a_zone_takes_room(monkeypatch):
    monkeypatch.setattr(room, "MOST_BYTES", 100_000)
    few = hostile.many_patterns(20, patterns=20)
    assert first_of("a.csv", few)[0].zones is not None
    many = hostile.many_patterns(20, patterns=200)
    assert first_of("a.csv", many)[1] == "E_PAGE_ROOM"
