"""Scattering rates and alloy disorder against mpmath: every exponent and factor (make_rate_reference.py)."""

import json
from pathlib import Path

import pytest

from ioffe.transport.phonons import alloy, extended_defects, scattering_rates

REFERENCE = json.loads(Path(__file__).with_name("rate_reference.json").read_text(encoding="utf-8"))
POSITIONAL = {
    "strain_factor": ("gruneisen", "poisson_ratio", "stiffness"),
    "point_defect_parameter": ("fraction", "mass_difference", "size_difference", "strain"),
    "disorder_scaling": ("size",),
}


@pytest.mark.parametrize("name", dict.fromkeys(row["function"] for row in REFERENCE["rates"]))
def test_rates(name):
    owner = next(m for m in (scattering_rates, extended_defects, alloy) if hasattr(m, name))
    for row in (row for row in REFERENCE["rates"] if row["function"] == name):
        given = {key: float(text) for key, text in row["given"].items()}
        first = [given.pop(key) for key in POSITIONAL.get(name, ("omega", "T")) if key in given]
        assert float(getattr(owner, name)(*first, **given)) == pytest.approx(float(row["value"]), rel=1e-12)


@pytest.mark.parametrize("name", REFERENCE["alloys"])
def test_disorder_by_pairs_of_atoms(name):
    case, masses = REFERENCE["alloys"][name], REFERENCE["masses"]
    sites = alloy.assign_sites(case["formula"], case["sites"])
    of_mass = alloy.mass_parameter(sites, masses)
    of_size = alloy.strain_parameter(sites, REFERENCE["radii"], case["strain"], masses)
    assert of_mass == pytest.approx(float(case["mass"]), rel=1e-12)
    assert of_size == pytest.approx(float(case["size"]), rel=1e-12)


def test_defaults_are_those_of_the_sources():
    """G = 3, 0.6 of the strain fields, b = 3 of the freezing out, A = 1, omega^2 T^3."""
    line = {"dislocation_density": 1e14, "burgers_vector": 1e-9, "gruneisen": 2.0, "poisson_ratio": 0.25}
    line |= {"longitudinal_velocity": 3000.0, "transverse_velocity": 1800.0}
    crystal = {"sound_velocity": 2000.0, "atomic_mass": 2e-25, "gruneisen": 2.0}
    cold, sized = crystal | {"debye_temperature": 150.0}, crystal | {"atomic_volume": 3e-29}
    for function, given, defaults in (
        (scattering_rates.strain_factor, {"gruneisen": 2.0, "poisson_ratio": 0.25}, {"stiffness": 3.0}),
        (extended_defects.dislocation_strain, {"omega": 1e12, **line}, {"prefactor": 0.6}),
        (scattering_rates.umklapp_frozen, {"omega": 1e12, "T": 40.0, **cold}, {"decay": 3.0}),
        (scattering_rates.umklapp, {"omega": 1e12, "T": 300.0, **sized}, {"strength": 1.0}),
        (
            scattering_rates.normal_processes,
            {"omega": 1e12, "T": 300.0, "coefficient": 1e-23},
            {"frequency_exponent": 2.0, "temperature_exponent": 3.0},
        ),
        (extended_defects.transmissivity, {"omega": 1e12, "highest_frequency": 3e13}, {"steepness": 1.0}),
    ):
        assert function(**given) == function(**given, **defaults)
