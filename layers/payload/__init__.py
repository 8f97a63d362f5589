"""Zones as the browser reads them: columns, outlines and drawing steps."""
