"""Inverses, change of doping behind a change of resistivity, maps, work functions."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ioffe.base.constants import e
from ioffe.base.errors import InputError
from ioffe.interface.barrier import (
    Junction,
    ballistic_resistivity,
    barrier_from_affinity,
    barrier_from_work_functions,
    barrier_height_from_resistivity,
    bending_from_work_functions,
    contact_resistivity,
    doping_change,
    doping_change_table,
    doping_change_text,
    doping_from_resistivity,
    fermi_level,
    resistivity_map,
    thermionic_resistivity,
)

SOUGHT = 1e25  # doping of a junction whose doping is sought
BEFORE, AFTER = 20.8e-10, 7.9e-10  # Sb on MgAgSb, fresh and after 30 days, in ohm m2


@settings(max_examples=40)
@given(st.floats(0.03, 1.2), st.floats(23.5, 27.0), st.floats(150.0, 800.0), st.floats(0.1, 2.0))
def test_doping_is_the_inverse(height, log_doping, T, mass):
    N = 10.0**log_doping
    if height * e + fermi_level(N, T, mass) < 0.01 * e:
        return
    rho = contact_resistivity(Junction(height * e, N, T, 20.0, mass))
    assert doping_from_resistivity(rho, Junction(height * e, SOUGHT, T, 20.0, mass)) == pytest.approx(
        N, rel=1e-6
    )


@settings(max_examples=40)
@given(st.floats(0.03, 1.2), st.floats(23.5, 27.0), st.floats(150.0, 800.0), st.floats(0.1, 2.0))
def test_barrier_height_is_the_inverse(height, log_doping, T, mass):
    N = 10.0**log_doping
    if height * e + fermi_level(N, T, mass) < 0.01 * e:
        return
    rho = contact_resistivity(Junction(height * e, N, T, 20.0, mass))
    assert barrier_height_from_resistivity(rho, Junction(0.0, N, T, 20.0, mass)) / e == pytest.approx(
        height, abs=1e-6
    )


@settings(max_examples=20)
@given(st.floats(0.05, 0.5), st.floats(24.0, 26.5))
def test_doping_of_a_band_bending(bending, log_doping):
    N = 10.0**log_doping
    rho = contact_resistivity(Junction(bending * e - fermi_level(N, 300.0), N, 300.0, 20.0))
    bent = Junction.from_band_bending(bending * e, SOUGHT, 300.0, 20.0)
    found = doping_from_resistivity(rho, bent, "band_bending")
    assert found == pytest.approx(N, rel=1e-6)


def test_arrays():
    N = np.array([1e24, 1e25, 1e26])
    rho = contact_resistivity(Junction(0.3 * e, N, 300.0, 20.0))
    np.testing.assert_allclose(
        doping_from_resistivity(rho, Junction(0.3 * e, SOUGHT, 300.0, 20.0)), N, rtol=1e-8
    )
    heights = np.array([0.1, 0.3]) * e
    rho = contact_resistivity(Junction(heights, 1e25, 300.0, 20.0))
    np.testing.assert_allclose(
        barrier_height_from_resistivity(rho, Junction(0.0, 1e25, 300.0, 20.0)), heights, rtol=1e-8
    )


def test_no_doping_above_the_thermionic_limit():
    one = Junction(0.16 * e, 1e24, 300.0, 20.0)
    limit = thermionic_resistivity(one)
    assert limit * 1e10 == pytest.approx(1.166, abs=1e-3)
    assert doping_from_resistivity(0.9 * limit, one) > 0
    with pytest.raises(InputError, match=r"contact_resistivity = .*at most 1.166 uohm cm2 .* 0.16 eV"):
        doping_from_resistivity(1.01 * limit, one)


def test_no_barrier_below_the_ballistic_limit():
    one = Junction(0.0, 1e25, 300.0, 20.0)
    limit = ballistic_resistivity(one)
    with pytest.raises(InputError, match="at least .* ballistic limit"):
        barrier_height_from_resistivity(0.99 * limit, one)
    with pytest.raises(InputError, match=r"contact_resistivity\[1\]"):
        barrier_height_from_resistivity([1e-9, 0.0], one)


def test_bad_reading():
    with pytest.raises(InputError, match='"barrier_height" or "band_bending"'):
        doping_from_resistivity(1e-10, Junction(0.16 * e, SOUGHT, 300.0, 20.0), reading="height")
    with pytest.raises(InputError, match="follows the doping"):
        doping_from_resistivity(1e-10, Junction(0.16 * e, SOUGHT, 300.0, 20.0, fermi_level=0.0))


# --- Sb on MgAgSb: 20.8 to 7.9 uohm cm2 in 30 days


def test_the_stated_barrier_is_too_low_for_the_measured_values():
    """As phi_B, 0.16 eV makes at most 1.17 uohm cm2 (m = m_e): no doping gives 7.9, still less 20.8."""
    change = doping_change(BEFORE, AFTER, Junction(0.16 * e, SOUGHT, 300.0, 20.0))
    assert np.isnan(change.before)
    assert np.isnan(change.after)
    assert "1.166 uohm cm2" in change.reason


def test_as_a_band_bending_it_asks_for_a_doping():
    bent = Junction.from_band_bending(0.16 * e, SOUGHT, 300.0, 20.0)
    change = doping_change(BEFORE, AFTER, bent, "band_bending")
    height = 0.16 * e - fermi_level(change.before, 300.0)
    for N, rho in ((change.before, BEFORE), (change.after, AFTER)):
        assert contact_resistivity(Junction(height, N, 300.0, 20.0)) == pytest.approx(rho, rel=1e-8)
    assert change.before == pytest.approx(7.28e23, rel=2e-3)
    assert change.ratio == pytest.approx(7.46, rel=2e-3)


@pytest.mark.parametrize("reading", ["barrier_height", "band_bending"])
def test_relative_change(reading):
    make = Junction.from_band_bending if reading == "band_bending" else Junction
    change = doping_change(BEFORE, AFTER, make(0.16 * e, 2e25, 300.0, 20.0), reading, relative=True)
    height = 0.16 * e - (fermi_level(2e25, 300.0) if reading == "band_bending" else 0.0)
    first, last = contact_resistivity(Junction(height, np.array([2e25, change.after]), 300.0, 20.0))
    assert first / last == pytest.approx(BEFORE / AFTER, rel=1e-8)
    assert change.factor == pytest.approx(BEFORE / first, rel=1e-8)
    assert change.ratio == pytest.approx(2.16, abs=0.02)


def test_table():
    rows = doping_change_table(BEFORE, AFTER, 0.16 * e, 300.0, [0.3, 1.0], [10.0, 20.0], start=2e25)
    assert len(rows) == 8
    assert {row.reading for row in rows} == {"barrier_height", "band_bending"}
    lines = doping_change_text(rows).splitlines()
    assert len(lines) == 9
    assert len({len(line) for line in lines}) == 1


# --- maps and work functions


def test_map(tmp_path):
    N, heights = np.logspace(24, 27, 7), np.linspace(0.05, 0.6, 5) * e
    one = Junction(0.3 * e, 1e25, 300.0, 20.0, 0.3)
    found = resistivity_map(one, N, heights)
    np.testing.assert_allclose(
        found.resistivity, contact_resistivity(Junction(heights[:, None], N, 300.0, 20.0, 0.3))
    )
    figure = found.plot(tmp_path / "map.svg", marked=["20.8 uohm cm2", "7.9 uohm cm2"][0])
    text = (tmp_path / "map.svg").read_text()
    assert "Barrier height" in text
    assert len(figure.axes) == 2
    lowered = resistivity_map(one, N, heights, image_force=True)
    assert np.all(lowered.resistivity < found.resistivity * (1 + 1e-9))


def test_map_needs_rising_axes():
    one = Junction(0.3 * e, 1e25, 300.0, 20.0)
    with pytest.raises(InputError, match="two or more rising"):
        resistivity_map(one, [1e25, 1e24], [0.1 * e, 0.2 * e])


def test_work_functions():
    bending = bending_from_work_functions("4.40 eV", "4.56 eV", "p")
    assert bending / e == pytest.approx(0.16)
    assert bending_from_work_functions("4.40 eV", "4.56 eV", "n") / e == pytest.approx(-0.16)
    assert barrier_from_work_functions("4.40 eV", "4.56 eV", "p", 0.0) == pytest.approx(bending)
    zeta = fermi_level(1e25, 300.0)
    # both ways to the barrier agree: the work function of a p-type semiconductor is chi + E_g + zeta
    chi, gap = 4.2 * e, 0.3 * e
    from_affinity = barrier_from_affinity("4.40 eV", chi, "p", gap)
    assert barrier_from_work_functions("4.40 eV", chi + gap + zeta, "p", zeta) == pytest.approx(from_affinity)
    assert barrier_from_affinity("4.40 eV", chi, "n") / e == pytest.approx(0.2)


def test_work_functions_bad_input():
    with pytest.raises(InputError, match='"n" or "p"'):
        bending_from_work_functions("4.40 eV", "4.56 eV", "i")
    with pytest.raises(InputError, match="a band gap is expected"):
        barrier_from_affinity("4.40 eV", "4.2 eV", "p")
    with pytest.raises(InputError) as caught:
        barrier_from_work_functions("4.4 V", "4.56 mm", "p", "1 K")
    assert len(caught.value.faults) >= 1


def test_a_map_reads_the_barriers_of_a_resistivity_as_the_inverse_computes_them():
    contact = Junction("0.2 eV", "1e19 cm^-3", 300.0, 20.0, 0.2)
    doping, heights = np.geomspace(1e24, 1e26, 5), np.linspace(0.05, 0.6, 60) * e
    read = resistivity_map(contact, doping, heights).barrier_heights(1e-9)
    known = np.isfinite(read)
    assert known.sum() >= 3
    exact = barrier_height_from_resistivity(1e-9, replace(contact, doping=doping[known]))
    np.testing.assert_allclose(read[known], exact, atol=2e-4 * e)
    assert not np.isfinite(resistivity_map(contact, doping, heights).barrier_heights(1e3)).any()
