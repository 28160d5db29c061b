"""Elastic constants, minimum conductivities, heat capacities, unit cells."""

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ioffe.base.constants import hbar, k_B
from ioffe.base.errors import InputError
from ioffe.transport import formula
from ioffe.transport.formula import parse_formula
from ioffe.transport.phonons import elastic, heat_capacity, minimum
from ioffe.transport.phonons.debye_callaway import debye_frequency


def test_published_velocities_of_magnesium_antimonide():
    """v_l 3913, v_t 2045 m/s."""
    nu = elastic.poisson_ratio(3913.0, 2045.0)
    assert round(float(elastic.gruneisen_parameter(nu)), 3) == 1.850


def test_moduli_written_out():
    body = elastic.ElasticSet.from_velocities(2884.0, 1780.0, 6650.0)
    shear = 6650 * 1780**2
    bulk = 6650 * (2884**2 - 4 / 3 * 1780**2)
    assert body.shear_modulus == pytest.approx(shear, rel=1e-14)
    assert body.bulk_modulus == pytest.approx(bulk, rel=1e-14)
    assert body.youngs_modulus == pytest.approx(9 * bulk * shear / (3 * bulk + shear), rel=1e-14)
    assert body.mean_velocity == pytest.approx(((2884.0**-3 + 2 * 1780.0**-3) / 3) ** (-1 / 3), rel=1e-14)
    assert body.poisson_ratio == pytest.approx(elastic.poisson_ratio(2884.0, 1780.0), rel=1e-13)
    assert body.youngs_modulus == pytest.approx(2 * shear * (1 + body.poisson_ratio), rel=1e-13)


@given(st.floats(1500.0, 6000.0), st.floats(1.16, 3.0), st.floats(2000.0, 1e4))
def test_velocities_come_back(transverse, ratio, density):
    body = elastic.ElasticSet.from_velocities(ratio * transverse, transverse, density)
    assert body.longitudinal_velocity == pytest.approx(ratio * transverse, rel=1e-12)
    assert body.transverse_velocity == pytest.approx(transverse, rel=1e-12)
    assert elastic.velocity_ratio(body.poisson_ratio) == pytest.approx(ratio, rel=1e-9)
    again = elastic.ElasticSet.from_youngs_modulus(body.youngs_modulus, body.poisson_ratio, density)
    assert again.bulk_modulus == pytest.approx(body.bulk_modulus, rel=1e-8)
    assert again.shear_modulus == pytest.approx(body.shear_modulus, rel=1e-12)


def test_a_crystal_that_would_be_unstable_is_refused():
    with pytest.raises(InputError, match="bulk_modulus"):
        elastic.ElasticSet.from_velocities(2000.0, 1800.0, 5000.0)
    with pytest.raises(InputError) as caught:
        elastic.ElasticSet(-1.0, 0.0, np.nan)
    assert len(caught.value.faults) == 3


def test_the_debye_temperature_counts_all_modes():
    """omega_D^3 = 6 pi^2 v^3/Omega."""
    theta = elastic.debye_temperature(2147.0, 31.26e-30)
    assert debye_frequency(theta) ** 3 == pytest.approx(6 * np.pi**2 * 2147.0**3 / 31.26e-30, rel=1e-12)


# Minimum conductivity


def test_cahill_at_high_and_low_temperature():
    v_l, v_t, volume = 2884.0, 1780.0, 31.26e-30
    limit = minimum.cahill_limit(v_l, v_t, volume)
    assert minimum.cahill(1e4, v_l, v_t, volume) == pytest.approx(limit, rel=1e-4)
    theta = (
        v_l * hbar / k_B * np.cbrt(6 * np.pi**2 / volume),
        v_t * hbar / k_B * np.cbrt(6 * np.pi**2 / volume),
    )
    cold = sum(n * v / t**2 for n, v, t in ((1, v_l, theta[0]), (2, v_t, theta[1])))
    exact = np.cbrt(np.pi / 6) * k_B * volume ** (-2 / 3) * cold * 6 * float(mp.zeta(3)) * 4.0
    assert minimum.cahill(2.0, v_l, v_t, volume) == pytest.approx(exact, rel=1e-11)


def test_diffusons_lie_37_per_cent_below_cahill():
    ratio = minimum.diffuson_limit(2884.0, 1780.0, 3e-29) / minimum.cahill_limit(2884.0, 1780.0, 3e-29)
    assert ratio == pytest.approx(0.63, abs=0.005)


def test_diffusons_at_any_temperature_tend_to_the_limit():
    hot = minimum.diffuson(1e4, 2000.0, 3e-29)
    assert hot == pytest.approx(minimum.diffuson_limit(2000.0, 2000.0, 3e-29), rel=0.004)
    T = np.array([1.0, 2.0])
    cold = minimum.diffuson(T, 2000.0, 3e-29)
    assert cold[1] / cold[0] == pytest.approx(16.0, rel=1e-9)


def test_slack():
    crystal_ = {"atomic_mass": 1e-25, "atomic_volume": 3e-29}
    one = minimum.slack(300.0, debye_temperature=200.0, gruneisen=2.0, **crystal_)
    assert minimum.slack([300.0, 600.0], debye_temperature=200.0, gruneisen=2.0, **crystal_)[
        1
    ] == pytest.approx(one / 2)
    eight = minimum.slack(
        300.0, debye_temperature=200.0, gruneisen=2.0, atoms_in_primitive_cell=8, **crystal_
    )
    assert eight == pytest.approx(one / 4)
    usual = minimum.slack(300.0, debye_temperature=200.0, gruneisen=2.0, prefactor=3.1e-6, **crystal_)
    assert usual == pytest.approx(one, rel=0.03)
    amu, angstrom = 1e-25 / 1.66053906892e-27, 30 ** (1 / 3)
    assert usual == pytest.approx(3.1e-6 * amu * 200**3 * angstrom / (4 * 300), rel=1e-9)


# Heat capacity


def test_debye_heat_capacity_limits():
    mass = parse_formula("Bi2Te3").atomic_molar_mass
    hot = heat_capacity.debye(1e4, 150.0, mass)
    assert hot == pytest.approx(heat_capacity.dulong_petit(mass) * (1 - (150 / 1e4) ** 2 / 20), rel=1e-8)
    cold = heat_capacity.debye(1.0, 150.0, mass)
    assert cold == pytest.approx(12 * np.pi**4 / 5 * 8.314462618 / mass / 150**3, rel=1e-9)


def test_debye_heat_capacity_against_mpmath():
    for ratio in (0.1, 1.0, 5.0):
        exact = (
            3
            * mp.mpf(3)
            / ratio**3
            * mp.quad(lambda x: x**4 * mp.exp(x) / mp.expm1(x) ** 2, [0, ratio / 2, ratio])
        )
        found = heat_capacity.debye(100.0, 100.0 * ratio, 1.0) / 8.31446261815324
        assert found == pytest.approx(float(exact), rel=1e-12)


def test_heat_capacity_of_magnesium_antimonide():
    """(3 N R/M)(1 + 1.3e-4 T - 4e3/T^2), M of the formula unit and N its atoms."""
    formula = parse_formula("Mg3Sb1.5Bi0.5")
    found = heat_capacity.magnesium_antimonide(500.0, formula.atomic_molar_mass)
    exact = 3 * 5 * 8.31446261815324 / formula.molar_mass * (1 + 0.065 - 0.016)
    assert found == pytest.approx(exact, rel=1e-12)


def test_heat_of_expansion():
    """Copper at 300 K: 11 to 12 J/(kg K)."""
    found = heat_capacity.expansion_part(300.0, volume_expansion=49.5e-6, bulk_modulus=140e9, density=8960.0)
    assert found == pytest.approx(11.5, abs=0.1)


def test_gray_mean_free_path():
    path = elastic.mean_free_path(0.5, 1.2e6, 2000.0)
    assert 1.2e6 * 2000.0 * path / 3 == pytest.approx(0.5)


# Unit cells


def test_cells_of_the_published_lattice():
    """a, c = 4.2967, 30.4862 and 4.2949, 30.4914 angstrom: 32.49 and 32.47 angstrom3 by atom."""
    found = formula.hexagonal_cell_volume([4.2967e-10, 4.2949e-10], [30.4862e-10, 30.4914e-10])
    assert formula.atomic_volume(found, 15) * 1e30 == pytest.approx([32.49, 32.47], abs=5e-3)
    general = formula.cell_volume(4.2967e-10, c=30.4862e-10, gamma=np.radians(120.0))
    assert found[0] == pytest.approx(general, rel=1e-12)


def test_any_cell():
    edges = np.array([[3.0, 0.0, 0.0], [0.7, 4.0, 0.0], [-0.4, 0.9, 5.0]]) * 1e-10

    def angle(i, j):
        return np.arccos(edges[i] @ edges[j] / np.linalg.norm(edges[i]) / np.linalg.norm(edges[j]))

    found = formula.cell_volume(
        *np.linalg.norm(edges, axis=1), alpha=angle(1, 2), beta=angle(0, 2), gamma=angle(0, 1)
    )
    assert found == pytest.approx(abs(np.linalg.det(edges)), rel=1e-12)
    assert np.isnan(formula.cell_volume(1e-10, alpha=0.1, beta=0.1, gamma=3.0))


def test_xray_density_of_silicon():
    found = formula.xray_density(formula.cell_volume(5.431e-10), parse_formula("Si").molar_mass, 8)
    assert found == pytest.approx(2329.0, abs=1.0)
