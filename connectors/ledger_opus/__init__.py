"""Source ledger_opus."""
