"""What revision 0012 makes, by noun. Frozen: later changes are later revisions."""
