"""Physical constants in SI units (CODATA 2022; those of the 2019 SI are exact).

Source: E. Tiesinga et al., CODATA recommended values of the fundamental physical constants 2022,
https://physics.nist.gov/constants.

>>> round(k_B / e * 1e6, 6)  # the natural unit of the Seebeck coefficient, in uV/K
86.173333
"""

from __future__ import annotations

from math import pi
from typing import Final

__all__ = [
    "ATOMIC_MASS",
    "EPSILON_0",
    "LORENZ_SOMMERFELD",
    "N_A",
    "STEFAN_BOLTZMANN",
    "ZERO_CELSIUS",
    "F",
    "R",
    "c",
    "e",
    "h",
    "hbar",
    "k_B",
    "m_e",
]

e: Final = 1.602176634e-19
"""Elementary charge (C), exact."""

k_B: Final = 1.380649e-23
"""Boltzmann constant (J/K), exact."""

h: Final = 6.62607015e-34
"""Planck constant (J s), exact."""

hbar: Final = h / (2 * pi)
"""Reduced Planck constant (J s)."""

c: Final = 299792458.0
"""Speed of light in vacuum (m/s), exact."""

N_A: Final = 6.02214076e23
"""Avogadro constant (1/mol), exact."""

R: Final = N_A * k_B
"""Molar gas constant (J/(mol K))."""

F: Final = N_A * e
"""Faraday constant (C/mol)."""

m_e: Final = 9.1093837139e-31
"""Electron mass (kg)."""

ATOMIC_MASS: Final = 1.66053906892e-27
"""Atomic mass constant (kg)."""

EPSILON_0: Final = 8.8541878188e-12
"""Vacuum electric permittivity (F/m)."""

STEFAN_BOLTZMANN: Final = 2 * pi**5 * k_B**4 / (15 * h**3 * c**2)
"""Stefan-Boltzmann constant (W/(m2 K4))."""

LORENZ_SOMMERFELD: Final = pi**2 / 3 * (k_B / e) ** 2
"""Lorenz number of a degenerate metal, (pi^2/3) (k_B/e)^2 = 2.443e-8 V2/K2."""

ZERO_CELSIUS: Final = 273.15
"""0 degC in K, exact."""
