"""The analysis of samples against closed forms, published numbers and other ways to compute the same."""

import copy
import json
import pickle

import numpy as np
import pytest
from scipy.integrate import quad

from ioffe.base.constants import e
from ioffe.base.curve import Curve
from ioffe.base.errors import InputError
from ioffe.base.saved_result import load_result
from ioffe.material import Material, library
from ioffe.material.analysis import analyse
from ioffe.material.uncertainty import Uncertainty
from ioffe.transport import single_band as spb
from tests.material.samples import smooth

INSTRUMENT = Uncertainty(seebeck="6 %", electrical_conductivity="8 %", thermal_conductivity="11 %")
GRID = np.linspace(300.0, 600.0, 7)


def constant(**changes):
    fields = {"seebeck": 2e-4, "electrical_conductivity": 8e4, "thermal_conductivity": 1.6} | changes
    arrays = {k: np.full(7, v) for k, v in fields.items()}
    return Material.from_arrays("constant", "p" if fields["seebeck"] > 0 else "n", GRID, **arrays)


def mirrored(material):
    """The same material with carriers of the other sign."""
    carrier = {"p": "n", "n": "p"}[material.carrier]
    return material.replace(carrier=carrier, seebeck=material.seebeck.scaled(-1.0))


def test_constant_properties_have_closed_forms():
    Z = 4e-8 * 8e4 / 1.6
    found = analyse(constant())[0]
    assert found.zT.value == pytest.approx(Z * GRID)
    assert found.average_zT.value == pytest.approx(Z * 450.0)
    assert found.engineering_ZT.value == pytest.approx(Z * 300.0)
    assert found.engineering_power_factor.value == pytest.approx(4e-8 * 8e4 * 300.0)
    root = np.sqrt(1.0 + Z * 450.0)
    assert found.efficiency_kim.value == pytest.approx(0.5 * (root - 1.0) / (root + 0.5))
    eta = float(found.reduced_fermi_level.value[0])
    assert spb.seebeck(eta) == pytest.approx(2e-4)
    assert found.electronic_thermal_conductivity.value == pytest.approx(spb.lorenz_number(eta) * 8e4 * GRID)


def test_span_averages_are_integrals_of_the_curves():
    material = smooth()
    found = analyse(material, T_cold=320.0, T_hot="280 degC")[0]
    hot = 553.15
    average = quad(material.zT, 320.0, hot, points=GRID[1:-1].tolist(), epsabs=0, epsrel=1e-11)[0] / (
        hot - 320.0
    )
    assert found.average_zT.value == pytest.approx(average, rel=1e-9)
    rho = quad(material.electrical_resistivity, 320.0, hot, points=GRID[1:-1].tolist(), epsrel=1e-11)[0]
    S, kappa = material.seebeck.integral(320.0, hot), material.thermal_conductivity.integral(320.0, hot)
    assert found.engineering_ZT.value == pytest.approx(S**2 * (hot - 320.0) / (rho * kappa), rel=1e-9)
    assert (found.T_cold, found.T_hot) == (320.0, hot)


def test_the_error_of_zT_follows_from_the_three_percentages():
    found = analyse(smooth(), uncertainty=INSTRUMENT)[0]
    assert found.zT.relative == pytest.approx(np.full(7, 0.18138), abs=1e-5)
    assert found.average_zT.relative == pytest.approx(0.18138, abs=1e-5)
    assert found.power_factor.relative == pytest.approx(np.full(7, np.hypot(0.12, 0.08)), rel=1e-6)
    assert found.dominant == pytest.approx(
        {"seebeck": 144 / 329, "electrical_conductivity": 64 / 329, "thermal_conductivity": 121 / 329},
        rel=1e-5,
    )


def test_draws_and_linear_propagation_agree():
    small = Uncertainty(seebeck=0.02, electrical_conductivity=0.03, thermal_conductivity=0.03, systematic=0.5)
    linear = analyse(smooth(), uncertainty=small)[0]
    drawn = analyse(smooth(), uncertainty=small, method="monte_carlo", count=3000)[0]
    for name in ("zT", "weighted_mobility", "lattice_thermal_conductivity", "quality_factor", "average_zT"):
        assert getattr(drawn, name).std == pytest.approx(getattr(linear, name).std, rel=0.07), name


def test_reconstructed_sample_of_a_paper():
    """p-Mg1.18Cu0.02Yb0.6Zn1.2Sb2: zT 0.950 and kappa_lat 0.37 at 673 K, average zT 0.590 from 298 K on."""
    found = analyse(library.load_material("Mg1.18Cu0.02Yb0.6Zn1.2Sb2"), T_cold=298.0, T_hot=673.0)[0]
    assert found.zT.value[-1] == pytest.approx(0.950, abs=0.001)
    assert found.average_zT.value == pytest.approx(0.590, abs=0.001)
    assert found.lattice_thermal_conductivity.value[-1] == pytest.approx(0.37, abs=0.002)


HALL_SAMPLES = [
    (2.10e25, 191e-6, 19010.0, 1.0236),
    (2.44e25, 137.9e-6, 37690.0, 0.68),
    (3.17e25, 129.3e-6, 38890.0, 0.74),
]


@pytest.mark.parametrize(("n_H", "S", "sigma", "mass"), HALL_SAMPLES)
def test_masses_of_published_samples(n_H, S, sigma, mass):
    hall = Curve([300.0], [n_H], "hall_carrier_density")
    sample = Material.from_arrays("x", "p", [300.0], [S], [sigma], [0.95], hall=hall)
    found = analyse(sample)[0]
    assert found.effective_mass.value == pytest.approx([mass], rel=2e-3)
    assert found.hall_mobility.value == pytest.approx([sigma / (e * n_H)])
    assert found.carrier_density.value > found.hall_carrier_density.value
    assert found.span == {}
    assert found.gap is None


def test_hall_coefficient_and_density_say_the_same():
    density = Curve([300.0, 500.0], [2e25, 3e25], "hall_carrier_density", std=[2e24, 3e24])
    coefficient = Curve([300.0, 500.0], 1.0 / (e * density.values), "hall_coefficient")
    coefficient = coefficient.replace(std=0.1 * coefficient.values)
    one, two = (analyse(smooth().replace(hall=h))[0] for h in (density, coefficient))
    assert one.effective_mass.value == pytest.approx(two.effective_mass.value)
    assert one.effective_mass.std == pytest.approx(two.effective_mass.std, rel=1e-6)
    assert np.all(one.effective_mass.std > 0.0)


def test_an_n_type_sample_is_the_mirror_of_a_p_type_one():
    p, n = (analyse(m, uncertainty=INSTRUMENT)[0] for m in (smooth(), mirrored(smooth())))
    for name in p.points:
        sign = -1.0 if name in ("seebeck", "compatibility_factor") else 1.0
        assert n.points[name].value == pytest.approx(sign * p.points[name].value, rel=1e-12), name
        assert n.points[name].std == pytest.approx(p.points[name].std, rel=1e-6), name
    for name in p.span:
        assert n.span[name].value == pytest.approx(p.span[name].value, rel=1e-12), name


def test_the_gap_is_that_of_the_largest_seebeck():
    T = np.linspace(300.0, 600.0, 31)
    S = 2.2e-4 - 2e-9 * (T - 437.0) ** 2
    found = analyse(smooth().replace(seebeck=Curve(T, S, "seebeck", interpolation="cubic")))[0]
    assert found.gap.kind == "maximum"
    assert found.gap.T == pytest.approx(437.0, abs=1e-6)
    assert found.gap.value == pytest.approx(2.0 * e * 2.2e-4 * 437.0, rel=1e-9)
    assert any(f.code == "bipolar" for f in found.findings)


def test_a_gap_without_a_maximum_is_a_bound_or_none():
    rising = analyse(smooth())[0].gap
    assert rising.kind == "at least"
    assert rising.T == 600.0
    falling = analyse(smooth(seebeck=(3e-4 - 1e-7 * (GRID - 300.0))))[0].gap
    assert falling.kind == "none"
    assert np.isnan(falling.value)


def test_kappa_below_its_electronic_part_is_an_error_and_no_number():
    found = analyse(constant(electrical_conductivity=4e5), force=True)[0]
    assert found.lattice_thermal_conductivity.value[-1] < 0.0
    assert np.isnan(found.quality_factor.value[-1])
    codes = {f.code: f.severity for f in found.findings}
    assert codes["lattice"] == "error"
    assert "lorenz" in codes


def test_a_seebeck_coefficient_that_passes_zero_is_analysed():
    S = np.array([-4e-5, -2e-5, 0.0, 2e-5, 4e-5, 6e-5, 8e-5])
    found = analyse(smooth(seebeck=S).replace(carrier=None), uncertainty=INSTRUMENT)[0]
    assert found.zT.value[2] == 0.0
    assert np.isnan(found.compatibility_factor.value[2])
    assert np.all(np.isfinite(found.electronic_thermal_conductivity.value))
    assert any(f.code == "sign-change" for f in found.findings)


def test_nothing_of_one_band_is_known_where_S_is_not():
    wider = np.append(GRID, 650.0)
    found = analyse(
        constant().replace(thermal_conductivity=Curve(wider, np.full(8, 1.6), "thermal_conductivity"))
    )
    T, points = found[0].all_points()
    assert (T[-1], points["thermal_conductivity"].value[-1]) == (650.0, 1.6)
    for name in ("seebeck", "reduced_fermi_level", "lorenz_number", "electronic_thermal_conductivity"):
        assert np.isnan(points[name].value[-1])


def test_findings_name_what_is_wrong_with_the_data():
    wrong_sign = analyse(smooth(seebeck=-smooth().seebeck.values), force=True)[0]
    assert ("sign", "error") in {(f.code, f.severity) for f in wrong_sign.findings}
    assert any(f.code == "no-error" for f in wrong_sign.findings)
    celsius = smooth()
    moved = {n: c.replace(T=c.T - 275.0) for n, c in celsius.transport.items()}
    moved["electrical"] = moved.pop("electrical_conductivity")
    assert any(f.code == "celsius" for f in analyse(celsius.replace(**moved), force=True)[0].findings)
    heavy = Curve([300.0], [2e29], "hall_carrier_density")
    assert any(f.code == "mass" for f in analyse(smooth().replace(hall=heavy))[0].findings)
    far = Curve([80.0, 200.0], [2e25, 2e25], "hall_carrier_density")
    assert any(f.code == "hall-range" for f in analyse(smooth().replace(hall=far))[0].findings)
    assert [
        f.severity for f in analyse(smooth().replace(hall=far))[0].findings if f.code == "hall-range"
    ] == ["warning"]
    low = smooth().T_range[0]
    near = analyse(
        smooth().replace(hall=Curve([low - 50.0, low - 5.0], [2e25, 2e25], "hall_carrier_density"))
    )[0]
    assert near.T_hall.tolist() == [low - 5.0]
    told = [(f.severity, f.message) for f in near.findings if f.code == "hall-range"]
    assert [severity for severity, _ in told] == ["note", "note"]
    assert f"at {low - 5.0:.4g} K is set beside the other curves at {low:.4g} K" in told[0][1]
    assert f"{low - 50.0:.4g} K lies outside" in told[1][1]
    turned = Curve([300.0], [-3e-7], "hall_coefficient")
    assert any(f.code == "hall-sign" for f in analyse(smooth().replace(hall=turned))[0].findings)


@pytest.mark.parametrize(("quantity", "value"), [("hall_carrier_density", 0.0), ("hall_coefficient", 0.0)])
def test_a_hall_measurement_of_zero_is_refused(quantity, value):
    with pytest.raises(InputError, match=quantity):
        smooth().replace(hall=Curve([300.0], [value], quantity))


def test_bad_input_is_refused_whole():
    with pytest.raises(InputError) as caught:
        analyse([smooth(), smooth(), library.load_material("Cu")], T_hot=900.0, T_cold="2 m")
    text = str(caught.value)
    assert "name of its own" in text
    assert "this one has no Seebeck coefficient" in text
    assert "T_cold" in text
    assert "that is 300 K to 600 K" in text
    with pytest.raises(InputError, match="at least one sample"):
        analyse([])
    with pytest.raises(InputError, match="above T_cold"):
        analyse(smooth(), T_cold=500.0, T_hot=400.0)
    with pytest.raises(InputError, match="sample"):
        analyse(smooth(), uncertainty={"rough": INSTRUMENT})
    with pytest.raises(InputError, match='did you mean "acoustic"'):
        analyse(smooth(), scattering="acustic")


def test_errors_and_onsets_may_differ_from_sample_to_sample():
    two = [smooth(), smooth().replace(name="other")]
    found = analyse(two, uncertainty={"other": INSTRUMENT}, onset={"smooth": 450.0})
    assert found["smooth"].zT.std[0] == 0.0
    assert found["other"].zT.std[0] > 0.0
    assert found["smooth"].split.onset == 450.0
    assert found["other"].split.kind == "none"


def test_the_scatter_below_the_onset_reaches_the_bipolar_part():
    rng = np.random.default_rng(1)
    T = np.arange(300.0, 601.0, 25.0)
    kappa = 1.2 + 60.0 / T + 2e-5 * np.maximum(T - 450.0, 0.0) ** 2 + 0.01 * rng.standard_normal(len(T))
    sample = Material.from_arrays("x", "p", T, np.full(13, 2e-4), np.full(13, 2e4), kappa)
    found = analyse(sample, onset=450.0)[0]
    assert np.all(found.bipolar_thermal_conductivity.std[T > 450.0] > 0.0)
    assert np.all(found.bipolar_thermal_conductivity.std[T <= 450.0] == 0.0)


def test_formulas_and_single_points_are_analysed():
    generic = analyse(library.load_material("generic p cooler leg"))[0]
    assert generic.zT.value[np.argmin(abs(generic.T - 300.0))] == pytest.approx(0.7415, abs=1e-4)
    one = Material.from_arrays("one", "p", [300.0], [2e-4], [8e4], [1.5])
    found = analyse(one)[0]
    assert found.T == pytest.approx([300.0])
    assert (found.split, found.gap, found.span) == (None, None, {})


def test_a_callable_adds_numbers_of_the_span():
    def peaks(materials, T_cold, T_hot):
        zT = [float(one.zT(T)) for one, T in zip(materials, T_hot, strict=True)]
        return {"ZT": np.array(zT), "max_efficiency": 1.0 - T_cold / T_hot}

    other = mirrored(smooth()).replace(name="n")
    single = library.load_material("Bi0.42Sb1.58Te3").replace(thermal_conductivity=None)
    found = analyse([smooth(), single, other], uncertainty=INSTRUMENT, legs=peaks)
    for sample in (found[0], found[2]):
        assert sample.ZT.value == pytest.approx(smooth().zT(600.0))
        assert sample.ZT.relative == pytest.approx(0.18138, abs=1e-5)
    assert "ZT" not in found[1].span


def test_tables_and_json(tmp_path):
    hall = Curve([300.0], [2e25], "hall_carrier_density")
    analysis = analyse(
        [smooth().replace(hall=hall), mirrored(smooth()).replace(name="n")], uncertainty=INSTRUMENT
    )
    stored = json.loads(analysis.save(tmp_path / "a.json").read_text())
    assert [s["name"] for s in stored["samples"]] == ["smooth", "n"]
    assert stored["samples"][0]["zT"]["value"] == pytest.approx(analysis[0].zT.value.tolist())
    assert stored["units"]["weighted_mobility"] == "m2/(V s)"
    header, rows = analysis.rows()
    assert len(rows) == 14
    assert {len(row) for row in rows} == {len(header)}
    assert rows[3][header.index("zT_std")] == pytest.approx(float(analysis[0].zT.std[3]))
    assert len(analysis.rows("hall")[1]) == 1
    frame = analysis.to_frame("summary")
    assert frame["average_zT"]["smooth"] == pytest.approx(float(analysis["smooth"].average_zT.value))
    assert len(analysis.to_frame("hall")) == 1
    with pytest.raises(InputError, match='did you mean "summary"'):
        analysis.to_frame("sumary")
    with pytest.raises(InputError, match='did you mean "smooth"'):
        analysis["smoth"]
    with pytest.raises(AttributeError, match="weighted_mobility"):
        _ = analysis[0].weigthed_mobility


def test_status_files_and_copies(tmp_path):
    pytest.importorskip("h5netcdf", reason="h5netcdf is an optional extra")
    hall = Curve([300.0], [2e25], "hall_carrier_density")
    analysis = analyse([smooth().replace(hall=hall), mirrored(smooth()).replace(name="n")])
    for ending in (".json", ".nc"):
        saved = load_result(analysis.save(tmp_path / f"a{ending}"))
        assert saved.status is analysis.status
        assert saved.axes["sample"].tolist() == ["smooth"] * 7 + ["n"] * 7
        np.testing.assert_array_equal(saved.zT[:7], analysis[0].zT.value)
        np.testing.assert_array_equal(saved.hall.T, [300.0])
        assert saved.table("summary").sample.tolist() == ["smooth", "n"]
        assert saved.table("summary").average_zT[1] == pytest.approx(float(analysis["n"].average_zT.value))
    frame = analysis.to_frame()
    assert frame.index.names == ["sample", "T"]
    assert frame.loc[("n", 300.0), "zT"] == pytest.approx(analysis["n"].at("zT", 300.0)[0])
    again = pickle.loads(pickle.dumps(analysis))
    assert again.to_dict() == analysis.to_dict()
    assert copy.deepcopy(analysis)[0].best == analysis[0].best
    assert "smooth" in analysis._repr_html_()
    assert "<table>" in analysis[0]._repr_html_()


def test_printing_names_the_dominant_error_and_the_findings():
    text = repr(analyse(smooth(), uncertainty=INSTRUMENT))
    assert "its variance: seebeck 44%" in text
    assert "average_zT from 300 K to 600 K" in text
    assert "Goldsmid-Sharp gap at least" in text
