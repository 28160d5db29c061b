"""Make `examples/synthetic-series.csv`: a doping series computed from two bands, with scattered points.

    .venv/bin/python tools/make_analysis_example.py

The numbers it was made with are those that a fit must give back; the tests compare with them.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ioffe.base.constants import e
from ioffe.material.fit import ReciprocalLattice, TwoBands

FILE = Path(__file__).parents[1] / "examples" / "synthetic-series.csv"
MODEL = TwoBands("0.28 eV", lattice=ReciprocalLattice())
PARAMETERS = {
    "effective_mass": 1.1,
    "weighted_mobility": 260e-4,
    "effective_mass_minority": 0.9,
    "weighted_mobility_minority": 200e-4,
    "gap": 0.24 * e,
    "lattice_300": 1.0,
    "umklapp_share": 0.8,
}
DENSITIES = {"x = 0.5 %": 8e24, "x = 1 %": 2e25, "x = 2 %": 4.5e25, "x = 4 %": 1e26}
"""Net doping in 1/m3 by sample."""
T = np.arange(300.0, 651.0, 25.0)
PERCENT = {
    "seebeck": 1.0,
    "electrical_conductivity": 1.5,
    "thermal_conductivity": 2.0,
    "hall_coefficient": 4.0,
}
"""Standard deviations of the points, which are stated in the file."""
SEED = 7
HEAD = """\
# note: synthetic, no real sample: two parabolic bands over a gap of 0.24 eV, with the scatter that is stated
# method: computed by tools/make_analysis_example.py
# source: ioffe example
# licence: CC0-1.0
# carrier: p
"""
COLUMNS = "sample,T (K),S (uV/K),S_std (%),sigma (S/cm),sigma_std (%)"
COLUMNS += ",kappa (W/m/K),kappa_std (%),R_H (cm3/C),R_H_std (%)"


def text() -> str:
    """The whole file."""
    rng = np.random.default_rng(SEED)
    lines = [HEAD + COLUMNS]
    for name, density in DENSITIES.items():
        values = {k: np.array([[v]]) for k, v in PARAMETERS.items()} | {
            "carrier_density": np.array([[density]])
        }
        found = MODEL.predict(values, T, 1.0, tuple(PERCENT))
        noise = {k: 1.0 + 0.01 * p * rng.standard_normal(len(T)) for k, p in PERCENT.items()}
        S, sigma, kappa, R_H = (found[k][0] * noise[k] for k in PERCENT)
        for row in zip(T, S * 1e6, sigma * 1e-2, kappa, R_H * 1e6, strict=True):
            words = [f"{row[0]:g}"]
            for number, form, percent in zip(
                row[1:], ("5.1f", "5.0f", "5.3f", "6.4f"), PERCENT.values(), strict=True
            ):
                words += [f"{number:{form}}".strip(), f"{percent:g}"]
            lines.append(",".join([name, *words]))
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
