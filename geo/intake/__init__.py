"""Plans that people bring: read strictly, told in full, nothing lost."""
