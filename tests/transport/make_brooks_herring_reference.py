"""Make brooks_herring_reference.json: one band with ionised impurities, by mpmath with 25 digits.

    python -m tests.transport.make_brooks_herring_reference

Of reduced Fermi level, screening number and bend of the band: S e/k_B, L (e/k_B)^2, sigma/sigma_E0, r_H and
drift mobility, as integrals over the energy by quadrature.
"""

import json
from pathlib import Path

import mpmath as mp

FILE = Path(__file__).with_name("brooks_herring_reference.json")
LEVELS, SCREENINGS, BENDS = (-4.0, 0.5, 12.0), (0.03, 4.0, 3e3), (0.0, 0.2)


def bracket(g):
    """ln(1 + g) - g/(1 + g) to 30 digits."""
    with mp.workdps(60):
        return mp.log(1 + mp.mpf(g)) - mp.mpf(g) / (1 + mp.mpf(g))


def reference(level, screening, bend):
    """S e/k_B, L (e/k_B)^2, sigma/sigma_E0, r_H and drift mobility of one band, by quadrature."""
    with mp.workdps(25):
        eta, g, alpha = map(mp.mpf, (level, screening, bend))

        def integral(power, times):
            def integrand(x):
                y, m = x + alpha * x * x, 1 + 2 * alpha * x
                mobility = y ** mp.mpf(1.5) * bracket(g) / bracket(g * y) / m if x > 0 else mp.mpf(0)
                weight = 1 / (4 * mp.cosh((x - eta) / 2) ** 2)
                return y ** mp.mpf(1.5) * (mobility / m) ** times * (x - eta) ** power * weight

            points = [0, mp.mpf("0.001"), mp.mpf("0.1"), 1, *(p for p in (4, 12, 25) if p > 1), 60, 100]
            return mp.quad(integrand, points)

        filling, conduction = integral(0, 0), integral(0, 1)
        mean = integral(1, 1) / conduction
        variance = integral(2, 1) / conduction - mean**2
        hall = integral(0, 2) * filling / conduction**2
        return tuple(float(v) for v in (mean, variance, conduction, hall, conduction / filling))


def main():
    """Write the file."""
    rows = [
        {"at": [level, screening, bend], "values": reference(level, screening, bend)}
        for level in LEVELS
        for screening in SCREENINGS
        for bend in BENDS
    ]
    FILE.write_text("[\n" + ",\n".join(map(json.dumps, rows)) + "\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main()
