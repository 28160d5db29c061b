import numpy as np
import pytest
from scipy.stats import t

from ioffe.base.constants import e
from ioffe.base.errors import InputError
from ioffe.base.status import EvidenceStatus
from ioffe.migration.defect import CU2S
from ioffe.migration.fit import fit_defect_model

DELTA = np.array([0.0, 0.01, 0.03, 0.04, 0.06, 0.1])


@pytest.mark.parametrize("form", ["linear profile", "uniform field"])
def test_exact_data_give_the_model_back(form):
    found = fit_defect_model(DELTA, CU2S.critical_voltage(DELTA, 750.0, form=form), 750.0, form=form)
    assert found.delta_c.value == pytest.approx(-0.03, rel=1e-6)
    assert found.K_e.value == pytest.approx(2.24e-3, rel=1e-6)
    assert found.gibbs_energy.value / e == pytest.approx(0.3943, abs=5e-5)
    np.testing.assert_allclose(
        found.model.critical_voltage(DELTA, 750.0, form=form), found.fitted, rtol=1e-10
    )


def test_intervals_cover_the_truth_as_often_as_they_say():
    rng = np.random.default_rng(7)
    truth, hits = CU2S.critical_voltage(DELTA, 750.0), np.zeros(2)
    count = 20
    for _ in range(count):
        found = fit_defect_model(DELTA, truth + 2e-3 * rng.normal(size=DELTA.size), 750.0, 2e-3)
        hits += [n.low < v < n.high for n, v in ((found.delta_c, -0.03), (found.K_e, 2.24e-3))]
    assert np.all(hits >= 0.8 * count)


def test_error_from_the_scatter_and_from_the_curvature():
    rng = np.random.default_rng(3)
    delta = np.linspace(0.0, 0.12, 40)
    data = CU2S.critical_voltage(delta, 750.0) + 1e-3 * rng.normal(size=40)
    free, given = fit_defect_model(delta, data, 750.0), fit_defect_model(delta, data, 750.0, 1e-3)
    assert free.scatter == pytest.approx(1e-3, rel=0.3)
    assert free.delta_c.std == pytest.approx(free.scatter / 1e-3 * given.delta_c.std, rel=1e-6)
    assert given.delta_c.high - given.delta_c.low == pytest.approx(2 * 1.96 * given.delta_c.std, rel=0.1)
    assert given.reduced_chi_squared == pytest.approx((free.scatter / 1e-3) ** 2, rel=1e-6)


def test_few_points_without_stated_errors_have_intervals_of_student():
    """Six samples and two parameters: 2.78 standard errors hold 95 %, and not 1.96."""
    noise = 1e-5 * np.array([1.0, -1.2, 0.7, -0.4, 0.9, -1.1])
    found = fit_defect_model(DELTA, CU2S.critical_voltage(DELTA, 750.0) + noise, 750.0)
    for number in (found.delta_c, found.K_e):
        assert number.high - number.low == pytest.approx(2 * t.ppf(0.975, 4) * number.std, rel=0.02)


def test_scattered_data_do_not_determine_the_model_and_it_says_so():
    found = fit_defect_model([0.0, 0.03, 0.06], [0.04, 0.09, 0.11], 750.0)
    assert not found.delta_c.determined
    assert "not determined by these data" in str(found)
    assert found.to_dict()["parameters"]["determined"][0] is False
    assert found.status is EvidenceStatus.DOUBTFUL


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (([0.0, 0.0, 0.1], [0.1, 0.1, 0.1], 750.0), "three different"),
        (([0.0, 0.1, 0.2], [0.1, 0.1], 750.0), "3 voltages"),
        (([0.0, 0.1, 0.2], [0.1, -0.1, 0.1], 0.0), "T = 0.0.*\n.*voltage"),
        (([0.0, 0.1, 0.2], [0.1, 0.1, 0.1], 750.0, [1.0, 2.0]), "3 errors"),
    ],
)
def test_bad_input_is_named(arguments, words):
    with pytest.raises(InputError, match=words):
        fit_defect_model(*arguments)
