"""A plan in PostgreSQL with PostGIS: pushed, pulled, kept with its history."""
