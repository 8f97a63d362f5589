"""What lies under the zones of a plan: read, and cut out of files that people have."""
