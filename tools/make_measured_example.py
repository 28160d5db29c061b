"""Make examples/measured-module.csv, an invented measurement of a module, and the pictures made of it.

    python tools/make_measured_example.py

The module is computed with contacts, leads and heat beside the legs that its file does not have; the numbers
get normal noise. Nothing of it was measured.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

import ioffe as te
from ioffe.base.plotting import look
from ioffe.measured.file import calibrate_file, compared
from ioffe.report.measured.figures import calibration_figure, residual_figure, sweep_figure

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
IMAGES = EXAMPLES.parent / "docs" / "images"
CONTACT = te.Contact("32 uohm cm2", "30 mm2 K/W")
BYPASS, HEAT_FACTOR = 1.6e-3, 1.012
"""Heat conductance beside the legs in W/K, and the factor by which the calorimeter is wrong."""
NOISE = {"voltage": 6e-5, "heat": 8e-3}
"""Of one point, in V and W."""
SEED = 7
HEAD = """\
# Invented: computed with contacts of 32 uohm cm2 and 30 mm2 K/W on the legs, 1.6 mW/K beside them and a
# calorimeter that shows 1.2 % too much, with normal noise of 0.06 mV and 8 mW.
# Made by tools/make_measured_example.py; nothing of it was measured.
# heat: cold
I (A),V (mV),Q (W),T_hot (K),T_cold (K)
"""


def main() -> None:
    device, conditions = te.read_device(EXAMPLES / "measured-module.toml")
    module = device.replace(p=device.p.replace(contact=CONTACT), n=device.n.replace(contact=CONTACT))
    rng = np.random.default_rng(SEED)
    lines = []
    for hot, largest in ((373.0, 2.0), (473.0, 4.5), (573.0, 7.0)):
        current = np.linspace(0.0, largest, 8)
        T_hot, T_cold = hot + rng.uniform(-0.4, 0.4, 8), 293.0 + rng.uniform(-0.2, 0.2, 8)
        vary = {"T_hot": T_hot, "T_cold": T_cold, "current": current}
        found = te.solve_batch(module, conditions.replace(current=0.0, T_hot=hot), vary, tolerance=1e-8)
        V = found.voltage + NOISE["voltage"] * rng.standard_normal(8)
        Q = HEAT_FACTOR * (found.heat_cold + BYPASS * (T_hot - T_cold)) + NOISE["heat"] * rng.standard_normal(
            8
        )
        rows = zip(current, 1e3 * V, Q, T_hot, T_cold, strict=True)
        lines += [f"{i:.3f},{v:.2f},{q:.3f},{h:.2f},{c:.2f}" for i, v, q, h, c in rows]
    (EXAMPLES / "measured-module.csv").write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    draw()


def draw() -> None:
    """Write the pictures of the documentation."""
    file = te.read_device(EXAMPLES / "measured-module.toml")
    found = calibrate_file(file)
    pictures = {
        "measured-module": sweep_figure(compared(file)[0]),
        "calibrated-module": calibration_figure(found),
        "calibration-residuals": residual_figure(found),
    }
    for name, figure in pictures.items():
        with look():
            figure.savefig(IMAGES / f"{name}.png", dpi=150, metadata={"Software": None})


if __name__ == "__main__":
    main()
