"""GML and GPX: what was meant is read, links to other files are cut."""

import pytest
import shapely

from beltmap.geo.intake.formats.gdal.xmltext import screened
from beltmap.geo.intake.limits import Limits
from tests.geo.intake.formats.gdal.makers import (
    ARC_RING,
    SQUARE,
    gml,
    gml_ring,
    gml_zone,
    gpx,
)
from tests.geo.intake.formats.reading import codes, read

pytestmark = pytest.mark.usefixtures("as_worker")

POINT = '<wpt lat="36" lon="120"><name>甲园</name></wpt>'
TRACK = (
    '<trk><name>绿道</name><trkseg><trkpt lat="36" lon="120"/>'
    '<trkpt lat="36.1" lon="120.1"/></trkseg></trk>'
)


@pytest.mark.parametrize("name", ["a.gml", "a.xml", "a.kml", "a"])
def test_gml_is_read_whatever_its_ending(name):
    outcome = read(name, gml(gml_zone("甲园"), gml_zone("乙园")).encode())
    assert outcome.receipt.format == "gml"
    assert outcome.zones["name_zh"].tolist() == ["甲园", "乙园"]
    assert shapely.equals(outcome.rows.geometries[0], shapely.Polygon(SQUARE))


@pytest.mark.parametrize(
    ("crs", "corners"),
    [
        ("urn:ogc:def:crs:EPSG::4326", [(y, x) for x, y in SQUARE]),
        ("http://www.opengis.net/def/crs/EPSG/0/4326", [(y, x) for x, y in SQUARE]),
        ("http://www.opengis.net/gml/srs/epsg.xml#4326", SQUARE),
        ("EPSG:4326", SQUARE),
    ],
)
def test_the_order_of_axes_is_that_of_the_crs(crs, corners):
    zone = gml_zone("甲园", gml_ring(corners), crs)
    outcome = read("a.gml", gml(zone).encode())
    assert outcome.rows.geometries[0].bounds == pytest.approx((120, 36, 120.1, 36.1))


def test_gml_without_a_crs_is_asked():
    outcome = read("a.gml", gml(gml_zone("甲园", crs="")).encode())
    assert [one.about for one in outcome.questions] == ["crs"]


def test_kinds_of_features_are_layers():
    data = gml(gml_zone("甲园"), gml_zone("路", kind="road")).encode()
    assert set(read("a.gml", data).layers) == {"zone", "road"}
    assert read("a.gml", data, layer="road").zones["name_zh"].tolist() == ["路"]


def test_arcs_of_gml_become_lines_and_are_said():
    outcome = read("a.gml", gml(gml_zone("甲园", ARC_RING)).encode())
    assert "W_CURVES" in codes(outcome)
    points = shapely.get_coordinates(outcome.rows.geometries[0])
    # half a circle below the square, a point every degree
    assert len(points) > 180
    below = points[points[:, 1] < 36 - 1e-9]
    away = shapely.distance(shapely.points(below), shapely.Point(120.05, 36))
    assert away == pytest.approx(0.05, abs=1e-9)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_the_declared_encoding_of_gml_counts(encoding):
    head = f'<?xml version="1.0" encoding="{encoding}"?>'
    outcome = read("a.gml", gml(gml_zone("崂山园"), head=head).encode(encoding))
    assert outcome.zones["name_zh"].tolist() == ["崂山园"]


@pytest.mark.parametrize("kind", ["gml", "gpx"])
def test_document_types_are_refused(kind):
    head = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    made = {"gml": gml(gml_zone("&x;"), head=head), "gpx": gpx(POINT, head)}
    assert codes(read(f"a.{kind}", made[kind].encode())) == {"E_XML_DTD"}


def test_depth_is_limited():
    deep = "<p:a>" * 70 + "</p:a>" * 70
    assert codes(read("a.gml", gml(gml_zone("甲", more=deep)).encode())) == {
        "E_XML_DEPTH"
    }


@pytest.mark.parametrize(
    ("root", "gone"),
    [
        ('xsi:schemaLocation="http://example.org/p /etc/x.xsd"', "/etc/x.xsd"),
        ("xsi:schemaLocation = 'http://example.org/p\n http://h/x.xsd'", "http://h"),
        ('a=">" xsi:noNamespaceSchemaLocation="/etc/x.xsd"', "/etc/x.xsd"),
        ('a="x"xsi:schemaLocation="a /etc/x.xsd"', "/etc/x.xsd"),
        ('xlink:href="/etc/x.gml"', "/etc/x.gml"),
        ('srsName="/etc/x.prj"', "/etc/x.prj"),
        ('srsName=" http://h/x"', "http://h"),
    ],
)
def test_links_to_other_files_are_cut(root, gone):
    data = gml(gml_zone("见 http://h 和 /etc/x.xsd"), root=root)
    if '"xsi' in root:
        # no well-formed text, and refused as such
        assert codes(read("a.gml", data.encode())) == {"E_XML_SYNTAX"}
        return
    cut = screened(data.encode(), Limits(), None).data.decode()
    start = cut[cut.index("<p:All") : cut.index("featureMember")]
    assert gone not in start
    assert "见 http://h 和 /etc/x.xsd" in cut
    assert read("a.gml", data.encode()).receipt.drawn == 1


def test_what_a_crs_is_called_stays():
    data = gml(gml_zone("甲", crs="urn:ogc:def:crs:EPSG::4549")).encode()
    assert b"EPSG::4549" in screened(data, Limits(), None).data


@pytest.mark.parametrize("data", [gml(), gml("<p:zone/>"), gpx("")])
def test_nothing_is_never_drawn(data):
    outcome = read("a.gml" if "gml" in data else "a.gpx", data.encode())
    assert outcome.rows is None or outcome.receipt.drawn == 0
    assert codes(outcome) & {"E_GML_BROKEN", "W_NOTHING_TO_DRAW"}


def test_only_the_layers_of_gpx_that_are_there_are_asked():
    outcome = read("a.gpx", gpx(POINT).encode())
    assert outcome.layers == ("waypoints",)
    assert outcome.zones["name_zh"].tolist() == ["甲园"]
    assert set(outcome.rows.columns) == {"name"}
    both = read("a.gpx", gpx(POINT + TRACK).encode())
    assert both.layers == ("waypoints", "tracks")
    track = read("a.gpx", gpx(POINT + TRACK).encode(), layer="tracks")
    assert track.zones["name_zh"].tolist() == ["绿道"]
    assert track.rows.geometries[0].geom_type == "MultiLineString"


def test_rows_and_columns_are_limited():
    many = gml(*[gml_zone(str(n)) for n in range(4)]).encode()
    few = Limits(rows=3)
    assert codes(read("a.gml", many, limits=few)) == {"E_TOO_MANY_ROWS"}
    narrow = Limits(columns=0)
    assert codes(read("a.gml", many, limits=narrow)) == {"E_TOO_MANY_COLUMNS"}
