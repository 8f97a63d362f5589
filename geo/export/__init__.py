"""Exports: a plan in the formats of GIS, CAD, spreadsheets and documents."""
