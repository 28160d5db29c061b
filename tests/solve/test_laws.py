"""Laws of every device: energy, exchange of p and n, reversed current, one device for both modes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ioffe as te
from tests.device.cases import tabulated


def _factor(low, high):
    return st.floats(low, high, allow_nan=False)


@st.composite
def materials(draw, carrier="p"):
    points = draw(st.integers(4, 12))
    T = np.linspace(250.0, 900.0, points)
    x = np.linspace(0.0, 1.0, points)
    # one seed in place of a number for every point: drawing them took longer than solving
    rough = np.random.default_rng(draw(st.integers(0, 2**32 - 1))).uniform(0.9, 1.1, (3, points))
    seebeck = draw(_factor(20, 200)) + draw(_factor(-100, 200)) * x
    rho = draw(_factor(2, 20)) + draw(_factor(0, 40)) * x
    kappa = draw(_factor(0.5, 5)) + draw(_factor(0, 2)) * x
    sign = 1.0 if carrier == "p" else -1.0
    return tabulated(
        f"drawn {carrier}",
        carrier,
        T,
        sign * seebeck * rough[0],
        rho * rough[1],
        kappa * rough[2],
        draw(st.sampled_from(["pchip", "linear", "cubic"])),
    )


contacts = st.builds(te.Contact, electrical=_factor(0, 1e-8), thermal=st.just(0.0) | _factor(1e-7, 1e-4))
losses = st.none() | st.builds(te.SideLoss, convection=_factor(0, 50), emissivity=_factor(0, 1))


@st.composite
def legs(draw, carrier="p"):
    segments = [
        te.Segment(draw(materials(carrier)), draw(_factor(0.3e-3, 5e-3)))
        for _ in range(draw(st.integers(1, 3)))
    ]
    return te.Leg(
        segments=segments,
        area=draw(_factor(1e-6, 2e-5)),
        contact_hot=draw(contacts),
        contact_cold=draw(contacts),
        between=draw(contacts),
        side=draw(losses),
        carrier=carrier,
    )


plates = [te.Layer("Cu", "0.3 mm"), te.Layer("Al2O3", "0.6 mm")]


@st.composite
def modules(draw):
    return te.Module(
        p=draw(legs("p")),
        n=draw(legs("n")),
        couples=draw(st.integers(1, 200)),
        fill_factor=draw(_factor(0.05, 1.0)),
        hot=draw(st.sampled_from([[], plates])),
        cold=draw(st.sampled_from([[], plates])),
        filler=draw(st.none() | st.builds(te.GapFiller, _factor(0, 0.1), _factor(0, 1))),
        series_resistance=draw(st.just(0.0) | _factor(0, 1e-2)),
    )


def scale(device):
    """A current of the order of the largest useful one."""
    legs = (device.p, device.n) if isinstance(device, te.Module) else (device,)
    R = sum(
        float(s.material.electrical_resistivity(500.0)) * s.length / leg.area
        for leg in legs
        for s in leg.segments
    )
    return 0.05 / R


@settings(max_examples=200)
@given(
    device=legs("p") | modules(),
    loads=st.tuples(*[_factor(-1.0, 1.5)] * 3),
    T_cold=_factor(260, 450),
    rise=_factor(5, 400),
)
def test_energy_balance(device, loads, T_cold, rise):
    """Three currents of each device: making and judging its materials takes longer than solving."""
    conditions = te.Generator(
        T_hot=T_cold + rise,
        T_cold=T_cold,
        current=np.array(loads) * scale(device),
        T_ambient=300.0,
        hot_resistance=0.01,
        cold_heat_transfer_coefficient=5000.0,
    )
    r = device.solve(conditions, maxima=False, force=True)
    good = (r.point_status == te.Status.OK) | (r.point_status == te.Status.OUTSIDE_TABLE)
    assert np.isnan(r.power[~good]).all()
    assert np.isnan(r.heat_hot[~good]).all()
    if good.any():
        assert r.energy_balance < 1e-10
        assert r.error_estimate < 1e-6
    legs_of = (device.p, device.n) if isinstance(device, te.Module) else (device,)
    if all(leg.side is None for leg in legs_of):
        gap = np.abs(r.heat_hot - r.heat_cold - r.power)[good]
        assert (gap <= 1e-10 * np.maximum(np.abs(r.heat_hot), np.abs(r.heat_cold))[good]).all()


def mirrored(material):
    """The same material with S of the other sign."""
    T = material.seebeck.T
    return tabulated(
        material.name,
        "n" if material.carrier == "p" else "p",
        T,
        -1e6 * material.seebeck.values,
        1e6 * material.electrical.values,
        material.thermal_conductivity.values,
        material.seebeck.interpolation,
    )


@settings(max_examples=40)
@given(
    p=materials("p"),
    n=materials("n"),
    load=_factor(-0.5, 1.2),
    areas=st.tuples(_factor(1e-6, 9e-6), _factor(1e-6, 9e-6)),
)
def test_exchange_of_p_and_n(p, n, load, areas):
    a = te.Module(p=te.Leg(p, 1e-3, areas[0]), n=te.Leg(n, 2e-3, areas[1]), couples=3, fill_factor=0.5)
    b = te.Module(
        p=te.Leg(mirrored(n), 2e-3, areas[1]),
        n=te.Leg(mirrored(p), 1e-3, areas[0]),
        couples=3,
        fill_factor=0.5,
    )
    conditions = te.Generator(T_hot=650.0, T_cold=320.0, current=load * scale(a))
    one, other = a.solve(conditions, force=True), b.solve(conditions, force=True)
    for key in ("voltage", "heat_hot", "heat_cold", "max_efficiency", "max_power"):
        assert getattr(one, key) == pytest.approx(getattr(other, key), rel=1e-9, nan_ok=True)


@settings(max_examples=40)
@given(material=materials("p"), load=_factor(-1.0, 1.0))
def test_reversed_current_and_seebeck(material, load):
    """S -> -S and J -> -J together change nothing but the sign of the voltage."""
    a = te.Leg(material, 1e-3, 1e-6, carrier="p")
    b = te.Leg(mirrored(material), 1e-3, 1e-6, carrier="p")
    current = load * scale(a)
    one = a.solve(te.Generator(T_hot=650.0, T_cold=320.0, current=current), maxima=False, force=True)
    other = b.solve(te.Generator(T_hot=650.0, T_cold=320.0, current=-current), maxima=False, force=True)
    assert one.voltage == pytest.approx(-other.voltage, rel=1e-9, nan_ok=True)
    assert one.heat_hot == pytest.approx(other.heat_hot, rel=1e-9, nan_ok=True)


@settings(max_examples=40)
@given(device=modules(), load=_factor(0.0, 0.5), T_cold=_factor(260, 320), rise=_factor(1, 30))
def test_cooler_is_the_generator_with_reversed_current(device, load, T_cold, rise):
    current = load * scale(device)
    common = {"T_hot": T_cold + rise, "T_cold": T_cold, "T_ambient": 300.0}
    cooler = device.solve(te.Cooler(current=current, **common), maxima=False, force=True)
    generator = device.solve(te.Generator(current=-current, **common), maxima=False, force=True)
    size = abs(generator.heat_hot) + abs(generator.heat_cold)
    assert cooler.heat_cold == pytest.approx(-generator.heat_cold, abs=1e-9 * size, nan_ok=True)
    assert cooler.heat_hot == pytest.approx(-generator.heat_hot, abs=1e-9 * size, nan_ok=True)
    assert cooler.voltage == pytest.approx(generator.voltage, rel=1e-9, nan_ok=True)
    assert cooler.power == pytest.approx(-generator.power, rel=1e-9, abs=1e-9 * size, nan_ok=True)


@settings(max_examples=60)
@given(device=legs("p"), T_cold=_factor(280, 450), rise=_factor(20, 400))
def test_maximum_is_a_maximum(device, T_cold, rise):
    common = {"T_hot": T_cold + rise, "T_cold": T_cold, "T_ambient": 300.0}
    best = device.solve(te.Generator(load="max_power", **common), force=True)
    if np.isnan(best.max_power) or best.max_power <= 0:
        return
    near = device.solve(
        te.Generator(current=best.max_power_current * np.array([0.97, 0.99, 1.01, 1.03]), **common),
        maxima=False,
        force=True,
    )
    assert (near.power <= best.max_power * (1 + 1e-12)).all()
    if np.isfinite(best.max_efficiency):
        carnot = 1 - T_cold / (T_cold + rise)
        near = device.solve(
            te.Generator(current=best.max_efficiency_current * np.array([0.97, 0.99, 1.01, 1.03]), **common),
            maxima=False,
            force=True,
        )
        assert (near.efficiency <= best.max_efficiency * (1 + 1e-12)).all()
        if device.side is None:
            assert 0 < best.max_efficiency < carnot
