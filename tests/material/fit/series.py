"""Synthetic samples made by a model, exact or with noise."""

from __future__ import annotations

import numpy as np

from ioffe.base.curve import Curve
from ioffe.material import Material

QUANTITIES = ("seebeck", "electrical_conductivity", "hall_coefficient")
ERRORS = {
    "seebeck": 0.03,
    "electrical_conductivity": 0.04,
    "hall_coefficient": 0.08,
    "thermal_conductivity": 0.05,
}


def made(model, parameters, dopings, T, *, carrier="p", rng=None, stated=True, kappa=None):
    """Samples of a model, one for each doping; with a generator their points scatter by `ERRORS`."""
    T = np.asarray(T, float)
    sign = 1.0 if carrier == "p" else -1.0
    wanted = [*QUANTITIES, "electronic_thermal_conductivity", "bipolar_thermal_conductivity"]
    if model.lattice is not None:
        wanted.append("thermal_conductivity")
    out = []
    for k, n in enumerate(dopings):
        values = {name: np.array([[v]]) for name, v in parameters.items()} | {
            "carrier_density": np.array([[n]])
        }
        found = {q: v[0] for q, v in model.predict(values, T, sign, wanted).items()}
        if "thermal_conductivity" not in found:
            found["thermal_conductivity"] = found["electronic_thermal_conductivity"] + (
                1.0 if kappa is None else kappa
            )
        out.append(_material(f"sample{k}", carrier, T, found, rng, stated))
    return out


def _material(name, carrier, T, found, rng, stated):
    values, std = {}, {}
    for quantity, error in ERRORS.items():
        exact = np.asarray(found[quantity])
        scatter = 0.0 if rng is None else error * rng.standard_normal(len(T))
        linear = quantity == "seebeck"
        values[quantity] = exact * (1.0 + scatter) if linear else exact * np.exp(scatter)
        std[quantity] = error * np.abs(values[quantity])
    hall = values.pop("hall_coefficient")
    deviation = std.pop("hall_coefficient")
    curve = Curve(T, hall, "hall_coefficient", std=deviation if stated else None)
    return Material.from_arrays(name, carrier, T, std=std if stated else None, hall=curve, **values)
