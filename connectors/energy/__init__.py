"""Source energy."""
