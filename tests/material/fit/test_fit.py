"""Errors of fits: coverage, what is not determined, profiles, doping, bad input."""

import copy
import json
import pickle

import numpy as np
import pytest

from ioffe.base.errors import InputError
from ioffe.base.saved_result import load_result
from ioffe.base.status import EvidenceStatus
from ioffe.material.fit import DebyeCallawayLattice, ReciprocalLattice, SingleParabolicBand, TwoBands, fit
from ioffe.material.uncertainty import Uncertainty
from ioffe.transport.quality import best_zT, quality_factor
from tests.material.fit.series import made
from tests.material.samples import smooth

T = np.linspace(300.0, 600.0, 5)
BAND = {"effective_mass": 1.3, "weighted_mobility": 150e-4}
DOPINGS = [1e25, 5e25]
MODEL = SingleParabolicBand()
REPETITIONS = 300


@pytest.fixture(scope="module")
def noisy():
    """Fits of many noisy copies of the same two samples."""
    rng = np.random.default_rng(20240607)
    return [fit(made(MODEL, BAND, DOPINGS, T, rng=rng), MODEL, profiles=False) for _ in range(REPETITIONS)]


@pytest.mark.parametrize(
    ("name", "sample", "truth"),
    [
        ("effective_mass", None, 1.3),
        ("weighted_mobility", None, 150e-4),
        ("carrier_density", "sample0", 1e25),
        ("carrier_density", "sample1", 5e25),
    ],
)
def test_intervals_of_68_percent_cover_the_truth_so_often(noisy, name, sample, truth):
    found = [f.parameter(name, sample) for f in noisy]
    share = np.mean([p.low <= truth <= p.high for p in found])
    assert 0.60 < share < 0.76
    scatter = np.std([np.log(p.value) for p in found])
    assert np.mean([p.std / p.value for p in found]) == pytest.approx(scatter, rel=0.12)


def test_bands_of_predicted_curves_cover_the_truth_so_often(noisy):
    truth = fit(made(MODEL, BAND, DOPINGS, T), MODEL)
    for quantity in ("seebeck", "electrical_conductivity", "hall_mobility"):
        exact = truth.curve(quantity, "sample1")(400.0)
        curves = [f.curve(quantity, "sample1") for f in noisy]
        assert 0.60 < np.mean([abs(c(400.0) - exact) <= c.std(400.0) for c in curves]) < 0.76


def test_chi_squared_is_that_of_noise(noisy):
    """Mean chi squared is the number of degrees of freedom, and few fits are called improbable."""
    free = noisy[0].degrees_of_freedom
    assert free == 2 * 3 * len(T) - 4
    assert np.mean([f.chi_squared for f in noisy]) == pytest.approx(free, rel=0.04)
    called = [any("does not describe" in text for text in f.findings) for f in noisy]
    assert np.mean(called) < 0.04


def test_errors_that_are_not_stated_follow_from_the_scatter():
    rng = np.random.default_rng(5)
    found = [fit(made(MODEL, BAND, DOPINGS, T, rng=rng, stated=False), MODEL) for _ in range(60)]
    scatter = np.std([np.log(f.effective_mass) for f in found])
    stated = np.mean([f.parameter("effective_mass").std / f.effective_mass for f in found])
    assert stated == pytest.approx(scatter, rel=0.3)
    assert all("standard errors are those of their scatter" in "".join(f.findings) for f in found)


def test_systematic_errors_do_not_average_out():
    """With the mass and the density held, the logarithm of sigma gives the mobility: a mean with
    correlation."""
    sample = made(MODEL, BAND, [2e25], T)
    for share in (0.0, 0.5, 0.9):
        errors = Uncertainty(electrical_conductivity=0.06, systematic=share)
        fixed = {"effective_mass": 1.3, "carrier_density": 2e25}
        found = fit(sample, MODEL, fixed=fixed, uncertainty=errors, quantities=["electrical_conductivity"])
        expected = 0.06 * np.sqrt(share + (1.0 - share) / len(T))
        assert found.parameter("weighted_mobility").std / 150e-4 == pytest.approx(expected, rel=1e-6)


def test_without_a_hall_measurement_the_mass_is_not_determined():
    sample = made(MODEL, BAND, [2e25], T)[0].replace(hall=None)
    found = fit(sample, MODEL)
    for name in ("effective_mass", "carrier_density"):
        assert found.parameter(name).status == "not determined"
        assert np.isnan(getattr(found, name))
    assert found.weighted_mobility == pytest.approx(150e-4, rel=1e-6)
    assert np.isfinite(found.parameter("weighted_mobility").std)
    assert any("Hall measurement" in text for text in found.findings)
    assert "not determined by the data" in repr(found)
    curve = found.curve("seebeck")
    assert curve(400.0) == pytest.approx(sample.seebeck(400.0), rel=1e-3)
    assert 0.0 < curve.std(400.0) < 0.05 * curve(400.0)
    assert np.isnan(found.curve("hall_carrier_density")(400.0))
    assert np.isnan(found.covariance[0]).all()


def test_what_does_not_depend_on_the_unknown_is_told():
    """Without the mass the best density is unknown; the best zT and Fermi level are not."""
    full = made(MODEL, BAND, [2e25], T)[0]
    free = fit(full.replace(hall=None), MODEL).best_doping(400.0)
    known = fit(full, MODEL).best_doping(400.0)
    assert np.isnan(free.carrier_density)
    assert np.isfinite(known.carrier_density)
    assert free.zT == pytest.approx(known.zT, rel=1e-4)
    assert free.reduced_fermi_level == pytest.approx(known.reduced_fermi_level, abs=1e-3)
    assert "do not determine" in str(free)


def test_the_best_doping_is_that_of_the_quality_factor():
    model = SingleParabolicBand(lattice=ReciprocalLattice())
    parameters = BAND | {"lattice_300": 1.2, "umklapp_share": 1.0}
    found = fit(made(model, parameters, [2e25], T), model)
    B = float(quality_factor(150e-4 * (400.0 / 300.0) ** -1.5, 1.2 * 300.0 / 400.0, 400.0))
    assert found.quality_factor(400.0) == pytest.approx(B, rel=1e-5)
    best, exact = found.best_doping(400.0), best_zT(B)
    assert best.zT == pytest.approx(float(exact.value), rel=1e-6)
    assert best.reduced_fermi_level == pytest.approx(float(exact.reduced_fermi_level), abs=1e-4)
    assert best.zT_now == pytest.approx(found.curve("zT")(400.0), rel=1e-6)
    assert not best.at_end
    assert found.best_carrier_density(400.0) == best.carrier_density


def test_pisarenko_curves_pass_through_the_sample():
    found = fit(made(MODEL, BAND, DOPINGS, T), MODEL)
    n = np.array([1e25, 2e25, 5e25])
    curves = found.pisarenko(300.0, n, "sample0")
    assert curves["seebeck"][0] == pytest.approx(found.curve("seebeck", "sample0")(300.0), rel=1e-9)
    assert curves["seebeck"][2] == pytest.approx(found.curve("seebeck", "sample1")(300.0), rel=1e-9)
    assert np.all(np.diff(curves["seebeck"]) < 0.0)
    assert np.all(curves["zT_std"] > 0.0)
    assert curves["zT"][0] == pytest.approx(found.material("sample0").zT(300.0), rel=1e-5)


def test_the_profile_of_a_straight_problem_is_a_parabola():
    sample = made(MODEL, BAND, [2e25], T)
    found = fit(sample, MODEL, fixed={"effective_mass": 1.3, "carrier_density": 2e25})
    profile = found.profile("weighted_mobility", reach=2.0, count=9)
    width = found.parameter("weighted_mobility").std / 150e-4
    assert profile.rise == pytest.approx((np.log(profile.values / 150e-4) / width) ** 2, abs=1e-6)


def test_a_mechanism_that_hardly_scatters_is_only_bounded():
    """Grains of 1 mm leave a trace smaller than the errors: their size is at least something."""
    from ioffe.material import Material

    model = DebyeCallawayLattice(2147.0, 94.0, 2.25e-25, 31.26e-30, 2.33)
    temperatures = np.linspace(100.0, 400.0, 7)
    truth = {"umklapp_strength": 2.6, "point_defects": 0.02, "grain_size": 1e-3}
    lattice = model.lattice({k: np.array([[v]]) for k, v in truth.items()}, temperatures)[0]
    insulator = Material.from_arrays(
        "x",
        "p",
        temperatures,
        np.full(7, 8e-4),
        np.full(7, 1e-3),
        lattice,
        std={"thermal_conductivity": "5 %"},
    )
    found = fit(insulator, model, fixed={"point_defects": 0.02})
    grains = found.parameter("grain_size")
    assert (grains.status, grains.interval) == ("at least", "profile")
    assert 1e-8 < grains.low < 1e-4
    assert str(grains).startswith("grain_size of x: at least")
    assert found.parameter("umklapp_strength").status == "determined"


def test_poorly_determined_parameters_get_unequal_intervals():
    rng = np.random.default_rng(2)
    pair = {"effective_mass": 1.0, "weighted_mobility": 250e-4, "effective_mass_minority": 1.0}
    pair |= {"weighted_mobility_minority": 250e-4, "gap": 5e-20}
    samples = made(TwoBands("0.3 eV"), pair, [3e25], np.linspace(300.0, 550.0, 7), rng=rng)
    found = fit(samples, TwoBands("0.3 eV"))
    profiled = [p for p in found.parameters if p.interval == "profile"]
    assert profiled
    for p in profiled:
        if p.status == "determined":
            assert p.low < p.value < p.high
    linear = fit(samples, TwoBands("0.3 eV"), profiles=False)
    assert all(p.interval == "linear" for p in linear.parameters)


def test_a_wrong_model_is_said_to_be_one():
    pair = {"effective_mass": 1.0, "weighted_mobility": 250e-4, "effective_mass_minority": 1.0}
    pair |= {"weighted_mobility_minority": 250e-4, "gap": 2.5e-20}
    samples = made(TwoBands("0.15 eV"), pair, [1e25], np.linspace(300.0, 600.0, 7))
    found = fit(samples, MODEL)
    assert any("does not describe the data" in text for text in found.findings)
    assert found.reduced_chi_squared > 10.0


def test_more_precise_data_give_smaller_errors():
    sample = made(MODEL, BAND, [2e25], T)
    one, half = (
        fit(sample, MODEL, uncertainty=Uncertainty(s * 0.04, s * 0.04, hall=s * 0.04, systematic=0.0))
        for s in (1.0, 0.5)
    )
    for p, q in zip(one.parameters, half.parameters, strict=True):
        assert q.std == pytest.approx(0.5 * p.std, rel=1e-6)


def test_one_value_for_all_or_one_for_each():
    samples = made(MODEL, BAND, DOPINGS, T)
    found = fit(samples, MODEL, own=["effective_mass"])
    assert set(found.effective_mass) == {"sample0", "sample1"}
    assert found.effective_mass["sample1"] == pytest.approx(1.3, rel=1e-6)
    assert isinstance(found.weighted_mobility, float)
    with pytest.raises(InputError, match="sample0, sample1"):
        found.parameter("effective_mass")
    model = SingleParabolicBand(lattice=ReciprocalLattice())
    common = fit(
        made(model, BAND | {"lattice_300": 1.0, "umklapp_share": 1.0}, DOPINGS, T),
        model,
        shared=["lattice_300"],
    )
    assert isinstance(common.lattice_300, float)


def test_points_outside_the_range_do_not_count():
    sample = made(MODEL, BAND, [2e25], T)
    assert sum(o.count for o in fit(sample, MODEL, T_range=(300.0, 400.0)).observations) == 6


def test_bounds_and_starting_values_are_taken():
    sample = made(MODEL, BAND, [2e25], T)
    found = fit(sample, MODEL, bounds={"effective_mass": (1.5, 3.0)}, start={"effective_mass": 2.0})
    assert found.parameter("effective_mass").status == "at most"
    assert found.effective_mass == pytest.approx(1.5, rel=1e-3)
    quick = fit(sample, MODEL, bounds={"effective_mass": (1.5, 3.0)}, profiles=False)
    assert quick.parameter("effective_mass").status == "at most"
    again = fit(sample, MODEL, start={"weighted_mobility": "900 cm2/(V s)"}, starts=2)
    assert again.effective_mass == pytest.approx(1.3, rel=1e-6)


def test_residuals_are_those_of_the_points():
    sample = made(MODEL, BAND, [2e25], T, rng=np.random.default_rng(8))
    found = fit(sample, MODEL)
    total = sum(float(r @ r) for r in found.residuals().values())
    assert total == pytest.approx(found.chi_squared, rel=1e-9)
    S, curve = sample[0].seebeck, found.curve("seebeck")
    assert found.residuals()["seebeck"] == pytest.approx((curve(T) - S.values) / S.std, rel=1e-9)


def test_tables_and_json_hold_every_parameter(tmp_path):
    found = fit(made(MODEL, BAND, DOPINGS, T)[0].replace(hall=None), MODEL)
    stored = json.loads(found.save(tmp_path / "fit.json").read_text())
    assert stored["axes"]["parameter"] == [
        "effective_mass",
        "weighted_mobility",
        "carrier_density",
    ]
    assert stored["value"][0] is None
    frame = found.to_frame()
    assert list(frame.index.get_level_values("parameter")) == [p.name for p in found.parameters]
    assert np.all(np.diag(found.correlation)[[1]] == pytest.approx(1.0))
    assert found.labels == ("effective_mass", "weighted_mobility", "carrier_density")
    assert found.status is EvidenceStatus.DOUBTFUL
    assert found.warnings == found.findings
    saved = load_result(tmp_path / "fit.json")
    assert saved.status is found.status
    assert saved.covariance.covariance == pytest.approx(found.covariance, nan_ok=True)
    again = pickle.loads(pickle.dumps(found))
    assert again.to_dict() == copy.deepcopy(found).to_dict() == found.to_dict()
    assert again.curve("seebeck")(400.0) == pytest.approx(found.curve("seebeck")(400.0), nan_ok=True)
    assert "chi squared" in found._repr_html_()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"fixed": {"efective_mass": 1.0}}, 'did you mean "effective_mass"'),
        ({"fixed": {"weighted_mobility": "3 K"}}, "fixed.weighted_mobility"),
        ({"own": ["mass"]}, "own"),
        ({"bounds": {"effective_mass": (2.0, 1.0)}}, "a smaller and a larger"),
        ({"bounds": {"effective_mass": (-1.0, 1.0)}}, "effective_mass"),
        ({"quantities": ["thermal_conductivity"]}, "quantities"),
        ({"quantities": []}, "quantities"),
        ({"T_range": (800.0, 900.0)}, "there is no point"),
        ({"starts": 0}, "starts"),
        ({"uncertainty": Uncertainty(seebeck=0.05, systematic=1.0)}, "at most 0.999"),
    ],
)
def test_bad_options_are_refused(options, words):
    with pytest.raises(InputError, match=words):
        fit(made(MODEL, BAND, DOPINGS, T), MODEL, **options)


def test_bad_samples_are_refused_together():
    one, two = made(MODEL, BAND, DOPINGS, T)
    with pytest.raises(InputError) as caught:
        fit(
            [
                one,
                two.replace(name="sample0"),
                smooth(seebeck=-smooth().seebeck.values),
                smooth().replace(name="x", carrier=None),
            ],
            MODEL,
        )
    text = str(caught.value)
    assert "name of its own" in text
    assert "smooth.seebeck: the sample is p-type but S is negative" in text
    assert "x.carrier" in text
    with pytest.raises(InputError, match="at least one sample"):
        fit([], MODEL)
    with pytest.raises(InputError, match="a model is expected"):
        fit(one, "SingleParabolicBand")


def test_points_without_an_error_among_others_are_refused():
    one = made(MODEL, BAND, [2e25], T)[0]
    curve = one.seebeck.replace(std=[0.0, *one.seebeck.std[1:]])
    with pytest.raises(InputError, match="every point needs a standard deviation"):
        fit(one.replace(seebeck=curve), MODEL)


def test_wrong_names_are_told_the_nearest():
    found = fit(made(MODEL, BAND, DOPINGS, T), MODEL)
    with pytest.raises(InputError, match='did you mean "seebeck"'):
        found.curve("sebeck", "sample0")
    with pytest.raises(InputError, match='did you mean "sample1"'):
        found.curve("seebeck", "sampel1")
    with pytest.raises(AttributeError, match="effective_mass"):
        _ = found.efective_mass
    with pytest.raises(InputError, match="of bands"):
        fit(smooth(), ReciprocalLattice()).best_doping(300.0)


def test_fit_can_be_pickled():
    found = fit(made(MODEL, BAND, DOPINGS, T), MODEL)
    again = pickle.loads(pickle.dumps(found))
    assert repr(again) == repr(found)
    assert again.curve("seebeck", "sample0")(320.0) == found.curve("seebeck", "sample0")(320.0)
    rises = [one.profile("effective_mass", count=3).rise for one in (again, found)]
    np.testing.assert_array_equal(*rises)
