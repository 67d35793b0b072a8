"""Source statbank."""
