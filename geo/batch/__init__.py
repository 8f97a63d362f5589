"""A plan in many parts, measured part by part: here, or by the workers of a cluster."""
