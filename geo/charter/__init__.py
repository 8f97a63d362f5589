"""What a plan says of itself: its kinds, structures, cities, words and colours."""
