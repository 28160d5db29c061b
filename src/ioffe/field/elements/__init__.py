"""Quadratic finite elements on boxes: temperature, potential and thermal stress of modules."""
