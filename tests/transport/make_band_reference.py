"""Make band_reference.csv: Fermi-Dirac integrals and what follows from them, to 30 digits by mpmath.

python -m tests.transport.make_band_reference

Below the band edge the Fermi-Dirac integrals are polylogarithms; above it they are taken by tanh-sinh
quadrature between points around the Fermi level.
"""

import csv
from pathlib import Path

import mpmath as mp

FILE = Path(__file__).with_name("band_reference.csv")
LEVELS = (
    *("-30", "-12.5", "-3", "-0.7", "0", "0.4", "1", "2.5"),
    *("5", "9.75", "17", "30", "45.3", "60", "80", "300"),
)
ORDERS = ("-0.9", "-0.5", "0", "0.3", "0.5", "1", "1.5", "2", "2.5", "3", "3.5", "4.2")
EXPONENTS = ("-0.5", "0", "0.5", "1.5", "-0.2")
KANE = (("0", "1", "-2"), ("1", "1", "-2"), ("2", "1", "-2"), ("0", "0.5", "-4"), ("0", "1.5", "0"))
BENDS = ("0", "0.03", "0.2", "1", "8")


def fermi(order, level):
    """F_j(eta) = int_0^inf x^j/(1 + exp(x - eta)) dx, j > -1."""
    if level <= 0:
        return mp.re(-mp.gamma(order + 1) * mp.polylog(order + 1, -mp.exp(level)))
    # int x^(j+1)/(j+1) (-df/dx) dx has a milder beginning
    return window(lambda x: x ** (order + 1), level) / (order + 1)


def window(function, level):
    """int_0^inf function(x) (-df/dx) dx."""
    points = [mp.mpf(0), mp.mpf("0.01"), mp.mpf(1)]
    points += [point for point in (level - 30, level - 8, level, level + 8, level + 30) if point > 1]
    points += [max(level, mp.mpf(0)) + 90]
    return mp.quad(lambda x: function(x) / (4 * mp.cosh((x - level) / 2) ** 2), points)


def single_band(r, level):
    """S e/k_B, L (e/k_B)^2 and r_H in the published form, of differences."""
    mean = (r + mp.mpf(5) / 2) * fermi(r + mp.mpf(3) / 2, level)
    mean /= (r + mp.mpf(3) / 2) * fermi(r + mp.mpf(1) / 2, level)
    square = (r + mp.mpf(7) / 2) * fermi(r + mp.mpf(5) / 2, level)
    square /= (r + mp.mpf(3) / 2) * fermi(r + mp.mpf(1) / 2, level)
    hall = mp.mpf(3) / 2 * fermi(mp.mpf(1) / 2, level) * (2 * r + mp.mpf(3) / 2)
    hall *= fermi(2 * r + mp.mpf(1) / 2, level) / ((r + mp.mpf(3) / 2) * fermi(r + mp.mpf(1) / 2, level)) ** 2
    return mean - level, square - mean**2, hall


def kane(n, m, k, level, bend):
    """Generalised integral nF_k^m of a Kane band."""
    return window(lambda x: x**n * (x + bend * x * x) ** m * ((1 + 2 * bend * x) ** 2 + 2) ** (k / 2), level)


def rows():
    for level in LEVELS:
        eta = mp.mpf(level)
        for order in ORDERS:
            yield "fermi", order, "", "", "", level, fermi(mp.mpf(order), eta)
        for r in EXPONENTS:
            for name, value in zip(("seebeck", "lorenz", "hall"), single_band(mp.mpf(r), eta), strict=True):
                yield name, r, "", "", "", level, value
        for n, m, k in KANE:
            for bend in BENDS:
                yield "kane", n, m, k, bend, level, kane(*map(mp.mpf, (n, m, k)), eta, mp.mpf(bend))


def main():
    with mp.workdps(40), FILE.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("quantity", "a", "b", "c", "bend", "level", "value"))
        for *words, value in rows():
            writer.writerow((*words, mp.nstr(value, 25)))


if __name__ == "__main__":
    main()
