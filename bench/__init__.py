"""Benchmarks: one JSON line per figure; run with `make bench`."""
