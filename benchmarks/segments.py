"""The best lengths of two segments beside 1e5 points of brute force: CPU time, how near they are."""

import time

import numpy as np

import ioffe as te
from benchmarks.timing import show
from ioffe.solve.batch.solve import solve_cases
from ioffe.study.designing.space import STARTS

POINTS = 100_000
LENGTH = 9e-3
FAST = {"engine": "compiled", "threads": 1}


def leg() -> te.Leg:
    hot, cold = te.Segment("Pb0.99Na0.01Te", "5 mm"), te.Segment("(Bi0.23Sb0.77)2Te3", "4 mm")
    return te.Leg(segments=[hot, cold], area="9 mm2", contact="5 uohm cm2")


def timed(call):
    start = time.process_time()
    found = call()
    return time.process_time() - start, found


def main() -> None:
    at = te.Generator(T_hot=750.0, T_cold=303.0)
    te.design("segments", leg(), at, **FAST)  # loads the engine
    searched, best = timed(lambda: te.design("segments", leg(), at, **FAST))
    first = LENGTH * np.linspace(0.02, 0.98, POINTS)
    vary = {"segments[0].length": first, "segments[1].length": LENGTH - first}
    aim = at.replace(current="max_efficiency")
    brute, found = timed(lambda: solve_cases(leg(), aim, vary, keep=["efficiency"], **FAST).efficiency)
    top = int(np.argmax(found))
    off = abs(best.columns["segments[0].length"][1] / first[top] - 1.0)
    rows = [
        ("design segments", searched, abs(best.efficiency[1] / found[top] - 1.0), f"at most {STARTS} starts"),
        (
            f"{POINTS:,} points",
            brute,
            0.0,
            f"lengths differ by {off:.1e}, a step is {(first[1] - first[0]) / first[top]:.1e}",
        ),
    ]
    show("Best lengths of two segments, largest efficiency", rows)


if __name__ == "__main__":
    main()
