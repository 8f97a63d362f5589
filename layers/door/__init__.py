"""Who may ask the server of the page, for what, and how long they may take."""
