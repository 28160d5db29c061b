"""Legs of one material between given temperatures, many at once in vector registers."""
