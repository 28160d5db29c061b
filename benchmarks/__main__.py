"""Print time and error of ioffe and of other programs, measured now on one thread.

python -m benchmarks [NAME ...] [--compare] [--save]
"""

import argparse
import importlib
import os

from benchmarks import history, timing

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"  # numpy must be loaded after the threads are limited

SUBJECTS = (
    "generator_leg",
    "plain_legs",
    "compiled_devices",
    "life",
    "public_batches",
    "chunks",
    "studies",
    "cluster",
    "segments",
    "both_engines",
    "single_band",
    "phonons",
    "calibration",
    "modules_3d",
)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"all of {', '.join(SUBJECTS)} if left out")
    parser.add_argument("--compare", action="store_true", help="compare with the last saved run")
    parser.add_argument("--save", action="store_true", help=f"append the run to {history.FILE.name}")
    arguments = parser.parse_args()
    if unknown := [name for name in arguments.names if name not in SUBJECTS]:
        parser.error(f"{', '.join(unknown)}: one of {', '.join(SUBJECTS)} is expected")
    for name in arguments.names or SUBJECTS:
        importlib.import_module(f"benchmarks.{name}").main()
    new = history.entry(timing.MEASURED)
    if arguments.compare:
        old = history.last(timing.MEASURED)
        print(history.comparison(new, old) if old else "\nNothing was saved before.")
    if arguments.save:
        history.save(new)
        print(f"\nSaved in {history.FILE}")


if __name__ == "__main__":
    main()
