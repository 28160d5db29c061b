"""Measured devices: sweeps over the computed curves, tables of differences, the page of a calibration."""
