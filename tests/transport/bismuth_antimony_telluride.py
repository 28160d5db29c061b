"""Bi0.5Sb1.5Te3 with Cu2SnTe3: the published Debye-Callaway parameters, with what had to be assumed.

G = 3, a density difference of 1 g/cm3 between precipitate and matrix, c = C_0, and the length a (the cube
root of V) are assumptions; the publication does not give them.
"""

from functools import partial

import numpy as np

from ioffe.transport.phonons.debye_callaway import DebyeCallaway
from ioffe.transport.phonons.extended_defects import (
    dislocation_cores,
    dislocation_strain,
    gruneisen_change,
    precipitates,
)
from ioffe.transport.phonons.scattering_rates import (
    boundaries,
    point_defect_parameter,
    point_defects,
    strain_factor,
    umklapp,
)

VELOCITY, LONGITUDINAL, TRANSVERSE, POISSON = 2147.0, 2884.0, 1780.0, 0.24
DEBYE_TEMPERATURE = 94.0
VOLUME, V_BI, V_SB = 31.26e-30, 34.0e-30, 33.1e-30
M_BI, M_SB = 2.79e-25, 2.07e-25
FRACTION, GRUNEISEN = 0.25, 2.33
MASS = FRACTION * M_BI + (1 - FRACTION) * M_SB
CRYSTAL = {"sound_velocity": VELOCITY, "atomic_volume": VOLUME}
LINES = 4.17e14
SPLIT = (12.37915, 0.46933)
"""a (W/m) and b (W/(m K)) of the measured lattice part a/T + b, x = 0.08."""


def dgamma(v_sb=V_SB):
    return gruneisen_change(
        gruneisen=GRUNEISEN,
        solute_fraction=FRACTION,
        solute_volume=V_BI,
        solvent_volume=v_sb,
        solute_mass=M_BI,
        solvent_mass=M_SB,
        bulk_modulus=44.8e9,
        temperature=693.0,
    )


def gamma(v_sb=V_SB, mean_volume=VOLUME):
    size = (np.cbrt(V_BI) - np.cbrt(v_sb)) / np.cbrt(mean_volume)
    return point_defect_parameter(FRACTION, (M_BI - M_SB) / MASS, size, strain_factor(GRUNEISEN, POISSON))


def model(point_defect=None, change=None, strain=dislocation_strain):
    """The model; other scattering parameter, change of gamma and strain term if given."""
    line = {
        "dislocation_density": LINES,
        "burgers_vector": 1.2e-9,
        "gruneisen": GRUNEISEN + (dgamma() if change is None else change),
        "poisson_ratio": POISSON,
        "longitudinal_velocity": LONGITUDINAL,
        "transverse_velocity": TRANSVERSE,
    }

    def dislocations(omega):
        return dislocation_cores(omega, **CRYSTAL, dislocation_density=LINES) + strain(omega, **line)

    parameter = gamma() if point_defect is None else point_defect
    terms = {
        "U": partial(umklapp, **CRYSTAL, atomic_mass=MASS, gruneisen=GRUNEISEN, strength=2.6),
        "PD": partial(point_defects, **CRYSTAL, scattering_parameter=parameter),
        "GB": boundaries(sound_velocity=VELOCITY, size=2e-6),
        "D": dislocations,
        "SP": partial(
            precipitates,
            sound_velocity=VELOCITY,
            radius=20e-9,
            number_density=7.33e21,
            density_difference=1.0 / 6.65,
        ),
    }
    return DebyeCallaway(VELOCITY, DEBYE_TEMPERATURE, terms)
