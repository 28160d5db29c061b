"""How solved segments depend on their tables and side losses, against segments solved again."""

from dataclasses import fields

import numpy as np
import pytest

from ioffe.engine import segment, segment_adjoint
from ioffe.engine.position_form import ScaledLoss
from ioffe.engine.segment_adjoint import PROPERTIES, dependence, ideal_dependence
from ioffe.engine.table import PropertyTable
from tests.engine.tables import table

ENDS = np.array(
    [
        [480.0, 320.0, 0.3],  # T0, T1, share of the short circuit
        [480.0, 320.0, -1.0],
        [320.0, 480.0, -3.0],
        [350.0, 350.0, 1.0],
        [500.0, 305.0, 0.0],
        [305.0, 400.0, 1.0],
        [311.0, 300.0, -2.5],  # a cooler with its maximum inside
        [480.0, 320.0, 3.0],
    ]
)
MATERIALS = [
    ("bismuth telluride", "pchip", True),
    ("lead telluride", "linear", True),
    ("phase transition", "cubic", False),
    ("half-Heusler", "pchip", False),
]


def changed(t, **changes):
    given = {f.name: getattr(t, f.name) for f in fields(PropertyTable)}
    return PropertyTable(**{**given, **changes})


def lanes_of(t):
    T0, T1, share = ENDS.T
    middle = 0.5 * (T0 + T1)
    short = t.evaluate(t.seebeck, middle) * 150.0 / t.resistivity(middle)
    return T0, T1, share * short


def four(values):
    """Fourth-order central difference from values at -2, -1, 1, 2 steps."""
    return (8 * (values[2] - values[1]) - (values[3] - values[0])) / 12


def outcome(t, T0, T1, j, loss):
    """c, r, loss and int S dT, the Seebeck integral counted from T0."""
    x = segment.solve(t, T0, T1, j, loss, 1e-12)
    s0, s1 = (t.evaluate(t.seebeck_integral, T) for T in (T0, T1))
    return np.array([x.c + j * s0, x.r, x.loss, s1 - s0])


def bump(t, name):
    """A continuous change of a property: a hat at one knot beside a share of the property itself."""
    cells = getattr(t, name)
    size, width = np.abs(cells[:, 0]).max(), np.diff(t.knots)
    i = int(t.cell(np.array(375.0)))
    hat = np.zeros_like(cells)
    hat[i - 1, 1], hat[i, 0], hat[i, 1] = size / width[i - 1], size, -size / width[i]
    return 0.02 * hat + 0.05 * cells


def check(found, expected, scale, rel=2e-8):
    assert (np.abs(found - expected) <= rel * (np.abs(expected) + scale)).all()


@pytest.mark.parametrize(("name", "rule", "resistivity"), MATERIALS)
@pytest.mark.parametrize("lossy", [False, True])
def test_tables(name, rule, resistivity, lossy):
    t = table(name, rule, resistivity=resistivity)
    T0, T1, j = lanes_of(t)
    one = np.ones_like(j)
    loss = ScaledLoss(2.0 * one, 1e-9 * one, 310.0 * one) if lossy else None
    state = segment.solve(t, T0, T1, j, loss, 1e-12)
    assert (state.code < 2).all()
    how = dependence(t, T0, T1, j, state.c, loss)
    scale = np.abs(outcome(t, T0, T1, j, loss)) + np.array([[1e-3], [0.0], [1e-3], [1e-6]])
    step = 2e-3
    change = {prop: bump(t, prop) for prop in PROPERTIES}
    tables = [
        changed(t, **{prop: getattr(t, prop) + k * step * one for prop, one in change.items()})
        for k in (-2, -1, 1, 2)
    ]
    expected = four([outcome(x, T0, T1, j, loss) for x in tables]) / step
    found = sum(np.einsum("klcp,cp->kl", getattr(how, prop), one) for prop, one in change.items())
    check(found, expected, scale)


@pytest.mark.parametrize(("name", "rule", "resistivity"), [MATERIALS[1], MATERIALS[3]])
def test_side_losses(name, rule, resistivity):
    t = table(name, rule, resistivity=resistivity)
    T0, T1, j = lanes_of(t)
    one = np.ones_like(j)
    for linear, radiative in ((2.0, 1e-9), (0.0, 0.0)):
        loss = ScaledLoss(linear * one, radiative * one, 310.0 * one)
        c = segment.solve(t, T0, T1, j, loss, 1e-12).c
        how = dependence(t, T0, T1, j, c, loss)
        for k, (field, step) in enumerate((("linear", 0.05), ("radiative", 5e-11), ("ambient", 0.5))):
            # the four steps beside each other
            four_times = ScaledLoss(*(np.tile(x, 4) for x in loss))
            moved = getattr(four_times, field) + step * np.repeat([-2, -1, 1, 2], len(j))
            lanes = (np.tile(x, 4) for x in (T0, T1, j))
            found = outcome(t, *lanes, four_times._replace(**{field: moved}))
            expected = four(found.reshape(4, 4, -1).swapaxes(0, 1))
            found = step * how.side[:, k]
            # r moves so little that its differences hold fewer digits
            rel = np.array([[2e-8], [1e-6], [2e-8]])
            check(found[:3], expected[:3], np.abs(expected[:3]).max(axis=1, keepdims=True), rel)
            assert found[3] == pytest.approx(0.0)


def test_forms_agree():
    """Quadrature over the temperature and the march along the length give the same derivatives."""
    for name, rule, resistivity in MATERIALS:
        t = table(name, rule, resistivity=resistivity)
        T0, T1, j = (v[:3] for v in lanes_of(t))
        c = segment.solve(t, T0, T1, j, None, 1e-12).c
        nothing = np.zeros_like(j)
        by_T, by_x = (dependence(t, T0, T1, j, c, x) for x in (None, ScaledLoss(nothing, nothing, T1)))
        for prop in PROPERTIES:
            scaled = np.minimum(np.diff(t.knots), 50.0)[:, None] ** np.arange(4)
            a, b = (getattr(x, prop)[[0, 1, 3]] * scaled for x in (by_T, by_x))
            assert (np.abs(a - b) <= 1e-9 * np.abs(b).max(axis=(1, 2, 3), keepdims=True)).all()


def test_parts_make_no_difference(monkeypatch):
    t = table("bismuth telluride", "pchip")
    T0, T1, j = lanes_of(t)
    c = segment.solve(t, T0, T1, j, None, 1e-12).c
    whole = dependence(t, T0, T1, j, c, None)
    monkeypatch.setattr(segment_adjoint, "CHUNK", 1)
    parts = dependence(t, T0, T1, j, c, None)
    for prop in PROPERTIES:
        assert getattr(parts, prop) == pytest.approx(getattr(whole, prop), rel=1e-9, abs=1e-12)


def test_constant_properties():
    """Closed form: c = kappa (T0 - T1) - j^2 rho/2 with S counted from T0, r = rho."""
    from ioffe.engine.table import pack

    knots, S, rho, kappa = np.array([200.0, 400.0, 900.0]), 2e-4, 1e-5, 1.5
    cells = [(knots, np.array([[v, 0, 0, 0]] * 2)) for v in (S, rho, kappa)]
    t = pack(*cells, resistivity=True)
    T0, T1, j = np.array([700.0, 700.0]), np.array([300.0, 300.0]), np.array([2000.0, -9000.0])
    c = segment.solve(t, T0, T1, j, None, 1e-12).c
    how = dependence(t, T0, T1, j, c, None)
    one = np.zeros_like(t.conductivity)
    one[:, 0] = 1.0
    to_kappa, to_rho, to_S = (np.einsum("klcp,cp->kl", getattr(how, p), one) for p in PROPERTIES)
    assert to_kappa[0] == pytest.approx(T0 - T1, rel=1e-10)
    assert to_rho[0] == pytest.approx(-0.5 * j * j, rel=1e-10)
    assert to_rho[1] == pytest.approx(1.0, rel=1e-10)
    # A = T S - S (T - T0) is the constant S T0: its j A adds to c
    assert to_S[0] == pytest.approx(j * T0, rel=1e-10)
    assert to_S[3] == pytest.approx(T1 - T0, rel=1e-12)
    assert np.abs(to_kappa[1]).max() < 1e-13 * rho / kappa * 1e3
    same = ideal_dependence(t, T0, T1, j)
    for prop in PROPERTIES:
        ideal = np.einsum("klcp,cp->kl", getattr(same, prop), one)
        exact = np.einsum("klcp,cp->kl", getattr(how, prop), one)
        assert ideal == pytest.approx(exact, rel=1e-9, abs=1e-9 * np.abs(exact).max())


def test_lost_lanes_are_nan():
    t = table("bismuth telluride", "pchip")
    one = np.ones(1)
    loss = ScaledLoss(0.0 * one, 0.0 * one, 300.0 * one)
    how = dependence(t, 500.0 * one, 300.0 * one, 0.0 * one, -1e7 * one, loss)
    assert np.isnan(how.conductivity[0]).any()
