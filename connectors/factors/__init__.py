"""Source factors."""
