"""Devices followed through time."""
