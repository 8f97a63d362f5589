"""Files as people have them: what was meant is read, or is asked."""

import io
import json

import openpyxl
import pytest

from beltmap.geo.intake.columns.coordinates import find_coordinates
from beltmap.geo.intake.columns.figures import Figure, read_figure
from beltmap.geo.intake.questions import Answers
from beltmap.geo.intake.reading import read_upload
from beltmap.geo.intake.uploads import Upload
from tests.geo.intake.recipes import adds_up, collection, feature, polygon, square


def read(content, name="plan.csv", **answers):
    if isinstance(content, dict):
        content = json.dumps(content)
    data = content if isinstance(content, bytes) else content.encode()
    return read_upload(Upload(name, data), answers=Answers(**answers))


def codes(outcome):
    return {one.code for one in outcome.receipt.notices}


def said(outcome, code):
    return next(one for one in outcome.receipt.notices if one.code == code)


def zones(outcome):
    assert outcome.rows is not None, outcome.receipt.as_text()
    return outcome.zones


def declared(outcome):
    return zones(outcome)["declared_area_km2"].round(6).tolist()


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("400", Figure(400)),
        ("４００", Figure(400)),
        ("1,200.5亩", Figure(1200.5, "mu")),
        ("约400", Figure(400, "", "about")),
        ("400公顷左右", Figure(400, "ha", "about")),
        ("600余", Figure(600, "", "more than")),
        ("3万余亩", Figure(3, "10,000 mu", "more than")),
        ("逾30", Figure(30, "", "more than")),
        ("不低于250", Figure(250, "", "at least")),
        ("≥ 250 hm²", Figure(250, "ha", "at least")),
        ("近500", Figure(500, "", "nearly")),
        ("250-300", Figure(250, "", "range", 300)),
        ("250公顷～300公顷", Figure(250, "ha", "range", 300)),
        ("250至300亩", Figure(250, "mu", "range", 300)),
        ("6000亩", Figure(6000, "mu")),
        ("0.6万亩", Figure(0.6, "10,000 mu")),
        ("5千亩", Figure(5000, "mu")),
        ("12万㎡", Figure(12, "ha")),
        ("about 3 sq km", Figure(3, "km²", "about")),
        ("30公顷（约450亩）", Figure(30, "ha")),
        ("450亩(30公顷)", Figure(450, "mu")),
        ("占地400亩", Figure(400, "mu")),
        ("规划面积约5.2平方公里（含水域）", Figure(5.2, "km²", "about")),
    ],
)
def test_figures_are_read_as_people_write_them(written, meant):
    assert read_figure(written) == meant


@pytest.mark.parametrize(
    "written", ["", "large", "300-250", "-4", "3元", "1.2.3", True]
)
def test_what_is_no_figure_is_none(written):
    assert read_figure(written) is None


def test_qualifiers_are_kept_beside_the_figure():
    table = "名称,面积（公顷）,lon,lat\n甲,约400,120.4,36.1\n乙,300,120.5,36.1\n"
    table += "丙,250-300,120.6,36.1\n丁,不低于20,120.7,36.1\n"
    outcome = read(table)
    assert declared(outcome) == [4, 3, 2.5, 0.2]
    frame = zones(outcome)
    assert frame["declared_area_qualifier"].tolist() == [
        "about",
        None,
        "range",
        "at least",
    ]
    assert frame["declared_area_most_km2"].tolist() == [None, None, 3, None]
    assert said(outcome, "W_FIGURE_QUALIFIED").place == {"rows": [2, 4, 5]}


def test_no_qualifier_is_made_up():
    outcome = read("名称,面积（公顷）,lon,lat\n甲,400,120.4,36.1\n")
    assert "declared_area_qualifier" not in zones(outcome)
    assert "W_FIGURE_QUALIFIED" not in codes(outcome)


@pytest.mark.parametrize(("figure", "differs"), [("≥50", False), ("5000-9000", True)])
def test_a_qualified_area_is_held_against_the_drawing_as_it_is_meant(figure, differs):
    shape = feature(polygon(square(0, 0.1)), {"name": "A", "area_ha": figure})
    outcome = read(collection(shape), "plan.geojson")
    assert ("W_AREA_DIFFERS" in codes(outcome)) is differs


@pytest.mark.parametrize(
    "heading",
    [
        "规划用地面积（公顷）",
        "总用地面积（公顷）",
        "建设用地面积（公顷）",
        "规划总用地面积（公顷）",
        "用地规模（公顷）",
        "占地（公顷）",
        "占地面积(hm²)",
        "规划面积/公顷",
        "用地面积（万㎡）",
        "Gross site area (ha)",
    ],
)
def test_usual_headings_with_their_unit_are_the_declared_area(heading):
    shape = feature(polygon(square(0, 0.02)), {"名称": "一号园", heading: 400})
    assert declared(read(collection(shape), "plan.geojson")) == [4]


def test_ten_thousand_mu_are_a_unit():
    outcome = read("名称,面积（万亩）,lon,lat\n甲,0.6,120.4,36.1\n")
    assert declared(outcome) == [4]


def test_floor_area_is_no_land_and_is_said():
    outcome = read("名称,总建筑面积（万㎡）,lon,lat\n甲,60,120.4,36.1\n")
    assert declared(outcome) != [0.6]
    assert said(outcome, "W_AREA_LEFT_OUT").values["columns"] == ["总建筑面积（万㎡）"]


def test_the_whole_is_preferred_to_its_part():
    head = "名称,建设用地面积（公顷）,规划用地面积（公顷）,lon,lat"
    outcome = read(f"{head}\n甲,100,400,120.4,36.1\n")
    assert declared(outcome) == [4]
    assert said(outcome, "W_AREA_LEFT_OUT").values["n"] == 1


@pytest.mark.parametrize(
    ("cells", "areas"),
    [
        (["6000亩", "0.9万亩"], [4, 6]),
        (["约6000亩", "600公顷"], [4, 6]),
    ],
)
def test_cells_that_state_their_unit_answer_the_question(cells, areas):
    table = "名称,面积,lon,lat\n" + "".join(
        f"{name},{cell},120.4,36.1\n" for name, cell in zip("甲乙", cells, strict=True)
    )
    outcome = read(table)
    assert not outcome.questions
    assert declared(outcome) == areas


def test_one_bare_cell_keeps_the_question_open():
    outcome = read("名称,面积,lon,lat\n甲,6000亩,120.4,36.1\n乙,400,120.5,36.1\n")
    assert [question.about for question in outcome.questions] == ["area_unit"]


@pytest.mark.parametrize(
    "head",
    [
        "经度(°),纬度(°)",
        "东经,北纬",
        "经度（东经）,纬度（北纬）",
        "经度（度）,纬度（度）",
        "Longitude (deg),Latitude (deg)",
        "Site_Longitude,Site_Latitude",
        "siteLongitude,siteLatitude",
        "中心点经度,中心点纬度",
        "X坐标,Y坐标",
    ],
)
def test_usual_headings_of_coordinates(head):
    outcome = read(f"名称,{head}\n甲,120.38,36.07\n")
    assert outcome.receipt.drawn == 1
    assert outcome.rows.geometries[0].coords[0] == (120.38, 36.07)


def test_words_that_only_sound_like_coordinates_are_none():
    for head in (
        ["long_name", "lat_name_x"],
        ["经纬度面积", "面积"],
        ["经济", "纬编"],
        ["", ""],
    ):
        assert find_coordinates(head, wanted={}) is None, head


@pytest.mark.parametrize("head", ["Geo Point", "geo_point_2d", "纬度/经度", "latlng"])
def test_a_pair_with_latitude_first(head):
    outcome = read(f"name;{head}\nA;36.07, 120.38\n")
    assert outcome.rows.geometries[0].coords[0] == (120.38, 36.07)


@pytest.mark.parametrize(
    ("head", "cells"),
    [
        ("经度度,经度分,经度秒,纬度度,纬度分,纬度秒", "120,24,36,36,6,0"),
        ("lon_deg,lon_min,lon_sec,lat_deg,lat_min,lat_sec", "120,24,36,36,6,0"),
        ("东经(度),东经(分),北纬(度),北纬(分)", "120,24.6,36,6"),
        ("经度,纬度", "120°24′36″,36°6′0″"),
        ("经度,纬度", "120度24分36秒,36度6分0秒"),
    ],
)
def test_degrees_minutes_and_seconds(head, cells):
    outcome = read(f"名称,{head}\n甲,{cells}\n")
    at = outcome.rows.geometries[0].coords[0]
    assert at == pytest.approx((120.41, 36.1))


def test_sixty_minutes_are_none():
    head = "经度度,经度分,经度秒,纬度度,纬度分,纬度秒"
    outcome = read(f"名称,{head}\n甲,120,61,36,36,6,0\n乙,120,1,36,36,6,0\n")
    assert said(outcome, "E_COORD_TYPE").place == {"row": 2}


@pytest.mark.parametrize(
    "head", ["纵坐标X(m),横坐标Y(m)", "纵坐标(X),横坐标(Y)", "X纵坐标,Y横坐标"]
)
def test_surveyors_call_the_northing_x(head):
    table = f"名称,{head}\n一号,3997826.114,40536915.803\n"
    table += "二号,4003394.388,40541391.491\n"
    (question,) = read(table).questions
    assert question.about == "crs"
    assert "EPSG:4528" in [option.value for option in question.options]
    placed = read(table, crs="EPSG:4528")
    lon, lat = placed.rows.geometries[0].coords[0]
    assert (round(lon), round(lat)) == (120, 36)


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("已建成", "existing"),
        ("建成", "existing"),
        ("现状", "existing"),
        ("在建", "planned"),
        ("拟建", "planned"),
        ("规划", "planned"),
        ("under review", None),
    ],
)
def test_words_for_the_status(word, status):
    outcome = read(f"名称,建设状态,lon,lat\n甲,{word},120.4,36.1\n")
    assert zones(outcome)["status"].tolist() == [status]
    assert ("W_UNKNOWN_VALUE" in codes(outcome)) is (status is None)


def test_a_numbering_is_no_id():
    outcome = read("序号,名称,lon,lat\n1,甲,120.4,36.1\n2,乙,120.5,36.1\n")
    assert zones(outcome)["id"].tolist() == ["row-2", "row-3"]
    assert zones(outcome)["序号"].tolist() == ["1", "2"]


def test_a_code_called_number_is_an_id():
    outcome = read("序号,名称,lon,lat\nQD-1,甲,120.4,36.1\nQD-2,乙,120.5,36.1\n")
    assert zones(outcome)["id"].tolist() == ["QD-1", "QD-2"]


def workbook(rows, *, merge=(), hide_rows=(), hide_columns=(), title="Sheet", more=()):
    """Make a workbook; formulas are written without a saved value."""
    book = openpyxl.Workbook()
    sheets = [(book.active, title, rows)]
    sheets += [(book.create_sheet(name), name, lines) for name, lines in more]
    for sheet, name, lines in sheets:
        sheet.title = name
        for line in lines:
            sheet.append(line)
    for block in merge:
        book.worksheets[0].merge_cells(block)
    for row in hide_rows:
        book.worksheets[0].row_dimensions[row].hidden = True
    for column in hide_columns:
        book.worksheets[0].column_dimensions[column].hidden = True
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def names(outcome):
    return zones(outcome)["name_zh"].tolist()


TWO_ROWS = [
    ["序号", "名称", "城市", "面积（公顷）", "坐标", None],
    [None, None, None, None, "经度", "纬度"],
    [1, "一号园", "青岛", 400, 120.41, 36.11],
    [2, "二号园", "青岛", 600, 120.46, 36.16],
]
TWO_ROWS_MERGED = ("A1:A2", "B1:B2", "C1:C2", "D1:D2", "E1:F1")


def test_a_head_of_two_rows_with_merged_cells():
    data = workbook(TWO_ROWS, merge=TWO_ROWS_MERGED)
    outcome = read(data, "plan.xlsx")
    assert (outcome.receipt.drawn, outcome.receipt.rows_in) == (2, 2)
    assert names(outcome) == ["一号园", "二号园"]
    assert declared(outcome) == [4, 6]
    assert "坐标/经度" in outcome.rows.columns


def test_a_head_of_two_rows_as_text():
    table = "\n".join(
        ",".join("" if cell is None else str(cell) for cell in row) for row in TWO_ROWS
    )
    outcome = read(table)
    assert names(outcome) == ["一号园", "二号园"]
    assert declared(outcome) == [4, 6]


def test_a_title_above_a_head_of_two_rows():
    rows = [
        ["园区名录", None, None, None, None],
        ["序号", "名称", "中心坐标", None, "面积（公顷）"],
        [None, None, "经度", "纬度", None],
        [1, "甲园", 120.38, 36.07, 120.5],
        [2, "乙园", 120.48, 36.17, 80],
    ]
    merge = ("A1:E1", "A2:A3", "B2:B3", "C2:D2", "E2:E3")
    outcome = read(workbook(rows, merge=merge), "plan.xlsx")
    assert names(outcome) == ["甲园", "乙园"]
    assert declared(outcome) == [1.205, 0.8]
    assert said(outcome, "W_HEADER_ROW").values["row"] == "2–3"


def test_a_head_of_four_rows():
    rows = [
        ["序号", "基本情况", None, "空间位置", None, None, None],
        [None, "名称", "规模", "中心点", None, None, None],
        [None, None, "面积", "经度", None, "纬度", None],
        [None, None, "亩", "度", "分", "度", "分"],
        [1, "甲园", 6000, 120, 24, 36, 6],
    ]
    merge = ("A1:A4", "B1:C1", "D1:G1", "B2:B4", "D2:G2", "D3:E3", "F3:G3")
    outcome = read(workbook(rows, merge=merge), "plan.xlsx")
    assert names(outcome) == ["甲园"]
    assert declared(outcome) == [4]
    assert outcome.rows.geometries[0].coords[0] == pytest.approx((120.4, 36.1))


def test_the_note_under_a_title_is_the_unit():
    rows = [
        ["产业园区一览表"],
        [None, None, None, "单位：亩"],
        [None],
        ["名称", "面积", "经度", "纬度"],
        ["甲园", 6000, 120.38, 36.07],
        ["乙园", "约9000", 120.48, 36.17],
    ]
    outcome = read(workbook(rows), "plan.xlsx")
    assert declared(outcome) == [4, 6]
    assert said(outcome, "W_AREA_NOTE").values["unit"] == "mu"


@pytest.mark.parametrize("note", ["单位：亩、公顷", "填报单位：市规划局", "单位：万元"])
def test_a_note_that_names_no_one_unit_is_none(note):
    table = f"{note},,,\n名称,面积,经度,纬度\n甲园,6000,120.38,36.07\n"
    assert [question.about for question in read(table).questions] == ["area_unit"]


def test_a_cover_sheet_is_passed_over():
    cover = [["关于报送园区名录的函"], [None], ["各区市："], ["现将名录报送如下。"]]
    data = workbook(cover, title="封面", more=[("名录", TWO_ROWS)])
    assert names(read(data, "plan.xlsx")) == ["一号园", "二号园"]


def test_blank_rows_and_columns_are_none():
    rows = [
        [None, "名称", None, "经度", "纬度"],
        [None] * 5,
        [None, "甲园", None, 120.38, 36.07],
        [None] * 5,
        [None, "乙园", None, 120.48, 36.17],
    ]
    outcome = read(workbook(rows), "plan.xlsx")
    assert names(outcome) == ["甲园", "乙园"]
    assert list(outcome.rows.columns) == ["名称", "经度", "纬度"]
    assert "W_COLUMN_RENAMED" not in codes(outcome)


def test_a_row_that_numbers_the_columns_is_no_record():
    table = "名称,面积（公顷）,经度,纬度\n(1),(2),(3),(4)\n甲园,400,120.38,36.07\n"
    outcome = read(table)
    assert names(outcome) == ["甲园"]
    assert said(outcome, "W_ROW_ASIDE").place == {"row": 2}


def test_a_head_that_is_printed_again_is_no_record():
    table = "名称,经度,纬度\n甲园,120.38,36.07\n名称,经度,纬度\n乙园,120.48,36.17\n"
    assert names(read(table)) == ["甲园", "乙园"]


def test_hidden_rows_and_columns_are_read_and_said():
    rows = [["名称", "经度", "纬度", "内部编号"], ["甲园", 120.38, 36.07, 7]]
    rows.append(["乙园", 120.48, 36.17, 8])
    data = workbook(rows, hide_rows=[3], hide_columns=["D"])
    outcome = read(data, "plan.xlsx")
    assert outcome.receipt.drawn == 2
    hidden = said(outcome, "W_HIDDEN")
    assert hidden.place == {"rows": [3]}
    assert hidden.values["columns"] == ["内部编号"]


PARKS = [["名称", "经度", "纬度"], ["甲园", 120.38, 36.07]]
TOWNS = [["城镇", "名称", "经度", "纬度"], ["A", "丙镇", 120.5, 36.2]]


def test_several_tables_in_a_sheet_are_asked():
    data = workbook([*PARKS, [None], ["二、城镇"], *TOWNS])
    outcome = read(data, "plan.xlsx")
    assert outcome.layers == ("Sheet!A1:C2", "Sheet!A5:D6")
    (question,) = outcome.questions
    assert question.about == "layer"
    assert names(read(data, "plan.xlsx", layer=outcome.layers[0])) == ["甲园"]
    assert names(read(data, "plan.xlsx", layer=outcome.layers[1])) == ["丙镇"]


def test_tables_side_by_side_are_asked():
    rows = [[*left, None, *right] for left, right in zip(PARKS, TOWNS, strict=True)]
    outcome = read(workbook(rows), "plan.xlsx")
    assert len(outcome.layers) == 2
    second = read(workbook(rows), "plan.xlsx", layer=outcome.layers[1])
    assert names(second) == ["丙镇"]
    assert list(second.rows.columns) == ["城镇", "名称", "经度", "纬度"]


def test_merged_cells_give_their_value_to_every_row():
    rows = [["城市", "名称", "经度", "纬度"], ["青岛", "甲园", 120.38, 36.07]]
    rows += [[None, "乙园", 120.48, 36.17], ["烟台", "丙园", 121.4, 37.5]]
    outcome = read(workbook(rows, merge=["A2:A3"]), "plan.xlsx")
    assert outcome.rows.columns["城市"] == ["青岛", "青岛", "烟台"]
    assert said(outcome, "W_MERGED_CELLS").place == {"rows": [3]}


def test_cells_that_are_not_merged_stay_blank():
    rows = [["城市", "名称", "经度", "纬度"], ["青岛", "甲园", 120.38, 36.07]]
    rows += [[None, "乙园", 120.48, 36.17]]
    outcome = read(workbook(rows), "plan.xlsx")
    assert outcome.rows.columns["城市"] == ["青岛", None]


def test_formulas_without_a_value_are_named():
    rows = [["名称", "面积（公顷）", "经度", "纬度"], ["甲园", "=2*200", 120.38, 36.07]]
    rows.append(["乙园", 600, "=120+0.48", 36.17])
    outcome = read(workbook(rows), "plan.xlsx")
    assert said(outcome, "W_FORMULA_UNSAVED").values["cells"] == ["B2", "C3"]
    lost = said(outcome, "E_FORMULA_UNSAVED")
    assert lost.place == {"row": 3}
    assert lost.values["found"] == ["C3"]
    assert "W_NULL_GEOMETRY" not in codes(outcome)
    assert [question.about for question in outcome.questions] == ["leave_out"]


def test_what_is_not_certain_about_the_head_is_asked():
    table = "项目,2024,,\n名称,,经度,纬度\n甲园,400,120.38,36.07\n"
    outcome = read(table)
    (question,) = outcome.questions
    assert question.about == "head"
    values = [option.value for option in question.options]
    assert values[0] == "2"
    assert len(values) > 1
    assert question.rows_in_words() == [
        "1 | 项目 | 2024 |  | ",
        "2 | 名称 |  | 经度 | 纬度   <- the guess",
        "3 | 甲园 | 400 | 120.38 | 36.07",
    ]
    answered = read(table, head="1-2")
    assert "2024" in answered.rows.columns
    assert not read(table, head="2").questions


def test_a_head_that_is_none_is_refused():
    table = "名称,经度,纬度\n甲园,120.38,36.07\n"
    assert "E_UNKNOWN_ANSWER" in codes(read(table, head="first"))
    assert "E_CSV_NO_COORDINATES" in codes(read(table, head="2"))


TOTALS = "序号,名称,城市,面积（公顷）,经度,纬度\n1,一号园,青岛,400,120.41,36.11\n"
TOTALS += "2,二号园,青岛,600,120.46,36.16\n"


@pytest.mark.parametrize(
    "row",
    [
        ",合计,,1000,,",
        ",合 计,,1000,,",
        "3,合计,,1000,,",
        "总计,,,1000,,",
        ",Total,,1000,/,/",
        "共计,,,1000",
    ],
)
def test_totals_are_no_zones(row):
    outcome = read(TOTALS + row + "\n")
    receipt = outcome.receipt
    assert (len(zones(outcome)), receipt.drawn, receipt.aside) == (2, 2, 1)
    assert receipt.rows_in == 3
    assert adds_up(receipt)
    assert said(outcome, "W_TOTAL_ROW").place == {"row": 4}
    assert not codes(outcome) & {"W_TOTAL_DIFFERS", "W_NULL_GEOMETRY"}


def test_a_total_that_is_no_sum_is_a_finding():
    outcome = read(TOTALS + ",合计,,1200,,\n")
    differs = said(outcome, "W_TOTAL_DIFFERS")
    assert differs.values == {"stated": "1200", "found": "1000"}
    assert differs.place == {"row": 4, "key": "面积（公顷）"}


def test_subtotals_are_sums_of_their_section():
    table = TOTALS + ",小计,,1000,,\n3,三号园,烟台,50,121.4,37.5\n,烟台小计,,50,,\n"
    outcome = read(table + ",合计,,1050,,\n")
    assert outcome.receipt.aside == 3
    assert "W_TOTAL_DIFFERS" not in codes(outcome)


def test_totals_in_geojson_are_no_zones_either():
    parts = [
        feature(polygon(square(n / 10, 0.02)), {"名称": name, "面积（公顷）": area})
        for n, (name, area) in enumerate([("一号园", 400), ("二号园", 600)])
    ]
    total = feature(None, {"名称": "合计", "面积（公顷）": 1000})
    outcome = read(collection(*parts, total), "plan.geojson")
    assert (len(zones(outcome)), outcome.receipt.aside) == (2, 1)


def test_a_zone_with_a_shape_is_one_whatever_it_is_called():
    outcome = read(TOTALS + "3,合计,青岛,5,120.5,36.2\n")
    assert (len(zones(outcome)), outcome.receipt.aside) == (3, 0)


def test_the_number_of_a_row_is_no_sum_of_those_above():
    """The third row is numbered 3, as 1 and 2 make 3; its area is no sum."""
    outcome = read(TOTALS + "3,合计,青岛,5,120.5,36.2\n")
    assert said(outcome, "W_TOTAL_DRAWN").place == {"row": 4}


@pytest.mark.parametrize(
    "note", ["注：数据截至2024年。", "填表人：王某,,审核：李某", "备注", "Note: draft"]
)
def test_notes_below_a_table_are_no_zones(note):
    outcome = read(TOTALS + f"\n{note}\n")
    assert (len(zones(outcome)), outcome.receipt.aside) == (2, 1)
    assert "W_ROW_ASIDE" in codes(outcome)


def test_a_park_without_coordinates_stays_a_zone():
    outcome = read(TOTALS + "3,合计路园,青岛,5,,\n")
    assert (len(zones(outcome)), outcome.receipt.aside) == (3, 0)
    assert said(outcome, "W_NULL_GEOMETRY").place == {"rows": [4]}


def test_a_table_of_one_column_of_shapes():
    outcome = read("wkt\nPOLYGON ((120 36, 120.1 36, 120.1 36.1, 120 36))\n", "a.tsv")
    assert outcome.receipt.drawn == 1


@pytest.mark.parametrize("head", ["geometry", "wkt", "the_geom"])
def test_the_column_that_became_the_shape_is_no_attribute(head):
    shape = '"POLYGON ((120 36, 120.1 36, 120.1 36.1, 120 36))"'
    outcome = read(f"name,{head}\nA,{shape}\n")
    assert list(outcome.rows.columns) == ["name"]
    assert "W_COLUMN_RENAMED" not in codes(outcome)


@pytest.mark.parametrize(
    "written",
    [
        "120.4°",
        "东经120.4°",
        "东经120.4",
        "E120.4",
        "120.4E",
        "120°24′",
        "东经120°24′",
        "120°24’0”",
        "120º24'00\"",
        "120˚24'",
        "120度24分0秒",
        "120:24:00",
        "120 24 00",
        "120-24-00",
        "120 24.0",
        "１２０．４",
        "120,4",
        "120.4,",
    ],
)
def test_a_coordinate_is_read_as_people_write_it(written):
    outcome = read(
        f'name;lon;lat\n"A";"{written.replace(chr(34), chr(34) * 2)}";36.1\n'
    )
    assert [point.x for point in zones(outcome).geometry] == [pytest.approx(120.4)]


@pytest.mark.parametrize("written", ["120 75 00", "3 990 000", "120.4.1", "abc"])
def test_what_is_no_coordinate_is_refused(written):
    outcome = read(f"name,lon,lat\nA,{written},36.1\nB,120,36\n")
    assert said(outcome, "E_COORD_TYPE").place == {"row": 2}


@pytest.mark.parametrize(
    ("east", "north"),
    [
        ("东坐标", "北坐标"),
        ("东坐标(m)", "北坐标(m)"),
        ("东坐标Y", "北坐标X"),
        ("东向坐标", "北向坐标"),
        ("东向", "北向"),
        ("E", "N"),
        ("E坐标", "N坐标"),
        ("坐标X", "坐标Y"),
        ("国家2000X", "国家2000Y"),
        ("平面坐标X（米）", "平面坐标Y（米）"),
        ("CGCS2000_X", "CGCS2000_Y"),
        ("centroid_x", "centroid_y"),
    ],
)
def test_headings_of_eastings_and_northings(east, north):
    outcome = read(f"名称,{north},{east}\n甲园,3990000,540000\n")
    (question,) = outcome.questions
    assert question.about == "crs"
    assert not question.options[0].value.startswith("swapped")


@pytest.mark.parametrize("heads", ["N,lon,lat", "E,N,lon,lat", "北区,东区,lon,lat"])
def test_short_headings_go_before_no_longer_ones(heads):
    more = "7," * (heads.count(",") - 1)
    outcome = read(f"name,{heads}\nA,{more}120.4,36.1\n")
    assert [point.x for point in zones(outcome).geometry] == [120.4]
