"""A module with ageing contacts along its service life: 100 Monte Carlo draws at 41 times.

The yardstick is the same number of single operating points of `Module.solve`, as a loop over draws and times
would take; its time is measured at one point.
"""

import ioffe as te
from benchmarks.timing import median_time, show
from ioffe.base.constants import e
from ioffe.engine import compiled
from ioffe.interface.ageing import Arrhenius, ParabolicGrowth, Relaxation
from ioffe.life import Degradation, solve_life
from ioffe.solve.batch.solve import warm_up

DAY = 86400.0
DRAWS = 100


def module():
    contact = te.Contact("10 uohm cm2")
    legs = [te.Leg(f"generic {k} cooler leg", "2 mm", "2 mm x 2 mm", contact=contact) for k in ("p", "n")]
    return te.Module(*legs, couples=31, fill_factor=0.3)


def laws():
    relaxing = Relaxation(10e-10, 60e-10, 300 * DAY, acceleration=Arrhenius(0.8 * e, 480.0))
    growing = ParabolicGrowth(10e-10, 1e-13, acceleration=Arrhenius(0.9 * e, 480.0))
    return [
        Degradation("legs.contact_hot.electrical", relaxing, std={"final": 10e-10, "time": 60 * DAY}),
        Degradation("legs.contact_cold.electrical", growing, std={"growth": 2e-14}),
    ]


def main() -> None:
    device, conditions = module(), te.Generator(T_hot=480, T_cold=320)
    if compiled.available():
        warm_up()
    engine = "compiled" if compiled.available() else "numpy"
    options = {"bands": "monte carlo", "draws": DRAWS, "threads": 1, "engine": engine}
    seconds, life = median_time(lambda: solve_life(device, conditions, laws(), "2 year", **options), 3.0)
    one, _ = median_time(lambda: device.solve(conditions.replace(current="max_power", load=None)), 1.0)
    cases = (DRAWS + 1) * len(life.time)
    rows = [("ioffe", seconds, life.ageing_error, f"{cases} operating points, with both maxima")]
    rows.append(("a loop of single solves", one * cases, 0.0, "at the largest power alone"))
    show(f"{DRAWS} draws of a module with ageing contacts", rows)


if __name__ == "__main__":
    main()
