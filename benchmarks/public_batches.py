"""`solve_batch` against the engine beneath it: what reading, checking and collecting cost on plain legs.

One material, random lengths and hot sides, one thread; ratios are to the engine in the same run.
"""

import numpy as np

import ioffe as te
from benchmarks.timing import median_time, show
from ioffe.engine.compiled.packing import pack_tables
from ioffe.engine.compiled.plain import entry as plain
from ioffe.solve.assemble import assemble

COUNT, CURVES, POINTS = 200_000, 20_000, 61
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


if __name__ == "__main__":
    main()
