"""The tables that are read, computed and worded once for page, terminal and paper."""
