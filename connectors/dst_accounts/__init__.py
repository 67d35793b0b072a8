"""Source dst_accounts."""
