"""The stress in the contact layers of a published cooler, by finite elements of one of its pairs.

    python examples/published-stress.py [KELVIN]

KELVIN is the temperature that is free of stress; 505, where tin melts, nearly doubles what 411 gives.
S5 (Yang et al., Joule 6, 193, 2022, Fig. 3F) shows 70 MPa in a layer of copper and Mg2Cu on the n-type leg,
and 130 and 170 MPa in nickel on the p- and the n-type leg, without saying at which temperature nothing is
stressed, how large the legs are, how thick the layer is, or which elastic data were used. Assumed here, as
`ioffe reproduce S5` does: free of stress at 411 K, where the eutectic of bismuth and tin melts, expansion of
the legs, plates, electrodes and cross-sections. Assumed beside: 300 K everywhere, layers of 20 um, copper as
the whole layer of Mg2Cu, Young's modulus and Poisson's ratio of generic legs.
"""

import sys

import ioffe as te
from ioffe.published.source import find_source

FREE, COLD = 411.0, 300.0
PUBLISHED = {("Cu", "n"): 70, ("Ni", "p"): 130, ("Ni", "n"): 170}


def pair(metal):
    """One pair of the cooler with layers of a metal at both ends of its legs; elastic data of the legs."""
    inputs = find_source("S5").inputs()
    module = inputs.module("cooler", {"legs.length": 3e-3, "couples": 1})
    elastic = {
        leg.segments[0].material.name: {
            "youngs_modulus": "47 GPa",
            "poisson_ratio": 0.28,
            "thermal_expansion": inputs[f"expansion_{kind}"],
        }
        for kind, leg in (("p", module.p), ("n", module.n))
    }
    layer = te.Layer(metal, "20 um", coverage="legs")
    stacks = {side: (layer, *getattr(module, side)) for side in ("hot", "cold")}
    return module.replace(**stacks, layout=te.Layout()), elastic


def main(free=FREE):
    """Print a line for each layer."""
    for metal in ("Cu", "Ni"):
        module, elastic = pair(metal)
        still = te.Generator(T_hot=COLD + 0.5, T_cold=COLD - 0.5, current=0.0)
        full = module.solve(still, "full", maxima=False)
        parts = te.stress(full, free=free, elastic=elastic).parts
        for kind in "pn":
            for side in ("bridged", "terminal"):
                part = parts[f"{'hot' if side == 'bridged' else 'cold'} solder ({kind}), {metal}"]
                largest, exceeded, mean = (
                    1e-6 * part[k] for k in ("largest_mises", "mises_exceeded", "mises_rms")
                )
                print(
                    f"{metal} on {kind}, {side} end: {largest:.0f} MPa at most, {exceeded:.0f} MPa exceeded "
                    f"in 1 %, {mean:.0f} MPa root mean square"
                )
            if (metal, kind) in PUBLISHED:
                print(f"{metal} on {kind}, published: {PUBLISHED[metal, kind]} MPa")


if __name__ == "__main__":
    main(*map(float, sys.argv[1:2]))
