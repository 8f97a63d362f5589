"""Formats that GDAL reads: in the worker, one driver at a time, from memory alone."""
