"""Source stil."""
