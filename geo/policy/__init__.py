"""What a plan says beyond its zones: statements, goals, priorities, cities compared."""
