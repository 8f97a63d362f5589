"""Large layers in tiles: what a view needs, and no more."""
