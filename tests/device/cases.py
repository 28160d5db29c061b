"""Materials and devices that several device tests share."""

import numpy as np

import ioffe as te
from ioffe.base.curve import Curve


def constant(seebeck=2e-4, conductivity=1e5, kappa=1.0, name="constant"):
    """Constant properties, valid from 50 K to 1500 K."""
    span = (50.0, 1500.0)
    return te.Material(
        name=name,
        carrier="n" if seebeck < 0 else "p",
        seebeck=Curve.constant(seebeck, "seebeck", span),
        electrical=Curve.constant(conductivity, "electrical_conductivity", span),
        thermal_conductivity=Curve.constant(kappa, "thermal_conductivity", span),
    )


def reference(points, interpolation, *, seebeck_shift=0.0, scale=(1.0, 1.0, 1.0), carrier="p"):
    """Made-up material in closed form, sampled between 300 and 700 K; `scale` multiplies S, sigma, kappa."""
    T = np.linspace(300.0, 700.0, points)
    t = T - 300.0
    S = (140 + 0.32 * t - 2.6e-4 * t**2) * 1e-6 + seebeck_shift
    sigma = 1.3e5 * (T / 300) ** -1.6
    kappa = 375 / T + 1.8e-8 * sigma * T + 0.25 * np.exp((T - 700) / 90)
    return te.Material.from_arrays(
        name=f"reference {carrier}",
        carrier=carrier,
        T=T,
        seebeck=scale[0] * S,
        electrical_conductivity=scale[1] * sigma,
        thermal_conductivity=scale[2] * kappa,
        interpolation=interpolation,
    )


def tabulated(name, carrier, T, S, rho, kappa, interpolation="pchip"):
    """Table in K, uV/K, uohm m and W/(m K), resistivity measured."""
    return te.Material.from_arrays(
        name=name,
        carrier=carrier,
        T=np.asarray(T, float),
        seebeck=1e-6 * np.asarray(S, float),
        resistivity=1e-6 * np.asarray(rho, float),
        thermal_conductivity=np.asarray(kappa, float),
        interpolation=interpolation,
    )


def hot_material(interpolation="pchip"):
    T = np.linspace(300, 900, 13)
    x = (T - 300) / 600
    return tabulated(
        "hot", "p", T, 70 + 290 * x - 70 * x**2, 3.2 + 12 * x + 22 * x**2, 3.6 / (1 + 1.6 * x), interpolation
    )


def middle_material(interpolation="pchip"):
    T = np.linspace(300, 850, 12)
    x = (T - 300) / 550
    return tabulated(
        "middle", "p", T, 110 + 150 * x - 70 * x**2, 5 + 4.5 * x, 3.4 - 2.2 * x + 1.9 * x**2, interpolation
    )


def cold_material(interpolation="pchip"):
    T = np.linspace(200, 520, 14)
    x = (T - 300) / 100
    return tabulated(
        "cold",
        "p",
        T,
        205 + 25 * x - 14 * x**2,
        10 + 4.2 * x + 0.7 * x**2,
        1.45 - 0.22 * x + 0.19 * x**2,
        interpolation,
    )


def held(material):
    """S, rho and kappa of a material as functions that hold their end values silently, for a witness."""
    S, electrical, kappa = (
        c.replace(extrapolation="hold")
        for c in (material.seebeck, material.electrical, material.thermal_conductivity)
    )
    if electrical.quantity == "electrical_resistivity":
        return S, electrical, kappa
    return S, lambda T: 1.0 / electrical(T), kappa
