"""Traditional characters of headings and units, as simplified ones."""

from typing import Final

_TRADITIONAL: Final = (
    "稱經緯積園區編號類別狀態規劃縣鎮鄉標橫縱圖範圍幾頃畝萬總佔業產項單東點"
)
_SIMPLIFIED: Final = (
    "称经纬积园区编号类别状态规划县镇乡标横纵图范围几顷亩万总占业产项单东点"
)
SIMPLIFIED: Final = str.maketrans(_TRADITIONAL, _SIMPLIFIED)
"""For translating text; only what headings and units are written with."""
