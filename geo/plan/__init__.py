"""The plan as one value: read, built, begun anew, added to."""
