"""Made-up but realistic tables (8 to 15 points) as engine tables, by three interpolations."""

import numpy as np

from ioffe.base.curve import Curve
from ioffe.engine.table import pack


def _rough(count, amplitude, seed):
    return 1 + amplitude * np.sin(12.9898 * np.arange(count) * (seed + 1) + seed)


def curves():
    """name -> T (K), S (V/K), rho (ohm m), kappa (W/(m K))."""
    out = {}

    def add(name, T, S, rho, kappa):
        seed = len(out)
        n = len(T)
        out[name] = (
            T,
            S * 1e-6 * _rough(n, 0.008, seed),
            rho * 1e-6 * _rough(n, 0.01, seed + 3),
            kappa * _rough(n, 0.01, seed + 7),
        )

    T = np.linspace(200.0, 520.0, 14)
    x = (T - 300) / 100
    add(
        "bismuth telluride",
        T,
        205 + 25 * x - 14 * x**2,
        10 + 4.2 * x + 0.7 * x**2,
        1.45 - 0.22 * x + 0.19 * x**2,
    )
    T = np.linspace(300.0, 850.0, 12)
    x = (T - 300) / 550
    add("skutterudite", T, 110 + 150 * x - 70 * x**2, 5 + 4.5 * x, 3.4 - 2.2 * x + 1.9 * x**2)
    T = np.linspace(300.0, 1000.0, 8)
    x = (T - 300) / 700
    add("half-Heusler", T, 95 + 130 * x - 10 * x**2, 4 + 6 * x, 7 - 4 * x + 1.7 * x**2)
    T = np.linspace(300.0, 900.0, 13)
    x = (T - 300) / 600
    add("lead telluride", T, 70 + 290 * x - 70 * x**2, 3.2 + 12 * x + 22 * x**2, 3.6 / (1 + 1.6 * x))
    T = np.linspace(300.0, 800.0, 15)
    s = np.tanh((T - 520) / 55)
    peak = np.exp(-(((T - 520) / 60) ** 2))
    add("phase transition", T, 165 + 85 * s, 18 + 60 * np.exp(-(T - 300) / 110), 1.6 + 0.9 * peak)
    T = np.linspace(300.0, 800.0, 11)
    x = (T - 300) / 500
    add("bipolar", T, 235 + 280 * x - 470 * x**2, 20 + 70 * x - 78 * x**2, 1.25 - 0.9 * x + 3.0 * x**3)
    return out


NAMES = tuple(curves())


def table(name, interpolation, *, resistivity=True):
    """Engine table; with ``resistivity=False`` its reciprocal is interpolated."""
    T, S, rho, kappa = curves()[name]
    electrical = rho if resistivity else 1 / rho
    pieces = [
        (c.knots, c.cells) for c in (Curve(T, y, interpolation=interpolation) for y in (S, electrical, kappa))
    ]
    return pack(*pieces, resistivity=resistivity)


def dense(points, interpolation, *, noise=0.0, resistivity=True):
    """A table of many points between 300 K and 800 K whose S changes its sign, with noise of that share."""
    rng = np.random.default_rng(5)
    T = np.linspace(300.0, 800.0, points)
    x = (T - 300.0) / 500.0
    S = (60 + 180 * x - 290 * x**2) * 1e-6 * (1.0 + noise * rng.normal(size=points))
    rho = (
        (8 + 30 * x - 20 * np.tanh((T - 520) / 80) ** 2 * x) * 1e-6 * (1.0 + noise * rng.normal(size=points))
    )
    kappa = (1.25 - 0.9 * x + 1.4 * x**3) * (1.0 + noise * rng.normal(size=points))
    electrical = rho if resistivity else 1 / rho
    curves = (Curve(T, y, interpolation=interpolation) for y in (S, electrical, kappa))
    return pack(*((c.knots, c.cells) for c in curves), resistivity=resistivity)
