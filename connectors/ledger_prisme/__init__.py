"""Source ledger_prisme."""
