"""What may be said of errors, and the words for it."""

import numpy as np
import pytest

from ioffe.base.curve import Curve
from ioffe.base.errors import InputError
from ioffe.material.uncertainty import Uncertainty
from tests.material.samples import smooth


def test_percentages_are_shares():
    found = Uncertainty(seebeck="6 %", electrical_conductivity=0.08, hall={"value": 9, "unit": "%"})
    assert (found.seebeck, found.electrical_conductivity, found.hall) == pytest.approx((0.06, 0.08, 0.09))
    assert found.thermal_conductivity is None


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"seebeck": "6 K"}, "seebeck"),
        ({"seebeck": -0.1}, "0 or more"),
        ({"systematic": 1.2}, "share from 0 to 1"),
        ({"systematic": True}, "share from 0 to 1"),
        ({"systematic": {"sebeck": 0.5}}, 'did you mean "seebeck"'),
        ({"correlation": {("seebeck", "seebeck"): 0.5}}, "two different"),
        ({"correlation": {("seebeck", "hal"): 0.5}}, 'did you mean "hall"'),
        ({"correlation": {("seebeck", "hall"): 1.5}}, "from -1 to 1"),
    ],
)
def test_bad_words_are_refused(changes, words):
    with pytest.raises(InputError, match=words):
        Uncertainty(**changes)


def test_all_faults_come_together():
    with pytest.raises(InputError) as caught:
        Uncertainty(seebeck="x", systematic=-1, correlation={("a", "b"): 3})
    assert len(caught.value.faults) == 5


def test_correlations_that_exclude_each_other_are_refused():
    pairs = {
        ("seebeck", "electrical_conductivity"): 0.9,
        ("electrical_conductivity", "thermal_conductivity"): 0.9,
        ("seebeck", "thermal_conductivity"): -0.9,
    }
    with pytest.raises(InputError, match="exclude each other"):
        Uncertainty(correlation=pairs)


def test_percentages_replace_what_the_curve_states():
    curve = Curve([300.0, 400.0], [2.0, 4.0], "thermal_conductivity", std=[0.2, 0.2])
    T = np.array([300.0, 400.0])
    assert Uncertainty().relative("thermal_conductivity", curve, T) == pytest.approx([0.1, 0.05])
    given = Uncertainty(thermal_conductivity=0.02)
    assert given.relative("thermal_conductivity", curve, T) == pytest.approx([0.02, 0.02])
    assert given.absolute("thermal_conductivity", curve, T) == pytest.approx([0.04, 0.08])


def test_zero_is_no_error():
    curve = Curve([300.0, 400.0], [2.0, 4.0], std=0.1)
    assert not Uncertainty(seebeck=0.0).states("seebeck", curve)
    assert Uncertainty().states("seebeck", curve)
    assert not Uncertainty().states("seebeck", curve.replace(std=None))


def test_words_say_size_and_kind():
    material = smooth(std={"seebeck": "5 %", "thermal_conductivity": 0.1})
    assert Uncertainty().words(material) == "seebeck 5 %, thermal_conductivity 6.4 to 6.7 %; systematic"
    mixed = Uncertainty(systematic={"seebeck": 0.5, "thermal_conductivity": 0.25})
    assert mixed.words(material).endswith("; 50 %, 25 % of the variance systematic")
    assert Uncertainty().words(smooth()) == "no error is stated"
