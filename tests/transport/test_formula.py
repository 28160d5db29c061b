"""Atomic weights and what follows from them."""

from itertools import pairwise

import pytest

from ioffe.transport.formula import ATOMIC_WEIGHTS, molar_mass

ROWS = """
H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Kr Rb Sr Y Zr
Nb Mo Tc Ru Rh Pd Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho Er Tm Yb Lu Hf Ta W Re Os Ir
Pt Au Hg Tl Pb Bi Po At Rn Fr Ra Ac Th Pa U
"""
SYMBOLS = ROWS.split()
KNOWN = [one for one in SYMBOLS if one in ATOMIC_WEIGHTS]
LIGHT = {"H": 1.008, "He": 4.003, "Li": 6.94, "Be": 9.012, "B": 10.81, "C": 12.011, "N": 14.007, "O": 15.999}


@pytest.mark.parametrize("symbol", KNOWN)
def test_weights_lie_in_the_valley_of_stability(symbol):
    """Z = A/(1.98 + 0.0155 A^(2/3)), from the mass formula of nuclei; the lightest are known apart."""
    Z, A = SYMBOLS.index(symbol) + 1, ATOMIC_WEIGHTS[symbol]
    if symbol in LIGHT:
        assert pytest.approx(LIGHT[symbol], abs=1e-3) == A
    else:
        assert Z * (1.98 + 0.0155 * A ** (2 / 3)) == pytest.approx(A, rel=0.08)


def test_weights_rise_with_the_number_but_for_the_known_pairs():
    falls = [f"{a}-{b}" for a, b in pairwise(KNOWN) if ATOMIC_WEIGHTS[b] < ATOMIC_WEIGHTS[a]]
    assert falls == ["Ar-K", "Co-Ni", "Te-I"]


def test_every_weight_is_of_an_element():
    assert set(ATOMIC_WEIGHTS) <= set(SYMBOLS)
    assert 1e3 * molar_mass("Cu") == pytest.approx(63.546)


STANDARD = """
C 12.011, N 14.007, O 15.999, Na 22.990, Mg 24.305, Al 26.982, Si 28.085, S 32.06, Ca 40.078, Ti 47.867,
V 50.942, Cr 51.996, Mn 54.938, Fe 55.845, Co 58.933, Ni 58.693, Cu 63.546, Zn 65.38, Ga 69.723,
Ge 72.630, As 74.922, Se 78.971, Sr 87.62, Zr 91.224, Nb 92.906, Mo 95.95, Ag 107.868, Cd 112.414,
In 114.818, Sn 118.710, Sb 121.760, Te 127.60, Ba 137.327, La 138.905, Yb 173.045, Hf 178.486, W 183.84,
Au 196.967, Tl 204.38, Pb 207.2, Bi 208.980, U 238.029
"""
"""Abridged standard weights, Pure Appl. Chem. 94 (2022) 573, doi 10.1515/pac-2019-0603 (remembered)."""


@pytest.mark.parametrize(("symbol", "weight"), [one.split() for one in STANDARD.split(",")])
def test_weights_of_the_elements_of_thermoelectrics_are_the_standard_ones(symbol, weight):
    assert ATOMIC_WEIGHTS[symbol] == pytest.approx(float(weight), abs=1.1e-3 + 1e-5 * float(weight))
