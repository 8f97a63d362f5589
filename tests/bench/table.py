"""
Write the measurements into docs/speed.md and docs/speed.zh.md, between their marks.

    python -m tests.bench.table
"""

import json
import re

from tests.bench.results import FILE, PACKAGES, bound, holds, ratio
from tests.serving import ROOT

START, END = "<!-- measured -->", "<!-- end of measured -->"
# job, zones, name in Chinese; in the order of the table
TOLD = (
    ("map payload, exact", 10_000, "地图数据，精确"),
    ("map payload, exact: size", 10_000, "地图数据，精确：大小"),
    ("map payload, simplified: size", 10_000, "地图数据，简化至半像素：大小"),
    ("first view", 100_000, "首屏，服务器端"),
    ("first view: size", 100_000, "首屏：大小"),
    ("map payload, exact", 100_000, "地图数据，精确"),
    ("map payload, exact: size", 100_000, "地图数据，精确：大小"),
    ("ellipsoidal area", 10_000, "椭球面积"),
    ("union", 10_000, "合并"),
    ("union", 100_000, "合并"),
    ("summary by kind, sector, city", 10_000, "按类型、产业、城市汇总"),
    ("second opening, GeoJSON", 10_000, "再次打开 GeoJSON"),
    ("second opening, GeoJSON", 100_000, "再次打开 GeoJSON"),
    ("GeoJSON export", 10_000, "导出 GeoJSON"),
    ("browser: load", 100_000, "浏览器：载入"),
    ("browser: heap", 100_000, "浏览器：内存"),
    ("browser: zoom step", 100_000, "浏览器：缩放一级"),
    ("browser: pan, p95 frame", 100_000, "浏览器：平移，95% 的帧"),
    ("filter change to repaint", 10_000, "筛选到重绘"),
    ("start to first map", 10, "启动到首幅地图"),
    ("start to first map, the very first time", 10, "首次启动到首幅地图"),
    ("20 users: rerun p95", 2_000, "20 人同时：重跑 p95"),
    ("20 users: exceptions", 2_000, "20 人同时：异常"),
    ("page: first view, server warm", 1_000_000, "百万片区：首屏"),
    ("page: first view, server cold", 1_000_000, "百万片区：首屏，服务器刚启动"),
    ("page: bytes of the first view", 1_000_000, "百万片区：首屏字节"),
    ("page: filter change to repaint", 1_000_000, "百万片区：筛选到重绘"),
    ("page: server memory", 1_000_000, "百万片区：服务器内存"),
    (
        "page: server memory beyond that of ten zones",
        1_000_000,
        "百万片区：服务器内存，减去十个片区时的内存",
    ),
)
CHINESE = {
    "folium.GeoJson with style, tooltip, popup": "folium.GeoJson，带样式、提示与弹窗",
    "loop over pyproj.Geod.geometry_area_perimeter": "逐个调用 Geod 计算面积",
    "groupby and dissolve": "groupby 与 dissolve",
    "read_file of GeoJSON": "以 read_file 读 GeoJSON",
    "the plain st_folium page": "普通 st_folium 页面",
    "the plain page": "普通页面",
    "an empty page": "空白页面",
    "100 000 zones": "十万片区",
    "raw coordinates": "原始坐标",
}
HEADS = {
    "docs/speed.md": (
        "job",
        "zones",
        "beltmap",
        "against",
        "plain",
        "ratio",
        "wanted",
        "runs",
    ),
    "docs/speed.zh.md": (
        "任务",
        "片区数",
        "beltmap",
        "对照",
        "对照值",
        "倍数",
        "要求",
        "次数",
    ),
}


def main():
    groups = json.loads(FILE.read_text(encoding="utf-8")).values()
    for name in HEADS:
        path = ROOT / name
        page = path.read_text(encoding="utf-8")
        made = "\n".join([START, measured(groups, name), END])
        marked = re.compile(f"{START}.*?{END}", re.DOTALL)
        path.write_text(marked.sub(made.replace("\\", r"\\"), page), "utf-8")


def measured(groups, name):
    """Write what stands between the marks of one page."""
    found = {}
    for group in groups:
        for one in group["rows"]:
            found.setdefault((one["job"], one["zones"]), []).append(one)
    told = {(job, zones) for job, zones, _ in TOLD}
    told_of = [
        group
        for group in groups
        if any((one["job"], one["zones"]) in told for one in group["rows"])
    ]
    return "\n".join([*lines(found, HEADS[name], name), "", machine(told_of)])


def lines(found, heads, name):
    """Make the lines of a Markdown table."""
    yield f"| {' | '.join(heads)} |"
    yield "|---|---:|---:|---|---:|---:|---:|---:|"
    for job, zones, chinese in TOLD:
        for one in found.get((job, zones), []):
            said, (told, against, *others) = job, cells(one)
            if "zh" in name:
                said, against = chinese, CHINESE.get(against, against)
                others[2] = others[2].replace("not reached", "未达到")
            yield f"| {' | '.join([said, f'{zones:,}', told, against, *others])} |"


def cells(one):
    """Say what was measured, and whether it is what was wanted."""
    unit, kept = one["unit"], bound(one)
    return (
        figure(one["ours"], unit),
        one["against"],
        "" if one["theirs"] is None else figure(one["theirs"], unit),
        ratio(one),
        kept if holds(one) else f"**{kept}, not reached**",
        str(one["runs"]),
    )


def figure(value, unit):
    return f"{value:,.0f} {unit}" if value >= 100 else f"{value:.3g} {unit}"


def machine(groups):
    """Say on what, with what and when it was measured."""
    seen = [group["machine"] for group in groups]
    last = seen[-1]
    days = sorted(one["when"][:10] for one in seen)
    versions = ", ".join(f"{name} {last[name]}" for name in PACKAGES)
    return (
        f"{last['cores']} cores ({last['cpu']}), Python {last['python']}, {versions};"
        f" {days[0]} to {days[-1]}, load {min(one['load'] for one in seen):g}"
        f" to {max(one['load'] for one in seen):g}."
    )


if __name__ == "__main__":
    main()
