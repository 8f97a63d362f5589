"""Formats of plain text: JSON of other makes, tables of land parcels."""
