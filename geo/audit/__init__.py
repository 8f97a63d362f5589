"""Does the plan add up? Rules, and what they find."""
