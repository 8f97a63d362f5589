"""The words with which sentences of plans count, in English and Chinese."""

import re
from typing import Final

_NOUNS: Final = {
    "area": "片 新区",
    "axis": "轴 轴线 发展轴",
    "bank": "岸",
    "base": "基地",
    "bay": "湾 湾区",
    "belt": "带 轴带",
    "block": "板块 街区",
    "body": "体 主体",
    "bridge": "桥",
    "campus": "校区",
    "centre": "心 中心",
    "circle": "圈 都市圈",
    "city": "市 城市",
    "cluster": "组团 团 集群 城市群 组群",
    "community": "社区",
    "core": "核 核心 内核 极核",
    "corridor": "廊 走廊 廊道 廊带",
    "county": "县",
    "demonstration area": "示范区",
    "development zone": "开发区",
    "district": "区 片区 分区 城区 功能区",
    "east-west axis": "横",
    "fulcrum": "支点",
    "gateway": "门户",
    "greenway": "绿道",
    "growth pole": "增长极",
    "harbour": "港 港区",
    "high-tech zone": "高新区",
    "hill": "丘",
    "hub": "枢纽",
    "island": "岛",
    "lake": "湖",
    "line": "线",
    "main centre": "主 主中心",
    "main city": "主城 主城区",
    "mountain": "山",
    "network": "网 网络",
    "new town": "新城",
    "node": "点 节点 据点",
    "north-south axis": "纵",
    "park": "园 园区 公园",
    "passage": "通道",
    "platform": "平台",
    "pole": "极",
    "port": "口岸",
    "region": "区域",
    "ring": "环 圆环 绿环",
    "river": "江 河",
    "road": "路 大道",
    "satellite town": "卫星城",
    "screen": "屏 屏障",
    "sea": "海",
    "street": "街",
    "sub-centre": "副 副中心 次中心",
    "town": "城 城镇 产业城",
    "township": "镇 乡镇 小镇",
    "unit": "单元",
    "valley": "谷",
    "vein": "脉",
    "village": "村",
    "water": "水",
    "wedge": "楔 绿楔",
    "wing": "翼",
    "zone": "地带",
}
"""What plans count, by the English word; of the Chinese ones the shortest first."""

_ADJECTIVES: Final = {
    "agricultural": "农业",
    "central": "中央",
    "coastal": "滨海 沿海",
    "cultural": "文化",
    "development": "发展",
    "digital": "数字",
    "ecological": "生态",
    "east": "东",
    "east-west": "横向",
    "functional": "功能",
    "green": "绿 绿色",
    "growth": "增长",
    "horizontal": "横",
    "industrial": "产业 工业",
    "innovation": "创新",
    "logistics": "物流",
    "main": "主",
    "modern": "现代",
    "new": "新",
    "north": "北",
    "north-south": "纵向",
    "riverside": "滨江 沿江",
    "science": "科技 科创 科学",
    "secondary": "次 副 次级",
    "service": "服务",
    "software": "软件",
    "south": "南",
    "spatial": "空间",
    "special": "特色",
    "tourism": "旅游 文旅",
    "transport": "交通",
    "urban": "城市 城镇",
    "vertical": "纵",
    "west": "西",
}


NOUNS: Final = {english: words.split()[0] for english, words in _NOUNS.items()}
"""Chinese for each English noun."""

NOUNS_ZH: Final = {
    word: english for english, words in _NOUNS.items() for word in words.split()
}
"""English for each Chinese noun."""

ADJECTIVES: Final = {
    english: words.split()[0] for english, words in _ADJECTIVES.items()
}
"""Chinese for each English word that may stand before a noun."""

ADJECTIVES_ZH: Final = {
    word: english for english, words in _ADJECTIVES.items() for word in words.split()
}
"""English for each Chinese word that may stand before a noun."""

MANY_ZH: Final = ("多", "若干", "数", "诸", "N", "n")
MANY_EN: Final = (
    *("several", "many", "multiple", "numerous", "various", "some", "few", "n"),
)
"""Words for a number that is not said."""

_ENGLISH: Final = (
    *("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    *("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen"),
    *("seventeen", "eighteen", "nineteen", "twenty"),
)
NUMBERS_EN: Final = {word: n for n, word in enumerate(_ENGLISH)} | {
    **dict.fromkeys(("a", "an", "single"), 1),
    **dict.fromkeys(("twin", "dual", "double", "both"), 2),
    "triple": 3,
    "dozen": 12,
}
NUMBERS_ZH: Final = {word: n for n, word in enumerate("零一二三四五六七八九十")} | {
    **dict.fromkeys("两双", 2),
    "单": 1,
    "〇": 0,
}
_TEN: Final = 10
_TWO: Final = 2

_PLURALS: Final = {
    "axis": "axes",
    "nucleus": "nuclei",
    "focus": "foci",
    "campus": "campuses",
}
_SPELT: Final = {"center": "centre", "harbor": "harbour", "subcentre": "sub-centre"}


def plural(noun: str) -> str:
    """
    Give the plural of an English noun; other words are left as they are.

    Examples
    --------
    >>> plural("axis"), plural("city"), plural("branch"), plural("park"), plural("轴")
    ('axes', 'cities', 'branches', 'parks', '轴')
    """
    if not noun.isascii():
        return noun
    for one, many in _PLURALS.items():
        if noun.endswith(one):
            return noun.removesuffix(one) + many
    if noun.endswith("is"):
        return f"{noun[:-2]}es"
    if re.search(r"[^aeiou]y$", noun):
        return f"{noun[:-1]}ies"
    return f"{noun}es" if re.search(r"(s|x|z|ch|sh)$", noun) else f"{noun}s"


def singular(noun: str) -> str:
    """
    Give the singular of an English noun, as it is spelt here.

    Examples
    --------
    >>> singular("axes"), singular("cities"), singular("centers"), singular("base")
    ('axis', 'city', 'centre', 'base')
    """
    one = noun
    for single, many in _PLURALS.items():
        if noun.endswith(many):
            one = noun.removesuffix(many) + single
    if one == noun:
        if noun.endswith("ies"):
            one = f"{noun[:-3]}y"
        elif re.search(r"(ss|x|z|ch|sh)es$", noun):
            one = noun[:-2]
        elif noun.endswith("s") and not noun.endswith(("ss", "is", "us")):
            one = noun[:-1]
    for foreign, own in _SPELT.items():
        one = one.replace(foreign, own)
    return one


def read_number(words: str) -> int:
    """
    Read a Chinese number up to 99, or digits.

    Examples
    --------
    >>> read_number("十二"), read_number("二十"), read_number("双"), read_number("12")
    (12, 20, 2, 12)
    """
    if words.isdecimal():
        return int(words)
    tens, ten, ones = words.rpartition("十")
    if not ten:
        return int("".join(str(NUMBERS_ZH[digit]) for digit in words))
    many = NUMBERS_ZH[tens[-1]] if tens else 1
    return _TEN * many + (NUMBERS_ZH[ones] if ones else 0)


def in_chinese(n: int | None) -> str:
    """
    Write how many there are of something in Chinese; None is several.

    Examples
    --------
    >>> in_chinese(2), in_chinese(12), in_chinese(20), in_chinese(None)
    ('两', '十二', '二十', '多')
    """
    digits = "零一二三四五六七八九"
    if n is None:
        return "多"
    if n == _TWO:
        return "两"
    tens, ones = divmod(n, _TEN)
    if n >= _TEN**2:
        return str(n)
    if not tens:
        return digits[n]
    return f"{digits[tens] if tens > 1 else ''}十{digits[ones] if ones else ''}"


def in_english(n: int | None) -> str:
    """
    Write how many there are of something in English; None is several.

    Examples
    --------
    >>> in_english(2), in_english(12), in_english(40), in_english(None)
    ('two', 'twelve', '40', 'several')
    """
    if n is None:
        return "several"
    return _ENGLISH[n] if n < len(_ENGLISH) else str(n)
