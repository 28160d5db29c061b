"""Write rate_reference.json: scattering rates of phonons and alloy disorder by mpmath, to 30 digits.

python -m tests.transport.make_rate_reference

Nothing of ioffe is used but its constants. Where the literature knows another way to the same number, it is
taken: Umklapp and point-defect rates by the Debye frequency and the density of states, free electrons by the
integral of the golden rule, precipitates by their cross-sections, disorder by pairs of atoms, its size by the
ratio of two rates at the Debye frequency, and the conductivity by the integral over frequencies.
"""

import itertools
import json
import random
from pathlib import Path

import mpmath as mp

from ioffe.base.constants import hbar, k_B

mp.mp.dps = 30
FILE = Path(__file__).with_name("rate_reference.json")
KB, HBAR, PI = mp.mpf(k_B), mp.mpf(hbar), mp.pi


def debye_frequency(v, volume):
    return v * (6 * PI**2 / volume) ** (mp.mpf(1) / 3)


def umklapp(omega, T, sound_velocity, atomic_mass, atomic_volume, gruneisen, strength):
    of_atom = KB * T / (atomic_mass * sound_velocity**2)
    return strength * 2 * gruneisen**2 * of_atom * omega**2 / debye_frequency(sound_velocity, atomic_volume)


def umklapp_frozen(omega, T, sound_velocity, atomic_mass, debye_temperature, gruneisen, decay):
    of_atom = HBAR * omega / (atomic_mass * sound_velocity**2)
    freezing = mp.exp(-debye_temperature / decay / T)
    return gruneisen**2 * of_atom * omega * (T / debye_temperature) * freezing


def normal_processes(omega, T, coefficient, frequency_exponent, temperature_exponent):
    return coefficient * mp.exp(frequency_exponent * mp.log(omega) + temperature_exponent * mp.log(T))


def point_defects(omega, sound_velocity, atomic_volume, scattering_parameter):
    states = 3 * omega**2 / (2 * PI**2 * sound_velocity**3)
    return PI / 6 * atomic_volume * scattering_parameter * omega**2 * states


def strain_factor(gruneisen, poisson_ratio, stiffness):
    elastic = (1 + poisson_ratio) / (1 - poisson_ratio)
    return 2 * elastic**2 * (stiffness + mp.mpf(32) / 5 * gruneisen) ** 2 / 9


def point_defect_parameter(fraction, mass_difference, size_difference, strain):
    return (fraction - fraction**2) * mass_difference**2 + (
        fraction - fraction**2
    ) * strain * size_difference**2


def boundaries(sound_velocity, size):
    return 1 / (size / sound_velocity)


def free_electrons(omega, T, sound_velocity, density, effective_mass, deformation_potential, fermi_level):
    thermal, m, v = KB * T, effective_mass, sound_velocity
    lowest = m / 2 * (v - HBAR * omega / (2 * m * v)) ** 2

    def net(y):
        energy = lowest + y * thermal - fermi_level
        return 1 / (1 + mp.exp(energy / thermal)) - 1 / (1 + mp.exp((energy + HBAR * omega) / thermal))

    share = mp.quad(net, [0, 1, 3, 6, 12, 25, 50, 90])
    return deformation_potential**2 * m**2 * thermal / (2 * PI * HBAR**4 * density * v) * share


def dislocation_cores(omega, sound_velocity, atomic_volume, dislocation_density):
    edge = mp.cbrt(atomic_volume)
    return dislocation_density * edge**4 * omega * (omega / sound_velocity) ** 2


def dislocation_strain(
    omega,
    dislocation_density,
    burgers_vector,
    gruneisen,
    poisson_ratio,
    longitudinal_velocity,
    transverse_velocity,
    prefactor,
):
    ratio = 1 - poisson_ratio / (1 - poisson_ratio)  # (1 - 2 nu)/(1 - nu)
    velocities = 1 + mp.sqrt(2) * longitudinal_velocity**2 / transverse_velocity**2
    brace = (12 + (ratio * velocities) ** 2) / 24
    return prefactor * dislocation_density * (burgers_vector * gruneisen) ** 2 * omega * brace


def gruneisen_change(
    gruneisen,
    solute_fraction,
    solute_volume,
    solvent_volume,
    solute_mass,
    solvent_mass,
    bulk_modulus,
    temperature,
):
    a = solute_volume / solvent_volume - 1
    b = (1 - solute_mass / solvent_mass) / 2
    return solvent_volume * bulk_modulus / (KB * temperature) * solute_fraction * a * (gruneisen * a - b)


def precipitates(omega, sound_velocity, radius, number_density, density_difference):
    area = PI * radius**2
    shadow = 2 * area
    rayleigh = area * mp.mpf(4) / 9 * density_difference**2 * (omega / sound_velocity * radius) ** 4
    return sound_velocity * number_density / (1 / shadow + 1 / rayleigh)


def interfaces(sound_velocity, spacing, transmissivity):
    path = mp.mpf(3) / 4 * transmissivity * spacing / (1 - transmissivity)
    return sound_velocity / path


def transmissivity(omega, highest_frequency, steepness):
    return highest_frequency / (highest_frequency + steepness * omega)


def disorder_size(pure_conductivity, scattering_parameter, debye_temperature, atomic_volume, sound_velocity):
    top = KB * debye_temperature / HBAR
    # kappa_pure = k_B top/(2 pi^2 v B) for a rate B omega^2
    of_umklapp = KB * top / (2 * PI**2 * sound_velocity * pure_conductivity) * top**2
    return mp.sqrt(point_defects(top, sound_velocity, atomic_volume, scattering_parameter) / of_umklapp)


def disorder_scaling(size):
    return mp.quad(lambda x: 1 / (1 + (size * x) ** 2), [0, 1 / (1 + size), 1])


def disorder(sites, masses, radii, strain):
    """Parameters of mass and size: every pair of atoms on a site counts once."""
    total = mp.fsum(n for site in sites for n in site.values())
    mean = mp.fsum(n * masses[k] for site in sites for k, n in site.items()) / total
    of_mass = of_size = mp.mpf(0)
    for site, factor in zip(sites, strain, strict=True):
        here = mp.fsum(site.values())
        its = mp.fsum(n * masses[k] for k, n in site.items()) / here
        radius = mp.fsum(n * radii[k] for k, n in site.items()) / here
        for (k, n), (j, m) in itertools.combinations(site.items(), 2):
            pairs = n * m / here / total
            of_mass += pairs * ((masses[k] - masses[j]) / mean) ** 2
            of_size += pairs * factor * ((its / mean) * (radii[k] - radii[j]) / radius) ** 2
    return of_mass, of_size


RANGES = {
    "omega": (2e12, 2e13),
    "T": (150, 700),
    "sound_velocity": (1500, 6000),
    "atomic_mass": (5e-26, 3e-25),
    "atomic_volume": (1.2e-29, 3.5e-29),
    "gruneisen": (1.1, 2.6),
    "strength": (1, 3),
    "debye_temperature": (90, 500),
    "decay": (2, 4),
    "coefficient": (1e-24, 1e-22),
    "frequency_exponent": (1, 2),
    "temperature_exponent": (1, 4),
    "scattering_parameter": (0.01, 0.3),
    "poisson_ratio": (0.15, 0.35),
    "stiffness": (2, 4),
    "fraction": (0.1, 0.9),
    "mass_difference": (0.1, 0.6),
    "size_difference": (0.005, 0.05),
    "strain": (20, 200),
    "size": (0.3, 5),
    "density": (3000, 9000),
    "effective_mass": (3e-31, 2e-30),
    "deformation_potential": (8e-19, 4e-18),
    "fermi_level": (-1e-20, 3e-20),
    "dislocation_density": (1e14, 1e16),
    "burgers_vector": (3e-10, 2e-9),
    "longitudinal_velocity": (2500, 6000),
    "transverse_velocity": (1400, 2400),
    "prefactor": (0.05, 1),
    "solute_fraction": (0.05, 0.4),
    "solute_volume": (2.5e-29, 3.5e-29),
    "solvent_volume": (2.5e-29, 3.5e-29),
    "solute_mass": (1e-25, 3e-25),
    "solvent_mass": (1e-25, 3e-25),
    "bulk_modulus": (2e10, 9e10),
    "temperature": (500, 900),
    "radius": (2e-9, 3e-8),
    "number_density": (1e21, 1e23),
    "density_difference": (0.05, 0.5),
    "spacing": (2e-8, 5e-7),
    "transmissivity": (0.1, 0.9),
    "highest_frequency": (1e13, 5e13),
    "steepness": (0.3, 1.5),
    "pure_conductivity": (0.8, 5),
}
FUNCTIONS = (
    umklapp,
    umklapp_frozen,
    normal_processes,
    point_defects,
    strain_factor,
    point_defect_parameter,
    boundaries,
    free_electrons,
    dislocation_cores,
    dislocation_strain,
    gruneisen_change,
    precipitates,
    interfaces,
    transmissivity,
    disorder_size,
    disorder_scaling,
)
ALLOYS = {
    "three sites": {
        "formula": "Mg1.18Cu0.02Yb0.6Zn1.2Sb2",
        "sites": {"Mg1": {"Mg": 0.38, "Cu": 0.02, "Yb": 0.6}, "Mg2": {"Mg": 0.8, "Zn": 1.2}, "Sb": {"Sb": 2}},
        "strain": {"Mg1": 31.7, "Mg2": 58.3, "Sb": 44.4},
    },
    "two sites": {
        "formula": "Bi0.5Sb1.5Te2.7Se0.3",
        "sites": {"metal": {"Bi": 0.5, "Sb": 1.5}, "chalcogen": {"Te": 2.7, "Se": 0.3}},
        "strain": {"metal": 91.3, "chalcogen": 73.9},
    },
}
MASSES = {
    "Mg": 24.31,
    "Cu": 63.55,
    "Yb": 173.05,
    "Zn": 65.38,
    "Sb": 121.76,
    "Bi": 208.98,
    "Te": 127.6,
    "Se": 78.97,
}
RADII = {
    "Mg": 160.2,
    "Yb": 193.9,
    "Cu": 128.1,
    "Zn": 134.3,
    "Sb": 141.0,
    "Bi": 146.2,
    "Te": 136.4,
    "Se": 116.8,
}


def main():
    draw = random.Random(7)
    rates = []
    for function in FUNCTIONS:
        names = function.__code__.co_varnames[: function.__code__.co_argcount]
        for _ in range(3):
            given = {name: f"{draw.uniform(*RANGES[name]):.4g}" for name in names}
            value = function(**{name: mp.mpf(text) for name, text in given.items()})
            rates.append({"function": function.__name__, "given": given, "value": mp.nstr(value, 18)})
    alloys = {}
    for name, alloy in ALLOYS.items():
        numbers = [{k: mp.mpf(str(v)) for k, v in d.items()} for d in (MASSES, RADII)]
        sites = [{k: mp.mpf(str(n)) for k, n in site.items()} for site in alloy["sites"].values()]
        strain = [mp.mpf(str(value)) for value in alloy["strain"].values()]
        of_mass, of_size = disorder(sites, *numbers, strain)
        alloys[name] = {**alloy, "mass": mp.nstr(of_mass, 18), "size": mp.nstr(of_size, 18)}
    found = {"rates": rates, "alloys": alloys, "masses": MASSES, "radii": RADII}
    FILE.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
