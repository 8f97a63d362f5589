"""
Open collections as a user of QGIS does; runs in the Python of the system.

Usage: python3 look.py WANTED.json SEEN.json
"""

import json
import sys
from pathlib import Path


def look(root, collection):
    from qgis.core import QgsVectorLayer, QgsWkbTypes

    address = f"url='{root}' typename='{collection}' restrictToRequestBBOX='0'"
    layer = QgsVectorLayer(address, collection, "OAPIF")
    if not layer.isValid():
        return {"valid": False}
    names = [field.name() for field in layer.fields()]
    rows = list(layer.getFeatures())
    return {
        "valid": True,
        "told": layer.featureCount(),
        "ids": [row["id"] for row in rows],
        "located": sum(row.hasGeometry() for row in rows),
        "shape": QgsWkbTypes.displayString(layer.wkbType()),
        "crs": layer.crs().authid(),
        "types": {name: layer.fields().field(name).typeName() for name in names},
    }


def main():
    from qgis.core import QgsApplication

    application = QgsApplication([], False)
    application.initQgis()
    wanted = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    seen = {name: look(*where) for name, where in wanted.items()}
    Path(sys.argv[2]).write_text(json.dumps(seen), encoding="utf-8")
    application.exitQgis()


if __name__ == "__main__":
    main()
