"""Elastic constants from echoes, with uncertainties."""

import numpy as np
import pytest

from ioffe.base.errors import InputError
from ioffe.measure.estimates import propagate
from ioffe.measure.sound import elastic_set, velocity


def test_published_gruneisen_parameter():
    body = elastic_set("3913 m/s", 2045.0, "4.8 g/cm3", atomic_volume="26 angstrom3")
    assert round(body.value("gruneisen"), 3) == 1.850
    assert body.std("gruneisen") == 0.0
    assert body.value("debye_temperature") == pytest.approx(231.0, abs=5.0)


def test_uncertainties_against_a_sample_of_many():
    rng = np.random.default_rng(5)
    count = 200_000
    longitudinal = rng.normal(3913.0, 20.0, count)
    transverse = rng.normal(2045.0, 12.0, count)
    density = rng.normal(4800.0, 48.0, count)
    shear = density * transverse**2
    bulk = density * (longitudinal**2 - 4 / 3 * transverse**2)
    young = 9 * bulk * shear / (3 * bulk + shear)
    nu = (3 * bulk - 2 * shear) / (6 * bulk + 2 * shear)
    body = elastic_set(
        {"value": 3913.0, "uncertainty": 20.0},
        {"value": 2045.0, "uncertainty": 12.0},
        {"value": "4.8 g/cm3", "uncertainty": "1 %"},
    )
    for name, many in (
        ("shear_modulus", shear),
        ("bulk_modulus", bulk),
        ("youngs_modulus", young),
        ("poisson_ratio", nu),
        ("gruneisen", 1.5 * (1 + nu) / (2 - 3 * nu)),
    ):
        assert body.value(name) == pytest.approx(many.mean(), rel=2e-3)
        assert body.std(name) == pytest.approx(many.std(), rel=0.02)


def test_velocity_from_echoes():
    found = velocity({"value": "4 mm", "uncertainty": "1 %"}, {"value": "2 us", "uncertainty": "2 %"})
    assert found["value"] == pytest.approx(4000.0)
    assert found["uncertainty"] == pytest.approx(4000.0 * np.hypot(0.01, 0.02), rel=1e-6)


def test_propagation_of_a_product():
    value, std = propagate(lambda a, b: [a * b, a / b], [3.0, 0.0001], [0.03, 0.000002])
    assert value == pytest.approx([3e-4, 3e4])
    assert std / value == pytest.approx(np.hypot(0.01, 0.02), rel=1e-6)


def test_bad_input_comes_at_once():
    with pytest.raises(InputError) as caught:
        elastic_set("3913 m", -2045.0, "4.8 g/cm3", atomic_volume="x")
    assert [fault.location for fault in caught.value.faults] == [
        "longitudinal",
        "transverse",
        "atomic_volume",
    ]
    with pytest.raises(InputError, match="are the two mixed up"):
        elastic_set(2000.0, 1900.0, 5000.0)
    with pytest.raises(InputError, match="a time above 0 s"):
        velocity("5 mm", 0.0)
    body = elastic_set(3913.0, 2045.0, 4800.0)
    with pytest.raises(InputError, match='did you mean "gruneisen"'):
        body.value("grueneisen")


def test_velocities_and_densities_that_no_solid_has_are_doubted():
    assert not elastic_set("3913 m/s", "2045 m/s", "4.8 g/cm3").findings
    found = elastic_set("3913 km/s", "2045 km/s", "4.8 kg/m3").findings
    assert [one.message.split()[0] for one in found] == ["velocity", "density"]
