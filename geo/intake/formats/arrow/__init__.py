"""Parquet, and geometries as Arrow has them."""
