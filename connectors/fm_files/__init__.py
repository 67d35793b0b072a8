"""Source fm_files."""
