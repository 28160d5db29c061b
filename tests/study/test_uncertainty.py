"""Errors of devices: exact for power laws, alike by gradient and by draws, shares as others have them."""

import numpy as np
import pytest
from scipy import stats
from scipy.stats import uniform

import ioffe as te
from ioffe.base.errors import InputError
from ioffe.material.uncertainty import Uncertainty
from ioffe.study import Spread, Study, propagate_study, samples_for, sobol_indices
from tests.study.studies import ENGINE, LEG

PERCENT = Uncertainty(seebeck="6 %", electrical_conductivity="8 %", thermal_conductivity="11 %")
AT = te.Generator(T_hot=450, T_cold=330, load=0.02)


def flat(seebeck=2e-4):
    return te.Material.from_arrays(
        "flat",
        "p",
        [200.0, 800.0],
        seebeck=[seebeck, seebeck],
        electrical_conductivity=[1e5, 1e5],
        thermal_conductivity=[2.0, 2.0],
    )


def study(leg=LEG, at=AT, outputs=("power",), **more):
    return Study(leg, at, more.pop("variables", {}), list(outputs), **more)


def test_a_power_law_has_the_known_error():
    """P = S^2 sigma A (T_h - T_c)^2/(4 L), exactly."""
    asked = study(te.Leg(flat(), "5 mm", "9 mm2"), te.Generator(T_hot=500, T_cold=300))
    given = {"material": PERCENT, "length": "2 %", "T_hot": "1 K"}
    found = propagate_study(asked, given)
    parts = np.array([0.12, 0.08, 0.0, 0.02, 2.0 / 200.0])
    assert found.inputs == tuple(
        [f"material.{k}" for k in ("seebeck", "electrical_conductivity", "thermal_conductivity")]
        + ["length", "T_hot"]
    )
    assert found.power_std / found.power == pytest.approx(np.sqrt(np.sum(parts**2)), rel=1e-5)
    np.testing.assert_allclose(found.shares["power"], parts**2 / np.sum(parts**2), atol=1e-6)
    effects = np.array([1, 1, 1, -1, 1]) * parts
    np.testing.assert_allclose(found.effects["power"] / found.power, effects, rtol=1e-5, atol=1e-8)


def test_the_error_of_a_small_efficiency_is_that_of_zt():
    """6, 8 and 11 % give 18.1 % for zT, to which the efficiency of a poor material is proportional."""
    asked = study(
        te.Leg(flat(3e-6), "5 mm", "9 mm2"), te.Generator(T_hot=500, T_cold=300, load="max_efficiency")
    )
    found = propagate_study(asked.replace(outputs=["efficiency"]), {"material": PERCENT})
    assert found.efficiency_std / found.efficiency == pytest.approx(0.1814, abs=1e-4)
    assert found.efficiency_std / found.efficiency == pytest.approx(
        np.sqrt(0.12**2 + 0.08**2 + 0.11**2), rel=1e-3
    )


def test_draws_agree_with_the_gradient_for_small_errors():
    given = {
        "length": "1 %",
        "contact.electrical": Spread("5 %", "log-normal"),
        "T_hot": Spread("1 K", "uniform"),
        "load": "2 %",
    }
    asked = study(outputs=["power", "efficiency"], variables={"T_cold": [320.0, 330.0]})
    linear = propagate_study(asked, given)
    drawn = propagate_study(asked, given, method="monte carlo", error=0.008)
    assert drawn.samples == 7814
    (told,) = drawn.warnings
    assert "was used from 320.0 K to 450.0 K, measured from 323 K" in told
    for name in asked.outputs:
        for part in ("_std", "_low", "_high"):
            np.testing.assert_allclose(drawn.values[name + part], linear.values[name + part], rtol=0.02)
        np.testing.assert_array_equal(drawn.values[name], linear.values[name])
    again = propagate_study(asked, given, method="monte carlo", samples=50, seed=3)
    other = propagate_study(asked, given, method="monte carlo", samples=50, seed=3)
    np.testing.assert_array_equal(again.power_std, other.power_std)


def test_curves_are_drawn_with_their_correlated_errors():
    errors = Uncertainty(
        seebeck="3 %",
        electrical_conductivity="4 %",
        systematic=0.3,
        correlation={("seebeck", "electrical_conductivity"): -0.6},
    )
    linear = propagate_study(study(), {"material": errors})
    alone = propagate_study(study(), {"material": Uncertainty(seebeck="3 %", electrical_conductivity="4 %")})
    assert linear.power_std < 0.95 * alone.power_std
    drawn = propagate_study(study(), {"material": errors}, method="monte carlo", samples=80, engine=ENGINE)
    assert drawn.power_std == pytest.approx(linear.power_std, rel=0.25)


def test_ishigami():
    """Indices of T. Ishigami and T. Homma, doi 10.1109/ISUMA.1990.151285, with a = 7, b = 0.1."""
    a, b = 7.0, 0.1

    def function(x):
        return np.sin(x[:1]) + a * np.sin(x[1:2]) ** 2 + b * x[2:] ** 4 * np.sin(x[:1])

    first, total, *_ = sobol_indices(function, [uniform(-np.pi, 2 * np.pi)] * 3, 8192)
    one = 0.5 * (1.0 + b * np.pi**4 / 5.0) ** 2
    two, three = a**2 / 8.0, b**2 * np.pi**8 * (1.0 / 18.0 - 1.0 / 50.0)
    every = one + two + three
    np.testing.assert_allclose(first[:, 0], [one / every, two / every, 0.0], atol=0.02)
    np.testing.assert_allclose(total[:, 0], [(one + three) / every, two / every, three / every], atol=0.02)


def test_sobol_indices_of_a_leg_are_the_shares_of_its_gradient():
    given = {"length": "1 %", "T_hot": "0.5 K", "contact.electrical": "10 %"}
    linear = propagate_study(study(), given)
    found = propagate_study(study(), given, method="sobol", samples=512, engine=ENGINE)
    np.testing.assert_allclose(found.shares["power"], linear.shares["power"], atol=0.02)
    np.testing.assert_allclose(found.totals["power"], linear.shares["power"], atol=0.02)
    assert found.power_std == pytest.approx(linear.power_std, rel=0.05)


def test_errors_of_sobol_indices_are_those_of_a_bootstrap():
    rng = np.random.default_rng(1)

    def function(x):
        return np.stack([np.sin(x[0]) + 7.0 * np.sin(x[1]) ** 2, x[0] + x[1] ** 2 + 0.1 * x[2]])

    distributions = [uniform(-np.pi, 2 * np.pi)] * 3
    found = sobol_indices(function, distributions, 512)
    options = {"func": function, "n": 512, "dists": distributions, "random_state": 0}
    known = stats.sobol_indices(**options)
    np.testing.assert_allclose(found.first.T, known.first_order, rtol=1e-12, atol=1e-12)
    parts = known._f_A, known._f_B, known._f_AB
    drawn = []
    for _ in range(300):
        k = rng.integers(0, 512, 512)
        drawn.append(known._indices_method(*(one[..., k] for one in parts)))
    first, total = np.std(drawn, axis=0)
    np.testing.assert_allclose(found.first_error.T, first, rtol=0.25, atol=1e-4)
    np.testing.assert_allclose(found.total_error.T, total, rtol=0.25, atol=1e-4)


def test_bands_of_sobol_draws_are_around_the_device_and_few_draws_are_doubted():
    given = {"length": "10 %", "contact.electrical": Spread("40 %", "log-normal")}
    found = propagate_study(study(), given, method="sobol", samples=16, engine=ENGINE)
    assert found.power_low < found.power_mean < found.power_high
    assert found.power_mean == pytest.approx(found.power, rel=0.05)
    assert found.tables()["shares"].columns["share power std"].values.max() > 0.05
    assert any("16 draws leave a standard error of" in text for text in found.warnings)


def test_what_is_not_linear_is_doubted():
    asked = study(te.Leg(flat(), "5 mm", "9 mm2"), te.Generator(T_hot=500, T_cold=300))
    given = {"length": Spread("60 %", "log-normal")}
    found = propagate_study(asked, given, method="monte carlo", samples=800, engine=ENGINE)
    assert "power is curved over these errors" in found.warnings[-1]
    # 1/L of a log-normal length of that variance
    assert found.power_mean / found.power == pytest.approx(1.36, rel=0.1)
    assert "standard deviations from the value of the device" in found.warnings[-1]
    assert "mean of 800 draws" in str(found)


def test_draws_without_a_solution_are_counted():
    leg = LEG.replace(contact=te.Contact())
    asked = study(leg, te.Cooler(T_hot=330, T_cold=320, heat=0.12), ["power"])
    found = propagate_study(asked, {"heat": "20 %"}, method="monte carlo", samples=24, engine=ENGINE)
    assert any("drawn devices have no solution and do not count" in text for text in found.warnings)
    assert np.isfinite(found.power_std)


@pytest.mark.parametrize(
    ("given", "options", "said"),
    [
        ({}, {}, "uncertain: at least one uncertain number or material"),
        ({"lenght": "1 %"}, {}, 'uncertain.lenght.*did you mean "length"'),
        ({"length": "1 K"}, {}, 'uncertain.length.*"K" is a temperature'),
        ({"length": 0.0}, {}, "a standard deviation above zero is expected"),
        ({"length": Spread("1 %", "gaussian")}, {}, "one of normal, log-normal, uniform"),
        ({"T_cold": "1 K"}, {}, "T_cold is given already, as a variable"),
        (
            {"contact.electrical": "1 %", "contact_hot.electrical": "1 %"},
            {},
            "is given already, as contact.elec",
        ),
        ({"material": "6 %"}, {}, "errors of its properties are expected"),
        ({"material": Uncertainty()}, {}, "no error of Bi0.42Sb1.58Te3 is stated"),
        ({"length": PERCENT}, {}, "a standard deviation is expected for a number"),
        (
            {"length": "60 %"},
            {"method": "monte carlo"},
            "uncertain.length.*a draw breaks this; a smaller error",
        ),
        ({"length": "1 %"}, {"method": "monte"}, 'did you mean "monte carlo"'),
        ({"length": "1 %"}, {"method": "sobol", "samples": 300}, "such as 512"),
        ({"length": "1 %"}, {"method": "monte carlo", "samples": 10**9}, "at most 20,000,000 devices"),
        ({"length": "1 %"}, {"samples": 10, "error": 0.1}, "either this or samples"),
        ({"length": "1 %"}, {"error": 2.0}, "a share above 0 and below 1"),
    ],
)
def test_what_is_refused(given, options, said):
    asked = study(variables={"T_cold": [320.0, 330.0]})
    with pytest.raises(InputError, match=said):
        propagate_study(asked, given, **options)


def test_correlated_errors_have_no_sobol_indices():
    noisy = Uncertainty(seebeck="3 %", systematic=0.5)
    with pytest.raises(InputError) as caught:
        propagate_study(study(), {"material": noisy}, method="sobol")
    assert "uncertain.material: errors without correlation are expected for Sobol' indices" in str(
        caught.value
    )
    assert "state systematic = 1 and no correlation, or take linear propagation" in str(caught.value)


def test_an_error_of_a_formula_with_noise_is_drawn():
    leg = te.Leg("generic p cooler leg", "2 mm", "2 mm2")
    asked = study(leg, te.Generator(T_hot=350, T_cold=300, current=0.5))
    scaled = propagate_study(asked, {"material": Uncertainty(seebeck="3 %")})
    assert 0.03 < scaled.power_std / scaled.power < 0.12
    with pytest.raises(InputError, match='take method = "monte carlo"'):
        propagate_study(asked, {"material": Uncertainty(seebeck="3 %", systematic=0.5)})


def test_samples_for_an_error():
    rng = np.random.default_rng(0)
    n = samples_for(0.05)
    deviations = np.std(rng.standard_normal((4000, n)), axis=1, ddof=1)
    assert np.std(deviations) == pytest.approx(0.05, rel=0.05)


def test_a_distribution_that_draws_break_is_one_fault():
    both = {"length": "60 %", "area": "70 %"}
    with pytest.raises(InputError) as caught:
        propagate_study(study(), both, method="monte carlo", samples=200, engine=ENGINE)
    assert [fault.location for fault in caught.value.faults] == ["uncertain.length", "uncertain.area"]


def test_draws_without_a_solution_leave_the_indices_of_the_others():
    """A plane has the shares of its slopes, also where some draws have no value, and NaN where none has."""

    def plane(x):
        value = x[0] + 2.0 * x[1]
        lost = np.random.default_rng(1).random(value.shape) < 0.02
        return np.stack([value, np.where(lost, np.nan, value), np.full(value.shape, np.nan)])

    found = sobol_indices(plane, [stats.norm(), stats.norm()], 4096)
    for one in (found.first, found.total):
        assert one[:, 0] == pytest.approx([0.2, 0.8], abs=0.02)
        assert one[:, 1] == pytest.approx([0.2, 0.8], abs=0.05)
        assert np.isnan(one[:, 2]).all()
    assert np.isfinite(found.first_error[:, :2]).all()
