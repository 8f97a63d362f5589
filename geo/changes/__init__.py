"""Changes of a plan, in one format: drafts, scenarios, differences, history."""
