"""Derivatives of interpolated curves to their values, against central differences of the curves."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ioffe.base.curve import Curve
from ioffe.base.curve.derivative import cells_by_number, defining_numbers

T = np.array([300.0, 340.0, 400.0, 430.0, 520.0, 600.0, 640.0])
SMOOTH = np.array([1.0, 1.4, 2.1, 2.3, 2.2, 1.7, 0.4])


def changed(curve, numbers):
    if curve.coefficients is None:
        return curve.replace(values=numbers)
    return Curve.polynomial(numbers, curve.range)


def differences(curve, share=1e-6):
    """Central differences of the cells, one row for each number."""
    numbers = defining_numbers(curve)
    size = np.abs(numbers) if curve.coefficients else np.full(len(numbers), np.abs(numbers).max())
    rows = []
    for k in range(len(numbers)):
        step = np.zeros(len(numbers))
        step[k] = share * size[k]
        up, down = (changed(curve, numbers + s * step).cells for s in (1, -1))
        rows.append((up - down) / (2 * step[k]))
    return np.array(rows)


def agree(curve, share=1e-6, rel=1e-7):
    found, expected = cells_by_number(curve), differences(curve, share)
    assert found.shape == (len(defining_numbers(curve)), len(curve.knots) - 1, 4)
    scale = np.abs(expected).max(axis=(0, 1))
    # every order for itself, in units of its largest
    assert (np.abs(found - expected) <= rel * scale + 1e-300).all()


@pytest.mark.parametrize("kind", ["linear", "pchip", "cubic"])
@pytest.mark.parametrize("points", [2, 3, 4, 7])
def test_tables(kind, points):
    agree(Curve(T[:points], SMOOTH[:points], interpolation=kind))


@pytest.mark.parametrize(
    "values",
    [
        [1.0, 3.0, 2.0, 5.0, 4.9, 7.0, -1.0],  # extrema at every point
        [0.0, 0.1, 5.0, 5.2, 5.3, 9.0, 9.1],  # ends cut off to three times the secant or to zero
        [5.0, 4.9, 1.0, 0.9, 0.8, 0.1, 0.05],
        [1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 1.8],
    ],
)
def test_monotone_slopes_in_every_branch(values):
    agree(Curve(T, values, interpolation="pchip"))


@settings(max_examples=60)
@given(st.lists(st.floats(0.5, 2.0), min_size=7, max_size=7))
def test_partition_of_unity(values):
    """Shifting all values shifts the curve: derivatives add up to one, and to nothing in higher orders."""
    for kind in ("linear", "pchip", "cubic"):
        total = cells_by_number(Curve(T, values, interpolation=kind)).sum(axis=0)
        assert total[:, 0] == pytest.approx(1.0, abs=1e-12)
        assert total[:, 1:] == pytest.approx(0.0, abs=1e-12)


@settings(max_examples=60)
@given(st.lists(st.floats(0.5, 2.0), min_size=7, max_size=7))
def test_euler(values):
    """All rules are homogeneous: the values times their derivatives give the curve back."""
    for kind in ("linear", "pchip", "cubic"):
        curve = Curve(T, values, interpolation=kind)
        assert np.einsum("m,mck->ck", curve.values, cells_by_number(curve)) == pytest.approx(
            curve.cells, abs=1e-11
        )


def test_flat_tables_keep_flat_slopes():
    """At a kink of the rule the slopes stay zero; between two points 3 x^2 - 2 x^3 passes values on."""
    found = cells_by_number(Curve(T, np.ones(7)))
    assert (found[:, :, 1] == 0).all()
    middle = 0.5 ** np.arange(4) * np.diff(T)[:, None] ** np.arange(4)
    assert np.einsum("mck,ck->mc", found, middle)[:2, 0] == pytest.approx(0.5)


def test_formulas_and_single_points():
    agree(Curve.polynomial((1e-4, 2e-7, -1e-10), (250.0, 600.0)))
    constant = Curve.constant(3.0)
    assert defining_numbers(constant) == [3.0]
    assert cells_by_number(constant) == pytest.approx(np.array([[[1.0, 0.0, 0.0, 0.0]]]))
    assert cells_by_number(Curve([300.0], [3.0])) == pytest.approx(np.array([[[1.0, 0.0, 0.0, 0.0]]]))


def test_nearly_flat_tables_stay_finite():
    values = np.array([1.0, 1.0 + 1e-300, 1.0 + 2e-16, 2.0, 2.0, 2.0, 2.0 + 1e-15])
    assert np.isfinite(cells_by_number(Curve(T, values))).all()
