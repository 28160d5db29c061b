"""Scattering rates: independent evaluations, limits and laws of every mechanism."""

import numpy as np
import pytest
from scipy.integrate import quad

from ioffe.base.constants import e, hbar, k_B, m_e
from ioffe.transport.phonons import extended_defects as defects
from ioffe.transport.phonons import scattering_rates as rates
from ioffe.transport.phonons.debye_callaway import DebyeCallaway

OMEGA = np.array([1e11, 1e12, 1e13])


def test_umklapp_written_out():
    found = rates.umklapp(
        OMEGA, 300.0, sound_velocity=2147.0, atomic_mass=2.25e-25, atomic_volume=31.26e-30, gruneisen=2.33
    )
    scale = 2 / 59.21762640653615 ** (1 / 3) * 1.380649e-23 * 3.1501e-10 * 5.4289 * 300 / 2.25e-25 / 2147**3
    assert found == pytest.approx(scale * OMEGA**2, rel=2e-5)


def test_powers_of_frequency_and_temperature():
    crystal = {"sound_velocity": 2000.0, "atomic_volume": 30e-30}
    line = {
        "dislocation_density": 1e14,
        "burgers_vector": 1e-9,
        "gruneisen": 2.0,
        "poisson_ratio": 0.25,
        "longitudinal_velocity": 3000.0,
        "transverse_velocity": 1800.0,
    }
    found = {
        4: rates.point_defects(OMEGA, **crystal, scattering_parameter=0.1),
        3: defects.dislocation_cores(OMEGA, **crystal, dislocation_density=1e14),
        1: defects.dislocation_strain(OMEGA, **line),
    }
    for power, rate in found.items():
        assert rate[1:] / rate[:-1] == pytest.approx(10.0**power, rel=1e-12)
    normal = rates.normal_processes(
        OMEGA, 7.0, coefficient=3e-10, frequency_exponent=1, temperature_exponent=4
    )
    assert normal == pytest.approx(3e-10 * OMEGA * 2401)


def test_strain_of_dislocations_written_out():
    """The terms of the brace for nu = 0.24: ((1 - 0.48)/0.76)^2 = 0.468144, v_L^2/v_T^2 = 2.625129."""
    found = defects.dislocation_strain(
        1e12,
        dislocation_density=4.17e14,
        burgers_vector=1.2e-9,
        gruneisen=2.58,
        poisson_ratio=0.24,
        longitudinal_velocity=2884.0,
        transverse_velocity=1780.0,
    )
    brace = 0.5 + 0.468144 / 24 * (1 + 1.41421356 * 2.625129) ** 2
    assert found == pytest.approx(0.6 * 1.44e-18 * 4.17e14 * 2.58**2 * 1e12 * brace, rel=1e-5)


def test_change_of_gamma_without_misfit_is_zero():
    same = {"solute_volume": 3e-29, "solvent_volume": 3e-29, "solute_mass": 1e-25, "solvent_mass": 2e-25}
    assert (
        defects.gruneisen_change(
            gruneisen=2.0, solute_fraction=0.2, **same, bulk_modulus=4e10, temperature=600.0
        )
        == 0.0
    )


def test_precipitates_from_rayleigh_to_shadow():
    particle = {"sound_velocity": 2000.0, "radius": 10e-9, "number_density": 1e22, "density_difference": 0.2}
    long, short = defects.precipitates([1e8, 1e16], **particle)
    assert long == pytest.approx(
        2000 * 1e22 * 4 / 9 * np.pi * 1e-16 * 0.04 * (1e8 * 1e-8 / 2000) ** 4, rel=1e-10
    )
    assert short == pytest.approx(2000 * 1e22 * 2 * np.pi * 1e-16, rel=1e-10)
    assert defects.precipitates(0.0, **particle) == 0.0


def test_interfaces_give_their_thermal_resistance():
    """Layers whose only resistance is that of their interfaces: kappa = L C v t/(4 (1 - t))."""
    v, theta, T, spacing, t = 3000.0, 200.0, 250.0, 40e-9, 0.3
    model = DebyeCallaway(
        v, theta, {"I": defects.interfaces(sound_velocity=v, spacing=spacing, transmissivity=t)}
    )
    plain = DebyeCallaway(v, theta, {"B": rates.boundaries(sound_velocity=v, size=1.0)})
    capacity = 3 * plain.thermal_conductivity(T) / v
    assert model.thermal_conductivity(T) == pytest.approx(spacing * capacity * v * t / 4 / (1 - t), rel=1e-11)


def test_grains_that_long_waves_pass():
    top = 2e13
    t = defects.transmissivity(OMEGA, highest_frequency=top, steepness=0.7)
    rate = defects.interfaces(sound_velocity=3000.0, spacing=1e-7, transmissivity=t)
    assert rate == pytest.approx(4 * 3000 * 0.7 * OMEGA / top / 3e-7, rel=1e-12)
    assert (
        defects.interfaces(
            sound_velocity=1.0,
            spacing=1.0,
            transmissivity=defects.transmissivity(0.0, highest_frequency=top),
        )
        == 0.0
    )


@pytest.mark.parametrize("level", [-0.1, 0.0, 0.2])
@pytest.mark.parametrize("omega", [1e11, 1e13])
def test_free_electrons_are_fermis_golden_rule(level, omega):
    """Absorption less emission, summed over the states that conserve energy and momentum."""
    v, d, m, E_d, T = 3000.0, 6000.0, 1.2 * m_e, 8 * e, 300.0
    thermal = k_B * T
    lowest = 0.5 * m * (v - hbar * omega / (2 * m * v)) ** 2

    def fermi(energy):
        return 1 / (1 + np.exp((energy - level * e) / thermal))

    def net(y):
        energy = lowest + y * thermal
        return fermi(energy) - fermi(energy + hbar * omega)

    share = quad(net, 0, 60, epsrel=1e-11)[0]
    exact = E_d**2 * m**2 * thermal / (2 * np.pi * hbar**4 * d * v) * share
    found = rates.free_electrons(
        omega,
        T,
        sound_velocity=v,
        density=d,
        effective_mass=m,
        deformation_potential=E_d,
        fermi_level=level * e,
    )
    assert found == pytest.approx(exact, rel=1e-7)


def test_free_electrons_of_a_metal_scatter_in_proportion_to_frequency():
    """Degenerate: 1/tau = E_d^2 m^2 omega/(2 pi hbar^3 d v)."""
    band = {"density": 8000.0, "effective_mass": m_e, "deformation_potential": 5 * e, "fermi_level": 5 * e}
    found = rates.free_electrons(OMEGA, 300.0, sound_velocity=4000.0, **band)
    exact = (5 * e * m_e) ** 2 * OMEGA / (2 * np.pi * hbar**3 * 8000.0 * 4000.0)
    assert found == pytest.approx(exact, rel=1e-9)
