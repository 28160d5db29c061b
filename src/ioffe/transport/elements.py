"""Standard atomic weights.

Source: T. Prohaska et al., Standard atomic weights of the elements 2021 (IUPAC Technical Report), Pure Appl.
Chem. 94 (2022) 573, doi 10.1515/pac-2019-0603; of elements for which it gives an interval (H, Li, B, C, N, O,
Mg, Si, S, Cl, Ar, Br, Tl, Pb) the conventional or abridged value. Elements without a standard atomic weight
(Tc, Pm and those beyond Bi but Th and U) are left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ioffe.base.constants import ATOMIC_MASS, N_A
from ioffe.base.errors import Fault, InputError, did_you_mean

__all__ = ["ATOMIC_WEIGHTS", "atomic_mass", "molar_mass"]

ATOMIC_WEIGHTS: Final[Mapping[str, float]] = MappingProxyType({
    "H": 1.008, "He": 4.002602, "Li": 6.94, "Be": 9.0121831, "B": 10.81, "C": 12.011, "N": 14.007,
    "O": 15.999, "F": 18.998403162, "Ne": 20.1797, "Na": 22.98976928, "Mg": 24.305, "Al": 26.9815384,
    "Si": 28.085, "P": 30.973761998, "S": 32.06, "Cl": 35.45, "Ar": 39.95, "K": 39.0983, "Ca": 40.078,
    "Sc": 44.955907, "Ti": 47.867, "V": 50.9415, "Cr": 51.9961, "Mn": 54.938043, "Fe": 55.845,
    "Co": 58.933194, "Ni": 58.6934, "Cu": 63.546, "Zn": 65.38, "Ga": 69.723, "Ge": 72.63, "As": 74.921595,
    "Se": 78.971, "Br": 79.904, "Kr": 83.798, "Rb": 85.4678, "Sr": 87.62, "Y": 88.905838, "Zr": 91.224,
    "Nb": 92.90637, "Mo": 95.95, "Ru": 101.07, "Rh": 102.90549, "Pd": 106.42, "Ag": 107.8682,
    "Cd": 112.414, "In": 114.818, "Sn": 118.71, "Sb": 121.76, "Te": 127.6, "I": 126.90447, "Xe": 131.293,
    "Cs": 132.90545196, "Ba": 137.327, "La": 138.90547, "Ce": 140.116, "Pr": 140.90766, "Nd": 144.242,
    "Sm": 150.36, "Eu": 151.964, "Gd": 157.25, "Tb": 158.925354, "Dy": 162.5, "Ho": 164.930329,
    "Er": 167.259, "Tm": 168.934219, "Yb": 173.045, "Lu": 174.9668, "Hf": 178.486, "Ta": 180.94788,
    "W": 183.84, "Re": 186.207, "Os": 190.23, "Ir": 192.217, "Pt": 195.084, "Au": 196.96657, "Hg": 200.592,
    "Tl": 204.38, "Pb": 207.2, "Bi": 208.9804, "Th": 232.0377, "U": 238.02891,
})  # fmt: skip
"""Standard atomic weight by symbol (relative to 1/12 of the mass of carbon 12)."""


def atomic_mass(element: str) -> float:
    """Mean mass of an atom of an element in kg.

    Raises
    ------
    InputError
        For a symbol that is not in the table.

    Examples
    --------
    >>> print(f"{atomic_mass('Yb'):.4e}")
    2.8735e-25
    """
    return _weight(element) * ATOMIC_MASS


def molar_mass(element: str) -> float:
    """Molar mass of an element in kg/mol.

    Raises
    ------
    InputError
        For a symbol that is not in the table.

    Examples
    --------
    >>> round(molar_mass("Mg"), 6)
    0.024305
    """
    return _weight(element) * ATOMIC_MASS * N_A


def _weight(element: str) -> float:
    try:
        return ATOMIC_WEIGHTS[element]
    except (KeyError, TypeError):
        advice = did_you_mean(element, ATOMIC_WEIGHTS)
        raise InputError(Fault("element", element, "the symbol of an element is expected", advice)) from None
