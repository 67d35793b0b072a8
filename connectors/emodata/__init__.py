"""Source emodata."""
