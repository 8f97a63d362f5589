"""What knows the terminal: help, words of click, tables and streams."""
