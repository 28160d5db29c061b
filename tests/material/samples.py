"""Materials and small files that several tests use."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ioffe.material import Material

T = np.array([300.0, 350.0, 400.0, 450.0, 500.0, 550.0, 600.0])
HEADER = "T (K),S (uV/K),sigma (S/cm),kappa (W/(m K))"
ROWS = "300,200,900,1.5\n350,210,850,1.4\n400,220,800,1.3\n"


def smooth(**changes) -> Material:
    """A p-type material without anything doubtful."""
    t = T - 300.0
    fields = {
        "seebeck": (180.0 + 0.1 * t) / 1e6,
        "electrical_conductivity": 9e4 * (300.0 / T),
        "thermal_conductivity": 1.5 + 2e-4 * t,
    }
    return Material.from_arrays("smooth", "p", T, **(fields | changes))


def write(folder: Path, name: str, text: str | bytes, encoding: str = "utf-8") -> Path:
    """Write a file and return its path."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    return path
