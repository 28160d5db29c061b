"""Print time and error of ioffe, TEflow and scipy's solve_bvp, measured now on one thread.

python -m benchmarks
"""

import os

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

from benchmarks import generator_leg  # noqa: E402 - the threads must be limited before numpy is loaded

if __name__ == "__main__":
    generator_leg.main()
