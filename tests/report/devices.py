"""Devices that the tests of the report share."""

from ioffe.base.curve import Curve
from ioffe.device import Contact, Layer, Leg, Module
from ioffe.material import Material
from ioffe.material.fields import Provenance

HOSTILE = '<script>alert("x")</script> & $\\frac{\x07'


def constant(name, carrier, S, **more):
    """Material with constant properties, good from 200 to 800 K."""
    T = (200.0, 800.0)
    return Material(
        name,
        carrier,
        Curve.constant(S, "seebeck", T),
        Curve.constant(1e5, "electrical_conductivity", T),
        Curve.constant(1.5, "thermal_conductivity", T),
        **more,
    )


P = constant("Bi0.5Sb1.5Te3", "p", 2e-4, quality="reconstructed", provenance=Provenance(doi="10.1000/xyz"))
N = constant("Bi2Te2.7Se0.3", "n", -2.1e-4)


def module(couples=2, p=P, n=N, **more):
    contact = Contact(electrical="5 uohm cm2", thermal="1 mm2 K/W")
    given = {
        "fill_factor": 0.5,
        "hot": [Layer("Cu", "0.3 mm"), Layer("Al2O3", "0.6 mm")],
        "cold": [Layer("Cu", "0.2 mm"), Layer("AlN", "0.8 mm")],
        "name": "test module",
    }
    return Module(
        p=Leg(p, length="3 mm", area="2 mm x 1.5 mm", contact=contact),
        n=Leg(n, length="3 mm", area="1.5 mm x 1.5 mm", contact=contact),
        couples=couples,
        **{**given, **more},
    )


class File:
    """What the report takes from a device file."""

    name = "from <the> file"
    sweeps = ()
    notes = ("Other samples than <those> of the paper: Bi2Te3.",)

    def __init__(self, measured=(), comparisons=()):
        self.measured, self.comparisons = measured, comparisons
