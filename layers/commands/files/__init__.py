"""Commands that read files: check, import, new, basemap and diff."""
