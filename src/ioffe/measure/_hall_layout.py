"""Columns of Hall measurements: sweeps of the field, and tables of coefficients."""

from __future__ import annotations

from typing import Final

from ioffe.measure._table import TableLayout

LAYOUT: Final = TableLayout(
    names={
        "field": (
            *("b", "field", "magnetic field", "magnetic flux density", "applied field", "h"),
            *("mu0h", "µ0h", "μ0h", "mu 0 h"),
        ),
        "voltage": ("v h", "vh", "hall voltage", "v xy", "vxy", "v", "u h", "u", "voltage"),
        "current": ("i", "current"),
        "resistance": ("r xy", "rxy", "hall resistance", "r yx", "ryx", "r hall", "r"),
        "hall_resistivity": (
            "rho xy",
            "rhoxy",
            "ρ xy",
            "ρxy",
            "hall resistivity",
            "hall resistivity ch1",
            "hall resistivity ch2",
            "rho yx",
        ),
        "electrical_resistivity": ("rho xx", "resistivity ch1", "resistivity ch2"),
        "hall_carrier_density": ("p",),
        "mobility": ("hall mobility", "mobility", "mu h", "μ h", "µ h", "mu", "carrier mobility"),
    },
    units={
        "field": "T",
        "voltage": "V",
        "current": "A",
        "resistance": "ohm",
        "hall_resistivity": "ohm m",
        "electrical_resistivity": "ohm m",
        "hall_carrier_density": "1/m3",
        "mobility": "m2/(V s)",
    },
    of_material=("temperature", "hall_coefficient"),
    needed=(
        {"hall_coefficient"},
        {"field", "voltage"},
        {"field", "resistance"},
        {"field", "hall_resistivity"},
        {"temperature", "hall_carrier_density"},
    ),
    expected=(
        'the headers "B (T)" with "V (uV)" and "I (mA)", or with "R_xy (mohm)", or the header '
        '"Hall coefficient (cm3/C)" are expected'
    ),
    may_be_empty=("hall_carrier_density", "mobility"),
    errors=("hall_coefficient", "hall_carrier_density", "electrical_resistivity"),
    leaves_out=True,
    constants=("thickness", "hall factor"),
)
