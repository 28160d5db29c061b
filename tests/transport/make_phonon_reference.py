"""Write phonon_reference.json: integrals of Debye and of Callaway by mpmath, to 30 digits.

python -m tests.transport.make_phonon_reference

Nothing of ioffe is used but its constants; the formulas are written out once more.
"""

import json
from pathlib import Path

import mpmath as mp

from ioffe.base.constants import hbar, k_B

mp.mp.dps = 30
FILE = Path(__file__).with_name("phonon_reference.json")
KB, HBAR = mp.mpf(k_B), mp.mpf(hbar)


def window(x):
    return x**2 * mp.exp(x) / mp.expm1(x) ** 2


def integral(function, top):
    """From 0 to top in pieces that shrink towards 0, where the rates of different powers cross."""
    pieces = [0, *(top * mp.mpf(4) ** -k for k in range(12, 0, -1)), mp.mpf("0.5") * top, top]
    return mp.quad(function, sorted(set(pieces)))


def debye(order, top):
    return integral(lambda x: x ** (order - 2) * window(x), mp.mpf(top))


def callaway(T, velocity, theta, resistive, normal=None):
    """Conductivity; rates are functions of omega and T."""
    T, v = mp.mpf(T), mp.mpf(velocity)
    top = min(mp.mpf(theta) / T, mp.mpf(90))
    thermal = KB * T / HBAR

    def moment(share):
        def integrand(x):
            w = x * thermal
            r, n = resistive(w, T), normal(w, T) if normal else mp.mpf(0)
            return x**2 * window(x) * share(r, n)

        return integral(integrand, top)

    found = moment(lambda r, n: 1 / (r + n))
    if normal:
        found += moment(lambda r, n: n / (r + n)) ** 2 / moment(lambda r, n: n * r / (r + n))
    return KB / (2 * mp.pi**2 * v) * thermal**3 * found


def power_law(terms):
    """Sum of coefficient * omega^a T^b."""
    given = [(mp.mpf(c), a, b) for c, a, b in terms]
    return lambda w, T: mp.fsum(c * w**a * T**b for c, a, b in given)


CASES = {
    "umklapp": {"velocity": 2147, "theta": 94, "resistive": [["4.2e-18", 2, 1]]},
    "all powers": {
        "velocity": 2500,
        "theta": 150,
        "resistive": [["3e-18", 2, 1], ["2e-42", 4, 0], ["1e-30", 3, 0], ["2e-3", 1, 0], ["1e9", 0, 0]],
    },
    "tiny boundary rate": {"velocity": 6000, "theta": 640, "resistive": [["1e-19", 2, 1], ["1e5", 0, 0]]},
    "normal processes": {
        "velocity": 3000,
        "theta": 300,
        "resistive": [["1e-18", 2, 1], ["1e-43", 4, 0], ["1e8", 0, 0]],
        "normal": [["5e-24", 2, 3]],
    },
    "strong normal processes": {
        "velocity": 3000,
        "theta": 300,
        "resistive": [["1e-43", 4, 0], ["1e7", 0, 0]],
        "normal": [["3e-20", 2, 3]],
    },
}
TEMPERATURES = ["3", "30", "300", "1000"]
TOPS = ["0.01", "0.3", "1", "7", "60"]


def conductivity(case, T):
    normal = power_law(case["normal"]) if "normal" in case else None
    return callaway(T, case["velocity"], case["theta"], power_law(case["resistive"]), normal)


def main():
    found = {
        "temperatures": TEMPERATURES,
        "tops": TOPS,
        "debye": {str(n): [mp.nstr(debye(n, top), 18) for top in TOPS] for n in (2, 3, 4, 5)},
        "cases": {
            name: {**case, "conductivity": [mp.nstr(conductivity(case, T), 18) for T in TEMPERATURES]}
            for name, case in CASES.items()
        },
    }
    FILE.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
