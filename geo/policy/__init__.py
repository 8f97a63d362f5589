"""What a plan says beyond its zones: goals, priorities, cities compared."""
