"""Delta T_max over composition x and carrier density of Mg3.2Bi(x)Sb(2-x), as in the source's Fig. 2.

The level of the weighted mobility and of the lattice thermal conductivity is that of the reconstructed
material at x = 1.5. How they and the gap change with x is taken from four samples of the library
(`library_courses`), which the assumptions state as numbers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ioffe.base.constants import e
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.device.parts import Contact
from ioffe.material.library import load_material
from ioffe.material.material import Material
from ioffe.published.source import SourceInputs, seebeck_of
from ioffe.published.yang2022.coolers import LONG, largest_difference, n_material, p_material, vertex
from ioffe.transport.composition import SolidSolution, solution_transport
from ioffe.transport.fermi_level import effective_mass, fermi_level_from_seebeck
from ioffe.transport.quality import goldsmid_sharp_gap, weighted_mobility
from ioffe.transport.single_band import lorenz_number

Array = NDArray[np.float64]
REFERENCE = 1.5
"""x of the reconstructed material."""
SAMPLES = {
    "Mg3.2Sb1.5Bi0.49Te0.01": 0.49,
    "Mg3.5SbBi0.96Te0.04": 0.96,
    "Mg3.2Bi1.4975Sb0.5Te0.0025": 1.4975,
    "Mg3Bi1.998Te0.002": 1.998,
}
"""Bismuth of the samples of the library from which the courses are taken."""
COMPOSITIONS = np.linspace(1.0, 1.9, 4)
DENSITIES = np.geomspace(0.6e25, 6e25, 9)
TEMPERATURES = np.linspace(220.0, 300.0, 5)
COLD = 270.0
"""Temperature in K, midway between both ends of the leg, at which the best density is looked for."""


@dataclass(frozen=True)
class BestComposition:
    """The optimum.

    Parameters
    ----------
    composition : float
        x.
    density, hall_density : float
        Carriers in 1/m3, and as the Hall coefficient at 300 K counts them.
    delta_T : float
        Delta T_max in K.
    """

    composition: float
    density: float
    hall_density: float
    delta_T: float


def library_courses(temperature: float = 323.0) -> dict[str, Array]:
    """Composition, mobility (m2/(V s)), lattice conductivity (W/(m K)) and gap (eV) of the samples."""
    x, mobility, lattice, gap = [], [], [], []
    for name, amount in SAMPLES.items():
        sample = load_material(name)
        S, sigma = seebeck_of(sample, temperature), sample.electrical_conductivity(temperature)
        L = float(lorenz_number(fermi_level_from_seebeck(abs(S))))
        T = np.linspace(*sample.T_range, 60)
        x.append(amount)
        mobility.append(float(weighted_mobility(abs(S), sigma, temperature)))
        lattice.append(sample.thermal_conductivity(temperature) - L * sigma * temperature)
        gap.append(float(np.max(goldsmid_sharp_gap(np.abs(seebeck_of(sample, T)), T))) / e)
    found = {"composition": x, "mobility": mobility, "lattice": lattice, "gap": gap}
    return {key: np.array(values) for key, values in found.items()}


def solution(inputs: SourceInputs) -> SolidSolution:
    """The solid solution with the courses of the assumptions through the reconstructed material."""
    at = n_material(inputs)
    mobility, lattice = ([law(at, T) for T in (250.0, 300.0, 350.0)] for law in (_mobility, _lattice))
    steps = np.log(350.0 / 250.0)
    falling, cooling = (np.log(values[2] / values[0]) / steps for values in (mobility, lattice))
    mass = float(effective_mass(abs(seebeck_of(at, 300.0)), inputs["n_density"], 300.0))
    rise, closing, gap = inputs["mobility_course"], inputs["gap_course"], inputs["gap"]
    disorder = inputs["disorder"]
    return SolidSolution(
        carrier="n",
        effective_mass=lambda x, T: mass + 0.0 * (x + T),
        weighted_mobility=lambda x, T: mobility[1] * (T / 300.0) ** falling * (1.0 + rise * (x - REFERENCE)),
        lattice_thermal_conductivity=lambda x, T: (
            lattice[1] * (T / 300.0) ** cooling * _alloy(x, disorder) / _alloy(REFERENCE, disorder)
        ),
        band_gap=lambda x, T: e * (gap + closing * (x - REFERENCE)) + 0.0 * T,
    )


def leg_material(alloy: SolidSolution, density: float, composition: float) -> Material:
    """The n-type material of one density (1/m3) and composition."""
    T = TEMPERATURES
    found = solution_transport(alloy, density, composition, T)
    kappa = found.electronic_thermal_conductivity + found.bipolar_thermal_conductivity
    lattice = np.asarray(alloy.lattice_thermal_conductivity(np.asarray(composition), T))
    return Material.from_arrays(
        f"Mg3.2Bi{composition:.2f}Sb{2.0 - composition:.2f}",
        "n",
        T,
        seebeck=found.seebeck,
        electrical_conductivity=found.electrical_conductivity,
        thermal_conductivity=kappa + lattice,
        quality="synthetic",
    )


def difference_map(inputs: SourceInputs, compositions: Array, densities: Array) -> Array:
    """Delta T_max in K at 300 K of a pair without plates, shape (densities, compositions)."""
    alloy, pair = solution(inputs), _pair(inputs)
    rows = [[_difference(pair, leg_material(alloy, n, x)) for x in compositions] for n in densities]
    return np.array(rows)


def best_composition(inputs: SourceInputs) -> BestComposition:
    """The optimum: of the density by Z of the pair midway, then of x by Delta T_max."""
    alloy, pair = solution(inputs), _pair(inputs)
    Z = _pair_Z(alloy, pair.p.segments[0].material)
    best = [np.exp(vertex(np.log(DENSITIES), Z[:, k])[0]) for k in range(COMPOSITIONS.size)]
    pairs = zip(best, COMPOSITIONS, strict=True)
    drops = [_difference(pair, leg_material(alloy, density, amount)) for density, amount in pairs]
    composition, top = vertex(COMPOSITIONS, np.array(drops))
    density = float(np.exp(np.interp(composition, COMPOSITIONS, np.log(best))))
    hall = float(solution_transport(alloy, density, composition, 300.0).hall_carrier_density)
    return BestComposition(composition, density, hall, top)


def _pair_Z(alloy: SolidSolution, p: Material) -> Array:
    """(S_p - S_n)^2/((rho_p + rho_n)(kappa_p + kappa_n)) of equal legs, shape (densities, compositions)."""
    n, x, T = DENSITIES[:, None], COMPOSITIONS[None, :], COLD
    found = solution_transport(alloy, n, x, T)
    kappa = found.electronic_thermal_conductivity + found.bipolar_thermal_conductivity
    lattice = np.asarray(alloy.lattice_thermal_conductivity(x, np.asarray(T)))
    kappa = kappa + lattice + p.thermal_conductivity(T)
    rho = 1.0 / found.electrical_conductivity + p.electrical_resistivity(T)
    return (seebeck_of(p, T) - found.seebeck) ** 2 / (rho * kappa)


def _mobility(material: Material, T: float) -> float:
    return float(weighted_mobility(abs(seebeck_of(material, T)), material.electrical_conductivity(T), T))


def _lattice(material: Material, T: float) -> float:
    L = float(lorenz_number(fermi_level_from_seebeck(abs(seebeck_of(material, T)))))
    return float(material.thermal_conductivity(T) - L * material.electrical_conductivity(T) * T)


def _alloy(x: Array | float, disorder: float) -> Array:
    """Klemens's arctan(u)/u with u^2 = disorder x (2 - x)."""
    u = np.sqrt(disorder * np.maximum(np.asarray(x) * (2.0 - np.asarray(x)), 1e-9))
    return np.arctan(u) / u


def _pair(inputs: SourceInputs) -> Module:
    p = Leg(p_material(inputs), LONG, "1.8 mm2", contact=Contact("5 uohm cm2"))
    n = Leg("Mg3.2Bi1.4975Sb0.5Te0.0025", LONG, "1.8 mm2", contact=Contact(inputs["n_contact"]))
    return Module(p=p, n=n, fill_factor=0.3)


def _difference(pair: Module, material: Material) -> float:
    n = pair.n.replace(material=material, length=LONG)
    return largest_difference(pair.replace(n=n), [300.0])[0]
