"""Curves as values: what must be refused, deviations, copies, equality, and what importing them costs."""

import copy
import os
import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import ioffe
from ioffe.base.curve import Curve
from ioffe.base.errors import InputError

SOURCE = os.environ | {"PYTHONPATH": str(Path(ioffe.__file__).parents[1])}
T = np.array([300.0, 340.0, 400.0, 470.0, 500.0, 590.0, 673.0])
KAPPA = np.array([1.60, 1.31, 1.12, 1.05, 1.09, 1.30, 1.75])


class TestDeviation:
    def test_it_is_linear_between_points_and_held_outside(self):
        curve = Curve([300, 400], [1, 2], std=[0.1, 0.3])
        assert curve.std_at(350.0) == pytest.approx(0.2)
        assert curve.std_at(np.array([200.0, 500.0])).tolist() == [0.1, 0.3]

    def test_none_is_zero_and_a_number_is_meant_for_every_point(self):
        assert Curve([300, 400], [1, 2]).std is None
        assert Curve([300, 400], [1, 2]).std_at([300.0, 350.0]).tolist() == [0.0, 0.0]
        assert Curve([300, 400], [1, 2], std=0.5).std.tolist() == [0.5, 0.5]


def faults_of(make):
    with pytest.raises(InputError) as caught:
        make()
    return [str(fault) for fault in caught.value.faults]


class TestFaults:
    def test_everything_that_is_wrong_is_reported_together(self):
        found = faults_of(
            lambda: Curve(
                [300, 400, 390, np.nan, 500, 500],
                [1, 2, 3, 4, np.inf],
                "seebek",
                std=[1, -1],
                interpolation="pchp",
                extrapolation="warm",
            )
        )
        assert found == [
            'seebek.interpolation = "pchp": "linear", "pchip" or "cubic" is expected; did you mean "pchip"?',
            'seebek.extrapolation = "warm": "warn", "hold" or "strict" is expected; did you mean "warn"?',
            'quantity = "seebek": the name of a quantity is expected; did you mean "seebeck"?',
            "seebek.T[3] = nan: a finite number is expected",
            "seebek.T[2] = 390.0: T must increase strictly; it is below T[1] = 400",
            "seebek.T[5] = 500.0: T must increase strictly; it repeats T[4] = 500",
            "seebek.values[4] = inf: a finite number is expected",
            "seebek.values: as many numbers as temperatures are expected, 6 and not 5",
            "seebek.std: as many numbers as temperatures are expected, 6 and not 2",
            "seebek.std[1] = -1.0: a standard deviation is 0 or more",
        ]

    def test_the_quantity_stands_before_the_place(self):
        assert faults_of(lambda: Curve([300, 300], [1, 2], "seebeck"))[0].startswith("seebeck.T[1] = 300.0: ")

    @pytest.mark.parametrize(
        ("make", "fault"),
        [
            (lambda: Curve([500, 400, 300], [1, 2, 3]), "reverse the rows"),
            (lambda: Curve([-20, 100], [1, 2]), "is the table in degC?"),
            (lambda: Curve(["a", 400], [1, 2]), 'T[0] = "a": a number is expected'),
            (lambda: Curve([300, 400], [None, "x"]), 'values[1] = "x": a number is expected'),
            (lambda: Curve([300, 400], [True, 2]), "values[0] = True: a number is expected"),
            (lambda: Curve([], []), "T = []: a list of numbers is expected"),
            (lambda: Curve([[300, 400]], [[1, 2]]), "a list of numbers is expected"),
            (lambda: Curve([[300, 400], [1]], [1, 2]), "a list of numbers is expected"),
            (lambda: Curve([300, 400], [1, 2j]), "values[1] = 2j: a number is expected"),
            (lambda: Curve([300, 400], np.ma.array([1.0, 2.0], mask=[0, 1])), "values[1] = nan"),
            (lambda: Curve([300, 400], [1, 2], std=np.nan), "std[0] = nan: a finite number is expected"),
            (lambda: Curve.constant(np.nan), "coefficients[0] = nan: a finite number is expected"),
            (lambda: Curve.constant(1.0, T_range=(400, 300)), "T_range[1] = 300.0: T must increase"),
            (lambda: Curve.constant(1.0, T_range=(300,)), "T_range = [300.0]: two temperatures are expected"),
            (lambda: Curve.constant(1.0, std=-1.0), "std[0] = -1.0: a standard deviation is 0 or more"),
            (lambda: Curve.polynomial((1, 2, 3, 4, 5), (300, 400)), "one to four coefficients"),
            (lambda: Curve.polynomial((), (300, 400)), "coefficients = (): a list of numbers is expected"),
            (lambda: Curve([300], [1], interpolation="constant"), '"linear", "pchip" or "cubic" is expected'),
            (lambda: Curve(T, KAPPA).replace(interpolaton="linear"), 'did you mean "interpolation"?'),
            (lambda: Curve(T, KAPPA).scaled(np.inf), "factor = inf: a finite number is expected"),
        ],
    )
    def test_each(self, make, fault):
        assert any(fault in found for found in faults_of(make))

    def test_every_word_that_is_no_number_is_named(self):
        assert len(faults_of(lambda: Curve(["a", 400, "b"], [1, None, 3]))) == 3


class TestBeingAValue:
    curves = (
        Curve(T, KAPPA, "thermal_conductivity", std=0.1 * KAPPA, interpolation="cubic", name="PbTe"),
        Curve([300], [1.6], "thermal_conductivity", std=[0.1], extrapolation="strict"),
        Curve.constant(1.6, "thermal_conductivity", std=0.1),
        Curve.polynomial((1.0, 2e-3, 3e-6), (300, 600), "seebeck", "strict", "x"),
    )

    @pytest.mark.parametrize("curve", curves)
    @pytest.mark.parametrize("duplicate", [lambda c: pickle.loads(pickle.dumps(c)), copy.copy, copy.deepcopy])
    def test_a_copy_is_equal_and_read_only(self, curve, duplicate):
        other = duplicate(curve)
        assert other == curve
        assert hash(other) == hash(curve)
        assert repr(other) == repr(curve)
        assert other(400.0) == curve(400.0)
        assert other.extrapolation == curve.extrapolation
        assert not other.cells.flags.writeable

    @pytest.mark.parametrize("curve", curves)
    def test_nothing_can_be_changed(self, curve):
        with pytest.raises(AttributeError, match="immutable"):
            curve.name = "other"
        with pytest.raises(AttributeError, match="immutable"):
            del curve.values
        with pytest.raises(AttributeError):
            curve.other = 1
        for array in (curve.T, curve.values, curve.knots, curve.cells):
            with pytest.raises(ValueError, match="read-only"):
                array[0] = 7

    def test_the_arrays_given_may_change_afterwards(self):
        temperatures, values = T.copy(), KAPPA.copy()
        curve = Curve(temperatures, values, std=values)
        temperatures[0], values[:] = 0, 0
        assert curve(300.0) == 1.60
        assert curve.std_at(300.0) == 1.60

    @pytest.mark.parametrize(
        "change",
        [
            {"T": T + 1},
            {"values": 2 * KAPPA},
            {"std": KAPPA},
            {"quantity": "seebeck"},
            {"interpolation": "linear"},
            {"extrapolation": "hold"},
            {"name": "y"},
        ],
    )
    def test_any_change_makes_another_curve(self, change):
        curve = Curve(T, KAPPA, "thermal_conductivity", name="x")
        other = curve.replace(**change)
        assert other != curve
        assert curve == Curve(T, KAPPA, "thermal_conductivity", name="x")
        assert len({curve, other, curve.replace()}) == 2
        assert other.replace(**{word: getattr(curve, word) for word in change}) == curve

    def test_minus_zero_is_zero(self):
        assert Curve([300, 400], [-0.0, 1.0]) == Curve([300, 400], [0.0, 1.0])
        assert Curve([300, 400], [0.0, 1.0]) != "a curve"

    def test_a_table_of_one_point_remembers_how_more_would_be_joined(self):
        curve = Curve([300], [1.0], interpolation="linear").replace(T=[300, 400], values=[1.0, 2.0])
        assert curve.interpolation == "linear"

    @pytest.mark.parametrize("curve", curves)
    def test_scaling(self, curve):
        other = curve.scaled(-2)
        x = np.linspace(300, 600, 7) if len(curve.T) > 1 else np.array([300.0])
        np.testing.assert_allclose(other(x), -2 * curve(x), rtol=1e-14)
        np.testing.assert_allclose(other.std_at(x), 2 * curve.std_at(x), rtol=1e-15)
        assert (other.quantity, other.name, other.extrapolation) == (
            curve.quantity,
            curve.name,
            curve.extrapolation,
        )
        assert other.interpolation == curve.interpolation

    @pytest.mark.parametrize(
        ("curve", "text"),
        [
            (
                curves[0],
                (
                    'Curve(thermal_conductivity, "PbTe", 7 points, 300 K to 673 K, '
                    "1.047 W/(m K) to 1.75 W/(m K), cubic)"
                ),
            ),
            (curves[1], "Curve(thermal_conductivity, constant, 1.6 W/(m K))"),
            (curves[2], "Curve(thermal_conductivity, constant, 1.6 W/(m K))"),
            (Curve.polynomial((0.0, 1.0), (1, 2)), "Curve(degree 1, 1 K to 2 K, 1 to 2, polynomial)"),
        ],
    )
    def test_repr(self, curve, text):
        assert repr(curve) == text


def test_curves_load_nothing_heavier_than_numpy():
    program = (
        "import sys, numpy; before = set(sys.modules); import ioffe.base.curve, ioffe.base.units\n"
        "ioffe.base.curve.Curve([300, 400, 500], [1, 2, 2.5])(350.0)\n"
        "print(*{name.split('.')[0] for name in set(sys.modules) - before})"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env=SOURCE
    )
    heavy = {"scipy", "pydantic", "pydantic_core", "matplotlib", "pandas", "numba", "click", "rich", "jinja2"}
    loaded = set(run.stdout.split())
    assert "ioffe" in loaded
    assert not heavy & loaded
