"""Materials and devices of the transient tests."""

from functools import cache

import numpy as np

import ioffe as te
from tests.device.cases import constant, hot_material, middle_material

HEAVY = {"density": 7740.0, "heat_capacity": 154.4}
CAPACITY = 7740.0 * 154.4
"""J/(m3 K)"""


def plain(seebeck=2e-4, conductivity=1e5, kappa=1.5, name="plain"):
    """Constant properties with a heat capacity."""
    return constant(seebeck, conductivity, kappa, name).replace(**HEAVY)


@cache
def generic(kind):
    """The generic cooler leg, whose curves are polynomials in T."""
    return te.load_material(f"generic {kind} cooler leg").replace(**HEAVY)


def kinked(make, name="kinked"):
    """Straight lines between the points of a made-up table, heat capacity included."""
    material = make("linear")
    T = np.array([200.0, 300.0, 420.0, 700.0, 1000.0])
    heat = te.Curve(T, 150.0 + 40.0 * np.tanh((T - 350.0) / 100.0), "heat_capacity", interpolation="linear")
    return material.replace(name=name, density=7000.0, heat_capacity=heat)


def rough_leg(**changes):
    """Two segments of straight-line tables, contacts with both resistances, side losses."""
    contact = te.Contact(electrical=2e-10, thermal=3e-6)
    given = {
        "segments": [
            te.Segment(kinked(hot_material, "upper"), 1.2e-3),
            te.Segment(kinked(middle_material, "lower"), 0.9e-3),
        ],
        "area": 4e-6,
        "contact": contact,
        "between": te.Contact(electrical=1e-9, thermal=5e-6),
        "side": te.SideLoss(convection=12.0, emissivity=0.7),
    }
    return te.Leg(**{**given, **changes})


def generator():
    """A module with everything in it; the lower segments of both legs are those of `rough_leg`."""
    mirrored = middle_material()
    n = mirrored.replace(name="n", carrier="n", seebeck=mirrored.seebeck.scaled(-1.0), **HEAVY)
    layers = [te.Layer("Cu", "0.3 mm", "electrodes"), te.Layer("AlN", "0.6 mm")]
    solder = te.Layer("Sn97Ag3 solder", "50 um", "legs")
    return te.Module(
        p=rough_leg(),
        n=te.Leg(n, 2e-3, 5e-6, contact=te.Contact(5e-10, 1e-6), side=te.SideLoss(5.0, 0.3)),
        couples=17,
        fill_factor=0.4,
        hot=[solder, *layers],
        cold=layers,
        filler=te.GapFiller(0.03, 0.6),
        series_resistance=5e-3,
    )
