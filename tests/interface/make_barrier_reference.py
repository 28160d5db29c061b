"""Make barrier_reference.csv: contact resistivities of depleted barriers, by mpmath with 60 digits.

python -m tests.interface.make_barrier_reference

The integral over the energies is taken as it is written, in E, by tanh-sinh quadrature between points that
lie closer around the Fermi level and the maximum; the Fermi level comes from F_1/2 as a polylogarithm or a
quadrature.
"""

import csv
from pathlib import Path

import mpmath as mp

from ioffe.base import constants
from tests.transport.make_band_reference import fermi

FILE = Path(__file__).with_name("barrier_reference.csv")
NAMES = ("barrier (eV)", "doping (1/m3)", "temperature (K)", "permittivity", "mass", "level (eV)")
SETS = (
    # barrier in eV, N in 1/m3, T in K, eps_r, m/m_e, zeta in eV or nothing for that of the doping
    ("0.16", "2e25", "300", "20", "1", "0"),
    ("0.16", "2e25", "300", "20", "1", ""),
    ("0.16", "1e23", "300", "20", "1", ""),
    ("0.16", "1e24", "573", "20", "0.3", ""),
    ("0.16", "3e26", "300", "20", "1", ""),
    ("0.05", "5e24", "300", "40", "0.1", ""),
    ("0.3", "1e25", "300", "12", "0.2", ""),
    ("0.3", "1e26", "77", "12", "0.2", ""),
    ("0.6", "1e22", "300", "11.7", "0.26", ""),
    ("0.6", "1e24", "300", "11.7", "0.26", ""),
    ("0.6", "1e26", "300", "11.7", "0.26", ""),
    ("0.6", "1e26", "20", "11.7", "0.26", ""),
    ("1.1", "1e25", "200", "16", "0.5", ""),
    ("1.1", "5e26", "300", "16", "0.5", ""),
    ("0.02", "1e25", "300", "30", "1.5", ""),
    ("-0.02", "4e25", "300", "20", "0.3", ""),
    ("0.4", "1e24", "100", "60", "0.05", ""),
    ("0.25", "2e27", "700", "8", "2", ""),
    ("0.16", "2e25", "300", "20", "1", "0.16"),
    ("0.5", "1e20", "400", "20", "1", "-0.1"),
)


def resistivity(barrier, doping, temperature, permittivity, mass, level):
    """rho_c in ohm m2."""
    q, h, kB = (mp.mpf(repr(value)) for value in (constants.e, constants.h, constants.k_B))
    m = mp.mpf(mass) * mp.mpf(repr(constants.m_e))
    eps = mp.mpf(permittivity) * mp.mpf(repr(constants.EPSILON_0))
    N, thermal = mp.mpf(doping), kB * mp.mpf(temperature)
    phi = mp.mpf(barrier) * q
    zeta = mp.mpf(level) * q if level else thermal * reduced_level(N, m, thermal, h)
    top = phi + zeta
    E00 = q * h / (4 * mp.pi) * mp.sqrt(N / (m * eps))
    over = thermal * mp.log1p(mp.exp((zeta - max(top, 0)) / thermal))
    through = tunnelling(top, E00, zeta, thermal) if top > 0 else 0
    # 1/rho_c = q A*/k_B^2 times the integral
    return h**3 / (4 * mp.pi * q**2 * m * (over + through))


def reduced_level(N, m, thermal, h):
    reduced = N / (4 * mp.pi * (2 * m * thermal / h**2) ** mp.mpf("1.5"))
    half = mp.mpf(1) / 2
    start = (
        mp.log(reduced * 2 / mp.sqrt(mp.pi)) if reduced < 2 else (reduced * mp.mpf(3) / 2) ** (mp.mpf(2) / 3)
    )
    return mp.findroot(lambda eta: mp.log(fermi(half, eta) / reduced), start, tol=1e-24)


def tunnelling(top, E00, zeta, thermal):
    def integrand(E):
        share = E / top
        if share == 0 or share == 1:
            return mp.exp(-top / E00 * (1 - share)) / (1 + mp.exp((E - zeta) / thermal))
        root = mp.sqrt(1 - share)
        shape = root - share * mp.log((1 + root) / mp.sqrt(share))
        return mp.exp(-top / E00 * shape) / (1 + mp.exp((E - zeta) / thermal))

    place = top / mp.cosh(E00 / thermal) ** 2
    points = {top * k / 24 for k in range(25)}
    for centre in (zeta, place, top):
        points |= {
            centre + step * thermal
            for step in (-30, -15, -8, -4, -2, -1, -0.5, -0.2, 0, 0.2, 0.5, 1, 2, 4, 8, 15, 30)
        }
    # quad stops at an absolute error, and these values are some 1e-30 J: hence the 60 digits
    inside = sorted(point for point in points if 0 <= point <= top)
    value, error = mp.quad(integrand, inside, maxdegree=10, error=True)
    assert error < mp.mpf("1e-15") * value
    return value


def main():
    with mp.workdps(60), FILE.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow((*NAMES, "resistivity (ohm m2)"))
        for one in SETS:
            writer.writerow((*one, mp.nstr(resistivity(*one), 20)))


if __name__ == "__main__":
    main()
