"""The plan, its geometry and its measures; knows no map and no page."""
