import numpy as np
import pytest

from ioffe.base.curve import Curve
from ioffe.material import Material, library
from ioffe.material.checks import Finding, check, departures
from ioffe.transport.quality import lorenz_estimate
from tests.material.samples import T, smooth

S = (180.0 + 0.1 * (T - 300.0)) / 1e6
SIGMA = 9e4 * 300.0 / T
KAPPA = 1.5 + 2e-4 * (T - 300.0)


def codes(material: Material) -> dict[str, str]:
    return {finding.code: finding.severity for finding in check(material)}


def found(material: Material, code: str) -> Finding:
    return next(finding for finding in check(material) if finding.code == code)


def test_nothing_is_found_in_good_data():
    assert check(smooth()) == []
    n = smooth(seebeck=-S).replace(carrier="n")
    assert check(n) == []
    assert check(smooth().replace(carrier=None)) == []


@pytest.mark.parametrize(
    ("changes", "code", "words"),
    [
        ({"seebeck": S * 1e6}, "seebeck-unit", "values in uV/K labelled V/K"),
        ({"seebeck": S * 1e3}, "seebeck-unit", "values in uV/K labelled V/K or mV/K"),
        ({"seebeck": S * 1e-6}, "seebeck-unit", "values in V/K or mV/K labelled uV/K"),
        ({"seebeck": S * 1e-3}, "seebeck-unit", "values in V/K or mV/K labelled uV/K"),
        ({"electrical_conductivity": SIGMA * 100}, "conductivity-unit", "values in S/m labelled S/cm"),
        ({"thermal_conductivity": KAPPA * 1000}, "thermal-unit", "values in mW labelled W"),
        ({"thermal_conductivity": KAPPA / 1000}, "thermal-unit", "values in W labelled mW"),
    ],
)
def test_mixed_up_units_are_errors(changes, code, words):
    finding = found(smooth(**changes), code)
    assert finding.severity == "error"
    assert words in finding.message
    assert code not in codes(smooth())


def test_conductivity_too_small_by_hundreds_is_an_error_where_it_falls_as_in_a_band():
    """Poor conductors exist, so it is a warning where the conductivity rises as that of hopping does."""
    rising = found(smooth(electrical_conductivity=9e4 / 800 * T / 300.0), "conductivity-unit")
    assert rising.severity == "warning"
    assert "S/cm labelled S/m" in rising.message
    falling = found(smooth(electrical_conductivity=SIGMA / 400), "conductivity-unit")
    assert falling.severity == "error"
    assert "S/cm labelled S/m" in falling.message
    lost = found(smooth(electrical_conductivity=SIGMA / 100), "conductivity-unit")
    assert lost.severity == "error"
    assert "none of so disordered a lattice" in lost.message
    assert "conductivity-unit" not in codes(smooth(electrical_conductivity=SIGMA / 10))
    slow = {"electrical_conductivity": SIGMA / 100, "thermal_conductivity": KAPPA / 7}
    assert "conductivity-unit" not in codes(
        smooth(**slow)
    )  # as of AgCuTe0.5Se0.5: 2.7 cm2/(V s), 0.3 W/(m K)


def test_a_lost_factor_is_told_from_poor_doping():
    """The quality factor tells them apart where zT, which is low for both, cannot."""
    undoped = smooth(seebeck=3.3 * S, electrical_conductivity=SIGMA / 130)
    lost = smooth(electrical_conductivity=SIGMA / 10)
    assert np.max(undoped.zT(T)) == pytest.approx(np.max(lost.zT(T)), rel=0.5)
    assert "low-zT" not in codes(undoped)
    assert "at the best doping" in found(lost, "low-zT").message


def test_units_of_a_pair_without_kappa_are_judged():
    pair = smooth(electrical_conductivity=SIGMA / 1e5).replace(thermal_conductivity=None)
    assert found(pair, "conductivity-unit").severity == "error"
    assert codes(smooth(seebeck=1e3 * S).replace(thermal_conductivity=None))["seebeck-unit"] == "error"


def test_units_of_passive_materials_are_not_judged():
    assert set(codes(library.load_material("Cu"))) == {"constant"}


def test_sign_of_S_against_the_carrier():
    assert codes(smooth(seebeck=-S))["sign"] == "error"
    assert "the material is p-type but S is negative" in found(smooth(seebeck=-S), "sign").message
    crossing = smooth(seebeck=(T - 420.0) * 1e-6)
    finding = found(crossing, "sign-change")
    assert (finding.severity, finding.T) == ("warning", 400.0)
    assert "sign" not in codes(crossing)
    assert not {"sign", "sign-change"} & set(codes(smooth()))


def test_kappa_below_its_electronic_part():
    electronic = lorenz_estimate(S) * SIGMA * T
    kappa = electronic * 1.3
    kappa[3] = 0.9 * electronic[3]
    finding = found(smooth(thermal_conductivity=kappa), "lorenz")
    assert (finding.severity, finding.T) == ("warning", 450.0)
    assert "at 450 K; kappa/(L sigma T) is 0.90" in finding.message
    kappa[3] = 0.4 * electronic[3]
    assert found(smooth(thermal_conductivity=kappa), "lorenz").severity == "error"
    assert "lorenz" not in codes(smooth(thermal_conductivity=electronic * 1.01))


def test_metals_obey_wiedemann_and_franz():
    metal = library.load_material("Cu").replace(
        thermal_conductivity=Curve.constant(300.0, "thermal_conductivity")
    )
    finding = found(metal, "lorenz")
    assert finding.severity == "warning"
    assert "Wiedemann-Franz" in finding.message
    assert "lorenz" not in codes(library.load_material("Ni"))


def test_lorenz_estimate_is_that_of_kim():
    assert lorenz_estimate(0.0) == pytest.approx(2.5e-8)
    assert lorenz_estimate(np.array([-116e-6, 116e-6])) == pytest.approx((1.5 + np.exp(-1.0)) * 1e-8)


def test_zT_against_the_reported_one():
    m = smooth()
    zT = np.asarray(m.zT(T))

    def reporting(factor):
        return m.replace(reported_zT=Curve(T, zT * factor, "zT"))

    assert "zT" not in codes(reporting(1.05))
    finding = found(reporting(1.25), "zT")
    assert finding.severity == "warning"
    assert found(reporting(3.0), "zT").severity == "error"
    one = zT.copy()
    one[2] *= 0.8
    finding = found(m.replace(reported_zT=Curve(T, one, "zT")), "zT")
    assert finding.T == 400.0
    assert f"{zT[2]:.3f} at 400 K where {one[2]:.3f} is reported" in finding.message
    outside = Curve([800.0, 900.0], [9.0, 9.0], "zT")
    assert "zT" not in codes(m.replace(reported_zT=outside))


def test_absurd_zT():
    high = smooth(electrical_conductivity=SIGMA / 3, thermal_conductivity=KAPPA / 10, seebeck=1.4 * S)
    assert found(high, "high-zT").severity == "warning"
    absurd = smooth(electrical_conductivity=SIGMA / 3, thermal_conductivity=KAPPA / 10, seebeck=4 * S)
    assert found(absurd, "high-zT").severity == "error"
    assert "high-zT" not in codes(smooth())


def thinned(points) -> Material:
    index = list(points)
    return Material.from_arrays("thin", "p", T[index], S[index], SIGMA[index], KAPPA[index])


def test_few_points():
    assert codes(thinned([0, 3, 6]))["few-points"] == "warning"
    assert codes(thinned([0, 2, 4, 6]))["few-points"] == "note"
    assert "few-points" not in codes(thinned(range(6)))
    one = thinned([0])
    assert "1 point, the same value at every temperature" in found(one, "few-points").message


def test_gaps():
    finding = found(thinned([0, 1, 2, 6]), "gap")
    assert "no point between 400 K and 600 K" in finding.message
    assert (finding.severity, finding.T) == ("warning", 500.0)
    assert "gap" not in codes(thinned([0, 1, 2, 3, 4, 6]))
    uneven = Curve([300.0, 320.0, 340.0, 360.0, 430.0], [1.5] * 5, "thermal_conductivity")
    finding = found(smooth().replace(thermal_conductivity=uneven), "gap")
    assert finding.message == "thermal_conductivity: no point between 360 K and 430 K"


def test_one_point_off_the_course_is_a_kink():
    kappa = KAPPA.copy()
    kappa[3] *= 1.25
    finding = found(smooth(thermal_conductivity=kappa), "kink")
    assert (finding.severity, finding.T) == ("warning", 450.0)
    assert finding.message.startswith("thermal_conductivity at 450 K lies 0.38")
    assert len([f for f in check(smooth(thermal_conductivity=kappa)) if f.code == "kink"]) == 1
    kappa[3] = KAPPA[3] * 1.03
    assert "kink" not in codes(smooth(thermal_conductivity=kappa))


def test_a_strongly_curved_property_is_no_kink():
    assert "kink" not in codes(smooth(electrical_conductivity=9e4 * (300.0 / T) ** 3))


def test_a_jumping_curve_is_scatter_and_not_kinks():
    for low, severity in ((0.7, "warning"), (0.4, "error")):  # by 30 and 60 %
        jumping = SIGMA * np.array([1.0, low, 1.0, low, 1.0, low, 1.0])
        result = codes(smooth(electrical_conductivity=jumping))
        assert result["scatter"] == severity
        assert "kink" not in result
    hump = SIGMA * np.array([0.4, 0.6, 0.9, 1.0, 0.9, 0.6, 0.4])
    assert "scatter" not in codes(smooth(electrical_conductivity=hump))


def test_narrow_and_different_ranges():
    narrow = thinned([0, 1])
    assert codes(narrow)["narrow"] == "warning"
    assert "narrow" not in codes(smooth())
    shifted = smooth().replace(seebeck=Curve(T + 100.0, S, "seebeck"))
    finding = found(shifted, "ranges")
    assert finding.severity == "note"
    assert "seebeck 400-700 K" in finding.message
    assert "ranges" not in codes(smooth())


def test_constants_are_noted():
    assert "stated for 273 K to 323 K" in found(library.load_material("Cu"), "constant").message
    everywhere = library.load_material("generic Bi2Te3 (constant)")
    assert "at every temperature" in found(everywhere, "constant").message
    assert "constant" not in codes(smooth())


def test_errors_come_first():
    findings = check(smooth(seebeck=-S * 1e6, electrical_conductivity=SIGMA / 1e4))
    severities = [finding.severity for finding in findings]
    assert severities == sorted(severities, key=["error", "warning", "note"].index)
    assert severities[0] == "error"
    assert "warning" in severities


def test_departures_are_zero_on_a_line_and_exact_elsewhere():
    assert departures(Curve([300.0, 310.0, 400.0], [3.0, 3.1, 4.0], "zT")) == pytest.approx([0.0], abs=1e-15)
    assert departures(Curve([300.0, 400.0, 600.0], [1.0, 3.0, 4.0], "zT")) == pytest.approx([1.0])


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        (2, 1e-300, "electrical_conductivity at 400 K is 1e-300 S/cm, which no solid has"),
        (1, 2e6, "seebeck at 400 K is 2e6 uV/K"),
        (3, 5e7, "thermal_conductivity at 400 K is 5e7 W/(m K)"),
    ],
)
def test_a_single_point_that_no_solid_has(tmp_path, column, value, words):
    rows = [[300, 150, 1000, 1.5], [400, 170, 900, 1.4], [500, 190, 800, 1.3], [600, 200, 700, 1.2]]
    rows[1][column] = value
    text = "\n".join(["T (K),S (uV/K),sigma (S/cm),kappa (W/mK)", *(",".join(map(str, row)) for row in rows)])
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    found = Material.from_csv(tmp_path / "a.csv").check()
    assert any(f.code == "value" and f.severity == "error" and f.message.startswith(words) for f in found)
