"""Every rule belongs to a group of its own kind."""

import re
from pathlib import Path

from beltmap.geo.audit import audit
from beltmap.geo.audit.findings import GROUPS
from beltmap.geo.language.messages import has_text

RULES = re.compile(r'(?:Finding\(\s*|rule = )"(\w+)"(?: if \w+ else "(\w+)")?')


def test_every_rule_belongs_to_one_group():
    listed = [rule for group in GROUPS.values() for rule in group]
    assert len(listed) == len(set(listed))
    files = Path(audit.__file__).parent.glob("*.py")
    source = "".join(path.read_text(encoding="utf-8") for path in files)
    called = {rule for found in RULES.findall(source) for rule in found if rule}
    assert called == set(listed)


def test_every_group_and_rule_has_words():
    for group, rules in GROUPS.items():
        assert has_text(f"audit.group.{group}")
        assert all(has_text(f"audit.{rule}") for rule in rules)
