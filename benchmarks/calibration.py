"""Calibrations of synthetic measurements: how often 95 % intervals hold the truth, and the time of one."""

import time

import numpy as np

import ioffe as te
from benchmarks.timing import note

SETS, SEED = 200, 20260301
PARAMETERS = ("contact.electrical", "contact.thermal", "bypass_conductance")
NOISE = {"voltage": 3e-5, "heat_cold": 4e-3}
"""Standard deviation of one point in V and W: 0.05 and 0.8 % of the largest values."""
CONDITIONS = te.Generator(T_hot=533.0, T_cold=303.0)
T_HOT = np.repeat([403.0, 473.0, 533.0], 7)
CURRENT = np.tile(np.linspace(0.0, 2.4, 7), 3)


def leg(electrical=0.0, thermal=0.0):
    """A leg of 3 x 3 x 5 mm between 303 and up to 533 K."""
    contact = te.Contact(electrical, thermal)
    return te.Leg("MgAgSb0.99In0.01", "5 mm", "9 mm2", contact=contact)


def synthetic(rng, *, thermal=True):
    """A measurement with normal noise, and the numbers behind it; a third has no heat beside the leg."""
    truth = np.array([rng.uniform(2e-10, 2e-9), rng.uniform(5e-6, 5e-5), rng.choice([0.0, 2e-4, 8e-4])])
    truth[1] *= thermal
    vary = {"T_hot": T_HOT, "T_cold": 303.0, "current": CURRENT}
    at = CONDITIONS.replace(current=0.0)
    solved = te.solve_batch(leg(*truth[:2]), at, vary, tolerance=1e-8)
    heat = solved.heat_cold + truth[2] * (T_HOT - 303.0)
    numbers = {"T_hot": T_HOT, "T_cold": np.full(T_HOT.size, 303.0), "current": CURRENT}
    numbers["voltage"] = solved.voltage + NOISE["voltage"] * rng.standard_normal(T_HOT.size)
    numbers["heat_cold"] = heat + NOISE["heat_cold"] * rng.standard_normal(T_HOT.size)
    return te.measured.measurement_of(numbers, name="synthetic"), truth


def coverage(sets, seed=SEED, *, thermal=True):
    """For each set and parameter whether its interval holds the truth, and whether it ends at a bound.

    Without thermal contacts there are two parameters and a fraction of the work.
    """
    rng = np.random.default_rng(seed)
    which = [0, 1, 2] if thermal else [0, 2]
    holds, bound = np.zeros((2, sets, len(which)), bool)
    for k in range(sets):
        measurement, truth = synthetic(rng, thermal=thermal)
        start = leg(5e-10, 1e-5 * thermal)
        found = te.calibrate(start, CONDITIONS, measurement, [PARAMETERS[i] for i in which])
        holds[k] = (found.low <= truth[which]) & (truth[which] <= found.high)
        bound[k] = found.open_low
    return holds, bound


def main():
    print(f"\n== Calibration: {SETS} synthetic measurements of a leg, 42 points, three parameters ==")
    start = time.process_time()
    holds, bound = coverage(SETS)
    each = (time.process_time() - start) / SETS
    for name, held, open_ in zip(PARAMETERS, holds.T, bound.T, strict=True):
        inner, outer = held[~open_], held[open_]
        print(f"  {name:22} 95 % intervals hold the truth in {inner.mean():.1%} of {inner.size}", end="")
        print(f"; with an end at the bound in {outer.mean():.1%} of {outer.size}" if outer.size else "")
    note("calibration of a leg, 42 points", each, error=abs(float(holds[~bound].mean()) - 0.95))


if __name__ == "__main__":
    main()
