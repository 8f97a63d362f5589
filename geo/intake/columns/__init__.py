"""Which column says what: guesses, coordinates, names."""
