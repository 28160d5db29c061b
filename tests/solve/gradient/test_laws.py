"""Laws of similarity, which hold for every device: the derivatives must satisfy them exactly."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ioffe as te
from ioffe.solve.gradient import names
from tests.solve.gradient.cases import material, number


def factor(low, high):
    return st.floats(low, high, allow_nan=False)


contacts = st.builds(te.Contact, factor(0, 1e-8) | st.just(0.0), factor(1e-7, 1e-5) | st.just(0.0))


@st.composite
def legs(draw):
    rule = st.sampled_from(["linear", "pchip", "cubic"])
    segments = [
        te.Segment(
            material(
                f"drawn {k}",
                "p",
                draw(rule),
                points=draw(st.integers(2, 9)),
                rough=draw(factor(0, 0.05)),
                conductivity=draw(st.booleans()),
            ),
            draw(factor(0.5e-3, 4e-3)),
        )
        for k in range(draw(st.integers(1, 3)))
    ]
    return te.Leg(
        segments=segments,
        area=draw(factor(1e-6, 1e-5)),
        contact_hot=draw(contacts),
        contact_cold=draw(contacts),
        between=draw(contacts),
    )


@st.composite
def points(draw):
    leg = draw(legs())
    T_cold = draw(factor(270, 400))
    size = leg.area * 2e-4 * 1e5 / leg.length
    operation = draw(
        st.sampled_from(["max_power", "max_efficiency"])
        | st.builds(lambda x: x * 100.0 * size, factor(-0.3, 1.0))
        | st.just(0.0)
    )
    resistance = draw(factor(0.01, 10.0) | st.just(0.0))
    conditions = te.Generator(
        T_hot=T_cold + draw(factor(20, 300)), T_cold=T_cold, current=operation, hot_resistance=resistance
    )
    return leg, conditions


def weighted(result, output, degree):
    """Sum of number times derivative times the degree with which the number is scaled."""
    total, size = 0.0, 0.0
    for path in names.every(result.device, result.conditions):
        value = np.asarray(number(result.device, result.conditions, path))
        term = degree(path) * np.sum(value * result.gradient[output][path])
        total, size = total + term, size + abs(term)
    return total, size


def of_size(path):
    """All areas and the current grow, and heat meets as much less resistance."""
    return {"area": 1, "current": 1, "hot_resistance": -1, "cold_resistance": -1}.get(path, 0)


def of_length(path):
    """All lengths grow, contacts with them; the current falls as much."""
    last = path.rpartition(".")[2]
    return {
        "length": 1,
        "electrical": 1,
        "thermal": 1,
        "current": -1,
        "hot_resistance": 1,
        "cold_resistance": 1,
    }.get(last, 0)


def of_voltage(path):
    """S grows, resistivities as its square, the current falls: the same power and heat."""
    last = path.rpartition(".")[2]
    powers = {"seebeck": 1, "electrical_resistivity": 2, "electrical_conductivity": -2, "electrical": 2}
    return {**powers, "current": -1}.get(last, 0)


def of_heat(path):
    """Conductivities for heat and for current grow, with the current."""
    last = path.rpartition(".")[2]
    powers = {"thermal_conductivity": 1, "electrical_resistivity": -1, "electrical_conductivity": 1}
    contacts = {"electrical": -1, "thermal": -1, "hot_resistance": -1, "cold_resistance": -1}
    return {**powers, **contacts, "current": 1}.get(last, 0)


LAWS = {
    of_size: {
        "power": 1,
        "heat_hot": 1,
        "voltage": 0,
        "efficiency": 0,
        "max_power": 1,
        "max_power_current": 1,
    },
    of_length: {"power": -1, "heat_cold": -1, "voltage": 0, "max_power": -1, "short_circuit_current": -1},
    of_voltage: {"power": 0, "heat_hot": 0, "voltage": 1, "max_efficiency": 0, "max_efficiency_current": -1},
    of_heat: {"power": 1, "heat_cold": 1, "voltage": 0, "efficiency": 0, "internal_resistance": -1},
}


@settings(max_examples=40, deadline=None)
@given(points())
def test_euler(drawn):
    leg, conditions = drawn
    result = leg.solve(conditions, gradient=True)
    if result.status > te.Status.OUTSIDE_TABLE:
        return
    for degree, outputs in LAWS.items():
        for output, power in outputs.items():
            value = result.values[output]
            if not np.isfinite(value):
                continue
            total, size = weighted(result, output, degree)
            # currents of optima rest on differences of derivatives, the others on none
            rel = 3e-6 if "current" in output or output == "internal_resistance" else 1e-7
            miss = abs(total - power * value)
            assert miss <= rel * (abs(value) + size), (degree.__name__, output, miss / (abs(value) + size))


def test_energy_balance_holds_in_every_direction():
    """heat_hot - heat_cold - power = 0 has no derivative to anything."""
    leg = te.Leg(material("one", "p", "pchip"), "2 mm", 2e-6, contact=te.Contact(1e-9, 1e-6))
    result = leg.solve(te.Generator(T_hot=500.0, T_cold=300.0, load=0.02), gradient=True)
    g = result.gradient
    for path in g["power"]:
        gap = np.asarray(g["heat_hot"][path]) - g["heat_cold"][path] - g["power"][path]
        assert gap == pytest.approx(0.0, abs=1e-11 * np.max(np.abs(g["heat_hot"][path])))
        ohm = np.asarray(g["voltage"][path]) - 0.02 * np.asarray(g["current"][path])
        assert ohm == pytest.approx(
            result.current if path == "load" else 0.0, abs=1e-9 * np.max(np.abs(g["voltage"][path]))
        )
