"""Source ledger_files."""
