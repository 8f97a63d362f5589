"""A ZIP archive is what its end, its table and its entries say, all three."""

import io
import json
import struct
import zipfile

import pytest

from beltmap.geo.intake.limits import Limits
from tests.geo.intake.formats.reading import codes, read, sentences
from tests.geo.intake.recipes import GOOD, shapefile, zipped

FILES = {"plan.geojson": GOOD, "note.txt": "x" * 500}
END, ENTRY, LOCAL = b"PK\x05\x06", b"PK\x01\x02", b"PK\x03\x04"
SHARED, UNREAD = "entries share bytes", "an entry cannot be read"
CSV = "name,lon,lat\na,120.3,36.1\n"


def put(data, at, kind, *values):
    """Write numbers over some bytes."""
    size = struct.calcsize(kind)
    return data[:at] + struct.pack(kind, *values) + data[at + size :]


def of_end(data, field, kind, *values):
    return put(data, data.rfind(END) + field, kind, *values)


def refused(data, **limits):
    outcome = read("plan.zip", data, Limits(**limits) if limits else None)
    assert outcome.rows is None
    (said,) = outcome.receipt.notices
    return said


def why(data):
    said = refused(data)
    assert said.code == "E_ARCHIVE_BROKEN"
    return said.values["reason"]


def with_long_end(data, *, count=None, disks=1):
    """Give an archive the end of ZIP64 as well."""
    at = data.rfind(END)
    disk, table_disk, _, whole, size, begin = struct.unpack_from("<4H2I", data, at + 4)
    whole = whole if count is None else count
    long = struct.pack(
        "<4sQ2H2I4Q", b"PK\x06\x06", 44, 45, 45, disk, table_disk, whole, whole, size,
        begin,
    )  # fmt: skip
    locator = struct.pack("<4sIQI", b"PK\x06\x07", 0, at, disks)
    return data[:at] + long + locator + data[at:]


def test_what_is_there_is_counted_before_it_costs(monkeypatch):
    many = zipped({f"{n}.txt": b"" for n in range(15_000)})
    # a list of them takes seconds
    monkeypatch.setattr(zipfile, "ZipFile", None)
    for said in (1, 0, 1999):
        lying = of_end(many, 8, "<2H", said, said)
        notice = refused(lying)
        assert (notice.code, notice.values["found"]) == ("E_ARCHIVE_ENTRIES", 15_000)
    assert refused(with_long_end(of_end(many, 8, "<2H", 1, 1))).code in {
        "E_ARCHIVE_BROKEN",
        "E_ARCHIVE_ENTRIES",
    }


@pytest.mark.parametrize("said", [0, 1, 3, 1000])
def test_an_end_that_says_another_number_is_refused(said):
    notice = refused(of_end(zipped(FILES), 8, "<2H", said, said))
    assert notice.code == "E_COUNT_DIFFERS"
    assert (notice.values["said"], notice.values["found"]) == (said, 2)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda data: of_end(data, 4, "<H", 1), "one part of several"),
        (lambda data: of_end(data, 6, "<H", 1), "one part of several"),
        (lambda data: of_end(data, 8, "<H", 1), "one part of several"),
        (lambda data: with_long_end(data, disks=3), "one part of several"),
        (lambda data: with_long_end(data, count=9), "two ends differ"),
        (lambda data: of_end(data, 12, "<I", 10), "table elsewhere"),
        (lambda data: of_end(data, 16, "<I", 0), "table elsewhere"),
        (lambda data: of_end(data, 16, "<I", 2**31), "table elsewhere"),
        (lambda data: zipped({"a.txt": "first"}) + data, "table elsewhere"),
        (lambda data: data + b"\0", "no end"),
        (lambda data: of_end(data, 20, "<H", 5), "no end"),
        (lambda data: data[: data.rfind(END)], "no end"),
        (lambda data: put(data, data.find(ENTRY), "<I", 7), "table and entries"),
        (lambda data: put(data, data.find(ENTRY) + 30, "<H", 9), "table and entries"),
        (lambda data: put(data, data.rfind(LOCAL), "<I", 7), "table and entries"),
        (lambda data: put(data, 30, "<B", 88), "table and entries"),
        (lambda data: put(data, data.rfind(ENTRY) + 42, "<I", 9), SHARED),
        (lambda data: put(data, data.find(ENTRY) + 10, "<H", 12), "unknown method"),
        (lambda data: put(data, data.find(ENTRY) + 16, "<I", 7), UNREAD),
        (lambda data: put(data, 60, "<2I", 0, 0), UNREAD),
    ],
)
def test_ends_tables_and_entries_that_do_not_fit(change, reason):
    assert why(change(zipped(FILES))) == reason


def test_a_comment_that_looks_like_an_end():
    inner = zipped({"other.geojson": GOOD})
    hidden = io.BytesIO()
    with zipfile.ZipFile(hidden, "w") as archive:
        archive.writestr("plan.geojson", GOOD)
        archive.comment = b"xx" + inner[inner.rfind(END) :]
    assert why(hidden.getvalue()) == "several ends"
    plain = io.BytesIO()
    with zipfile.ZipFile(plain, "w") as archive:
        archive.writestr("plan.geojson", GOOD)
        archive.comment = "PK\x05\x06 青岛".encode() * 9
    assert read("plan.zip", plain.getvalue()).receipt.drawn == 2


@pytest.mark.parametrize("said", [1, 499, 501, 700])
def test_an_entry_is_as_long_as_the_table_says(said):
    data = zipped({"plan.csv": CSV + "#" * 400 + "\n"})
    notice = refused(put(data, data.find(ENTRY) + 24, "<I", said))
    assert notice.code == "E_LENGTH_DIFFERS"
    assert notice.values["said"] == said


def test_more_than_is_promised_is_not_inflated():
    """A table that says one byte of a hundred million."""
    bomb = zipped({"plan.csv": b"0" * 100_000_000})
    said = refused(put(bomb, bomb.find(ENTRY) + 24, "<I", 1))
    assert (said.code, said.values["found"]) == ("E_LENGTH_DIFFERS", "> 1")


def test_an_archive_with_both_ends_is_read():
    data = with_long_end(zipped(shapefile(cpg="UTF-8")))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert len(archive.namelist()) == 5
    assert read("plan.zip", data).receipt.drawn == 2


def test_streamed_and_large_archives_are_read():
    class Pipe(io.BytesIO):
        def seekable(self):
            return False

        def tell(self):
            raise OSError

    pipe = Pipe()
    with (
        zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("plan.geojson", "w", force_zip64=True) as file,
    ):
        file.write(GOOD.encode())
    assert read("plan.zip", pipe.getvalue()).receipt.drawn == 2
    # more than one piece, packed so that pieces end anywhere
    rows = [f"z{n},{120 + n / 1e5},{36 + n % 977 / 1e3}" for n in range(9_000)]
    data = zipped({"plan.csv": "name,lon,lat\n" + "\n".join(rows) + "\n"})
    assert read("plan.zip", data).receipt.drawn == 9_000


def test_what_is_wrong_is_said_in_both_languages():
    outcome = read("plan.zip", of_end(zipped(FILES), 4, "<H", 1))
    english, chinese = sentences(outcome)
    assert "several" in english
    assert "分卷" in chinese
    assert "one part" not in chinese
    assert "of several" in json.dumps(outcome.receipt.rows()[0]["what"])
    assert codes(outcome) == {"E_ARCHIVE_BROKEN"}
