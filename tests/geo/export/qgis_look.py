"""
Look at layers with QGIS; runs in the Python of the system, which has QGIS.

Usage: python3 qgis_look.py WANTED.json SEEN.json
"""

import json
import sys
from pathlib import Path


def look(uri):
    """Open one layer as a user of QGIS would and say what is there."""
    from qgis.core import QgsDistanceArea, QgsProject, QgsVectorLayer

    layer = QgsVectorLayer(uri, "seen", "ogr")
    if not layer.isValid():
        return {"valid": False}
    names = [field.name() for field in layer.fields()]
    box = layer.extent()
    tape = QgsDistanceArea()
    tape.setSourceCrs(layer.crs(), QgsProject.instance().transformContext())
    tape.setEllipsoid("WGS84")
    renderer = layer.renderer()
    sorted_out = renderer is not None and renderer.type() == "categorizedSymbol"
    return {
        "valid": True,
        "rows": [
            {name: plain(feature[name]) for name in names}
            for feature in layer.getFeatures()
        ],
        "located": sum(f.hasGeometry() for f in layer.getFeatures()),
        "area_m2": sum(tape.measureArea(f.geometry()) for f in layer.getFeatures()),
        "aliases": [field.alias() for field in layer.fields()],
        "epsg": layer.crs().authid(),
        "crs": layer.crs().description(),
        "extent": [box.xMinimum(), box.yMinimum(), box.xMaximum(), box.yMaximum()],
        "colours": {
            str(category.value()): [
                category.symbol().symbolLayer(0).strokeColor().name().upper(),
                category.symbol().symbolLayer(0).fillColor().name().upper(),
            ]
            for category in (renderer.categories() if sorted_out else ())
        },
        "labelled": layer.labelsEnabled(),
    }


def plain(value):
    """Give a value of a field as JSON has it; QGIS's NULL is no None."""
    return value if isinstance(value, str | int | float) else None


def main():
    from qgis.core import QgsApplication

    application = QgsApplication([], False)
    application.initQgis()
    wanted = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    seen = {name: look(uri) for name, uri in wanted.items()}
    Path(sys.argv[2]).write_text(json.dumps(seen), encoding="utf-8")
    application.exitQgis()


if __name__ == "__main__":
    main()
