"""The coolers of the source as modules, their curves over the current, and the maxima of those.

The n-leg is reconstructed, the p-leg a stand-in, solder and area are assumed. All currents of a curve are
solved at once. Delta T_max over composition x and carrier density of Mg3.2Bi(x)Sb(2-x) is computed as in the
source's Fig. 2: the level of the weighted mobility and of the lattice thermal conductivity is that of the
reconstructed material at x = 1.5; how they and the gap change with x is taken from four samples of the
library (`library_courses`), which the assumptions state as numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ioffe.base.arrays import Array
from ioffe.base.constants import e
from ioffe.device.conditions import Cooler
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.material.library import load_material
from ioffe.material.material import Material
from ioffe.published.source import SourceInputs, seebeck_of
from ioffe.result.steady import Result
from ioffe.transport.composition import SolidSolution, solution_transport
from ioffe.transport.fermi_level import effective_mass, fermi_level_from_seebeck
from ioffe.transport.quality import goldsmid_sharp_gap, weighted_mobility
from ioffe.transport.single_band import lorenz_number

NEAR_HEAT = np.linspace(0.7, 1.15, 10)
NEAR_COP = np.geomspace(0.03, 0.5, 18)
NEAR_DROP = np.linspace(0.6, 1.1, 9)
"""Currents over S T_c/R of the legs, among which a maximum is looked for."""
LONG = 3e-3
"""Length in m of the legs on which the temperature differences were measured."""
SHORT = 2e-3
"""Length in m of the legs on which heat and COP were measured."""


def n_material(inputs: SourceInputs) -> Material:
    """The reconstructed n-type material with its assumed errors."""
    return inputs.material("Mg3.2Bi1.4975Sb0.5Te0.0025")


def cooler(inputs: SourceInputs, length: float, couples: int = 7) -> Module:
    """The cooler of Mg3(Bi,Sb)2 with legs of a length in m."""
    return inputs.module("cooler", {"legs.length": length, "couples": couples})


def commercial(inputs: SourceInputs, length: float) -> Module:
    """The commercial cooler beside it: generic legs on both sides, of a smaller cross-section."""
    return inputs.module("commercial", {"legs.length": length})


def peltier_current(module: Module, T: float) -> float:
    """S T/R of the legs in A: about the current of the largest heat."""
    resistance = sum(_resistance(leg, T) for leg in (module.p, module.n))
    S = seebeck_of(module.p.segments[0].material, T) - seebeck_of(module.n.segments[0].material, T)
    return float(S * T / resistance)


def curve(module: Module, hot: float, drops: Sequence[float], current: Array) -> Result:
    """Heat and COP over the current at temperature differences in K below a hot side in K."""
    cold = [hot - drop for drop in drops]
    return module.solve(Cooler(T_hot=hot, T_cold=cold, current=current), maxima=False)


def heat_maximum(module: Module, hot: float, drops: Sequence[float]) -> tuple[list[float], list[float]]:
    """Largest heat in W and its current in A at each temperature difference."""
    current = peltier_current(module, hot) * NEAR_HEAT
    return _maxima(current, curve(module, hot, drops, current).heat_cold)


def COP_maximum(module: Module, hot: float, drops: Sequence[float]) -> list[float]:
    """Largest COP at each temperature difference."""
    current = peltier_current(module, hot) * NEAR_COP
    return _maxima(np.log(current), curve(module, hot, drops, current).COP)[0]


def largest_difference(module: Module, hot: Sequence[float], heat: Sequence[float] = (0.0,)) -> list[float]:
    """Largest temperature difference in K at each hot side (K) and heat load (W), hot sides first."""
    current = peltier_current(module, 300.0) * NEAR_DROP
    conditions = Cooler(T_hot=list(hot), heat=list(heat), current=current)
    drops = module.solve(conditions, maxima=False).delta_T
    return _maxima(current, drops.reshape(-1, current.size))[0]


def vertex(x: Array, y: Array) -> tuple[float, float]:
    """Position and height of the maximum, by the parabola through the largest value and its neighbours."""
    k = int(np.clip(np.nanargmax(y), 1, x.size - 2))
    a, b, c = np.polyfit(x[k - 1 : k + 2] - x[k], y[k - 1 : k + 2], 2)
    if a >= 0:
        best = int(np.nanargmax(y))
        return float(x[best]), float(y[best])
    position = float(np.clip(x[k] - b / (2.0 * a), x[k - 1], x[k + 1]))
    shift = position - x[k]
    return position, float((a * shift + b) * shift + c)


def _maxima(x: Array, rows: Array) -> tuple[list[float], list[float]]:
    found = [vertex(x, row) for row in np.atleast_2d(rows)]
    return [height for _, height in found], [position for position, _ in found]


def _resistance(leg: Leg, T: float) -> float:
    contacts = leg.contact_hot.electrical + leg.contact_cold.electrical
    material = leg.segments[0].material
    return (leg.length * float(material.electrical_resistivity(T)) + contacts) / leg.area


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

    `composition`: x.
    `density`, `hall_density`: carriers in 1/m3, and as the Hall coefficient at 300 K counts them.
    `delta_T`: Delta T_max in K.
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
        lattice.append(sample.known_thermal_conductivity(temperature) - L * sigma * temperature)
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
    alloy, pair = solution(inputs), inputs.module("pair")
    rows = [[_difference(pair, leg_material(alloy, n, x)) for x in compositions] for n in densities]
    return np.array(rows)


def best_composition(inputs: SourceInputs) -> BestComposition:
    """The optimum: of the density by Z of the pair midway, then of x by Delta T_max."""
    alloy, pair = solution(inputs), inputs.module("pair")
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
    kappa = kappa + lattice + p.known_thermal_conductivity(T)
    rho = 1.0 / found.electrical_conductivity + p.electrical_resistivity(T)
    return (seebeck_of(p, T) - found.seebeck) ** 2 / (rho * kappa)


def _mobility(material: Material, T: float) -> float:
    return float(weighted_mobility(abs(seebeck_of(material, T)), material.electrical_conductivity(T), T))


def _lattice(material: Material, T: float) -> float:
    L = float(lorenz_number(fermi_level_from_seebeck(abs(seebeck_of(material, T)))))
    return float(material.known_thermal_conductivity(T) - L * material.electrical_conductivity(T) * T)


def _alloy(x: Array | float, disorder: float) -> Array:
    """Klemens's arctan(u)/u with u^2 = disorder x (2 - x)."""
    u = np.sqrt(disorder * np.maximum(np.asarray(x) * (2.0 - np.asarray(x)), 1e-9))
    return np.arctan(u) / u


def _difference(pair: Module, material: Material) -> float:
    n = pair.n.replace(material=material, length=LONG)
    return largest_difference(pair.replace(n=n), [300.0])[0]
