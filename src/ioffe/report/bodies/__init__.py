"""Modules in three dimensions on pages: views, cuts, thermal stress."""
