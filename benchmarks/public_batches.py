"""`solve_batch` against the engine beneath it: what reading, checking and collecting cost on plain legs.

One material, random lengths and hot sides, one thread; ratios are to the engine in the same run. Then curves
and derivatives of legs with contacts between reservoirs.
"""

import numpy as np

import ioffe as te
from benchmarks import compiled_devices
from benchmarks.timing import median_time, show
from ioffe.engine.compiled.packing import pack_tables
from ioffe.engine.compiled.plain import entry as plain
from ioffe.solve.assemble import assemble

COUNT, CURVES, POINTS, REAL = 200_000, 20_000, 61, 5_000
T_COLD, AREA, CURRENT = 330.0, 2e-6, 0.5


def main() -> None:
    rng = np.random.default_rng(0)
    vary = {"length": rng.uniform(1e-3, 5e-3, COUNT), "T_hot": rng.uniform(380.0, 560.0, COUNT)}
    leg = te.Leg("Bi0.42Sb1.58Te3", "2 mm", AREA)
    touched = leg.replace(contact=te.Contact("5 uohm cm2"))

    def conditions(current):
        return te.Generator(T_hot=500.0, T_cold=T_COLD, current=current)

    def public(current, count, device=leg):
        part = {path: values[:count] for path, values in vary.items()}
        return te.solve_batch(device, conditions(current), part, engine="compiled", threads=1)

    tables = pack_tables([assemble(leg, conditions(CURRENT)).network.legs[0].table])
    ends = tables, np.zeros(COUNT, int), vary["T_hot"], np.full(COUNT, T_COLD)
    few = tables, *(values[:CURVES] for values in ends[1:])
    j = CURRENT * vary["length"] / AREA
    pairs = {
        "efficiency at a current": (
            COUNT,
            lambda: plain.solve(*ends, j, threads=1),
            lambda: public(CURRENT, COUNT),
        ),
        "largest efficiency": (
            COUNT,
            lambda: plain.best(*ends, "efficiency", threads=1),
            lambda: public("max_efficiency", COUNT),
        ),
        f"a point of curves of {POINTS}": (
            CURVES * POINTS,
            lambda: plain.curve(*few, points=POINTS, threads=1),
            lambda: public("sweep", CURVES),
        ),
    }
    for title, (count, engine, call) in pairs.items():
        below, _ = median_time(engine, most=20)
        above, found = median_time(call, most=20)
        rows = [("solve_batch", above / count, found.error_estimate, f"{above / below:.2f} times the engine")]
        if call is pairs[f"a point of curves of {POINTS}"][2]:
            contacts, found = median_time(lambda: public("sweep", CURVES, touched), most=20)
            rows.append(("solve_batch, with contacts", contacts / count, found.error_estimate, ""))
        rows.append(("engine", below / count, 0.0, ""))
        show(f"Plain legs, {title}", rows)
    real_devices()


def real_devices() -> None:
    """Curves and derivatives of legs between reservoirs."""
    rng = np.random.default_rng(1)
    between = {"hot_resistance": "2 K/W", "cold_resistance": "2 K/W"}

    def call(device, operation, count, **options):
        conditions = te.Generator(T_hot=700.0, T_cold=300.0, **between, current=operation)
        vary = {"T_hot": rng.uniform(650.0, 750.0, count), "T_cold": rng.uniform(300.0, 320.0, count)}
        return te.solve_batch(device, conditions, vary, engine="compiled", threads=1, **options)

    single = te.Leg("Pb0.99Na0.01Te", "4 mm", "2 mm x 2 mm", contact=te.Contact("10 uohm cm2", "5 mm2 K/W"))
    rows = []
    for name, device in (("one segment", single), ("three segments", compiled_devices.leg(side=False))):
        seconds, found = median_time(lambda d=device: call(d, "sweep", REAL), most=10)
        rows.append((f"contacts, {name}", seconds / REAL / POINTS, found.error_estimate, ""))
    show(f"Legs between reservoirs, a point of curves of {POINTS}", rows)
    paths = ["segments[0].length", "segments[1].length", "T_hot", "current"]
    rows = []
    for name, options in (("alone", {}), ("with four derivatives", {"gradient": paths})):
        seconds, found = median_time(
            lambda o=options: call(compiled_devices.leg(side=False), 0.4, 4 * REAL, **o), most=20
        )
        rows.append((name, seconds / (4 * REAL), found.error_estimate, ""))
    show("Legs of three segments with four contacts, at a current", rows)


if __name__ == "__main__":
    main()
