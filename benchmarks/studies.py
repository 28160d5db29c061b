"""CPU time of studies of a two-pair module, beside that of the engine alone and of an evolution of devices.

A sweep of 2^17 devices at their largest efficiency is stored; then its numbers, start-up left out, are set
beside one batch of the same devices. An optimum from 32 starts is set beside `scipy.optimize`'s vectorised
differential evolution over the same five variables, and its objective beside that of the optimum.
"""

import time
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from scipy.optimize import differential_evolution

import ioffe as te
from benchmarks.timing import note, show
from ioffe.solve.batch.solve import solve_cases
from ioffe.study import SamplePlan, Span, Spread, Study, optimise, propagate_study, sweep

COUNT, STARTS, DRAWS, POPULATION = 2**17, 32, 100_000, 15
FEW, MANY = 4096, 2**17
"""Samples of Sobol' indices: with their inputs and twice besides MANY are more than 1e6 devices."""
FAST = {"engine": "compiled", "threads": 1}
RANGES = {
    "p.length": Span(0.3e-3, 4e-3, spacing="log"),
    "n.area": Span(1e-6, 4e-6),
    "fill_factor": Span(0.05, 0.6),
    "hot[0].thickness": Span(0.3e-3, 1e-3),
    "n.contact_hot.electrical": Span(2e-10, 2e-9),
}
ERRORS = {"legs.length": "2 %", "legs.contact.electrical": Spread("20 %", "log-normal"), "T_hot": "2 K"}


def module() -> te.Module:
    contact = te.Contact("5 uohm cm2", "1e-6 m2 K/W")
    legs = (te.Leg(name, "2 mm", "2 mm2", contact=contact) for name in ("Bi0.42Sb1.58Te3", "Bi2Te3"))
    plate = [te.Layer("Al2O3 96%", "0.7 mm")]
    return te.Module(*legs, couples=2, fill_factor=0.3, hot=plate, cold=plate)


def timed(call):
    start = time.process_time()
    found = call()
    return time.process_time() - start, found


def main() -> None:
    aim = te.Generator(T_hot=500.0, T_cold=330.0, current="max_efficiency")
    ranges = {"p.length": Span(1e-3, 3e-3), "n.area": Span(1e-6, 3e-6)}
    study = Study(module(), aim, ranges, ["efficiency", "power"], sample=SamplePlan(COUNT))
    solve_cases(module(), aim, study.vary(0, 500), keep=study.kept, **FAST)  # loads the engine
    with TemporaryDirectory() as folder:
        sweep(study.replace(sample=SamplePlan(512)), Path(folder) / "first", engine="compiled")
        stored, _ = timed(lambda: sweep(study, Path(folder) / "run", engine="compiled"))
        size = sum(one.stat().st_size for one in (Path(folder) / "run" / "chunks").iterdir())
    bare, _ = timed(lambda: solve_cases(module(), aim, study.vary(0, COUNT), keep=study.kept, **FAST))
    print(f"\nA sweep of {COUNT:,} two-pair modules at their largest efficiency, one process")
    print(f"  stored {1e6 * stored / COUNT:.3g} us a device, the engine alone {1e6 * bare / COUNT:.3g} us")
    print(f"  {size / COUNT / 7:.2g} bytes a number")
    note("A sweep, stored", stored / COUNT, ratio=stored / bare, bytes_a_number=size / COUNT / 7)

    asked = Study(module(), aim, {}, ["efficiency"])
    drawn, _ = timed(lambda: propagate_study(asked, ERRORS, method="monte carlo", samples=DRAWS, **FAST))
    print(f"  {DRAWS:,} random draws: {drawn:.2g} s")
    note(f"{DRAWS:,} draws", drawn)

    wide = {**ERRORS, "n.area": "10 %", "fill_factor": "10 %", "hot[0].thickness": "5 %"}
    found = {}
    for count in (FEW, MANY):
        how = {"method": "sobol", "samples": count, **FAST}
        spent, found[count] = timed(partial(propagate_study, asked, wide, **how))
        print(
            f"  Sobol' indices of {len(wide)} inputs from {count * (len(wide) + 2):,} devices: {spent:.2g} s"
        )
    few, many = (found[count] for count in (FEW, MANY))
    for one in ("shares", "totals"):
        first, second = (getattr(result, one)["efficiency"] for result in (few, many))
        print(f"  largest difference of their {one}: {np.abs(first - second).max():.1e}")
        note(f"Sobol' {one}", spent, error=float(np.abs(first - second).max()))

    films = {"hot_heat_transfer_coefficient": 3000.0, "cold_heat_transfer_coefficient": 5000.0}
    power = te.Generator(T_hot=480.0, T_cold=330.0, load="max_power", **films)
    wanted = Study(module(), power, RANGES, ["power_density"], sample=SamplePlan(STARTS))
    optimise(wanted.replace(sample=SamplePlan(1)), **FAST)
    together, best = timed(lambda: optimise(wanted, **FAST))

    def negative(shares):
        vary = {axis.path: axis.at(x) for axis, x in zip(wanted.sampled, shares, strict=True)}
        return -solve_cases(module(), power, vary, keep=["power_density"], **FAST).power_density

    bounds = [(0.0, 1.0)] * len(RANGES)
    how = {
        "vectorized": True,
        "updating": "deferred",
        "polish": False,
        "rng": 0,
        "tol": 1e-8,
        "popsize": POPULATION,
    }
    evolved, found = timed(lambda: differential_evolution(negative, bounds, **how))
    one, _ = timed(lambda: optimise(wanted.replace(sample=SamplePlan(1)), **FAST))
    error = abs(-found.fun / float(np.max(best.power_density)) - 1.0)
    rows = [
        (f"{STARTS} starts at once", together, 0.0, f"{best.evaluations} gradients"),
        (f"{STARTS} starts one by one", STARTS * one, 0.0, f"{STARTS} times one start"),
        ("differential evolution", evolved, error, f"{found.nfev * POPULATION * len(RANGES)} devices"),
    ]
    show("Largest power density over five variables", rows)


if __name__ == "__main__":
    main()
