"""What a page is told of an upload stays small, whatever there is to say of it."""

import csv
import io
import random
import subprocess
import sys
import zipfile
from collections import Counter
from dataclasses import replace
from functools import partial

import pytest

from beltmap.geo.errors import PlanError
from beltmap.geo.intake.apart import start, wire, worker
from beltmap.geo.intake.apart.listed import (
    ASKED,
    MOST_ITEMS,
    MOST_LETTERS,
    MOST_NOTICES,
    MOST_OPTIONS,
    SHOWN,
    listed,
)
from beltmap.geo.intake.apart.talk import talk
from beltmap.geo.intake.limits import Limits
from beltmap.geo.intake.notices import SEVERITY, Severity, notice
from beltmap.geo.intake.questions import Option, Question
from beltmap.geo.intake.reading import Outcome, read_upload
from beltmap.geo.intake.receipt import LISTED, Receipt
from beltmap.geo.intake.repaired import repaired_geojson
from beltmap.geo.intake.uploads import Upload
from beltmap.geo.language.messages import speaking
from tests.geo.intake import hostile

PATIENT = Limits(seconds=600)
MOST_BYTES = 300_000
"""Bytes about an upload that come to the page's process, besides its zones."""


def told(make, name="a.geojson", **much):
    upload = Upload(name, make(**much))
    return upload, read_upload(upload)


def about(outcome):
    """Give how many bytes say something of an upload; its zones do not."""
    (said,) = wire.pack_outcome(replace(listed(outcome), rows=None, zones=None))
    return len(said)


SHAPES = {
    "refused": (hostile.refused, "a.geojson", 400),
    "notices": (hostile.many_notices, "a.geojson", 400),
    "texts": (partial(hostile.long_texts, letters=3_000), "a.geojson", 40),
    "columns": (hostile.columns, "a.geojson", 400),
    "words": (hostile.many_words, "a.csv", 400),
    "layers": (hostile.many_layers, "a.zip", 220),
    "folders": (hostile.folders, "a.kml", 400),
}


@pytest.mark.parametrize("name", SHAPES)
def test_four_times_as_much_takes_hardly_more(name):
    make, file, n = SHAPES[name]
    sizes = [about(told(make, file, n=times * n)[1]) for times in (1, 4)]
    assert max(sizes) < MOST_BYTES
    assert sizes[1] < 1.1 * sizes[0] + 2_000


@pytest.mark.parametrize("name", SHAPES)
def test_counts_are_whole_and_each_kind_has_examples(name):
    make, file, n = SHAPES[name]
    _, whole = told(make, file, n=n)
    brief = listed(whole)
    codes = Counter(one.code for one in whole.receipt.notices)
    shown = Counter(one.code for one in brief.receipt.notices)
    assert shown + Counter(brief.receipt.unlisted) == codes
    assert set(shown) == set(codes)
    assert all(n <= ASKED.get(code, LISTED) for code, n in shown.items())
    assert shown.total() <= MOST_NOTICES + sum(ASKED.values())
    kept = ("verdict", "rows_in", "drawn", "refused", "aside", "format")
    for field in kept:
        assert getattr(brief.receipt, field) == getattr(whole.receipt, field)
    # what a reader is told of the listed ones is the same
    rows = whole.receipt.rows()
    assert all(row in rows for row in brief.receipt.rows())


def test_what_is_said_of_every_code_at_once_is_bounded():
    every = tuple(notice(code) for code in SEVERITY for _ in range(30))
    receipt = Receipt("a", Severity.REJECT, every)
    brief = listed(Outcome(receipt)).receipt
    most = MOST_NOTICES + sum(ASKED.values())
    assert len(SEVERITY) <= len(brief.notices) <= most
    assert len(brief.notices) + sum(brief.unlisted.values()) == len(every)


def test_long_values_are_cut_at_every_depth():
    long = "a" * 10**6
    value = {"n": [[long] * 10**4, {long: long}, 7, None] * 100}
    one = notice("E_ROOT_TYPE", {"rows": list(range(10**6))}, found=value)
    question = Question("layer", one, tuple(Option(long, long) for _ in range(500)))
    others = tuple(Option(f"{k}", long, long) for k in range(500))
    outcome = Outcome(
        Receipt("a", Severity.ASK, (one,), layer=long, crs=long),
        (question, replace(question, options=others)),
        layers=(long, *map(str, range(1000))),
    )
    brief = listed(outcome)
    assert [len(one.options) for one in brief.questions] == [0, MOST_OPTIONS]
    assert [one.unlisted for one in brief.questions] == [500, 500 - MOST_OPTIONS]
    (left,) = brief.receipt.notices
    assert len(left.place["rows"]) == MOST_ITEMS
    assert left.where() == one.where()
    assert about(outcome) < 4 * MOST_OPTIONS * MOST_LETTERS + 10 * MOST_LETTERS * 1_000


def test_the_whole_receipt_is_made_apart_when_it_is_asked_for():
    upload = Upload("a.geojson", hostile.refused(300))
    brief = worker.read_apart(upload, limits=PATIENT, brief=True)
    assert len(brief.receipt.notices) == LISTED
    assert sum(brief.receipt.unlisted.values()) == 300 - LISTED
    assert str(300 - LISTED) in brief.receipt.as_text()
    with speaking("zh"):
        packed = worker.receipt_apart(upload, limits=PATIENT)
        whole = read_upload(upload).receipt
        assert unzipped(packed) == whole.as_csv()
    assert len(list(csv.reader(io.StringIO(unzipped(packed))))) == 301


def test_the_repaired_layer_is_made_apart_when_it_is_asked_for():
    upload = Upload("a.geojson", hostile.points(30))
    brief = worker.read_apart(upload, limits=PATIENT, brief=True)
    assert (len(brief.rows), len(brief.zones)) == (SHOWN, 30)
    made = worker.repaired_apart(upload, limits=PATIENT)
    assert made == repaired_geojson(read_upload(upload))
    with pytest.raises(PlanError, match=r"a\.geojson"):
        worker.repaired_apart(upload, limits=Limits(seconds=600, file_bytes=10))


def unzipped(packed):
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return archive.read("receipt.csv").decode()


def test_a_receipt_that_is_too_large_says_what_is_left_out():
    dice = random.Random(1)
    notices = tuple(
        notice("E_ROOT_TYPE", found=dice.randbytes(40).hex()) for _ in range(5_000)
    )
    receipt = Receipt("a", Severity.REJECT, notices)
    packed = receipt.as_zip(most_bytes=50_000)
    assert len(packed) < 150_000
    *lines, last = unzipped(packed).splitlines()
    # the head is a line as well
    assert f"{len(notices) - (len(lines) - 1)} more" in last


def child(source):
    return subprocess.Popen(
        [sys.executable, "-c", source, str(start.ROOT)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


ECHO = (
    "import sys; sys.path.insert(0, sys.argv[1])\n"
    "from beltmap.geo.intake.apart.talk import say\n"
    "given = sys.stdin.buffer.read()\n"
    "say(sys.stdout.buffer, [given[:9], b'', given[9:]])"
)
CUT = "import sys; sys.stdout.buffer.write(bytes([9]) + bytes(7) + b'12345678')"
FLOODS = ("bytes(65536)", "bytes([255] * 65536)", "bytes(7) + b'1' * 65536")
MUTTER = "import sys; sys.stderr.write('x' * 10**6 + 'end'); sys.exit(3)"
SILENT = (
    "import sys; sys.stdin.buffer.read(1); import threading; threading.Event().wait()"
)


@pytest.mark.parametrize("flood", FLOODS)
def test_a_process_that_talks_without_end_is_ended(flood):
    source = f"import sys\nwhile True: sys.stdout.buffer.write({flood})"
    with child(source) as one:
        said = talk(one, [b""], seconds=600, most_bytes=10**6)
    assert (said.answer, said.long, said.late) == ([], True, False)
    assert one.returncode < 0


def test_an_answer_that_is_cut_is_none():
    with child(CUT) as one:
        said = talk(one, [b""], seconds=600, most_bytes=10**6)
    assert (said.answer, said.long, said.late) == ([], False, False)


def test_a_process_that_says_nothing_is_ended():
    with child(SILENT) as one:
        said = talk(one, [bytes(10**7)], seconds=0.5, most_bytes=10**6)
    assert (said.answer, said.long, said.late) == ([], False, True)


def test_what_a_process_is_given_and_says_passes_whole():
    pieces = [b"a" * 10**6, b"", b"b" * 10**6]
    with child(ECHO) as one:
        said = talk(one, pieces, seconds=600, most_bytes=10**7)
    whole = b"".join(pieces)
    assert said.answer == [whole[:9], b"", whole[9:]]
    with child(MUTTER) as one:
        said = talk(one, pieces, seconds=600, most_bytes=10**7)
    assert said.complaint.endswith(b"end")
    assert len(said.complaint) < 10**4
    assert one.returncode == 3
