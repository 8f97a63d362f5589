"""Each fault that a reader once found in the shipped plans is found by a rule."""

import json
import shutil

import pytest
from click.testing import CliRunner

from beltmap.geo.charter.reading import shipped_plans
from beltmap.layers.commands.main import main

PLANTED = {
    # paragraph 4 is about the city
    "stated_of_another": (
        "dalian",
        "error",
        {"claims.csv": ("set up,,,,D,paragraph 3,", "set up,,,,D,paragraph 4,")},
    ),
    "uncertainty_too_small": (
        "qingdao",
        "error",
        {
            "anchors.csv": ("36.1433,34000,", "36.1433,1200,"),
            "parks.geojson": ("34000.0", "1200.0"),
        },
    ),
    "drawn_inside": (
        "qingdao",
        "error",
        {
            "claims.csv": (
                "drawn_inside,qd-base-laoshan,drawn_inside,,,,qd-town-laoshan,",
                "near,qd-base-laoshan,near,,,,a town,",
            )
        },
    ),
    "measure_not_said": (
        "qingdao",
        "warning",
        {"claims.csv": (",people taken on since the beginning,", ",,")},
    ),
    "year_not_attested": (
        "qingdao",
        "error",
        {
            "claims.csv": (
                "exact,4,,,billion USD,2015,inferred,",
                "exact,4,,,billion USD,2015,stated elsewhere,",
            )
        },
    ),
    "focus_not_stated": (
        "qingdao",
        "error",
        {"parks.geojson": ('"focus_en":null', '"focus_en":"software"')},
    ),
    "drawn_to_scale": (
        "dalian",
        "note",
        {
            "claims.csv": ("exact,153,", "exact,160,"),
            "zone.geojson": ('"declared_area_km2":153.0', '"declared_area_km2":160.0'),
        },
    ),
}


def rules(folder):
    """Audit a folder as a user does; give each rule with its severity."""
    said = CliRunner().invoke(
        main, ["audit", "--plan", str(folder), "--format", "json"]
    )
    return {(row["rule"], row["severity"]) for row in json.loads(said.stdout)}


@pytest.mark.parametrize("rule", PLANTED)
def test_a_fault_that_is_planted_in_a_copy_is_the_only_new_finding(rule, tmp_path):
    name, severity, changes = PLANTED[rule]
    shipped = shipped_plans()[name]
    folder = shutil.copytree(shipped, tmp_path / name)
    for file, (old, new) in changes.items():
        words = (folder / file).read_text(encoding="utf-8")
        assert words.count(old) == 1
        (folder / file).write_text(words.replace(old, new), encoding="utf-8")
    assert rules(folder) - rules(shipped) == {(rule, severity)}
