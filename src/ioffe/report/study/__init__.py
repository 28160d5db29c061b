"""Studies of many devices: maps and the page of a sweep, rankings as bars."""
