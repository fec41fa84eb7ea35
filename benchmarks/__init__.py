"""Benchmarks: Decade beside a typical notebook and a plain database, on the same files, in one run."""
