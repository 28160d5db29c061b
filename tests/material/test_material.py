import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ioffe.base.curve import Curve
from ioffe.base.errors import ExtrapolationWarning, InputError
from ioffe.material import Material, Provenance
from tests.material.samples import T, smooth


def test_derived_properties_are_exact_at_the_points():
    m = smooth()
    S, sigma, kappa = (180e-6 + 0.1e-6 * (T - 300)), 9e4 * 300 / T, 1.5 + 2e-4 * (T - 300)
    np.testing.assert_allclose(m.electrical_conductivity(T), sigma, rtol=1e-14)
    np.testing.assert_allclose(m.electrical_resistivity(T), 1 / sigma, rtol=1e-14)
    np.testing.assert_allclose(m.power_factor(T), S**2 * sigma, rtol=1e-14)
    np.testing.assert_allclose(m.zT(T), S**2 * sigma * T / kappa, rtol=1e-14)
    assert isinstance(m.zT(300.0), float)
    assert m.zT(T.reshape(7, 1)).shape == (7, 1)


def test_what_was_measured_is_interpolated():
    sigma = np.array([1e5, 5e4])
    of_sigma = Material.from_arrays(
        "a", "p", [300.0, 400.0], [2e-4, 2e-4], sigma, [1.5, 1.5], interpolation="linear"
    )
    of_rho = Material.from_arrays(
        "a",
        "p",
        [300.0, 400.0],
        [2e-4, 2e-4],
        None,
        [1.5, 1.5],
        resistivity=1 / sigma,
        interpolation="linear",
    )
    assert of_sigma.electrical_conductivity(350.0) == pytest.approx(7.5e4, rel=1e-13)
    assert of_rho.electrical_resistivity(350.0) == pytest.approx(1.5e-5, rel=1e-13)
    assert of_rho.electrical_conductivity(350.0) == pytest.approx(1 / 1.5e-5, rel=1e-13)
    assert (of_sigma.electrical.quantity, of_rho.electrical.quantity) == (
        "electrical_conductivity",
        "electrical_resistivity",
    )


def test_std_of_zT_by_independent_propagation():
    std = {"seebeck": "6 %", "electrical_conductivity": "8 %", "thermal_conductivity": "11 %"}
    m = smooth(std=std)
    assert m.zT.std(300.0) / m.zT(300.0) == pytest.approx(0.18138357147217055, rel=1e-12)
    assert m.power_factor.std(450.0) / m.power_factor(450.0) == pytest.approx(np.hypot(0.12, 0.08), rel=1e-12)
    assert m.electrical_resistivity.std(450.0) / m.electrical_resistivity(450.0) == pytest.approx(
        0.08, rel=1e-12
    )
    assert np.isnan(smooth().zT.std(300.0))


@given(
    relative=st.tuples(*[st.floats(0.0, 0.01)] * 3),
    point=st.floats(300.0, 600.0),
)
def test_std_of_zT_is_the_slope_of_zT(relative, point):
    """Shifting one curve by its deviation changes zT by what the propagation says, to first order."""
    names = ("seebeck", "electrical_conductivity", "thermal_conductivity")
    values = {
        "seebeck": (180 + 0.1 * (T - 300)) * 1e-6,
        "electrical_conductivity": 9e4 * 300 / T,
        "thermal_conductivity": 1.5 + 2e-4 * (T - 300),
    }
    linear = smooth(
        interpolation="linear", std={n: r * values[n] for n, r in zip(names, relative, strict=True)}, **values
    )
    parts = []
    for name, share in zip(names, relative, strict=True):
        up = smooth(interpolation="linear", **values | {name: values[name] * (1 + share)})
        down = smooth(interpolation="linear", **values | {name: values[name] * (1 - share)})
        parts.append((up.zT(point) - down.zT(point)) / 2)
    assert linear.zT.std(point) == pytest.approx(float(np.linalg.norm(parts)), rel=3e-4, abs=1e-15)


def test_zero_seebeck_has_a_finite_deviation():
    m = smooth(seebeck=np.zeros(7), std={"seebeck": 1e-6})
    assert m.zT(300.0) == 0.0
    assert m.zT.std(300.0) == 0.0


def test_passive_materials():
    kappa = Curve.constant(24.0, "thermal_conductivity")
    ceramic = Material("plate", None, None, None, kappa, kind="ceramic")
    assert (ceramic.electrical_conductivity(300.0), ceramic.zT(300.0)) == (0.0, 0.0)
    assert ceramic.electrical_resistivity(300.0) == np.inf
    assert ceramic.T_range == (1.0, 10000.0)
    assert ceramic.is_unlimited
    metal = ceramic.replace(kind="metal", electrical=Curve.constant(1.7e-8, "electrical_resistivity"))
    assert metal.electrical_conductivity(300.0) == pytest.approx(1 / 1.7e-8)
    assert metal.zT(np.array([300.0, 400.0])).tolist() == [0.0, 0.0]


def test_hall_data():
    m = smooth().replace(hall=Curve.constant(3e-7, "hall_coefficient"))
    assert m.hall_carrier_density(300.0) == pytest.approx(1 / (1.602176634e-19 * 3e-7))
    assert m.hall_mobility(300.0) == pytest.approx(9e4 * 3e-7)
    n = m.replace(hall=Curve.constant(m.hall_carrier_density(300.0), "hall_carrier_density"))
    assert n.hall_mobility(300.0) == pytest.approx(9e4 * 3e-7)
    with pytest.raises(InputError, match='"smooth" has no Hall data'):
        _ = smooth().hall_mobility


def test_range_is_the_intersection():
    m = smooth()
    narrow = m.replace(seebeck=Curve([350.0, 500.0], [2e-4, 2e-4], "seebeck"))
    assert narrow.T_range == (350.0, 500.0)
    with pytest.raises(InputError, match="no temperature in common"):
        m.replace(seebeck=Curve([700.0, 800.0], [2e-4, 2e-4], "seebeck"))


def test_all_faults_of_a_material_together():
    with pytest.raises(InputError) as caught:
        Material(
            "",
            "x",
            Curve([300.0, 400.0], [1.0, 1.0], "thermal_conductivity"),
            None,
            None,
            kind="metall",
            quality="mesured",
        )
    text = str(caught.value)
    for words in (
        "a name is expected",
        'carrier = "x": "p" or "n" is expected',
        'did you mean "metal"?',
        'did you mean "measured"?',
        'seebeck = "thermal_conductivity": a curve of the quantity seebeck is expected',
        "thermal_conductivity: this curve is missing",
    ):
        assert words in text
    assert len(caught.value.faults) == 6


def test_a_thermoelectric_needs_all_three_curves():
    with pytest.raises(InputError) as caught:
        Material("x", "p", None, None, Curve.constant(1.0, "thermal_conductivity"))
    assert [fault.location for fault in caught.value.faults] == ["seebeck", "electrical"]


def test_positive_at_the_points_and_between_them():
    with pytest.raises(InputError) as caught:
        smooth(
            electrical_conductivity=[9e4, -1.0, 8e4, 7e4, 6e4, 0.0, 5e4],
            thermal_conductivity=[1.0, 1.0, 1.0, 1.0, 1.0, 1.0, -2.0],
        )
    places = [fault.location for fault in caught.value.faults]
    assert places == [
        "electrical_conductivity at 350 K",
        "electrical_conductivity at 550 K",
        "thermal_conductivity at 600 K",
    ]


def test_a_formula_that_dips_below_zero_between_its_ends():
    dip = Curve.polynomial((90.0 - 0.1, -0.6, 1e-3), (250.0, 350.0), "thermal_conductivity")
    assert dip(250.0) > 0
    assert dip(350.0) > 0
    assert dip(300.0) == pytest.approx(-0.1)
    with pytest.raises(InputError, match=r"between the points.*must be above 0 W.*dips between its points"):
        smooth().replace(thermal_conductivity=dip)


def test_from_arrays_says_what_is_missing():
    with pytest.raises(InputError, match="give either this or the resistivity"):
        Material.from_arrays("x", "p", [300.0], [1e-4], thermal_conductivity=[1.0])
    with pytest.raises(InputError, match="give either this or the resistivity"):
        Material.from_arrays("x", "p", [300.0], [1e-4], [1e5], [1.0], resistivity=[1e-5])
    with pytest.raises(InputError, match="thermal_conductivity: this argument is missing"):
        Material.from_arrays("x", "p", [300.0], [1e-4], [1e5])
    with pytest.raises(InputError, match='did you mean "seebeck"'):
        smooth(std={"sebeck": 1e-6})
    with pytest.raises(InputError, match=r"relative|share|standard deviation"):
        smooth(std={"seebeck": "5 K"})


def test_faults_of_several_arrays_come_together():
    with pytest.raises(InputError) as caught:
        Material.from_arrays("x", "p", [300.0, 300.0], [1e-4, np.nan], [1e5, 1e5], [1.0])
    text = str(caught.value)
    assert "seebeck.values[1]" in text
    assert "thermal_conductivity.values" in text
    assert "T[1]" in text


def test_replace_makes_a_copy_and_knows_its_fields():
    m = smooth()
    other = m.replace(family="trial", density="6.65 g/cm3", provenance=Provenance(doi="10.1/x"))
    assert (other.family, other.density, m.family) == ("trial", 6650.0, "")
    assert other != m
    assert m.replace() == m
    with pytest.raises(InputError, match=r'sebeck: a material has no such field; did you mean "seebeck"\?'):
        m.replace(sebeck=None)
    with pytest.raises(dataclasses.FrozenInstanceError):
        m.name = "other"


def test_scalars_have_units_and_bounds():
    m = smooth()
    assert m.replace(youngs_modulus="46 GPa").youngs_modulus == 46e9
    with pytest.raises(InputError, match="density"):
        m.replace(density="6 mm")
    with pytest.raises(InputError, match="poisson_ratio"):
        m.replace(poisson_ratio=0.9)
    with pytest.raises(InputError, match="density"):
        m.replace(density=Curve.constant(1.0, "density"))
    cp = Curve([300.0, 400.0], [200.0, 210.0], "heat_capacity")
    assert m.replace(heat_capacity=cp).heat_capacity(350.0) == pytest.approx(205.0)


def test_with_interpolation_leaves_formulas_alone():
    m = smooth().replace(seebeck=Curve.polynomial((1e-4, 2e-7), (300.0, 600.0), "seebeck"))
    changed = m.with_interpolation("linear")
    assert (m.interpolation, changed.interpolation) == ("polynomial/pchip", "polynomial/linear")
    assert changed.seebeck == m.seebeck
    assert changed.electrical_conductivity(325.0) == pytest.approx(0.5 * (9e4 + 9e4 * 300 / 350))
    with pytest.raises(InputError, match='did you mean "cubic"'):
        m.with_interpolation("cubik")


def test_warnings_name_the_material():
    with pytest.warns(ExtrapolationWarning, match='seebeck of "smooth": 700 K lies outside its range'):
        smooth().seebeck(700.0)


def test_equal_materials_are_equal_and_hash_alike():
    assert smooth() == smooth()
    assert hash(smooth()) == hash(smooth())
    assert smooth() != smooth(interpolation="linear")
