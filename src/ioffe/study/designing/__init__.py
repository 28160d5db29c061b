"""The ready questions of a designer: one table, one record each."""
