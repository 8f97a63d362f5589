"""The public interface: what people type in a notebook."""

import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

import beltmap

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def plan():
    return beltmap.read_plan()


def test_everything_public_is_there_and_has_an_example_or_says_what_it_is():
    for name in beltmap.__all__:
        assert getattr(beltmap, name).__doc__, name
    assert dir(beltmap) == sorted(beltmap.__all__)
    with pytest.raises(AttributeError, match="no attribute 'read_plans'"):
        _ = beltmap.read_plans


@pytest.mark.parametrize("code", [
    "import beltmap",
    "import beltmap; beltmap.read_plan().select(city='Qingdao').totals()",
    "import beltmap; beltmap.read_plan().select(kind='town')._repr_html_()",
])  # fmt: skip
def test_no_streamlit_is_loaded(code):
    code = f"import sys\n{code}\nprint(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True
    )
    loaded = set(done.stdout.decode().split())
    assert "beltmap" in loaded
    assert not loaded & {"streamlit", "streamlit_folium"}
    if code.count("beltmap") == 1:
        assert not loaded & {"geopandas", "pandas", "numpy", "folium"}


def test_values_are_codes_or_names_alone_or_several(plan):
    towns = plan.select(kind="town")
    assert len(towns) == 3
    assert len(plan.select(kind=["TOWN", "产业带"])) == 4
    assert plan.select(city="青岛").filters.city == ("Qingdao",)
    assert len(plan.select(kind="town", least_km2=5, text="film")) == 1
    assert len(plan.select()) == len(plan.zones)


def test_every_unknown_value_is_said_at_once(plan):
    with pytest.raises(beltmap.PlanError) as error:
        plan.select(city=["Atlantis", "Qingdao"], kind="moon")
    first, second = error.value.faults
    assert "Atlantis" in first.what
    assert "Dalian, Qingdao" in first.hint
    assert "moon" in second.what


def test_units_are_followed_and_unknown_ones_refused(plan):
    towns = plan.select(kind="town")
    assert towns.totals(unit="ha").loc["declared", "value"] == pytest.approx(1_940)
    assert towns.ledger(unit="mu")["declared"].tolist() == [6_600, 15_000, 7_500]
    for table in (towns.totals, towns.ledger, towns.overlaps):
        with pytest.raises(beltmap.PlanError, match="km², ha, mu"):
            table(unit="acre")


def test_words_follow_the_language(plan):
    with beltmap.speaking("zh"):
        assert plan.select(kind="belt").ledger()["zone"].tolist() == [
            "软件及服务外包产业带"
        ]


def test_what_is_done_with_a_frame_changes_no_selection(plan):
    chosen = plan.select(kind="town")
    chosen.zones["declared_area_km2"] = 0.0
    assert chosen.totals().loc["declared", "value"] == pytest.approx(19.4)
    with pytest.raises(ValueError, match="read-only"):
        chosen.mask[:] = True


def test_claims_are_those_of_the_choice(plan):
    belt = plan.select(kind="belt")
    assert set(belt.claims["subject"]) == {"qd-belt"}
    assert set(plan.select(city="Dalian").claims["city"]) == {"Dalian"}


def test_areas_and_overlaps_of_any_frame_need_a_crs():
    squares = [shapely.box(120, 36, 121, 37), shapely.box(120.5, 36, 121.5, 37), None]
    frame = gpd.GeoDataFrame(geometry=squares, index=["x", "y", "z"], crs=4326)
    for one in (frame, frame.to_crs(4549)):
        [pair] = beltmap.overlaps(one).to_dict("records")
        assert (pair["a"], pair["b"]) == ("x", "y")
        # projected edges are no geodesics
        assert pair["overlap_km2"] == pytest.approx(4_970.8, rel=1e-3)
        assert beltmap.drawn_area_km2(one).isna().tolist() == [False, False, True]
    bare = gpd.GeoDataFrame(geometry=squares)
    for measure in (beltmap.overlaps, beltmap.drawn_area_km2):
        with pytest.raises(beltmap.PlanError):
            measure(bare)


def test_an_invalid_outline_is_no_obstacle():
    bow = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    frame = gpd.GeoDataFrame({"id": ["bow", "box"]}, geometry=[bow, bow], crs=4326)
    assert beltmap.overlaps(frame)["share_of_a"].tolist() == pytest.approx([1.0])


def test_a_question_is_asked_and_its_answer_taken(tmp_path):
    file = tmp_path / "parks.csv"
    file.write_text("name,x,y\nA,40506000,3990000\n", encoding="utf-8")
    asked = beltmap.read_upload(file)
    assert asked.zones is None
    assert "crs" in {question.about for question in asked.questions}
    answered = beltmap.read_upload(file, crs="EPSG:4528")
    assert answered.zones.crs.to_epsg() == 4326
    assert answered.zones.geometry.iloc[0].x == pytest.approx(120.07, abs=0.05)


def test_a_bad_export_leaves_an_old_file_alone(plan, tmp_path):
    file = tmp_path / "old.geojson"
    file.write_text("old", encoding="utf-8")
    with pytest.raises(beltmap.PlanError):
        plan.select(text="nothing is called so").to_file(file)
    assert file.read_text(encoding="utf-8") == "old"


def test_what_is_added_to_the_map_is_drawn_too(plan):
    import folium

    drawing = plan.select(kind="belt").explore()
    folium.Circle((36.1, 120.4), radius=500).add_to(drawing)
    assert "L.circle(" in drawing.get_root().render()


def test_a_plan_of_very_many_zones_is_said_and_not_shown(plan, monkeypatch):
    monkeypatch.setattr("beltmap.layers.notebook.MOST_WHOLE", 5)
    assert plan._repr_html_() is None
    assert repr(plan.select(kind="town")).startswith("<Selection: 3 of 12 zones")
    assert plan.select(kind="town")._repr_html_()
