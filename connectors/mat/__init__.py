"""Source mat."""
