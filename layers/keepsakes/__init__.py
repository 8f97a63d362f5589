"""What is taken along: the saved map and the printed summary."""
