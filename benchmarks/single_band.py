"""Band models against TEflow 0.4.6: one parabolic band, one Kane band, the Fermi level from S, two bands.

Acoustic phonons, 300 K, 101 Fermi levels from -5 to 10 k_B T, other ones in every call that is timed, as
ioffe keeps what it has integrated for the last levels. Errors are the largest relative ones against adaptive
quadrature to 1e-13; TEflow's constants differ from CODATA 2022 by 3e-10, which its densities show.
"""

import time
from itertools import count

import numpy as np
from scipy.integrate import quad_vec

import ioffe as te
from benchmarks.timing import median_time, show
from ioffe.base.constants import e, k_B
from ioffe.transport import fermi, single_band
from ioffe.transport.bands import Band, mechanism
from ioffe.transport.carrier_scattering import CarrierState
from ioffe.transport.fermi_level import fermi_level_from_seebeck
from ioffe.transport.many_bands import transport

T = 300.0
ETA = np.linspace(-5.0, 10.0, 101)
EV = k_B * T / e
MASS, GAP = 1.2, 0.3
UNIT = k_B / e


def window(function, eta):
    """int_0^inf function(x) (-df/dx) dx at every eta; x = y^2 makes half-integer powers smooth."""

    def integrand(y):
        return 2 * y * function(y * y) / (4 * np.cosh((y * y - eta) / 2) ** 2)

    return quad_vec(integrand, 0.0, 11.0, epsabs=1e-300, epsrel=1e-13, limit=2000)[0]


def moments_of(conduction, eta):
    """S/(k_B/e) without its sign, L/(k_B/e)^2 and the conduction integral."""
    whole = window(conduction, eta)
    mean = window(lambda x: (x - eta) * conduction(x), eta) / whole
    spread = window(lambda x: (x - eta - mean) ** 2 * conduction(x), eta) / whole
    return mean, spread, whole


def exact(alpha):
    """S, L, n, sigma/sigma_E0, r_H."""
    mean, spread, whole = moments_of(lambda x: 3 * (x + alpha * x**2) / ((1 + 2 * alpha * x) ** 2 + 2), ETA)
    states = window(lambda x: (x + alpha * x**2) ** 1.5, ETA)
    hall = window(lambda x: 9 * (x + alpha * x**2) ** 0.5 / ((1 + 2 * alpha * x) ** 2 + 2) ** 2, ETA)
    n = single_band.thermal_density(T, MASS) * states / 1.5
    return UNIT * mean, UNIT**2 * spread, n, whole, hall * states / whole**2


def worst(found, reference):
    return max(float(np.max(np.abs(a / b - 1))) for a, b in zip(found, reference, strict=True))


def never_twice(function):
    """A call with levels that differ by rounding from those of every other call."""
    calls = count()
    return lambda: function(ETA * (1.0 + next(calls) * 2.0**-52))


def by_ioffe(level):
    parts = single_band.seebeck(level), single_band.lorenz_number(level)
    n = single_band.carrier_density(level, T, MASS)
    return *parts, n, single_band.reduced_conductivity(level), single_band.hall_factor(level)


def by_kane(eta):
    return by_ioffe(CarrierState(eta, EV / GAP))


def by_teflow(make):
    """The same five from a band of TEflow's, in our units."""

    def call():
        band = make()
        band.compile(ETA * EV, T)
        n = band.N() * 1e25
        return band.S() * 1e-6, band.L() * 1e-8, n, band.C(), n / (band.NH() * 1e25)

    return call


def first_use():
    """Time in s of the first call, which makes the tables."""
    for table in (fermi._ratio_table, fermi._average_table):
        table.cache_clear()
    start = time.process_time()
    by_ioffe(ETA)
    return time.process_time() - start


def one_band():
    from teflow.bandlib import APSSKB, APSSPB

    rows, reference = [], exact(0.0)
    seconds, _ = median_time(never_twice(by_ioffe))
    rows.append(("ioffe", seconds, worst(by_ioffe(ETA), reference), f"first call {first_use() * 1e3:.0f} ms"))
    seconds, found = median_time(by_teflow(lambda: APSSPB(m_d=MASS)))
    rows.append(("TEflow", seconds, worst(found, reference), ""))
    show("S, L, n, sigma and r_H of a parabolic band, 101 Fermi levels", rows)
    rows, reference = [], exact(EV / GAP)
    seconds, _ = median_time(never_twice(by_kane))
    rows.append(("ioffe", seconds, worst(by_kane(ETA), reference), "five calls, one integration"))
    seconds, found = median_time(by_teflow(lambda: APSSKB(m_d=MASS, Eg=GAP)))
    rows.append(("TEflow", seconds, worst(found, reference), "integrated once"))
    show(f"The same of a Kane band, gap {GAP} eV", rows)


def inversion():
    from teflow.bandlib import APSSPB

    S, rows = exact(0.0)[0], []
    seconds, found = median_time(lambda: fermi_level_from_seebeck(S))
    rows.append(("ioffe", seconds, float(np.max(np.abs(found - ETA))), "error: of eta itself"))
    seconds, found = median_time(lambda: APSSPB().solve_EF("S", S * 1e6, T), most=20)
    rows.append(("TEflow", seconds, float(np.max(np.abs(found / EV - ETA))), ""))
    show("Fermi level of 101 Seebeck coefficients", rows)


def two_bands():
    from teflow.bandlib import APSSPB, MultiBands

    gap, ratio, levels = 0.15, 2.0, ETA * EV
    acoustic = mechanism("acoustic", 50e-4)
    bands = Band("p", (acoustic,)), Band("n", (mechanism("acoustic", ratio * 50e-4),), edge=gap * e)

    def ours():
        found = transport(bands, levels * e, T)
        whole = found.electronic_thermal_conductivity + found.bipolar_thermal_conductivity
        return whole, found.bipolar_thermal_conductivity, np.abs(found.seebeck)

    scale = single_band.transport_coefficient(50e-4, T)

    def theirs():
        carriers = APSSPB(sigma0=scale / 100), APSSPB(sigma0=ratio * scale / 100)
        both = MultiBands(carriers, (0.0, gap), ("V", "C"))
        both.compile(levels, T)
        return both.Ke(), both.Kbip(), np.abs(both.S()) * 1e-6

    parts = [moments_of(lambda x: x, eta) for eta in (-ETA, ETA - gap / EV)]
    sigma = [scale * parts[0][2], ratio * scale * parts[1][2]]
    S = [UNIT * parts[0][0], -UNIT * parts[1][0]]
    total = sigma[0] + sigma[1]
    bipolar = T * sigma[0] * sigma[1] / total * (S[0] - S[1]) ** 2
    electronic = T * UNIT**2 * (sigma[0] * parts[0][1] + sigma[1] * parts[1][1])
    reference = electronic + bipolar, bipolar, np.abs(sigma[0] * S[0] + sigma[1] * S[1]) / total
    rows = []
    for who, call, most in (("ioffe", ours, 200), ("TEflow", theirs, 200)):
        seconds, found = median_time(call, most=most)
        rows.append((who, seconds, worst(found, reference), "kappa, kappa_bip and S"))
    show("Holes and electrons across a gap of 0.15 eV, 101 Fermi levels", rows)


def main():
    print("ioffe", te.__version__, "- band models, one thread")
    one_band()
    inversion()
    two_bands()


if __name__ == "__main__":
    main()
