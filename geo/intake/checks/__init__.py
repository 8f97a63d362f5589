"""What is checked and repaired before a layer is drawn."""
