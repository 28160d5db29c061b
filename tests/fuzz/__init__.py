"""Mutated inputs for every command: see `python -m tests.fuzz --help`."""
