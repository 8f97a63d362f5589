"""From bytes to text and parts: archives, encodings, JSON, and what a file is."""
