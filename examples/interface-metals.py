"""Which metal between a leg and its electrodes? Sb, Ag and MgCuSb as layers of 0.5 mm at both ends of MgAgSb.

The leg is a stand-in: the library card MgAgSb0.99In0.01 in place of MgAg0.97Sb0.99. Contact resistivities of
Sb (fresh and after 30 days at 573 K) and Ag (fresh) are published (Nature Communications 2025,
doi 10.1038/s41467-025-56861-3). Every number of MgCuSb in the table below is assumed, not measured.

    python examples/interface-metals.py
"""

from __future__ import annotations

import numpy as np

import ioffe as te
from ioffe.base.constants import LORENZ_SOMMERFELD
from ioffe.base.curve import Curve
from ioffe.solve.interface_layers import InterfaceMetal, compare_interface_metals

MGCUSB = {  # assumed: no published table was found
    "electrical_resistivity": 1.0e-6,  # ohm m
    "density": 6000.0,  # kg/m3, from a half-Heusler cell of 6.15 angstrom
    "contact": "5 uohm cm2",
}


def assumed_metal(name: str, electrical_resistivity: float, density: float) -> te.Material:
    """A metal of constant resistivity with kappa = L0 T/rho."""
    T = np.linspace(280.0, 620.0, 35)
    kappa = Curve(T, LORENZ_SOMMERFELD * T / electrical_resistivity, "thermal_conductivity")
    resistivity = Curve.constant(electrical_resistivity, "electrical_resistivity")
    return te.Material(
        name, None, None, resistivity, kappa, kind="metal", density=density, quality="synthetic"
    )


def study():
    """The comparison at 573 K and 293 K."""
    leg = te.Leg("MgAgSb0.99In0.01", length="6 mm", area="3.8 mm x 3.8 mm")
    mgcusb = assumed_metal("MgCuSb", MGCUSB["electrical_resistivity"], MGCUSB["density"])
    antimony = te.load_material("Sb")
    metals = [
        InterfaceMetal(
            antimony.replace(name="Sb, fresh"),
            te.Contact("20.8 uohm cm2"),
            "Sb",
            note="contact fresh",
        ),
        InterfaceMetal(
            antimony.replace(name="Sb, aged"),
            te.Contact("7.9 uohm cm2"),
            "Sb",
            note="contact after 30 days at 573 K",
        ),
        InterfaceMetal("Ag", te.Contact("6.1 uohm cm2"), "Ag", note="fresh; 1006 uohm cm2 after 12 h"),
        InterfaceMetal(
            mgcusb,
            te.Contact(MGCUSB["contact"]),
            "MgCuSb",
            note="every number assumed, not measured",
        ),
    ]
    return compare_interface_metals(leg, metals, te.Generator(T_hot=573.0, T_cold=293.0), thickness="0.5 mm")


if __name__ == "__main__":
    print(study())
