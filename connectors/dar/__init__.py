"""Source dar."""
