"""The map as a picture on paper, drawn without a browser."""
