"""Formulas, sites and the conductivity of disordered crystals."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ioffe.base.errors import InputError
from ioffe.transport.formula import ATOMIC_WEIGHTS, atomic_mass, molar_mass, parse_formula
from ioffe.transport.phonons.alloy import (
    assign_sites,
    disorder_scaling,
    disorder_size,
    mass_parameter,
    strain_parameter,
)
from ioffe.transport.phonons.debye_callaway import DebyeCallaway
from ioffe.transport.phonons.scattering_rates import point_defects, strain_factor

RADII = {"Mg": 160.2, "Yb": 193.9, "Cu": 128.0, "Zn": 134.0}
"""pm; magnesium and ytterbium as published with the alloys, the others made up for these tests."""


def test_formulas():
    assert parse_formula("Mg1.18Cu0.02Yb0.6Zn1.2Sb2").amounts == {
        "Mg": 1.18,
        "Cu": 0.02,
        "Yb": 0.6,
        "Zn": 1.2,
        "Sb": 2.0,
    }
    assert parse_formula("[Mg(SbBi)2]3Mg").amounts == {"Mg": 4.0, "Sb": 6.0, "Bi": 6.0}
    assert parse_formula("Bi₂Te₃").amounts == {"Bi": 2.0, "Te": 3.0}
    assert parse_formula(" Co4Sb12 ").atoms == 16.0
    assert parse_formula("CO").amounts == {"C": 1.0, "O": 1.0}
    assert parse_formula("Co").amounts == {"Co": 1.0}


def test_molar_masses():
    assert parse_formula("Bi2Te3").molar_mass == pytest.approx(0.80076, rel=1e-5)
    assert parse_formula("Mg3Sb2").molar_mass == pytest.approx(3 * 0.024305 + 2 * 0.12176, rel=1e-8)
    assert parse_formula("Bi2Te3").atomic_mass == pytest.approx(2.659e-25, rel=2e-4)
    assert molar_mass("C") == pytest.approx(0.012011, rel=1e-8)
    assert atomic_mass("Sb") * 6.02214076e23 == pytest.approx(molar_mass("Sb"), rel=1e-12)


def test_the_table_of_weights_is_in_order():
    """Rising with the atomic number but for the four known pairs; eighty-three elements and more."""
    values = list(ATOMIC_WEIGHTS.values())
    symbols = list(ATOMIC_WEIGHTS)
    falls = [(a, b) for a, b in itertools.pairwise(symbols) if ATOMIC_WEIGHTS[a] > ATOMIC_WEIGHTS[b]]
    assert falls == [("Ar", "K"), ("Co", "Ni"), ("Te", "I")]
    assert len(values) == 83


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "a formula such as"),
        ("mg3Sb2", 'character 1 = "m": an element or a bracket'),
        ("Mg3.2BixSb2-x", 'character 8 = "x": an element or a bracket is expected; write numbers'),
        ("Mg3Xb2", '"Xb": the symbol of an element is expected; did you mean'),
        ("Mg0Sb2", 'character 3 = "0": an amount above 0'),
        ("(Sb0.5Bi0.5", 'character 1 = "(": this bracket is not closed'),
        ("Sb]2", 'character 3 = "]": this bracket was not opened'),
        ("(Sb]2", 'character 4 = "]": this bracket was not opened'),
        ("Mg3()2", 'character 4 = "()": an element is expected in the bracket'),
        ("Mg 3", 'character 3 = " "'),
        ("A" * 300, "a formula such as"),
    ],
)
def test_wrong_formulas(text, words):
    with pytest.raises(InputError) as caught:
        parse_formula(text)
    assert words in str(caught.value)


def test_every_fault_of_a_formula_comes_at_once():
    with pytest.raises(InputError) as caught:
        parse_formula("Mq3Sb0)Zz(")
    assert len(caught.value.faults) == 5


SITES = {"Mg1": {"Mg": 0.38, "Cu": 0.02, "Yb": 0.6}, "Mg2": {"Mg": 0.8, "Zn": 1.2}, "Sb": ["Sb"]}


def by_hand(amounts_by_site, values, masses, strain=1.0):
    """The sum over sites, written out once more, with plain lists."""
    total = sum(sum(site.values()) for site in amounts_by_site)
    whole = sum(n * masses[k] for site in amounts_by_site for k, n in site.items()) / total
    found = 0.0
    for site in amounts_by_site:
        here = sum(site.values())
        mean_mass = sum(n * masses[k] for k, n in site.items()) / here
        mean = sum(n * values[k] for k, n in site.items()) / here
        spread = sum(n / here * (1 - values[k] / mean) ** 2 for k, n in site.items())
        found += here / total * (mean_mass / whole) ** 2 * strain * spread
    return found


def test_ytterbium_alloy_site_by_site():
    sites = assign_sites("Mg1.18Cu0.02Yb0.6Zn1.2Sb2", SITES)
    plain = [dict(SITES["Mg1"]), dict(SITES["Mg2"]), {"Sb": 2.0}]
    masses = {k: ATOMIC_WEIGHTS[k] for k in ("Mg", "Cu", "Yb", "Zn", "Sb")}
    strain = float(strain_factor(1.85, 0.312))
    assert sum(site.share for site in sites) == pytest.approx(1.0)
    assert mass_parameter(sites) == pytest.approx(by_hand(plain, masses, masses), rel=1e-12)
    exact = by_hand(plain, {**RADII, "Sb": 1.0}, masses, strain)
    assert strain_parameter(sites, RADII, strain) == pytest.approx(exact, rel=1e-12)


def test_ytterbium_lowers_the_conductivity():
    """Mg1.78-yCu0.02YbyZn1.2Sb2: disorder grows up to half of the site, then it falls."""
    crystal = {"debye_temperature": 220.0, "atomic_volume": 26e-30, "sound_velocity": 2280.0}
    scaled = []
    for y in (0.0, 0.2, 0.4, 0.6, 0.8):
        first = {"Mg": 0.98 - y, "Cu": 0.02} | ({"Yb": y} if y else {})
        sites = assign_sites(
            f"Mg{1.78 - y:.2f}Cu0.02{f'Yb{y}' if y else ''}Zn1.2Sb2",
            {"Mg1": first, "Mg2": {"Mg": 0.8, "Zn": 1.2}, "Sb": ["Sb"]},
        )
        parameter = mass_parameter(sites) + strain_parameter(sites, RADII, 30.0)
        u = disorder_size(pure_conductivity=1.5, scattering_parameter=parameter, **crystal)
        scaled.append(float(disorder_scaling(u)))
    assert scaled[0] > scaled[1] > scaled[2]
    assert max(scaled[1:]) < scaled[0] < 1.0


def test_site_wise_strain_factors():
    alloy = assign_sites("Bi0.5Sb1.5Te2.7Se0.3", {"metal": ["Bi", "Sb"], "chalcogen": ["Te", "Se"]})
    radii = {"Bi": 1.46, "Sb": 1.41, "Te": 1.36, "Se": 1.16}
    both = strain_parameter(alloy, radii, {"metal": 10.0, "chalcogen": 20.0})
    one = strain_parameter(alloy, radii, {"metal": 10.0, "chalcogen": 0.0})
    other = strain_parameter(alloy, radii, {"metal": 0.0, "chalcogen": 20.0})
    assert both == pytest.approx(one + other)
    assert one > 0 < other
    with pytest.raises(InputError) as caught:
        strain_parameter(alloy, {"Bi": 1.46, "Te": 1.36}, {"metal": 10.0})
    assert [fault.location for fault in caught.value.faults] == ["radii.Sb", "radii.Se", "strain.chalcogen"]


def test_other_masses():
    alloy = assign_sites("Bi0.5Sb1.5Te3", {"metal": ["Bi", "Sb"], "Te": ["Te"]})
    assert mass_parameter(alloy, {"Bi": 5.0, "Sb": 5.0, "Te": 1.0}) == 0.0
    with pytest.raises(InputError, match=r"masses\.Te"):
        mass_parameter(alloy, {"Bi": 5.0, "Sb": 5.0})


@pytest.mark.parametrize(
    ("sites", "words"),
    [
        ({"a": ["Mg"], "b": ["Sb", "Bi"]}, 'sites.b = "Bi": the formula has no such element'),
        ({"a": ["Mg"]}, "sites, Sb: this element of the formula is on no site"),
        ({"a": ["Mg"], "b": ["Mg", "Sb"]}, "sites, Mg = 6.0: the formula has 3"),
        ({"a": {"Mg": 1.0}, "b": {"Mg": 1.5, "Sb": 2.0}}, "sites, Mg = 2.5: the formula has 3"),
        ({"a": {"Mg": -3.0}, "b": ["Sb"]}, "sites.a.Mg = -3.0: an amount above 0"),
        ({"a": "Mg", "b": ["Sb"]}, "or a list are expected"),
        ({"a": [], "b": ["Sb"]}, "or a list are expected"),
    ],
)
def test_wrong_sites(sites, words):
    with pytest.raises(InputError) as caught:
        assign_sites("Mg3Sb2", sites)
    assert words in str(caught.value)


def test_scaling_limits():
    assert disorder_scaling(0.0) == 1.0
    u = np.array([1e-9, 1e-6, 1e-4])
    assert disorder_scaling(u) == pytest.approx(1 - u**2 / 3, abs=1e-15)
    assert disorder_scaling(1e6) * 1e6 == pytest.approx(np.pi / 2, rel=1e-6)


def test_klemens_is_the_high_temperature_limit_of_callaway():
    """The same disorder in the integral, Umklapp processes set by the conductivity of the ordered crystal."""
    v, theta, volume, pure, parameter, T = 2300.0, 200.0, 26e-30, 1.2, 0.15, 3e4
    coefficient = 1.380649e-23**2 * theta / (2 * np.pi**2 * v * 1.054571817e-34 * pure)
    model = DebyeCallaway(
        v,
        theta,
        {
            "U": lambda omega: coefficient * omega**2,
            "PD": lambda omega: point_defects(
                omega, sound_velocity=v, atomic_volume=volume, scattering_parameter=parameter
            ),
        },
    )
    u = disorder_size(
        pure_conductivity=pure,
        scattering_parameter=parameter,
        debye_temperature=theta,
        atomic_volume=volume,
        sound_velocity=v,
    )
    assert model.thermal_conductivity(T) == pytest.approx(pure * disorder_scaling(u), rel=1e-5)


@given(st.floats(1e-4, 50.0), st.floats(1.01, 3.0))
def test_more_disorder_less_conductivity(u, factor):
    assert disorder_scaling(factor * u) < disorder_scaling(u) <= 1.0
