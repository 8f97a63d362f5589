"""
Edit zones of a store with QGIS; runs in the Python of the system, which has QGIS.

Usage: python3 qgis_edit.py HOST PORT DATABASE SEEN.json
"""

import json
import sys
from pathlib import Path

TOWN = "qd-town-laoshan"


def opened(host, port, database, table):
    """Open a table or view as a user of QGIS would, with its default style."""
    from qgis.core import QgsDataSourceUri, QgsVectorLayer

    uri = QgsDataSourceUri()
    uri.setConnection(host, port, database, "postgres", "")
    uri.setDataSource("plan", table, "geom", "", "id")
    return QgsVectorLayer(uri.uri(), table, "postgres")


def change(layer, column, value):
    """Change a zone in an edit session that stays open."""
    from qgis.core import QgsFeatureRequest

    request = QgsFeatureRequest().setFilterExpression(f"id = '{TOWN}'")
    zone = next(layer.getFeatures(request))
    layer.startEditing()
    if column == "geom":
        geometry = zone.geometry()
        geometry.translate(value, 0)
        layer.changeGeometry(zone.id(), geometry)
    layer.changeAttributeValue(
        zone.id(),
        layer.fields().indexOf("name_en" if column == "geom" else column),
        zone["name_en"] + "*" if column == "geom" else value,
    )


def main():
    from qgis.core import QgsApplication

    application = QgsApplication([], False)
    application.initQgis()
    given = sys.argv[1:4]
    one, two = (opened(*given, table) for table in ("zones", "towns"))
    seen = {
        "valid": one.isValid() and two.isValid(),
        "zones": one.featureCount(),
        "towns": two.featureCount(),
        "style": one.renderer().type(),
        "colours": len(one.renderer().categories()),
        "comment": one.fields().field("part_of").comment(),
        "alias": one.attributeAlias(one.fields().indexOf("name_en")),
    }
    change(two, "name_zh", "乙")
    change(one, "geom", 0.01)
    seen["first"] = [one.commitChanges(), one.commitErrors()]
    seen["second"] = [two.commitChanges(), two.commitErrors()]
    two.rollBack()
    change(two, "name_zh", "丙")
    seen["again"] = [two.commitChanges(), two.commitErrors()]
    change(two, "status", "guessed")
    seen["wrong"] = [two.commitChanges(), two.commitErrors()]
    Path(sys.argv[4]).write_text(json.dumps(seen), encoding="utf-8")


if __name__ == "__main__":
    main()
