"""Legs that the tests of this folder share."""

from ioffe.migration.defect import CU2S
from ioffe.migration.specimen import MigratingLeg, relaxation_time

T = 750.0
SIGMA, SIGMA_ION, VOLUME, DELTA = 122e2, 100.0, 28.4e-6, 0.03


def cu2s_leg(length=10e-3, temperature=T, model=CU2S, delta=DELTA, sigma=SIGMA, sigma_ion=SIGMA_ION, **more):
    return MigratingLeg([0.0, length], temperature, model, delta, sigma, sigma_ion, VOLUME, **more)


def slowest_time(length=10e-3):
    """An upper bound of the relaxation time: that of delta = 0.2, where diffusion is slow."""
    return float(relaxation_time(length, CU2S.chemical_diffusion(0.2, T, SIGMA_ION, VOLUME)))
