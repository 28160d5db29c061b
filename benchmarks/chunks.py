"""CPU time and memory of legs in chunks: one thread, each number of them in a process of its own.

python -m benchmarks.chunks COUNT prints them for one number of devices.
"""

import resource
import subprocess
import sys
import time

import numpy as np

import ioffe as te
from benchmarks.timing import note

COUNTS = 100_000, 1_000_000, 10_000_000
CHUNK = 100_000


def memory() -> float:
    """Largest memory of this process so far, in MB."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1e6 if sys.platform == "darwin" else 1e3)


def run(count: int) -> tuple[float, float, float, float]:
    """CPU time in s of a device; memory in MB before the devices, with what is varied, and at the end."""
    leg = te.Leg("Bi0.42Sb1.58Te3", "2 mm", "2 mm2", contact="5 uohm cm2")
    conditions = te.Generator(T_hot=500.0, T_cold=330.0, current="max_efficiency")
    options = {"chunk": CHUNK, "engine": "compiled", "threads": 1, "keep": ["efficiency"]}
    list(te.solve_chunks(leg, conditions, {"length": [1e-3]}, **options))
    empty = memory()
    rng = np.random.default_rng(0)
    vary = {"length": rng.uniform(1e-3, 5e-3, count), "T_hot": rng.uniform(380.0, 560.0, count)}
    given = memory()
    start, best = time.process_time(), 0.0
    for part in te.solve_chunks(leg, conditions, vary, **options):
        best = max(best, float(np.nanmax(part.efficiency)))
    return (time.process_time() - start) / count, empty, given, memory()


def main() -> None:
    print(f"\nLegs with contacts at their largest efficiency, in chunks of {CHUNK:,}, one thread")
    print(f"  {'devices':>12}{'time':>12}{'memory':>12}{'before':>10}{'of what is varied':>20}")
    for count in COUNTS:
        command = [sys.executable, "-m", "benchmarks.chunks", str(count)]
        out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        seconds, empty, given, end = (float(word) for word in out.split())
        print(
            f"  {count:>12,}{1e6 * seconds:>9.3g} us{end:>9.0f} MB{empty:>7.0f} MB{given - empty:>17.0f} MB"
        )
        note(f"A leg in chunks: {count}", seconds, memory_MB=end - empty)


if __name__ == "__main__":
    if sys.argv[1:]:
        print(*run(int(sys.argv[1])))
    else:
        main()
