"""Two languages: every key in both, no text outside them, no English in Chinese."""

import ast
import re
import threading
from pathlib import Path

import pytest
from click.testing import CliRunner

from beltmap.geo.audit.audit import audit
from beltmap.geo.claims.quantities import Quantity, in_unit
from beltmap.geo.errors import PlanError
from beltmap.geo.language.messages import (
    LANGUAGES,
    catalogue,
    choose,
    speak,
    speaking,
    spoken,
    text,
)
from beltmap.geo.plan.plan import read_plan
from beltmap.geo.plan.selection import Selection
from beltmap.geo.report.areas import ledger_table
from beltmap.geo.report.statements import statements
from beltmap.geo.report.zones import zone_table
from beltmap.layers.commands.main import main
from beltmap.layers.commands.terminal.clickwords import PLURALS, WORDS
from beltmap.layers.views.card import zone_card

ROOT = Path(__file__).parents[3]
MARKUP = re.compile(r"<[^>]*>")
SENTENCE = re.compile(r"\b(?:[A-Za-z][a-z']+[ ,]+){3,}[A-Za-z][a-z']+")
"""Four words of small letters in a row: no code, name or unit reads so."""

PAGE = sorted(
    path.relative_to(ROOT).as_posix()
    for path in [ROOT / "app.py", *(ROOT / "layers").rglob("*.py")]
)
HTML = {"html", "alt", "left", "right", "head", "button", "figures", "low"}
"""What is called to write HTML or text of a chart."""

DRAWS = {
    "button",
    "caption",
    "checkbox",
    "download_button",
    "error",
    "expander",
    "file_uploader",
    "form_submit_button",
    "header",
    "info",
    "markdown",
    "metric",
    "number_input",
    "radio",
    "segmented_control",
    "selectbox",
    "spinner",
    "subheader",
    "success",
    "tabs",
    "text_input",
    "toggle",
    "warning",
}
"""Methods of Streamlit whose arguments are read by readers, on whatever place."""

SETTINGS = {"form", "fragment", "get_option", "query_params"}
"""Functions of Streamlit whose arguments no reader sees: keys, names of settings."""

NAMES = (
    "Software and Service Outsourcing Belt",
    "Qingdao Laoshan Service Outsourcing Town",
    "Qingdao Aoshanwei Service Outsourcing Town",
    "Film, TV and Animation Town",
    "Ocean University of China",
)


def messages(language):
    """Give every message of a language by key, plurals joined."""
    given = {}
    for key, said in catalogue(language)._catalog.items():
        name = key[0] if isinstance(key, tuple) else key
        given[name] = f"{given.get(name, '')} {said}"
    given.pop("")
    return given


def placeholders(message):
    return set(re.findall(r"\{(\w+)[!:}]", message))


def english(said, known):
    """Find English sentences that are no name of the plan."""
    for name in sorted(known, key=len, reverse=True):
        said = said.replace(name, "")
    return SENTENCE.findall(said)


@pytest.fixture
def names(plan):
    return set(plan.zones["name_en"]) | set(plan.places["name_en"]) | set(NAMES)


def test_no_key_is_missing_in_either_language():
    english, chinese = (messages(language) for language in LANGUAGES)
    assert english.keys() == chinese.keys()
    assert all(said.strip() for said in chinese.values())


def test_placeholders_are_the_same_in_both_languages():
    english, chinese = (messages(language) for language in LANGUAGES)
    for key, said in english.items():
        assert placeholders(said) == placeholders(chinese[key]), key


def test_chinese_messages_hold_no_english_sentence():
    for key, said in messages("zh").items():
        # names of columns go into a file in both languages
        assert key.endswith(".en") or not SENTENCE.findall(said), key


def test_chinese_messages_are_set_as_chinese_is():
    number = r"\{(?:n|km2|km|m|limit|row|line)\}|(?<![a-z\d])(?<!WGS )\d+"
    measure = "平方公里|平方米|公里|米|亩|个|条|处|行|列|项|年"
    for key, said in messages("zh").items():
        assert not re.search(rf"(?:{number}) (?:{measure})", said), key
        assert not re.search("[\u4e00-\u9fff][,;:!?]|[,;!?][\u4e00-\u9fff]", said), key
        assert "km²" not in said or key.startswith("cli.intake") or key.endswith(".en")


def test_what_is_words_in_english_is_chinese_in_chinese():
    english, chinese = (messages(language) for language in LANGUAGES)
    # names of formats, services and of the program itself are the same in both
    same = re.compile(
        r"export\.(crs|format|field|size)\..*|map\.basemap\..*|.*\.(own|title)|made\.program"
    )
    for key, said in english.items():
        words = re.search("[a-z]{3}", re.sub(r"\{[^}]*\}|`[^`]*`", "", said))
        if words and not same.fullmatch(key):
            assert re.search("[\u4e00-\u9fff]", chinese[key]), key


@pytest.mark.parametrize("path", PAGE)
def test_no_visible_text_is_outside_the_catalogue(path):
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        owner, does = node.func.value, node.func.attr
        named = owner.id if isinstance(owner, ast.Name) else ""
        drawn = does in DRAWS or (named == "st" and does not in SETTINGS)
        if named not in HTML and not drawn:
            continue
        words = [*node.args, *(word.value for word in node.keywords if said(word))]
        for literal in literals(words):
            assert not SENTENCE.search(literal), ast.unparse(node)
            # the name of a colour, as in ":gray[…]", is none that a reader sees
            letters = re.search("[A-Za-z]{2}", re.sub(r":[a-z]+\[", "", literal))
            assert not drawn or not letters, ast.unparse(node)


def literals(arguments):
    """Find what is written out in arguments, also between what an f-string fills in."""
    for argument in arguments:
        parts = argument.values if isinstance(argument, ast.JoinedStr) else [argument]
        for part in parts:
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                yield part.value


def said(keyword):
    return keyword.arg in {
        "label",
        "title",
        "page_title",
        "help",
        "placeholder",
        "caption",
        "body",
    }


def test_a_reader_gets_the_first_language_that_is_spoken():
    assert choose("zh", "en") == "zh"
    assert choose("tlh", None, "en-GB,zh;q=0.9") == "en"
    assert choose("de-DE,zh-Hans;q=0.8,en;q=0.2") == "zh"
    assert choose("en;q=0,zh;q=0.1") == "zh"
    assert choose("zh_CN.UTF-8") == "zh"
    assert choose() == choose("<script>", ";;;q=,") == "en"


def test_a_language_lasts_as_long_as_its_block():
    with speaking("zh"):
        assert text("kind.park") == "园区"
        with speaking("en"):
            speak("zh")
        assert spoken() == "zh"
    assert spoken() == "en"
    with pytest.raises(ValueError, match="no messages"), speaking("fr"):
        pass


def test_threads_speak_each_their_own_language():
    heard = {}

    def listen():
        heard["there"] = text("kind.park")

    with speaking("zh"):
        thread = threading.Thread(target=listen)
        thread.start()
        thread.join()
        assert text("kind.park") == "园区"
    assert heard["there"] == "Park"


def test_money_and_areas_come_in_the_reader_s_habit():
    with speaking("zh"):
        assert Quantity(120e9, "CNY", "at least").say() == "至少1200亿元"
        assert Quantity(1.35e9, "USD").say() == "13.5亿美元"
        assert Quantity(244_000, "count").say() == "24.4万"
        assert in_unit(45, "million (currency not stated)") == "4500万（币种未注明）"
        assert in_unit(282, "mu") == "282亩"
        assert in_unit(59.4, "km²") == "59.4平方公里"
    assert Quantity(120e9, "CNY", "at least").say() == "at least 120 billion CNY"


def test_chinese_cards_and_tables_hold_no_english_sentence(plan, names):
    with speaking("zh"):
        cards = [zone_card(plan, row) for row in plan.zones.index]
        table = zone_table(Selection(plan))
    assert "发展重点" in cards[0]
    assert table.columns[0] == "名称"
    for card in cards:
        assert not english(MARKUP.sub(" ", card), names)
    assert not english(table.to_csv(), names)


def test_chinese_reports_hold_no_english_sentence(plan, names):
    with speaking("zh"):
        findings = audit(plan.zones, plan.claims, glossary=plan.glossary)
        said = [finding.say() for finding in findings]
        said += [statements(plan).drop(columns="claim").to_csv(header=False)]
        said += [
            ledger_table(Selection(plan)).drop(columns="document").to_csv(header=False)
        ]
    assert len(said) > 10
    for report in said:
        assert not english(report, names)


def test_every_word_of_the_plan_s_tables_is_in_the_glossary(plan):
    words = [*plan.claims["note"], *plan.claims["place"], *plan.sources["note"]]
    words += [*plan.places["note"], *plan.places["source"], *plan.claims["counts"]]
    coded = plan.claims["attribute"] == "sectors"
    words += [*plan.claims.loc[~coded, "rests_on"]]
    bases = plan.claims.loc[coded, "rests_on"].str.split(";").explode()
    words += [*bases.str.partition("=")[2]]
    missing = {
        word
        for word in words
        if isinstance(word, str) and word not in plan.glossary and " " in word
    }
    assert not missing


def test_faults_are_said_in_chinese(tmp_path):
    with speaking("zh"), pytest.raises(PlanError) as raised:
        read_plan(tmp_path)
    assert "文件不存在" in str(raised.value)
    assert not SENTENCE.findall(str(raised.value))


def run(*arguments, **environment):
    return CliRunner(env={"LC_ALL": None, "LANG": "C", **environment}).invoke(
        main, arguments
    )


def test_commands_speak_the_language_asked_for():
    assert "Land covered" in run("summary").output
    assert "图上占地面积" in run("summary", "--lang", "zh").output
    assert "图上占地面积" in run("summary", LANG="zh_CN.UTF-8").output
    assert "Land covered" in run("summary", "--lang", "en", LANG="zh_CN.UTF-8").output
    assert spoken() == "en"


@pytest.mark.parametrize("command", sorted(main.commands))
def test_help_is_in_chinese(command):
    said = run(command, "--lang", "zh", "--help").output
    assert "用法：" in said
    assert "显示本说明并退出" in said
    assert not SENTENCE.findall(said.split("选项")[0].split("\n\n", 2)[1])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["summary", "--lang", "zh", "--nosuch"], "错误：没有选项 '--nosuch'。"),
        (["nosuch", "--lang=zh"], "错误：没有命令 'nosuch'。"),
        (["map", "--lang", "zh"], "缺少参数 'OUT'"),
        (
            ["brief", "x.pdf", "--paper", "a9", "--lang", "zh"],
            "不在下列之中：'a4', 'a3'",
        ),
        (["summary", "--city", "Nowhere", "--lang", "zh"], "无法识别"),
        (["formats", "x", "--lang", "zh"], "多余的参数（x）"),
        (["summary", "--lang"], "须有取值"),
    ],
)
def test_wrong_options_are_told_in_chinese(arguments, said):
    asked = "zh" in " ".join(arguments)
    result = run(*arguments, LANG="C" if asked else "zh_CN.UTF-8")
    assert result.exit_code == 2
    assert said in result.output
    assert not re.search("[A-Z][a-z]+ [a-z]+", result.output), result.output
    assert re.search("Error: |Usage: ", run(*arguments[:1], "--nosuch").output)


def test_what_click_says_is_in_the_catalogue():
    for key in {*WORDS.values(), *PLURALS.values()}:
        with speaking("zh"):
            assert text(f"click.{key}")


def test_an_english_help_names_no_key():
    assert "cli." not in run("--help").output
    assert "cli." not in run("export", "--help").output
