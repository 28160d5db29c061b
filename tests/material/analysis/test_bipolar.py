"""Lattice part below the onset of bipolar conduction, and the onset itself."""

import numpy as np
import pytest

from ioffe.base.constants import e, h, k_B, m_e
from ioffe.base.errors import InputError
from ioffe.material import Material
from ioffe.material.analysis import analyse
from ioffe.material.analysis.bipolar import split_bipolar
from ioffe.material.analysis.onset import two_band_shape
from ioffe.transport.bands import Band, TemperaturePower, mechanism
from ioffe.transport.many_bands import doped_transport

T = np.arange(300.0, 551.0, 25.0)
GRID = np.arange(300.0, 601.0, 25.0)
PUBLISHED = {
    0.0: (10.25821, 0.60148),
    0.04: (6.26283, 0.55284),
    0.06: (7.22138, 0.51630),
    0.08: (12.37915, 0.46933),
    0.10: (13.85580, 0.44540),
}
"""a in W/m and b in W/(m K) of Bi0.5Sb1.5Te3 with Cu2SnTe3, by its share in per cent."""


@pytest.mark.parametrize(("a", "b"), PUBLISHED.values())
def test_published_coefficients_come_back(a, b):
    rest = a / T + b + 4e-6 * np.maximum(T - 380.0, 0.0) ** 2
    found = split_bipolar(T, rest, onset=380.0)
    assert (round(found.a, 5), round(found.b, 5)) == (a, b)
    assert (found.kind, found.points) == ("given", 4)
    assert found.lattice(300.0) == pytest.approx(a / 300.0 + b)


def test_the_published_sum_at_room_temperature():
    """a/300 + b = 0.511 W/(m K) for 0.08 %, with which the Debye-Callaway model of the source is compared."""
    a, b = PUBLISHED[0.08]
    assert split_bipolar(T, a / T + b).lattice(300.0) == pytest.approx(0.5106, abs=5e-5)


def bent(onset, a=150.0, b=0.4, c=8e-6):
    return a / T + b + c * np.maximum(T - onset, 0.0) ** 2


@pytest.mark.parametrize("onset", [370.0, 400.0, 433.0])
def test_an_exact_bend_is_found(onset):
    found = split_bipolar(T, bent(onset))
    assert found.kind == "detected"
    assert found.onset == pytest.approx(onset, abs=1.5)
    assert found.onset_range[0] <= onset <= found.onset_range[1]
    assert found.a == pytest.approx(150.0, abs=1.5)


@pytest.mark.parametrize(("power", "size"), [(1.0, 1.2e-3), (2.0, 1.5e-5)], ids=["linear", "quadratic"])
def test_the_interval_of_the_onset_holds_it_at_least_as_often_as_it_says(power, size):
    """For a rise of any form, with noise of the size that is taken for granted."""
    rng = np.random.default_rng(11)
    grid = np.arange(300.0, 601.0, 15.0)
    exact = 150.0 / grid + 0.4 + size * np.maximum(grid - 400.0, 0.0) ** power
    found = [split_bipolar(grid, exact * (1.0 + 0.015 * rng.standard_normal(len(grid)))) for _ in range(80)]
    assert all(f.kind == "detected" for f in found)
    assert 0.68 <= np.mean([f.onset_range[0] <= 400.0 <= f.onset_range[1] for f in found])
    assert np.median([f.onset for f in found]) == pytest.approx(400.0, abs=20.0)
    assert np.median([np.ptp(f.onset_range) for f in found]) < 120.0


def test_noise_alone_is_hardly_ever_called_bipolar():
    rng = np.random.default_rng(12)
    exact = 150.0 / T + 0.4
    found = [split_bipolar(T, exact * (1.0 + 0.015 * rng.standard_normal(len(T)))).kind for _ in range(120)]
    assert np.mean([kind == "detected" for kind in found]) < 0.04


def test_a_lattice_part_that_levels_off_is_not_called_bipolar():
    grid = np.arange(300.0, 1201.0, 100.0)
    assert split_bipolar(grid, 2.0 + 3.0 * np.exp(-(grid - 300.0) / 200.0)).kind == "none"


def test_an_onset_below_the_points_is_not_determined():
    """kappa - kappa_e rises from the first point on: a stays at 0, and no number is given for the onset."""
    found = split_bipolar(T, 0.6 + 0.05 * np.sqrt(T - 300.0))
    assert (found.a, found.a_std >= 0.0) == (0.0, True)
    assert found.onset_range[0] == -np.inf
    assert "not determined" in found.words()
    assert "a is 0" in found.words()
    assert np.all(found.lattice(T) == found.b)


def test_few_points_are_not_judged():
    found = split_bipolar(T[:5], bent(340.0)[:5])
    assert (found.kind, found.points) == ("too few points", 5)
    assert found.onset == np.inf
    assert "Too few points" in found.words()


def test_standard_errors_are_those_of_the_least_squares():
    rng = np.random.default_rng(3)
    tries = [
        split_bipolar(T, 150.0 / T + 0.4 + 0.01 * rng.standard_normal(len(T)), np.inf) for _ in range(400)
    ]
    assert np.mean([f.a_std**2 for f in tries]) == pytest.approx(np.var([f.a for f in tries]), rel=0.15)
    assert np.mean([f.b_std**2 for f in tries]) == pytest.approx(np.var([f.b for f in tries]), rel=0.15)
    at = np.array([300.0, 500.0])
    scatter = np.var([f.lattice(at) for f in tries], axis=0)
    assert np.mean([f.lattice_std(at) ** 2 for f in tries], axis=0) == pytest.approx(scatter, rel=0.15)


def test_weights_are_those_of_the_line():
    for onset in (None, 430.0):
        found = split_bipolar(T, bent(430.0), onset)
        assert found.weights(T) @ bent(430.0)[: found.points] == pytest.approx(found.lattice(T), rel=1e-9)


def test_the_error_of_the_bipolar_part_below_its_onset_holds_the_truth():
    """Scatter of 1 % of kappa: two standard errors below the onset hold it in at least 90 of 100 draws."""
    rng, held = np.random.default_rng(8), []
    shape = two_band_shape(T, [2900.0], [0.3])[0]
    whole = 0.6 * shape
    for _ in range(100):
        rest = (150.0 / T + 0.4 + whole) * (1.0 + 0.01 * rng.standard_normal(len(T)))
        found = split_bipolar(T, rest)
        assert found.kind == "detected"
        off = np.abs(found.shape_weights(T) @ rest - whole)
        held += (off < 2.0 * np.array(found.shape_std))[found.onset >= T].tolist()
    assert np.mean(held) >= 0.9


def test_an_onset_below_the_points_is_refused():
    with pytest.raises(InputError, match="two points below"):
        split_bipolar(T, bent(400.0), onset=310.0)


def test_the_shape_is_that_of_two_bands_far_from_degeneracy():
    """Electrons and holes scattered by acoustic phonons carry 2 k_B T each: (theta/T + 4)^2."""
    gap, doping = 0.5 * e, 1e23
    same = (mechanism("acoustic", TemperaturePower(100e-4, -1.5)),)
    exact = doped_transport(
        [Band("p", same), Band("n", same, edge=gap)], doping, T
    ).bipolar_thermal_conductivity
    states = 2.0 * (2.0 * np.pi * m_e * k_B * T[-1] / h**2) ** 1.5
    intrinsic = states * np.exp(-gap / (2.0 * k_B * T[-1])) / doping
    shape = two_band_shape(T, [gap / k_B], [intrinsic])[0]
    assert exact / exact[-1] == pytest.approx(shape, rel=0.005)


def two_bands(gap):
    """Transport of two bands, and kappa with a lattice part of 180/T + 0.35."""
    holes = Band("p", (mechanism("acoustic", TemperaturePower(190e-4, -1.5)),), effective_mass=1.2)
    electrons = Band("n", (mechanism("acoustic", TemperaturePower(200e-4, -1.5)),), edge=gap * e)
    true = doped_transport((holes, electrons), 2e25, GRID)
    return true, true.bipolar_thermal_conductivity + 180.0 / GRID + 0.35


@pytest.mark.parametrize("gap", [0.20, 0.25, 0.30])
def test_the_bipolar_part_of_two_bands_is_found_whole(gap):
    """Although a/T + b is nowhere alone; in `analyse` the Lorenz number is that of one band."""
    true, rest = two_bands(gap)
    whole = true.bipolar_thermal_conductivity
    hot = whole > 0.2 * whole[-1]
    assert (rest - split_bipolar(GRID, rest).lattice(GRID))[hot] == pytest.approx(whole[hot], rel=0.01)
    kappa = true.electronic_thermal_conductivity + rest
    sample = Material.from_arrays("x", "p", GRID, true.seebeck, true.electrical_conductivity, kappa)
    found = analyse(sample)[0]
    assert found.split.kind == "detected"
    bipolar = found.bipolar_thermal_conductivity.value
    assert bipolar[hot] == pytest.approx(whole[hot], rel=0.05)
    below, lattice = found.split.onset >= GRID, found.lattice_thermal_conductivity.value
    assert np.any(below)
    assert np.all(bipolar[below] > 0.0)  # below the onset too, without a step
    assert lattice[below] == pytest.approx((180.0 / GRID + 0.35)[below], rel=0.005)
    total = bipolar + found.lattice_thermal_conductivity.value + found.electronic_thermal_conductivity.value
    assert total == pytest.approx(kappa, rel=1e-12)


def test_the_error_of_the_lattice_part_covers_what_the_form_leaves_open():
    rng = np.random.default_rng(5)
    exact = two_bands(0.25)[1]
    found = [split_bipolar(GRID, exact + 0.012 * rng.standard_normal(len(GRID))) for _ in range(60)]
    inside = [abs(f.lattice(600.0) - 0.65) <= f.lattice_std(600.0) for f in found]
    assert 0.6 <= np.mean(inside)
    assert np.median([f.lattice_std(600.0) for f in found]) < 0.12


@pytest.mark.parametrize("scale", [0.25, 1.0, 3.0])
@pytest.mark.parametrize(("gap", "intrinsic"), [(3000.0, 2.0), (4000.0, 1.0), (6000.0, 0.3)])
def test_exact_data_of_two_bands_come_back_in_any_unit_of_the_temperature(scale, gap, intrinsic):
    """a/T + b and two bands know no temperature of their own: the lattice and the bipolar part to 0.5 %."""
    wide = np.arange(300.0, 801.0, 25.0)
    bipolar = 0.9 * two_band_shape(wide, [gap], [intrinsic])[0]
    kappa = 150.0 / wide + 0.4 + bipolar
    found = split_bipolar(scale * wide, kappa)
    assert found.kind == "detected"
    assert found.a == pytest.approx(150.0 * scale, rel=5e-3)
    assert found.b == pytest.approx(0.4, rel=5e-3)
    assert found.onset == pytest.approx(scale * split_bipolar(wide, kappa).onset, rel=1e-3)
