"""Modules with plates in three dimensions: set-up with the first current, further currents, memory.

The yardstick is the same module in one dimension; the error is the estimate of the result.
"""

import resource
import time

import numpy as np

import ioffe as te
from benchmarks.timing import note, show


def module(couples: int) -> te.Module:
    contact = te.Contact("5 uohm cm2")
    legs = [te.Leg(f"generic {k} cooler leg", "1.6 mm", "1.4 mm x 1.4 mm", contact=contact) for k in "pn"]
    stack = [te.Layer("Cu", "0.3 mm"), te.Layer("Al2O3", "0.6 mm")]
    return te.Module(*legs, couples, hot=stack, cold=stack, layout=te.Layout(gap="1 mm"))


def seconds(device: te.Module, current: object, fidelity: str) -> tuple[float, te.result.Result]:
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
    seconds(module(1), 0.0, "3d")
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


if __name__ == "__main__":
    main()
