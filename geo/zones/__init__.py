"""The zones of a plan: their table, their layer files, and their faults."""
