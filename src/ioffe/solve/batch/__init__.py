"""Batches: one device under one kind of conditions, with any of their numbers and materials varied."""
