"""What revision 0021 makes, by noun. Frozen: later changes are later revisions."""
