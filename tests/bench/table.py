"""
Write the measurements into docs/speed.md and docs/many-readers.md, and the Chinese of
both, between their marks.

    python -m tests.bench.table
"""

import json
import re
from textwrap import fill

from tests.bench import processes
from tests.bench.results import FILE, PACKAGES, bound, holds, ratio
from tests.serving import ROOT

START, END = "<!-- measured -->", "<!-- end of measured -->"
READERS = 20
WIDTH = 88
SHORT_NEXT = {
    "docs/many-readers.md": """
| {readers} readers, {zones} zones | one process | two processes | ratio |
|---|---:|---:|---:|
| clicks a second | {one} | {two} | {ratio}× |

A click takes {page} of a core in its page and {store} in the store. A page that is
only open takes {rest} each second; a process takes {asking} of the store's core each
second, however many its readers are. So what is short next are cores for pages: one
is full at {most} clicks a second, or with {open} pages that are only open, when the
store has room for {processes} such processes on one core. Each holds {memory}.
""",
    "docs/many-readers.zh.md": """
| {readers}位读者，{zones}个片区 | 一个进程 | 两个进程 | 倍数 |
|---|---:|---:|---:|
| 每秒点击次数 | {one} | {two} | {ratio}× |

一次点击占用页面所在的核 {page}，占用规划库 {store}。只是打开着的页面每秒占用 {rest}；\
一个进程每秒占用规划库的核 {asking}，与读者多少无关。\
因此首先不足的是供页面使用的核：每秒点击{most}次，或有{open}个只是打开着的页面，一个核即告占满；\
而此时规划库的一个核可供{processes}个这样的进程使用。\
每个进程占用内存 {memory}。
""",
}
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
    (processes.CLICK.format(READERS), 2_000, "20 位读者：每次点击，两个进程"),
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
    "one process": "一个进程",
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
    pages = {name: measured(groups, name) for name in HEADS}
    pages |= {name: readers_told(groups, name) for name in SHORT_NEXT}
    for name, told in pages.items():
        path = ROOT / name
        page = path.read_text(encoding="utf-8")
        made = f"{START}\n{told}\n{END}"
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


def readers_told(groups, name):
    """Write what processes of one store do, and what is short next."""
    [group] = [
        group
        for group in groups
        if group["rows"][0]["job"] == processes.CLICK.format(READERS)
    ]
    found = {one["job"]: one for one in group["rows"]}
    [click, page, store, rest, asking, memory] = [
        found[job.format(READERS)]
        for job in (
            *(processes.CLICK, processes.PAGE, processes.STORE),
            *(processes.REST, processes.ASKING, processes.MEMORY),
        )
    ]
    most = 1e3 / page["ours"]
    stored = asking["ours"] + most * store["ours"]
    said = SHORT_NEXT[name].format(
        readers=READERS,
        zones=f"{click['zones']:,}",
        one=f"{1e3 / click['theirs']:.3g}",
        two=f"{1e3 / click['ours']:.3g}",
        ratio=f"{click['ratio']:.3g}",
        page=figure(page["ours"], "ms"),
        store=figure(store["ours"], "ms"),
        rest=figure(rest["ours"], "ms"),
        asking=figure(asking["ours"], "ms"),
        most=f"{most:.0f}",
        open=f"{1e3 / rest['ours']:.0f}",
        processes=f"{1e3 / stored:.0f}",
        memory=figure(memory["ours"], "MB"),
    )
    table, sentences = said.strip().split("\n\n")
    if "zh" not in name:
        sentences = fill(sentences, WIDTH)
    return "\n\n".join([table, sentences, machine([group])])


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
