"""Print time and error of ioffe and of other programs, measured now on one thread.

python -m benchmarks [NAME ...]
"""

import importlib
import os
import sys

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

SUBJECTS = ("generator_leg", "plain_legs", "compiled_devices", "single_band", "phonons")

if __name__ == "__main__":
    chosen = sys.argv[1:] or SUBJECTS
    if unknown := [name for name in chosen if name not in SUBJECTS]:
        sys.exit(f"{', '.join(unknown)}: one of {', '.join(SUBJECTS)} is expected")
    for name in chosen:
        # numpy must be loaded after the threads are limited
        importlib.import_module(f"benchmarks.{name}").main()
