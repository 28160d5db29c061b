"""Curves: the interpolants, exact integrals, extremes, ranges, and formulas."""

import warnings
from itertools import pairwise

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.interpolate import CubicSpline, PchipInterpolator

from ioffe.base.curve import ALL_TEMPERATURES, Curve
from ioffe.base.curve.piecewise import Piecewise
from ioffe.base.errors import ExtrapolationError, ExtrapolationWarning, InputError

KINDS = ["linear", "pchip", "cubic"]
T = np.array([300.0, 340.0, 400.0, 470.0, 500.0, 590.0, 673.0])
KAPPA = np.array([1.60, 1.31, 1.12, 1.05, 1.09, 1.30, 1.75])
SEEBECK = np.array([-40.0, -5.0, 12.0, 60.0, 58.0, 90.0, 130.0]) * 1e-6


def scipy_cells(temperatures, values, kind):
    """Cells of the same interpolant by scipy, ascending."""
    if kind == "linear" or len(temperatures) == 2:
        slope = np.diff(values) / np.diff(temperatures)
        return np.column_stack((values[:-1], slope, 0 * slope, 0 * slope))
    if kind == "pchip":
        return PchipInterpolator(temperatures, values).c[::-1].T
    ends = "not-a-knot" if len(temperatures) > 3 else "natural"
    return CubicSpline(temperatures, values, bc_type=ends).c[::-1].T


@st.composite
def tables(draw, smallest=2):
    steps = draw(st.lists(st.floats(0.5, 120), min_size=smallest - 1, max_size=12))
    values = draw(
        st.lists(
            st.floats(-10, 10).map(lambda x: round(x, 3)), min_size=len(steps) + 1, max_size=len(steps) + 1
        )
    )
    return np.concatenate(([250.0], 250.0 + np.cumsum(steps))), np.array(values)


class TestInterpolation:
    @pytest.mark.parametrize("kind", KINDS)
    @pytest.mark.parametrize("n", [2, 3, 4, 5, 7])
    def test_cells_are_those_of_scipy(self, kind, n):
        curve = Curve(T[:n], KAPPA[:n], interpolation=kind)
        expected = scipy_cells(T[:n], KAPPA[:n], kind)
        np.testing.assert_allclose(curve.cells, expected, rtol=1e-11, atol=1e-16)
        assert curve.cells.shape == (n - 1, 4)
        assert curve.knots.tolist() == T[:n].tolist()

    @settings(max_examples=300)
    @given(tables(), st.sampled_from(KINDS))
    def test_values_are_those_of_scipy_in_any_table(self, table, kind):
        temperatures, values = table
        curve = Curve(temperatures, values, interpolation=kind)
        x = np.linspace(temperatures[0], temperatures[-1], 57)
        cells = scipy_cells(temperatures, values, kind)
        index = np.clip(np.searchsorted(temperatures, x, side="right") - 1, 0, len(values) - 2)
        t = x - temperatures[index]
        expected = (cells[index] * t[:, None] ** np.arange(4)).sum(axis=1)
        np.testing.assert_allclose(curve(x), expected, rtol=1e-9, atol=1e-9 * max(1, np.abs(expected).max()))

    @pytest.mark.parametrize("kind", KINDS)
    def test_points_are_met_exactly_at_both_ends_and_to_rounding_inside(self, kind):
        curve = Curve(T, KAPPA, interpolation=kind)
        np.testing.assert_allclose(curve(T), KAPPA, rtol=1e-15)
        assert curve(T[0]) == KAPPA[0]
        assert curve(T[-1]) == KAPPA[-1]

    @settings(max_examples=200)
    @given(tables(smallest=3))
    def test_pchip_does_not_overshoot(self, table):
        temperatures, values = table
        curve = Curve(temperatures, values)
        for i in range(len(values) - 1):
            low, high = sorted((values[i], values[i + 1]))
            assert curve.minimum(temperatures[i], temperatures[i + 1]) >= low - 1e-12
            assert curve.maximum(temperatures[i], temperatures[i + 1]) <= high + 1e-12

    def test_a_spline_through_four_points_is_their_cubic(self):
        def exact(x):
            return 2 - 3e-3 * x + 4e-6 * x**2 - 5e-9 * x**3

        x = np.array([300.0, 350.0, 420.0, 600.0])
        curve = Curve(x, exact(x), interpolation="cubic")
        y = np.linspace(300, 600, 31)
        np.testing.assert_allclose(curve(y), exact(y), rtol=1e-13)

    def test_slopes_below_the_smallest_number_do_no_harm(self):
        curve = Curve([300, 400, 500, 600], [1e-310, 2e-310, 3e-310, 1e-309])
        assert 0 < curve(450.0) < 1e-309


class TestEvaluation:
    curve = Curve(T, KAPPA, "thermal_conductivity")

    @pytest.mark.parametrize("place", [350.0, 350, np.float64(350), np.int32(350), np.array(350.0)])
    def test_a_number_gives_a_float(self, place):
        found = self.curve(place)
        assert type(found) is float
        assert found == self.curve(350.0)

    @pytest.mark.parametrize("shape", [(0,), (3,), (2, 3), (2, 0), (30, 30)])
    def test_the_shape_is_kept(self, shape):
        x = np.linspace(300, 670, int(np.prod(shape))).reshape(shape)
        found = self.curve(x)
        assert found.shape == shape
        assert found.ravel().tolist() == [self.curve(float(v)) for v in x.ravel()]

    def test_a_list_is_taken(self):
        assert self.curve([300.0, 673.0]).tolist() == [1.60, 1.75]

    def test_many_places_in_long_and_short_tables_agree_with_single_ones(self):
        rng = np.random.default_rng(4)
        x = rng.uniform(300, 673, 2000)
        x[:9] = [*T, 300.0, 673.0]
        long = Curve(np.linspace(300, 673, 90), np.cos(np.linspace(0, 9, 90)))
        for curve in (self.curve, long):
            assert curve(x).tolist() == [curve(float(v)) for v in x]

    def test_nan_stays_nan_and_warns_of_nothing(self):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            assert np.isnan(self.curve(float("nan")))
            found = self.curve(np.array([np.nan, 300.0]))
            assert np.isnan(self.curve(np.full(600, np.nan))).all()
            assert np.isnan(self.curve.integral(300.0, np.nan))
        assert np.isnan(found[0])
        assert found[1] == 1.60

    def test_the_input_is_not_changed(self):
        x = np.array([100.0, 400.0])
        with pytest.warns(ExtrapolationWarning):
            self.curve(x)
        assert x.tolist() == [100.0, 400.0]

    def test_there_is_no_derivative(self):
        public = [name for name in dir(self.curve) if not name.startswith("_")]
        assert not [name for name in public if "deriv" in name or "slope" in name]


class TestRange:
    def test_holding_warns_once_with_the_worst_temperature_the_range_and_the_value(self):
        curve = Curve(T, KAPPA, "thermal_conductivity", name="PbTe")
        with pytest.warns(ExtrapolationWarning) as caught:
            found = curve(np.array([250.0, 400.0, 800.0, 720.0]))
        assert len(caught) == 1
        assert str(caught[0].message) == (
            'thermal_conductivity of "PbTe": 800 K lies outside its range, 300 K to 673 K; '
            "1.75 W/(m K) is held, its value at 673 K"
        )
        assert found.tolist() == [1.60, curve(400.0), 1.75, 1.75]

    @pytest.mark.parametrize(
        "use",
        [
            lambda c: c(290.0),
            lambda c: c([290.0, 300.0]),
            lambda c: c.integral(290.0, 300.0),
            lambda c: c.integral(np.array([300.0, 310.0]), 290.0),
            lambda c: c.mean(290.0, 290.0),
            lambda c: c.minimum(290.0, 300.0),
            lambda c: c.maximum(310.0, 290.0),
            lambda c: c.integral_of_reciprocal(290.0, 300.0),
        ],
    )
    def test_every_use_outside_warns_once_and_points_to_the_caller(self, use):
        with pytest.warns(ExtrapolationWarning, match="290 K lies outside .* 1.6 is held") as caught:
            use(Curve(T, KAPPA))
        assert len(caught) == 1
        assert caught[0].filename == __file__
        with pytest.raises(
            ExtrapolationError, match="290 K lies outside its range, 300 K to 673 K; a strict"
        ):
            use(Curve(T, KAPPA, extrapolation="strict"))
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            use(Curve(T, KAPPA, extrapolation="hold"))

    def test_infinite_temperatures_hold_the_end(self):
        curve = Curve(T, KAPPA, extrapolation="hold")
        assert curve(np.inf) == 1.75
        assert curve(np.array([-np.inf, np.inf])).tolist() == [1.60, 1.75]

    @pytest.mark.parametrize("place", [300.0 - 1e-8, 673.0 + 1e-8])
    def test_rounding_is_no_extrapolation(self, place):
        strict = Curve(T, KAPPA, extrapolation="strict")
        assert strict(place) in (1.60, 1.75)
        assert strict(np.array([place]))[0] in (1.60, 1.75)

    def test_one_kelvin_is(self):
        with pytest.raises(ExtrapolationError):
            Curve(T, KAPPA, extrapolation="strict")(299.0)


def polynomial(coefficients, x):
    """A polynomial with ascending coefficients in the precision of mpmath."""
    return sum(mpmath.mpf(c) * x**n for n, c in enumerate(coefficients))


def exact_integral(curve, a, b, transform=lambda y: y):
    """Integral by mpmath in 40 digits, cell by cell, from the cells as they stand."""
    with mpmath.workdps(40):
        knots = [mpmath.mpf(k) for k in curve.knots.tolist()]
        low, high = curve.values.tolist()[0], curve.values.tolist()[-1]

        def value(x):
            if x <= knots[0] or x >= knots[-1]:
                return transform(mpmath.mpf(low if x <= knots[0] else high))
            i = max(j for j, k in enumerate(knots) if k <= x)
            return transform(polynomial(curve.cells[i].tolist(), x - knots[i]))

        edges = [mpmath.mpf(a), *(k for k in knots if a < k < b), mpmath.mpf(b)]
        return float(sum(mpmath.quad(value, [p, q]) for p, q in pairwise(edges)))


INTERVALS = [(300.0, 673.0), (310.0, 320.0), (345.0, 455.0), (400.0, 470.0), (395.0, 500.5), (250.0, 800.0)]


class TestIntegrals:
    @pytest.mark.parametrize("kind", KINDS)
    @pytest.mark.parametrize(("a", "b"), INTERVALS)
    def test_integral_and_mean_against_high_precision(self, kind, a, b):
        curve = Curve(T, KAPPA, interpolation=kind, extrapolation="hold")
        exact = exact_integral(curve, a, b)
        assert curve.integral(a, b) == pytest.approx(exact, rel=2e-15)
        assert curve.integral(b, a) == -curve.integral(a, b)
        assert curve.mean(a, b) == curve.mean(b, a) == pytest.approx(exact / (b - a), rel=2e-15)

    @pytest.mark.parametrize("kind", KINDS)
    @pytest.mark.parametrize(("a", "b"), INTERVALS)
    def test_integral_of_the_reciprocal_against_high_precision(self, kind, a, b):
        curve = Curve(T, KAPPA, interpolation=kind, extrapolation="hold")
        exact = exact_integral(curve, a, b, lambda y: 1 / y)
        assert curve.integral_of_reciprocal(a, b) == pytest.approx(exact, rel=1e-13)
        assert curve.integral_of_reciprocal(b, a) == -curve.integral_of_reciprocal(a, b)

    def test_the_reciprocal_of_a_line_over_six_decades_is_a_logarithm(self):
        curve = Curve([300, 400], [1e-6, 1.0])
        exact = 100 / (1 - 1e-6) * np.log(1e6)
        assert curve.integral_of_reciprocal(300, 400) == pytest.approx(exact, rel=1e-13)

    def test_the_reciprocal_of_a_curve_that_changes_sign_is_refused(self):
        curve = Curve(T, SEEBECK, "seebeck")
        with pytest.raises(InputError, match=r"zero or changes sign between 300 K and 673 K"):
            curve.integral_of_reciprocal(300.0, 673.0)
        with pytest.raises(InputError, match="zero or changes sign"):
            Curve.polynomial((9.0, -6.0, 1.0), (0, 10)).integral_of_reciprocal(0.0, 10.0)
        exact = exact_integral(curve, 300.0, 330.0, lambda y: 1 / y)
        assert curve.integral_of_reciprocal(300.0, 330.0) == pytest.approx(exact, rel=1e-13)

    def test_limits_broadcast(self):
        curve = Curve(T, KAPPA)
        a, b = np.array([[300.0], [400.0]]), np.array([350.0, 400.0, 650.0])
        for name in ("integral", "mean", "integral_of_reciprocal"):
            method = getattr(curve, name)
            found = method(a, b)
            assert found.shape == (2, 3)
            assert found.tolist() == [[method(float(x), float(y)) for y in b] for x in a.ravel()]
        assert curve.integral(np.empty(0), 300.0).shape == (0,)

    @pytest.mark.parametrize("width", [0.0, 1e-12, 1e-9, 1e-3])
    @pytest.mark.parametrize("place", [300.0, 399.9999999999, 400.0, 455.5, 650.0])
    def test_the_mean_over_a_narrow_interval_is_the_value(self, place, width):
        curve = Curve(T, KAPPA)
        exact = curve(place) if place + width == place else exact_integral(curve, place, place + width)
        if place + width != place:
            exact /= (place + width) - place
        assert curve.mean(place, place + width) == pytest.approx(exact, rel=1e-14)

    @settings(max_examples=200)
    @given(tables(), st.sampled_from(KINDS), *[st.floats(-0.2, 1.2)] * 3)
    def test_integrals_add_up(self, table, kind, p, q, r):
        temperatures, values = table
        curve = Curve(temperatures, values, interpolation=kind, extrapolation="hold")
        a, b, c = (temperatures[0] + x * np.ptp(temperatures) for x in (p, q, r))
        # The integrals are differences of sums over the cells, so that their rounding error goes with the
        # integral of |f| over all of them; between its points a cubic may be far larger than the values.
        lowest, highest = min(a, b, c, temperatures[0]), max(a, b, c, temperatures[-1])
        fine = np.union1d(np.linspace(lowest, highest, 1001), temperatures)
        size = np.trapezoid(np.abs(curve(fine)), fine)
        rounding = 3e-14 if kind == "cubic" else 1e-14
        assert curve.integral(a, b) + curve.integral(b, c) == pytest.approx(
            curve.integral(a, c), rel=0, abs=rounding * size
        )

    def test_a_polynomial_is_integrated_in_closed_form(self):
        curve = Curve.polynomial((2.0, -3e-3, 4e-6, -5e-9), (200, 700))
        primitive = (0, 2.0, -3e-3 / 2, 4e-6 / 3, -5e-9 / 4)
        exact = polynomial(primitive, mpmath.mpf(650)) - polynomial(primitive, mpmath.mpf(210))
        assert curve.integral(210.0, 650.0) == pytest.approx(float(exact), rel=1e-14)


class TestExtremes:
    @settings(max_examples=200)
    @given(tables(), st.sampled_from(KINDS), st.floats(0, 1), st.floats(0, 1))
    def test_no_value_between_lies_outside_and_the_extremes_are_reached(self, table, kind, p, q):
        temperatures, values = table
        curve = Curve(temperatures, values, interpolation=kind)
        low, high = sorted(temperatures[0] + x * np.ptp(temperatures) for x in (p, q))
        x = np.linspace(low, high, 4001)
        x = np.clip(x, temperatures[0], temperatures[-1])
        y = curve(x)
        scale = np.abs(y).max() + 1e-300
        smallest, largest = curve.minimum(low, high), curve.maximum(high, low)
        assert smallest <= y.min() + 1e-13 * scale
        assert largest >= y.max() - 1e-13 * scale
        # between two of 4001 places a cubic with a zero slope differs by its curvature alone
        t = np.diff(temperatures)[:, None]
        bend = np.abs(2 * curve.cells[:, 2:3] + 6 * curve.cells[:, 3:4] * np.hstack((0 * t, t))).max()
        room = bend * ((high - low) / 4000) ** 2 + 1e-13 * scale
        jump = np.abs(np.diff(y)).max() if kind == "linear" else 0.0
        assert smallest >= y.min() - room - jump
        assert largest <= y.max() + room + jump

    def test_an_extremum_inside_a_cell(self):
        curve = Curve.polynomial((9.0, -6.0, 1.0), (0, 10))
        assert curve.minimum() == pytest.approx(0.0, abs=1e-14)
        assert curve.minimum(4.0, 5.0) == 1.0
        assert curve.maximum() == 49.0
        assert type(curve.minimum()) is float

    def test_of_a_constant_and_a_point(self):
        assert Curve.constant(3.0).minimum() == Curve([300], [3.0]).maximum(200.0, 900.0) == 3.0


class TestConstantsAndFormulas:
    def test_one_point_is_a_constant(self):
        curve = Curve([300.0], [1.6], "thermal_conductivity", std=[0.1])
        assert curve(900.0) == 1.6
        assert curve.range == ALL_TEMPERATURES == (1.0, 10000.0)
        assert curve.cells.tolist() == [[1.6, 0, 0, 0]]
        assert curve.interpolation == "constant"
        assert curve.T.tolist() == [300.0]
        assert curve.std_at(900.0) == 0.1
        assert curve.integral(300.0, 400.0) == pytest.approx(160.0, rel=1e-15)

    def test_a_constant(self):
        curve = Curve.constant(1.6, "thermal_conductivity", std=0.1, name="AlN")
        assert curve(np.array([2.0, 900.0])).tolist() == [1.6, 1.6]
        assert curve.coefficients == (1.6,)
        assert curve.knots.tolist() == [1.0, 10000.0]
        assert (curve.interpolation, curve.extrapolation, curve.name) == ("constant", "hold", "AlN")
        assert curve.std_at(500.0) == 0.1
        assert curve(0.5) == 1.6

    def test_a_constant_with_a_range_warns_outside(self):
        curve = Curve.constant(1.6, T_range=(300, 400))
        assert curve.range == (300.0, 400.0)
        with pytest.warns(ExtrapolationWarning):
            assert curve(500.0) == 1.6

    @pytest.mark.parametrize("n", [1, 2, 3, 4])
    def test_a_polynomial_is_exact(self, n):
        coefficients = (22224e-9, 930.6e-9, -0.9905e-9, 3.3e-13)[:n]
        curve = Curve.polynomial(coefficients, (200, 400), "seebeck")
        for x in (200.0, 233.3, 300.0, 400.0):
            with mpmath.workdps(30):
                exact = float(polynomial(coefficients, mpmath.mpf(x)))
            assert curve(x) == pytest.approx(exact, rel=4e-16)
        assert curve.knots.tolist() == [200.0, 400.0]
        assert curve.cells.shape == (1, 4)
        assert curve.coefficients == coefficients
        assert curve.interpolation == ("polynomial" if n > 1 else "constant")

    def test_the_generic_cooler_leg_has_its_figure_of_merit(self):
        S = Curve.polynomial((22224e-9, 930.6e-9, -0.9905e-9), (200, 400), "seebeck")
        rho = Curve.polynomial((5112e-10, 163.4e-10, 0.6279e-10), (200, 400), "electrical_resistivity")
        kappa = Curve.polynomial((62605e-4, -277.7e-4, 0.4131e-4), (200, 400), "thermal_conductivity")
        assert S(300.0) ** 2 * 300 / (rho(300.0) * kappa(300.0)) == pytest.approx(0.7415, abs=5e-5)

    def test_a_formula_takes_and_keeps_no_interpolation(self):
        curve = Curve.polynomial((1.0, 2.0), (300, 400))
        assert curve.replace(interpolation="linear") == curve
        assert curve.replace(name="x").coefficients == (1.0, 2.0)
        with pytest.raises(InputError, match='did you mean "linear"'):
            curve.replace(interpolation="linaer")
        with pytest.raises(InputError, match="a formula has no points"):
            curve.replace(T=[1, 2])


@given(st.integers(3, 12), st.integers(0, 10**6), st.floats(-1.0, 1.0), st.sampled_from(["pchip", "cubic"]))
@settings(max_examples=40)
def test_places_where_a_value_is_reached_and_slopes_are_those_of_scipy(n, seed, level, kind):
    draw = np.random.default_rng(seed)
    x, y = np.cumsum(draw.uniform(0.1, 3.0, n)), draw.normal(size=n)
    ours = Piecewise.through(x, y, kind)
    other = (
        PchipInterpolator(x, y)
        if kind == "pchip"
        else CubicSpline(x, y, bc_type="not-a-knot" if n > 3 else "natural")
    )
    expected = np.sort(other.solve(level, extrapolate=False))
    assert ours.positions(level) == pytest.approx(expected, abs=1e-6)
    inside = draw.uniform(x[0], x[-1], 20)
    assert ours.slopes(inside) == pytest.approx(other(inside, 1), rel=1e-9, abs=1e-9)
