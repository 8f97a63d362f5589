"""The plan as other tools ask for it over HTTP, from the page's own server."""
