"""Source fm_dalux."""
