"""Source fm_openmaint."""
