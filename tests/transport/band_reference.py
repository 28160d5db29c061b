"""Rows of band_reference.csv, which make_band_reference.py writes."""

import csv

import numpy as np

from tests.transport.make_band_reference import FILE


def load(quantity):
    """{(a, b, c, bend): (levels, values)} of one quantity, as floats and arrays."""
    groups = {}
    with FILE.open(newline="") as file:
        for row in csv.DictReader(file):
            if row["quantity"] == quantity:
                key = tuple(float(row[name]) for name in ("a", "b", "c", "bend") if row[name])
                groups.setdefault(key, []).append((float(row["level"]), float(row["value"])))
    return {key: tuple(np.array(pairs).T) for key, pairs in groups.items()}
