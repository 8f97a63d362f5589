"""Which zones match, what they add up to, and what changed."""
