"""Each of the 180 cases of cases.csv is run by a test, and none is left out."""

import ast
from pathlib import Path

from tests.geo.intake import test_cases, test_queries
from tests.geo.intake.test_cases import FILES, TABLE
from tests.geo.intake.test_queries import LINKS

TESTS = Path(__file__).parents[2]


def given(test):
    """Give the values over which a test runs."""
    (over,) = [mark for mark in test.pytestmark if mark.name == "parametrize"]
    return set(over.args[1])


def marked():
    """Give the cases that tests say they run, with the names of those tests."""
    found = {}
    for path in sorted(TESTS.rglob("test_*.py")):
        for one in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(one, ast.FunctionDef) and one.name.startswith("test_"):
                for mark in one.decorator_list:
                    if ast.unparse(mark).startswith("pytest.mark.case("):
                        for identity in mark.args:
                            found.setdefault(identity.value, []).append(one.name)
    return found


def test_every_case_is_run():
    assert len(TABLE) == 180
    together = [i for i, row in TABLE.items() if row["kind"] == "concurrency"]
    assert given(test_cases.test_case) == set(FILES)
    assert given(test_queries.test_a_link_never_breaks_the_query) == set(LINKS)
    assert set(marked()) == set(together)
    assert set(FILES) | set(LINKS) | set(together) == set(TABLE)
