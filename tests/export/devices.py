"""Devices with everything that a compact model has to carry."""

from functools import cache

import numpy as np

import ioffe as te

STORED = {"density": "7.74 g/cm3", "heat_capacity": "154 J/(kg K)"}
CONTACT = te.Contact(electrical="5 uohm cm2", thermal="2 mm2 K/W")


def heavy(name):
    return te.load_material(name).replace(**STORED)


def cooler(**changes):
    """Temperature-dependent legs, contacts, electrodes, plates, leads and a filler."""
    legs = {k: te.Leg(heavy(f"generic {k} cooler leg"), "1.6 mm", "1.96 mm2", contact=CONTACT) for k in "pn"}
    stack = [te.Layer("Cu", "0.3 mm", "electrodes"), te.Layer("AlN", "0.6 mm", interface="5 mm2 K/W")]
    filler = te.GapFiller("0.026 W/(m K)", 0.8)
    more = {"couples": 31, "fill_factor": 0.3, "hot": stack, "cold": stack, "filler": filler}
    return te.Module(**{**legs, **more, "series_resistance": "10 mohm", **changes})


COOLING = te.Cooler(T_hot=320, T_cold=270, current="max_heat", hot_heat_transfer_coefficient=5000)


def generator():
    """Other materials, p and n of different cross-section."""
    p = te.Leg(heavy("Bi0.42Sb1.58Te3"), "1.5 mm", "2 mm2", contact=CONTACT)
    n = te.Leg(heavy("Bi2Te2.7Se0.3"), "1.5 mm", "1.6 mm2", contact=CONTACT)
    return cooler(p=p, n=n, couples=127)


GENERATING = te.Generator(
    T_hot=450,
    T_cold=300,
    current="max_power",
    hot_heat_transfer_coefficient=2000,
    cold_heat_transfer_coefficient=4000,
)


def losing_leg():
    """An n-type leg of two segments that loses heat through its side."""
    parts = [te.Segment(heavy("Bi2Te3"), "2 mm"), te.Segment(heavy("Bi2Te2.7Se0.3"), "3 mm")]
    side = te.SideLoss(convection="10 W/(m2 K)", emissivity=0.8)
    return te.Leg(segments=parts, area="4 mm2", contact="5 uohm cm2", between=CONTACT, side=side)


LOSING = te.Generator(T_hot=480, T_cold=320, T_ambient=300, current="max_power", hot_emissivity=0.5)


def cascade():
    """Two stages with one current."""
    upper = cooler(couples=10)
    return te.Cascade([cooler(), upper], between=[te.Layer("AlN", "0.6 mm")])


DEVICES = {
    "cooler": (cooler, COOLING),
    "generator": (generator, GENERATING),
    "losing leg": (losing_leg, LOSING),
    "cascade": (cascade, COOLING.replace(hot_heat_transfer_coefficient=None)),
}


@cache
def points(name):
    """Device, conditions, compact model, and what the solver finds at the ends of the range."""
    make, conditions = DEVICES[name]
    device = make()
    found = te.export.compact_model(device, conditions, name=name)
    low, high = found.temperatures
    current = np.linspace(0.0, max(abs(one) for one in found.currents), 4)
    solved = device.solve(conditions.replace(T_hot=high, T_cold=low, current=current), maxima=False)
    sign = 1.0 if isinstance(conditions, te.Generator) else -1.0
    return found, solved, sign * current, sign
