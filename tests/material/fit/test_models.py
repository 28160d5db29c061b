"""Models give back the numbers that exact synthetic data were made with."""

import numpy as np
import pytest

from ioffe.base.constants import e
from ioffe.base.errors import InputError
from ioffe.material.fit import (
    BandGuess,
    DebyeCallawayLattice,
    KaneBand,
    ManyBands,
    ReciprocalLattice,
    SingleParabolicBand,
    TwoBands,
    fit,
)
from ioffe.transport import single_band as spb
from ioffe.transport.mobility import acoustic_mobility_parameter
from tests.material.fit.series import made

T = np.linspace(300.0, 600.0, 7)
BAND = {"effective_mass": 1.3, "weighted_mobility": 150e-4}
PAIR = {
    "effective_mass": 1.1,
    "weighted_mobility": 280e-4,
    "effective_mass_minority": 0.8,
    "weighted_mobility_minority": 200e-4,
    "gap": 0.22 * e,
}
LATTICE = {"lattice_300": 1.1, "umklapp_share": 0.8}
TELLURIDE = {"sound_velocity": 2147.0, "debye_temperature": 94.0, "atomic_mass": 2.25e-25}
TELLURIDE |= {"atomic_volume": "31.26 angstrom3", "gruneisen": 2.33}


def check(found, parameters, dopings, rel=1e-6):
    for name, value in parameters.items():
        for sample in found.samples:
            assert found.parameter(name, sample).value == pytest.approx(value, rel=rel), name
    for sample, n in zip(found.samples, dopings, strict=True):
        assert found.parameter("carrier_density", sample).value == pytest.approx(n, rel=rel)
    assert found.converged
    assert found.chi_squared < 1e-6


@pytest.mark.parametrize("carrier", ["p", "n"])
@pytest.mark.parametrize(
    "scattering", ["acoustic", "alloy", "neutral_impurity", "polar_optical", "ionised_impurity"]
)
def test_one_parabolic_band(scattering, carrier):
    model = SingleParabolicBand(scattering)
    check(fit(made(model, BAND, [1e25, 6e25], T, carrier=carrier), model), BAND, [1e25, 6e25])


def test_the_mobility_may_go_as_another_power():
    model = SingleParabolicBand(mobility_exponent=-1.0)
    samples = made(model, BAND, [2e25], T)
    check(fit(samples, model), BAND, [2e25])
    assert fit(samples, SingleParabolicBand()).chi_squared > 1.0


def test_the_deformation_potential_in_place_of_the_mobility():
    model = SingleParabolicBand(longitudinal_modulus="50 GPa", valleys=2)
    parameters = {"effective_mass": 1.2, "deformation_potential": 15 * e}
    found = fit(made(model, parameters, [2e25, 5e25], T), model)
    check(found, parameters, [2e25, 5e25])
    mobility = acoustic_mobility_parameter(400.0, 50e9, 15 * e, 1.2, 2) * 1.2**1.5
    S, sigma = (found.curve(q, "sample0")(400.0) for q in ("seebeck", "electrical_conductivity"))
    from ioffe.transport.quality import weighted_mobility

    assert weighted_mobility(S, sigma, 400.0) == pytest.approx(float(mobility), rel=1e-6)


def test_published_sample_at_room_temperature():
    """S = 191 uV/K, n_H = 2.10e19 cm^-3 give m_d = 1.0236; n e mu = 190.1 S/cm gives the mobility back."""
    from ioffe.base.curve import Curve
    from ioffe.material import Material

    hall = Curve([300.0], [2.10e25], "hall_carrier_density")
    sample = Material.from_arrays("y=0", "p", [300.0], [191e-6], [19010.0], [0.9], hall=hall)
    found = fit(sample, SingleParabolicBand())
    assert found.effective_mass == pytest.approx(1.0236, abs=5e-5)
    assert found.curve("reduced_fermi_level")(300.0) == pytest.approx(0.22634754, abs=1e-7)
    assert found.curve("hall_mobility")(300.0) == pytest.approx(56.50e-4, rel=1e-3)
    assert found.degrees_of_freedom == 0
    assert any("as many parameters as points" in text for text in found.findings)


def test_kane_band():
    parameters = {"effective_mass": 0.2, "weighted_mobility": 300e-4, "kane_gap": 0.3 * e}
    samples = made(KaneBand("0.3 eV"), parameters, [5e24, 3e25, 1.5e26], T[::2])
    check(fit(samples, KaneBand("0.6 eV")), parameters, [5e24, 3e25, 1.5e26], rel=1e-5)


def test_a_wide_kane_gap_is_a_parabolic_band():
    """The Hall factors of the limits agree, and so do S and the conductivity."""
    model = KaneBand("90 eV")
    samples = made(SingleParabolicBand(), BAND, [3e25], T[::2])
    found = fit(samples, model, fixed={"kane_gap": "90 eV"})
    assert found.effective_mass == pytest.approx(1.3, rel=5e-3)


@pytest.mark.parametrize("carrier", ["p", "n"])
def test_electrons_and_holes_over_a_gap(carrier):
    model = TwoBands("0.2 eV", lattice=ReciprocalLattice())
    samples = made(model, PAIR | LATTICE, [1e25, 4e25], T, carrier=carrier)
    found = fit(samples, TwoBands("0.3 eV", lattice=ReciprocalLattice()))
    check(found, PAIR | LATTICE, [1e25, 4e25], rel=1e-5)
    bipolar = found.curve("bipolar_thermal_conductivity", "sample0")
    assert bipolar(600.0) > 10.0 * bipolar(300.0) > 0.0


def test_light_and_heavy_bands():
    bands = (
        BandGuess("light", "p", effective_mass=0.3),
        BandGuess("heavy", "p", edge="-0.1 eV", effective_mass=2.0),
    )
    parameters = {"effective_mass_light": 0.35, "weighted_mobility_light": 300e-4}
    parameters |= {"effective_mass_heavy": 1.7, "weighted_mobility_heavy": 100e-4, "edge_heavy": -0.12 * e}
    samples = made(ManyBands(bands), parameters, [1e25, 5e25, 2.5e26], T[::2])
    check(fit(samples, ManyBands(bands)), parameters, [1e25, 5e25, 2.5e26], rel=1e-4)


def test_lattice_beside_a_band():
    model = SingleParabolicBand(lattice=ReciprocalLattice())
    found = fit(made(model, BAND | LATTICE, [2e25], T), model)
    check(found, BAND | LATTICE, [2e25])
    assert found.curve("zT")(450.0) == pytest.approx(found.material().zT(450.0), rel=1e-5)


def test_debye_callaway_of_a_telluride():
    """Strength of Umklapp processes and point defects, with grains of known size."""
    from ioffe.material import Material

    model = DebyeCallawayLattice(**TELLURIDE)
    temperatures = np.linspace(60.0, 400.0, 9)
    truth = {"umklapp_strength": 2.6, "point_defects": 0.02218, "grain_size": 2e-6}
    lattice = model.lattice({k: np.array([[v]]) for k, v in truth.items()}, temperatures)[0]
    insulator = Material.from_arrays("x", "p", temperatures, np.full(9, 8e-4), np.full(9, 1e-3), lattice)
    found = fit(insulator, model)
    for name, value in truth.items():
        assert found.parameter(name).value == pytest.approx(value, rel=1e-4)
    held = fit(insulator, model, fixed={"grain_size": "2 um"}, T_range=(250.0, 400.0))
    assert held.umklapp_strength == pytest.approx(2.6, rel=1e-4)
    assert held.parameter("grain_size").status == "fixed"


def test_a_rate_of_ones_own_is_fitted_with_a_factor():
    from ioffe.material import Material
    from ioffe.transport.phonons.extended_defects import dislocation_cores

    def cores(omega):
        return dislocation_cores(
            omega, dislocation_density=4e16, sound_velocity=2147.0, atomic_volume=31.26e-30
        )

    model = DebyeCallawayLattice(**TELLURIDE, extra={"cores": cores})
    temperatures = np.linspace(60.0, 400.0, 9)
    truth = {"umklapp_strength": 2.6, "point_defects": 0.02, "grain_size": 2e-6, "cores": 3.0}
    lattice = model.lattice({k: np.array([[v]]) for k, v in truth.items()}, temperatures)[0]
    insulator = Material.from_arrays("x", "p", temperatures, np.full(9, 8e-4), np.full(9, 1e-3), lattice)
    found = fit(insulator, model, fixed={"point_defects": 0.02, "grain_size": 2e-6})
    assert found.cores == pytest.approx(3.0, rel=1e-4)


def test_the_lattice_part_is_kappa_without_the_carriers():
    band = SingleParabolicBand()
    samples = made(band, BAND, [3e25], T, kappa=0.4 + 240.0 / T)
    found = fit(samples, ReciprocalLattice())
    assert found.lattice_300 == pytest.approx(1.2, rel=1e-6)
    assert found.umklapp_share == pytest.approx(2.0 / 3.0, rel=1e-6)


def test_signs_follow_the_carriers():
    values = {k: np.array([[v]]) for k, v in (BAND | {"carrier_density": 2e25}).items()}
    p, n = (SingleParabolicBand().electronic(values, T, sign) for sign in (1.0, -1.0))
    assert np.all(p.seebeck == -n.seebeck)
    assert np.all(p.hall_coefficient == -n.hall_coefficient)
    assert np.all(p.electrical_conductivity == n.electrical_conductivity)
    eta = spb.carrier_density(p.reduced_fermi_level, T, 1.3)
    assert eta == pytest.approx(np.full(eta.shape, 2e25))


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: SingleParabolicBand("acustic"), 'did you mean "acoustic"'),
        (lambda: SingleParabolicBand(0.3), "power of T"),
        (lambda: SingleParabolicBand("alloy", longitudinal_modulus="50 m"), "modulus"),
        (lambda: SingleParabolicBand("polar_optical", longitudinal_modulus=5e10), "acoustic phonons"),
        (lambda: KaneBand("-0.1 eV"), "above 0"),
        (lambda: KaneBand("3 K"), "gap"),
        (lambda: ManyBands((BandGuess("a", "p"),)), "at least two"),
        (lambda: ManyBands((BandGuess("a", "p"), BandGuess("a", "n"))), "name of its own"),
        (lambda: BandGuess("a b", "x"), "letters"),
        (lambda: DebyeCallawayLattice(2147.0, -94.0, 2.25e-25, 3e-29, 2.33), "debye_temperature"),
        (lambda: DebyeCallawayLattice(**TELLURIDE, extra={"grain_size": np.sin}), "taken"),
    ],
)
def test_bad_models_are_refused(make, words):
    with pytest.raises(InputError, match=words):
        make()


def test_models_print_what_was_changed():
    assert repr(SingleParabolicBand("alloy")) == "SingleParabolicBand(scattering='alloy')"
    assert repr(TwoBands("0.2 eV")) == "TwoBands(gap='0.2 eV')"
