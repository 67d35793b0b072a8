"""Source ek109."""
