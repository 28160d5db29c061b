"""Modules with plates in three dimensions: set-up with the first current, further currents, memory.

The yardstick is the same module in one dimension; the error is the estimate of the result. Finite elements
are the other one: how much slower, and how far from the cosines. Last the thermal stress of a couple, with
as many unknowns as are told.
"""

import resource
import time
from typing import Any

import numpy as np

import ioffe as te
from benchmarks.timing import note, show


def module(couples: int, length: str = "1.6 mm", side: str = "1.4 mm") -> te.Module:
    contact = te.Contact("5 uohm cm2")
    area = f"{side} x {side}"
    p, n = (te.Leg(f"generic {k} cooler leg", length, area, contact=contact) for k in "pn")
    stack = [te.Layer("Cu", "0.3 mm"), te.Layer("Al2O3", "0.6 mm")]
    return te.Module(p, n, couples, hot=stack, cold=stack, layout=te.Layout(gap="1 mm"))


def seconds(device: te.Module, current: Any, fidelity: Any) -> tuple[float, te.result.Result]:
    """Processor time of one solve, and its result."""
    start = time.process_time()
    conditions = te.Generator(T_hot=390, T_cold=300, current=current)
    found = device.solve(conditions, fidelity, maxima=False)
    return time.process_time() - start, found


def memory() -> float:
    """Largest memory of this process so far in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def main() -> None:
    # what is imported and read on first use is not counted
    seconds(module(1, side="1.3 mm"), 0.0, "3d")
    sweep = np.linspace(0.0, 2.5, 61)
    for couples in (17, 127):
        before, device = memory(), module(couples)
        first, one = seconds(device, 0.0, "3d")
        rest, many = seconds(device, sweep, "3d")
        flat, _ = seconds(device, sweep, "1d")
        rows = [
            ("first current, with set-up", first, one.error_estimate, ""),
            ("61 currents after it", rest, many.error_estimate, f"{rest / 61 * 1e3:.0f} ms a current"),
            ("61 currents in one dimension", flat, 0.0, ""),
        ]
        title = f"plates in three dimensions, {couples} couples"
        show(title, rows)
        grown = memory() - before
        print(f"  memory: {grown:.0f} MB more than before")
        note(f"{title}: memory in MB", grown)
    # they take more memory than whole modules in cosines, whose peaks would not show behind them
    against_elements()
    stress()


def against_elements() -> None:
    """One current in finite elements and in cosines; the error is the difference of the heats."""
    seconds(module(1), 0.0, "full")
    for couples, *legs in ((1, "1.6 mm", "1.4 mm"), (1, "5 mm", "3 mm"), (4, "1.6 mm", "1.4 mm")):
        slow, full = seconds(module(couples, *legs), 0.0, "full")
        fast, cosines = seconds(module(couples, *legs), 0.0, "3d")
        heat, voltage = (getattr(full, k) / getattr(cosines, k) - 1.0 for k in ("heat_hot", "voltage"))
        rows = [
            ("finite elements", slow, full.error_estimate, f"voltage {voltage:+.1e}"),
            ("cosines", fast, heat, f"{slow / fast:.0f} times faster"),
        ]
        show(f"finite elements and cosines, {couples} couples, legs {legs[1]} by {legs[0]}, 0 A", rows)


def stress() -> None:
    """Thermal stress of a couple on both meshes; the error is the difference between them."""
    device = module(1).replace(
        **{side: [te.Layer("Cu", "0.3 mm"), te.Layer("Al2O3 96%", "0.6 mm")] for side in ("hot", "cold")}
    )
    taken, full = seconds(device, 0.0, "full")
    start = time.process_time()
    found = te.stress(full, free=456.0)
    own = time.process_time() - start
    unknowns = 3 * found.field.body.nodes
    rows = [
        (
            "stress",
            own,
            found.error_estimate,
            f"{unknowns} unknowns, {5e4 / unknowns * own:.1f} s for 50 000",
        ),
        ("temperatures in finite elements", taken, full.error_estimate, ""),
    ]
    show("thermal stress of one couple", rows)


if __name__ == "__main__":
    main()
