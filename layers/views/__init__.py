"""What stands beside the map, as HTML without a page."""
