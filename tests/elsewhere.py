"""A plan of another place, with a basemap of its own or without one."""

import json
import re
import shutil

import geopandas as gpd
import pandas as pd
import shapely

from beltmap.geo.charter.reading import DEFAULT, default_charter, shipped_plans
from beltmap.geo.geometry.geojson import dumps
from beltmap.geo.shipped import SHIPPED

EAST, NORTH = -129.5, 2.6
"""From Qingdao to Lisbon, degrees."""

LAND = (-9.6, 38.4, -9.0, 39.2)
OWNER = "© City of Lisbon"


def write_elsewhere(folder, *, own):
    """Write the shipped plan as if it were around Lisbon; give the folder."""
    write_flat(folder)
    shutil.rmtree(folder / "basemap")
    anchors = pd.read_csv(folder / "anchors.csv")
    anchors = anchors.assign(lon=anchors["lon"] + EAST, lat=anchors["lat"] + NORTH)
    anchors.to_csv(folder / "anchors.csv", index=False)
    for name in default_charter().files.values():
        zones = gpd.read_file(folder / name)
        moved = zones.set_geometry(zones.translate(EAST, NORTH).set_crs(4326))
        (folder / name).write_bytes(dumps(moved, name=name))
    if own:
        write_basemap(folder / "basemap")
    return folder


def write_basemap(folder):
    """Write a square of land, a road along its middle, and a name on it."""
    folder.mkdir()
    west, south, east, north = LAND
    middle = (west + east) / 2
    shapes = {
        "land": (shapely.box(*LAND), {"attribution": OWNER}),
        "roads": (shapely.LineString([(middle, south), (middle, north)]), {}),
    }
    for name, (shape, properties) in shapes.items():
        feature = {
            "type": "Feature",
            "properties": properties,
            "geometry": json.loads(shapely.to_geojson(shape)),
        }
        document = {"type": "FeatureCollection", "features": [feature]}
        (folder / f"{name}.geojson").write_text(json.dumps(document))
    (folder / "labels.csv").write_text(
        "name_en,name_zh,lon,lat,role\nLisbon,里斯本,-9.1,38.92,city\n",
        encoding="utf-8",
    )


def write_flat(folder):
    """Write the shipped plans as one plan without parts, as it was once; give it."""
    folder.mkdir(parents=True, exist_ok=True)
    plans = list(shipped_plans().values())
    for name in ("claims", "sources", "anchors", "zones", "glossary", "sectors"):
        tables = [pd.read_csv(plan / f"{name}.csv", dtype=str) for plan in plans]
        table = pd.concat(tables).drop_duplicates()
        table.to_csv(folder / f"{name}.csv", index=False)
    heads = [(plan / "plan.toml").read_text(encoding="utf-8") for plan in plans]
    words = [head.partition("[words.")[2] for head in heads]
    together = (SHIPPED / "plan.toml").read_text(encoding="utf-8")
    [titles] = re.findall(r"(?m)^title = .*\nsubtitle = .*$", together)
    default = (DEFAULT / "plan.toml").read_text(encoding="utf-8")
    joined = re.sub(r"(?m)^title = .*$", lambda _: titles, default)
    joined += f"\n[words.{words[0]}"
    joined += words[1].partition("[words.subject]\n")[2] or words[1].partition("]")[2]
    (folder / "plan.toml").write_text(joined, encoding="utf-8")
    parts = {
        file: [plan / file for plan in plans if (plan / file).exists()]
        for file in default_charter().files.values()
    }
    for file, layers in parts.items():
        first, *others = [json.loads(one.read_text(encoding="utf-8")) for one in layers]
        for one in others:
            first["features"] += one["features"]
        (folder / file).write_text(json.dumps(first), encoding="utf-8")
    for plan in plans:
        for axis in plan.glob("axis*.geojson"):
            shutil.copy(axis, folder)
    shutil.copytree(SHIPPED / "basemap", folder / "basemap")
    return folder
