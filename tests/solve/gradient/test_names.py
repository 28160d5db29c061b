"""How parameters are asked for, and how the gradient is read."""

import numpy as np
import pytest

import ioffe as te
from ioffe.solve.solve import solve
from tests.solve.gradient.cases import leg, material, module

CONDITIONS = te.Generator(T_hot=500.0, T_cold=300.0, current=1.0)


def test_short_forms_are_sums():
    g = module().solve(CONDITIONS, gradient=["legs.contact.electrical"], maxima=False).gradient["power"]
    paths = [f"{leg}.contact_{end}.electrical" for leg in "pn" for end in ("hot", "cold")]
    assert list(g) == paths
    assert g["legs.contact.electrical"] == pytest.approx(sum(g[p] for p in paths), rel=1e-12)
    assert g["p.contact.electrical"] == pytest.approx(g[paths[0]] + g[paths[1]], rel=1e-12)


def test_a_leg_with_segments_is_stretched():
    device = leg()
    g = device.solve(CONDITIONS, gradient="length", maxima=False).gradient["voltage"]
    assert list(g) == ["segments[0].length", "segments[1].length"]
    shares = [s.length / device.length for s in device.segments]
    parts = [g[f"segments[{i}].length"] for i in (0, 1)]
    assert g["length"] == pytest.approx(shares[0] * parts[0] + shares[1] * parts[1], rel=1e-12)
    h = 1e-4

    def voltage(factor):
        segments = [te.Segment(s.material, factor * s.length) for s in device.segments]
        return device.replace(segments=segments).solve(CONDITIONS, tolerance=1e-12, maxima=False).voltage

    slope = (voltage(1 + h) - voltage(1 - h)) / (2 * h * device.length)
    assert g["length"] == pytest.approx(slope, rel=1e-6)


def test_segments_of_one_material_have_derivatives_of_their_own():
    m = material("one", "p", "pchip")
    device = te.Leg(segments=[te.Segment(m, 1e-3), te.Segment(m, 1e-3)], area=1e-6)
    g = device.solve(CONDITIONS, gradient=True, maxima=False).gradient["voltage"]
    alone = te.Leg(m, 2e-3, 1e-6).solve(CONDITIONS, gradient=True, maxima=False).gradient["voltage"]
    parts = [g[f"segments[{i}].material.seebeck"] for i in (0, 1)]
    assert sum(parts) == pytest.approx(alone["material.seebeck"], rel=1e-6, abs=1e-9)
    # each has the share of the temperature difference across it
    assert np.sum(parts, axis=1) == pytest.approx([100.0, 100.0], rel=0.1)


def test_tables_of_both_legs():
    p, n = material("p", "p", "pchip"), material("n", "n", "pchip")
    device = te.Module(te.Leg(p, 2e-3, 1e-6), te.Leg(n, 2e-3, 1e-6), fill_factor=0.5)
    g = device.solve(CONDITIONS, gradient=True, maxima=False).gradient["heat_hot"]
    both = g["legs.material.thermal_conductivity"]
    one = [g[f"{leg}.material.thermal_conductivity"] for leg in "pn"]
    assert both == pytest.approx(one[0] + one[1], rel=1e-12)
    short = te.Leg(material("n", "n", "pchip", points=5), 2e-3, 1e-6)
    g = device.replace(n=short).solve(CONDITIONS, gradient=True, maxima=False).gradient["heat_hot"]
    with pytest.raises(te.InputError, match=r"equal length.*p\.material\.seebeck and n\.material\.seebeck"):
        g["legs.material.seebeck"]


def test_filler_height_is_the_longer_leg():
    """Of two equal legs each carries half of the filler's height, so that both together carry all of it."""
    p, n = material("p", "p", "pchip"), material("n", "n", "pchip")
    filler = te.GapFiller(0.05, 0.5)

    def built(length):
        legs = (te.Leg(m, length, 1e-6) for m in (p, n))
        return te.Module(*legs, fill_factor=0.2, filler=filler)

    g = built(2e-3).solve(CONDITIONS, gradient="legs.length", maxima=False).gradient["heat_hot"]
    h = 1e-6
    up, down = (built(2e-3 + s * h).solve(CONDITIONS, tolerance=1e-12, maxima=False) for s in (1, -1))
    assert g["legs.length"] == pytest.approx((up.heat_hot - down.heat_hot) / (2 * h), rel=1e-6)


def test_couples_count():
    device = module()
    g = device.solve(CONDITIONS, gradient="couples", maxima=False).gradient
    r = device.solve(CONDITIONS, maxima=False)
    assert g["voltage"]["couples"] > 0.5 * r.voltage / 5
    bare = module(series_resistance=0.0).solve(CONDITIONS, gradient="couples", maxima=False)
    assert bare.gradient["voltage"]["couples"] == pytest.approx(bare.voltage / 5, rel=1e-12)
    assert bare.gradient["efficiency"]["couples"] == pytest.approx(0.0, abs=1e-15)


WRONG = {
    "p.lenght": r'gradient\.p\.lenght.*did you mean "p\.length"',
    "p.segments[0].material.electrical_conductivity": r'did you mean "p\.segments\[\d\]\.material\.elec',
    "p.segments[0].material.sebeck": "is expected",
    "n.material": r'a number or a table is expected, such as "n\.material\.seebeck"',
    "q.material.seebeck": r"a table of a material is expected",
    "hot[1].material.seebeck": r"a table of a material is expected",
    "load": r"a number is expected that these conditions give",
    "T_ambient": r"a number is expected that these conditions give",
    "heat_transfer": "a number of the device or of its conditions is expected",
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_names(name):
    with pytest.raises(te.InputError, match=WRONG[name]):
        module().solve(CONDITIONS, gradient=[name])


def test_all_faults_come_together():
    with pytest.raises(te.InputError) as caught:
        module().solve(CONDITIONS, gradient=["p.aera", "T_hot", "load"])
    assert len(caught.value.faults) == 2
    assert all(fault.location.startswith("gradient.") for fault in caught.value.faults)


def test_what_was_not_asked_for():
    result = leg().solve(CONDITIONS, gradient=["area"])
    with pytest.raises(te.InputError, match=r'solve with gradient=\["length"\] or gradient=True'):
        result.gradient["power"]["length"]
    with pytest.raises(te.InputError, match='did you mean "efficiency"'):
        result.gradient["eficiency"]
    assert "length" not in result.gradient["power"]
    assert "power" in result.gradient
    assert "area" not in result.gradient


def test_without_a_gradient():
    result = leg().solve(CONDITIONS, maxima=False)
    with pytest.raises(AttributeError, match="gradient=True"):
        result.gradient  # noqa: B018 - reading it is what raises
    assert not hasattr(result, "gradient")


def test_a_coefficient_takes_the_place_of_a_resistance():
    conditions = CONDITIONS.replace(hot_heat_transfer_coefficient=2000.0)
    g = leg().solve(conditions, gradient=True, maxima=False).gradient["voltage"]
    assert "hot_heat_transfer_coefficient" in g
    assert "hot_resistance" not in g
    assert "cold_resistance" in g


def test_independent_circuits_are_refused():
    p, n = (te.Leg(material(k, k, "pchip"), 2e-3, 1e-6) for k in "pn")
    stage = te.Module(p, n, fill_factor=0.5)
    cascade = te.Cascade([stage, stage], "independent")
    with pytest.raises(te.InputError, match='connection = "series" is expected'):
        solve(cascade, te.Generator(T_hot=600, T_cold=320, load="max_power"), gradient=True)


def test_numbers_and_arrays():
    device = te.Leg(material("one", "p", "pchip"), 2e-3, 1e-6)
    g = device.solve(CONDITIONS, gradient=True).gradient
    assert isinstance(g["power"]["length"], float)
    assert g["power"]["material.seebeck"].shape == (9,)
    with pytest.raises(ValueError, match="read-only"):
        g["power"]["material.seebeck"][0] = 0.0


def test_elasticities_and_printing():
    device = te.Leg(material("one", "p", "pchip"), 2e-3, 1e-6)
    result = device.solve(te.Generator(T_hot=500.0, T_cold=300.0, load=0.01), gradient=True)
    shares = result.gradient["power"].elasticities()
    assert next(iter(shares)) == "T_hot"
    assert shares["length"] == pytest.approx(result.gradient["power"]["length"] * 2e-3 / result.power)
    table = result.gradient["power"]["material.seebeck"] @ device.segments[0].material.seebeck.values
    assert shares["material.seebeck"] == pytest.approx(table / result.power)
    sizes = np.abs(list(shares.values()))
    assert (np.diff(sizes) <= 0).all()
    text = repr(result.gradient)
    assert text.startswith("derivatives of ")
    assert "power, d ln/d ln\n  T_hot " in text
    assert f"material.seebeck                 {shares['material.seebeck']:+.4f}" in text
    assert "delta_T" not in text
    many = device.solve(te.Generator(T_hot=[450.0, 500.0], T_cold=300.0, current=1.0), gradient=True)
    assert many.gradient["power"].elasticities()["T_hot"].shape == (2,)
    assert "median of 2 points" in repr(many.gradient)
