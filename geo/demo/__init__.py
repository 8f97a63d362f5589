"""Made-up plans of any size."""
