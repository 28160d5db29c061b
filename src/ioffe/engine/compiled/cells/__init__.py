"""Devices cut into cells and followed through time, one stage of a step after the other in machine code."""
