"""Uploads that are made to be costly for who shows what became of them."""

import io
import json
import math
import zipfile

MANY = 200_000
"""Rows up to which a layer is read."""

SQUARE = ((0, 0), (1, 0), (1, 1), (0, 1), (0, 0))


def features(members):
    return b'{"type":"FeatureCollection","features":[' + b",".join(members) + b"]}"


def member(geometry, properties=None):
    return json.dumps(
        {"type": "Feature", "geometry": geometry, "properties": properties or {}},
        separators=(",", ":"),
        ensure_ascii=False,
    ).encode()


def polygon(outline):
    return member({"type": "Polygon", "coordinates": [outline]})


def point(lon, lat):
    return {"type": "Point", "coordinates": [lon, lat]}


def refused(n=MANY):
    """Give rows that are refused, each for a reason of its own."""
    return features(
        member({"type": "Polygon", "coordinates": [[[k, 999 + k], [k, 1]]]})
        for k in range(n)
    )


def many_notices(n=MANY // 4):
    """Give rows of each of which there is much to say, kind by kind."""
    kinds = [
        {"type": "Polygon", "coordinates": [[[120, 36], [120.1, 36], [120, 36.1]]]},
        {"type": "Point", "coordinates": [120, 36, 1, 2, 3]},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [0, 1], [1, 0], [0, 0]]]},
        {"type": "Line\u202e", "coordinates": []},
        {"type": "GeometryCollection", "geometries": [point(1, 2)]},
        {"type": "Point", "coordinates": ["a", None]},
        {"type": "LineString", "coordinates": [[1, 1]]},
        None,
    ]
    return features(
        member(
            kinds[k % len(kinds)], {"kind": f"k{k}", "sectors": f"s{k}", "id": k % 7}
        )
        for k in range(n)
    )


def long_texts(n=35, letters=800_000):
    """Give unknown words and reasons as long as a text may be."""
    words = "\u202ea" * (letters // 2)
    return features(
        member({"type": f"{k}{words}", "coordinates": []}, {f"{k}": words[: 9 + k]})
        for k in range(n)
    )


def columns(n=MANY):
    """Give a row with very many columns."""
    return features([member(point(1, 2), {f"c{k}": k for k in range(n)})])


def many_words(n=MANY - 1):
    """Give rows with values that the plan does not know, each with its own."""
    head = "lon,lat,name,kind,status,sectors,city,area_km2\n"
    lines = (f"120.{k},36.{k},n{k},k{k},s{k},x{k};y{k},c{k},b{k}\n" for k in range(n))
    return (head + "".join(lines)).encode()


def many_layers(n=1_900):
    """Give an archive of many layers with long names."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for k in range(n):
            archive.writestr(f"{k}{'a' * 200}.geojson", features([member(point(k, 1))]))
    return out.getvalue()


def folders(n=100_000):
    """Give a document of very many folders, each with a zone that is taken."""
    place = "<Placemark><Point><coordinates>1,2</coordinates></Point></Placemark>"
    parts = (f"<Folder><name>f{k}</name>{place}</Folder>" for k in range(n))
    head = '<kml xmlns="http://www.opengis.net/kml/2.2"><Document>'
    return f"{head}{''.join(parts)}</Document></kml>".encode()


def points(n=MANY // 2):
    """Give points, all of which are taken."""
    return features(member(place(k)) for k in range(n))


def place(k):
    return point(*corner(k))


def corner(k):
    return 120 + (k % 1000) / 1000, 36 + k // 1000 / 1000


def squares(n=MANY - 15_000, side=0.0005):
    """Give squares beside each other, all of which are taken."""
    steps = [(side * a, side * b) for a, b in SQUARE]
    return features(
        polygon([[round(x + a, 5), round(y + b, 5)] for a, b in steps])
        for x, y in map(corner, range(n))
    )


def long_line(n=1_000_000):
    """Give one line of very many places."""
    way = [[120 + k / 3e6, 36 + k % 7 / 1e5] for k in range(n)]
    return features([member({"type": "LineString", "coordinates": way})])


def long_ring(n=1_000_000):
    """Give one outline of very many places."""
    turns = (2 * math.pi * k / n for k in range(n))
    ring = [[round(121 + math.cos(t), 6), round(37 + math.sin(t), 6)] for t in turns]
    return features([member({"type": "Polygon", "coordinates": [[*ring, ring[0]]]})])


def rings(n=9_000, places=100):
    """Give outlines of many places each, all of which are taken."""
    turns = [2 * math.pi * k / places for k in range(places)]
    around = [(4e-4 * math.cos(turn), 4e-4 * math.sin(turn)) for turn in turns]
    around.append(around[0])
    return features(
        member(
            {
                "type": "Polygon",
                "coordinates": [
                    [[round(x + a, 6), round(y + b, 6)] for a, b in around]
                ],
            }
        )
        for x, y in map(corner, range(n))
    )


def combs(teeth=250):
    """Give two outlines that cross at every tooth of either."""
    steps = [(k / teeth, (k + 0.5) / teeth) for k in range(teeth)]
    places = [(0, 0)]
    for a, b in steps:
        places += [(a, 0.1), (a, 1), (b, 1), (b, 0.1)]
    places += [(1, 0), (0, 0)]
    return features(
        polygon([[120 + place[way], 36 + place[1 - way]] for place in places])
        for way in (0, 1)
    )


def heap(n=3_000):
    """Give squares of which each lies over all others."""
    return features(
        polygon([[120 + k / 1e4 + a, 36 + k / 1e4 + b] for a, b in SQUARE])
        for k in range(n)
    )


def many_cities(n=100_000):
    """Give zones each of which lies in a city of its own."""
    lines = (f"120.{k},36.{k},n{k},{k},f{k},c{k},s{k}\n" for k in range(n))
    return ("lon,lat,name,area_km2,focus_zh,city,source\n" + "".join(lines)).encode()


def many_patterns(n=90_000, patterns=150):
    """Give zones each of which has very many values in one column."""
    said = ";".join(f"p{k}" for k in range(patterns))
    lines = (f"120.{k},36.{k},n{k},{said}\n" for k in range(n))
    return ("lon,lat,name,patterns\n" + "".join(lines)).encode()


def long_names(n=40, letters=300_000):
    """Give an archive of zones with names and ids that are long and hide something."""
    words = "\u202ea" * (letters // 2)
    rows = [
        member(point(120 + k / 100, 36), {"name": f"{k}{words}", "id": f"{k}{words}"})
        for k in range(n)
    ]
    return zipped("a.geojson", features(rows))


def many_columns(n=5_000, columns=900):
    """Give a table of very many columns of which each says the same."""
    head = ",".join(["lon,lat", *(f"c{c}" for c in range(columns))])
    same = ",".join(["7"] * columns)
    lines = (f"120.{k:05},36,{same}" for k in range(n))
    return "\n".join([head, *lines]).encode()


def kept_texts(n=60, letters=300_000):
    """Give an archive of zones with long texts of their own."""
    words = "\u5b57" * letters
    rows = [member(point(120 + k / 100, 36), {"t": f"{k}{words}"}) for k in range(n)]
    return zipped("a.geojson", features(rows))


def kept_cells(n=60_000, columns=40):
    """Give an archive of a table with very many texts, each its own."""
    head = ",".join(["lon,lat", *(f"c{c}" for c in range(columns))])
    lines = (
        ",".join([f"120.{k:05},36.{k:05}", *(f"t{k}-{c}" for c in range(columns))])
        for k in range(n)
    )
    return zipped("a.csv", "\n".join([head, *lines]).encode())


def zipped(name, data):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, data)
    return out.getvalue()


SHAPES = {
    "200 000 refused rows": ("a.geojson", refused),
    "many notices a row": ("a.geojson", many_notices),
    "long texts": ("a.geojson", long_texts),
    "200 000 columns": ("a.geojson", columns),
    "200 000 unknown words": ("a.csv", many_words),
    "1 900 layers": ("a.zip", many_layers),
    "100 000 folders": ("a.kml", folders),
    "100 000 points that are taken": ("a.geojson", points),
    "200 000 points": ("a.geojson", lambda: points(MANY)),
    "100 000 squares that are taken": ("a.geojson", lambda: squares(MANY // 2)),
    "185 000 squares": ("a.geojson", squares),
    "9 000 outlines of 100 places": ("a.geojson", rings),
    "a line of 1 000 000 places": ("a.geojson", long_line),
    "a line of 1 900 000 places": ("a.geojson", lambda: long_line(1_900_000)),
    "an outline of 1 000 000 places": ("a.geojson", long_ring),
    "3 000 squares over each other": ("a.geojson", heap),
    "two outlines that cross 62 500 times": ("a.geojson", combs),
    "100 000 cities": ("a.csv", many_cities),
    "13 500 000 values to choose from": ("a.csv", many_patterns),
    "24 000 000 letters of names": ("a.zip", long_names),
    "900 columns that are taken": ("a.csv", many_columns),
    "18 000 000 letters that are taken": ("a.zip", kept_texts),
    "2 400 000 texts that are taken": ("a.zip", kept_cells),
}
"""Name and content, by what is too much in each."""
