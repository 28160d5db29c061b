"""What contacts cost and what a leg allows them: closed forms, a solved leg, inverses, bad input."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ioffe as te
from ioffe.base.errors import InputError
from ioffe.interface.contact import (
    conductivity_from_share,
    contact_share,
    effective_zT,
    electrical_factor,
    mean_contact_resistivity,
    thermal_factor,
)
from ioffe.interface.contact_limits import largest_contact_resistivity, shortest_length
from ioffe.transport.merit import constant_property_efficiency, zT_with_contacts

LENGTH, SIGMA, KAPPA = 2e-3, 5e4, 1.2
LOSSES = st.floats(1e-4, 0.95)
CONTACTS = st.floats(0.0, 1e-8)
THERMAL = st.floats(0.0, 1e-3)


def constant_leg(**contacts):
    material = te.Material.from_arrays(
        name="constant",
        carrier="p",
        T=[250.0, 600.0],
        seebeck=[200e-6, 200e-6],
        electrical_conductivity=[SIGMA, SIGMA],
        thermal_conductivity=[KAPPA, KAPPA],
    )
    return te.Leg(material, length=LENGTH, area="1 mm x 1 mm", **contacts)


def best(**contacts):
    return constant_leg(**contacts).solve(te.Generator(T_hot=310.0, T_cold=300.0, load="max_power")).max_power


def test_effective_zT_of_equal_contacts_is_the_published_form():
    found = effective_zT(1.3, LENGTH, SIGMA, 2e-9)
    assert found == pytest.approx(zT_with_contacts(1.3, SIGMA, LENGTH, 2e-9), rel=1e-15)
    assert effective_zT(1.3, LENGTH, SIGMA, 2e-9, 0.0) > found


def test_power_of_a_solved_leg():
    """At a small temperature difference, where Peltier heat counts for little: e for electrical contacts."""
    lost = best(contact_hot=te.Contact(2e-9), contact_cold=te.Contact(0.5e-9)) / best()
    assert lost == pytest.approx(float(electrical_factor(LENGTH, SIGMA, 2e-9, 0.5e-9)), rel=2e-3)


def test_power_of_a_solved_leg_with_thermal_contacts():
    """A thin thermal resistance costs t^2, and the Peltier heat through it some more of the order of zT/2."""
    thermal = 1e-6
    lost = best(contact=te.Contact(thermal=thermal)) / best()
    t = thermal_factor(LENGTH, KAPPA, thermal)
    figure = 200e-6**2 * SIGMA * 305.0 / KAPPA
    peltier = 1.0 + (1.0 / t - 1.0) * figure / 2.0
    assert t**2 / peltier**2 * 0.9999 < lost < t**2


def test_twelve_microohm_on_three_millimetres():
    """3.8 % of the whole resistance fixes 494 S/cm; 3.8 % of the material's alone would fix 475 S/cm."""
    args = ("3.8 %", "3 mm", "12 uohm cm2")
    assert conductivity_from_share(*args) == pytest.approx(49376.3, rel=1e-5)
    assert conductivity_from_share(*args, of="leg") == pytest.approx(47500.0, rel=1e-12)
    assert round(float(conductivity_from_share(*args)) / 100) == 494


@given(
    st.floats(1e-4, 0.9),
    st.floats(1e-4, 1e-1),
    st.floats(1e-12, 1e-7),
    CONTACTS,
    st.sampled_from(["total", "leg"]),
)
def test_conductivity_from_share_is_the_inverse(share, length, one, two, of):
    sigma = conductivity_from_share(share, length, one, two, of)
    assert contact_share(length, sigma, one, two, of) == pytest.approx(share, rel=1e-9)


@given(LOSSES, st.sampled_from(["power", "zT"]))
def test_largest_resistivity_loses_what_it_may(loss, of):
    rho = largest_contact_resistivity(loss, LENGTH, SIGMA, of)
    assert electrical_factor(LENGTH, SIGMA, rho) == pytest.approx(1.0 - loss, rel=1e-12)


@given(LOSSES, st.floats(0.05, 5.0), st.floats(1.0, 600.0))
def test_largest_resistivity_by_efficiency(loss, ZT, span):
    hot = 300.0 + span
    rho = largest_contact_resistivity(loss, LENGTH, SIGMA, "efficiency", None, ZT, hot, 300.0)
    kept = ZT * electrical_factor(LENGTH, SIGMA, rho)
    whole = constant_property_efficiency(ZT, hot, 300.0)
    assert constant_property_efficiency(kept, hot, 300.0) == pytest.approx((1.0 - loss) * whole, rel=1e-9)


def test_largest_resistivity_beside_a_fixed_end():
    both = largest_contact_resistivity(0.1, LENGTH, SIGMA)
    other = largest_contact_resistivity(0.1, LENGTH, SIGMA, other=0.25 * both)
    assert other == pytest.approx(1.75 * both)
    assert largest_contact_resistivity(0.1, LENGTH, SIGMA, other=3 * both) < 0


@given(LOSSES, CONTACTS, CONTACTS, THERMAL, THERMAL, st.sampled_from(["power", "zT"]))
def test_shortest_length_loses_what_it_may(loss, one, two, warm, cool, of):
    length = shortest_length(loss, SIGMA, one, two, of, KAPPA, warm, cool)
    if length < 1e-12:
        assert one + two + warm + cool < 1e-9
        return
    kept = electrical_factor(length, SIGMA, one, two)
    kept *= thermal_factor(length, KAPPA, warm, cool) ** (2.0 if of == "power" else 1.0)
    assert kept == pytest.approx(1.0 - loss, rel=1e-9)


def test_shortest_length_without_contacts_is_nothing():
    assert shortest_length(0.05, SIGMA, 0.0) == 0.0
    np.testing.assert_array_equal(shortest_length(0.05, SIGMA, [0.0, 1e-9]) > 0, [False, True])


def test_mean_of_two_sides():
    found = mean_contact_resistivity([2.7e-10, 2.8e-10])
    assert (found.value, found.std, found.count) == (pytest.approx(2.75e-10), pytest.approx(0.05e-10), 2)


def test_mean_with_stated_errors():
    agree = mean_contact_resistivity([1.0e-9, 1.1e-9], [1e-10, 1e-10])
    assert agree.std == pytest.approx(1e-10 / np.sqrt(2))
    apart = mean_contact_resistivity([1.0e-9, 2.0e-9], [1e-10, 1e-10])
    assert apart.reduced_chi_square == pytest.approx(50.0)
    assert apart.std == pytest.approx(1e-10 / np.sqrt(2) * np.sqrt(50.0))
    weighted = mean_contact_resistivity([1.0e-9, 2.0e-9], [1e-10, 3e-10])
    assert weighted.value == pytest.approx(1.1e-9)


def test_standard_error_covers_the_truth():
    """One standard error of five scans covers the truth as Student's distribution says: 62.6 %."""
    rng = np.random.default_rng(3)
    scans = [mean_contact_resistivity(1e-9 + 1e-10 * rng.standard_normal(5)) for _ in range(2000)]
    inside = np.mean([abs(one.value - 1e-9) < one.std for one in scans])
    assert inside == pytest.approx(0.626, abs=0.035)


def test_one_scan_says_nothing_about_its_error():
    assert mean_contact_resistivity(3e-10).std == np.inf
    assert mean_contact_resistivity(3e-10, 1e-11).std == pytest.approx(1e-11)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: electrical_factor(-1.0, 0.0, -1e-9), "length"),
        (lambda: effective_zT(1.0, 1e-3, 1e5, 1e-9, thermal_first=1e-5), "thermal conductivity of the leg"),
        (lambda: contact_share(1e-3, 1e5, 1e-9, of="both"), '"total" or "leg"'),
        (lambda: conductivity_from_share(1.0, 1e-3, 1e-9), "above 0 and below 1"),
        (lambda: conductivity_from_share(0.1, 1e-3, 0.0), "above 0 is expected"),
        (lambda: largest_contact_resistivity(0.0, 1e-3, 1e5), "above 0 and below 1"),
        (lambda: largest_contact_resistivity(0.1, 1e-3, 1e5, "efficiency"), "ZT, T_hot and T_cold"),
        (lambda: largest_contact_resistivity(0.1, 1e-3, 1e5, "heat"), '"power", "zT" or "efficiency"'),
        (
            lambda: largest_contact_resistivity(0.1, 1e-3, 1e5, "efficiency", None, 1, 300, 400),
            "above T_cold",
        ),
        (lambda: shortest_length(0.1, 1e5, 1e-9, of="efficiency"), '"power" or "zT"'),
        (lambda: mean_contact_resistivity([]), "one contact resistivity or more"),
        (lambda: mean_contact_resistivity([1e-9, 2e-9], [1e-10]), "2 standard errors"),
        (lambda: mean_contact_resistivity("3 mm"), "a contact resistivity|is a length"),
    ],
)
def test_bad_input(call, words):
    with pytest.raises(InputError, match=words):
        call()


def test_all_faults_at_once():
    with pytest.raises(InputError) as caught:
        electrical_factor(-1.0, 0.0, [1e-9, -1e-9])
    assert [fault.location for fault in caught.value.faults] == [
        "length",
        "electrical_conductivity",
        "first[1]",
        "second[1]",
    ]
