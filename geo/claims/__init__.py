"""Every figure and statement of a plan: read, compared and said."""
