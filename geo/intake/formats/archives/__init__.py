"""Formats that are archives of other files."""
