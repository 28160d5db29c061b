"""Thermal stress of modules in quadratic elements."""
