"""What lies under the zones."""
