"""What revision 0001 makes, by noun. Frozen: later changes are later revisions."""
