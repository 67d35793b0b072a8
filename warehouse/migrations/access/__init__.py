"""What revision 0024 makes, by noun. Frozen: later changes are later revisions."""
