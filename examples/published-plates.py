"""Two published modules in one and in three dimensions, beside what was measured.

    python examples/published-plates.py

S2 (PMC12954663) states no plates: copper of 0.3 mm on alumina of 0.5 mm is assumed, and joints follow from
its measured resistance. S3 (doi 10.1038/s41467-025-56861-3) has electrodes of copper alone, of which 0.3 mm
are assumed. Materials of others stand in for legs, as `ioffe reproduce` says of each value.
"""

import ioffe as te
from ioffe.published.source import find_source

COPPER, ALUMINA = te.Layer("Cu", "0.3 mm", coverage="electrodes"), te.Layer("Al2O3", "0.5 mm")
MEASURED = {"S2": "312 mV, 278 mW, 9.2 %", "S3": "410 mW, 8.1 %"}


def modules():
    """The modules, with their temperatures in K."""
    plates = [COPPER, ALUMINA]
    raut = find_source("S2").inputs().module("module").replace(hot=plates, cold=plates)
    yield "S2", raut, te.Generator(T_hot=672, T_cold=298, current="max_power")
    li = find_source("S3").inputs().module("module")
    yield "S3", li, te.Generator(T_hot=587, T_cold=293, current="max_power")


def main():
    """Print a line for each module and fidelity."""
    for name, module, conditions in modules():
        for fidelity in ("1d", "3d"):
            r = module.solve(conditions, fidelity)
            print(
                f"{name} {fidelity}: {1e3 * r.open_circuit_voltage:.1f} mV, {1e3 * r.max_power:.1f} mW, "
                f"{100 * r.max_efficiency:.2f} %, heat {r.heat_hot:.3f} W (error {r.error_estimate:.0e})"
            )
        print(f"{name} measured: {MEASURED[name]}")


if __name__ == "__main__":
    main()
