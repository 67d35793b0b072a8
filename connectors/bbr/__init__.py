"""Source bbr."""
