"""Symbols of stacks and their folding: closed forms, other ways to the same number, direct sums."""

import numpy as np
import pytest

from ioffe.field.electrodes import bridge, terminal
from ioffe.field.folding import (
    cosine_means,
    folded,
    inverse_wave,
    inverse_wave_energy,
    wave_numbers,
    weight,
)
from ioffe.field.symbols import BoxLayer, impedance, mean_resistances, two_port

K = np.geomspace(1.0, 1e6, 40)
STACK = [BoxLayer(390.0, 0.3e-3), BoxLayer(25.0, 0.6e-3), BoxLayer(3.0, 0.05e-3)]


def test_one_layer_has_the_closed_form():
    layer, h = BoxLayer(25.0, 0.6e-3), 5e3
    k = np.geomspace(10.0, 1e5, 30)
    Kk, tanh = 25.0 * k, np.tanh(k * 0.6e-3)
    assert impedance(k, [layer], h) == pytest.approx((Kk + h * tanh) / (Kk * (h + Kk * tanh)), rel=1e-12)
    assert impedance(k, [layer]) == pytest.approx(tanh / Kk, rel=1e-12)
    assert impedance(k, [layer], 0.0) == pytest.approx(1.0 / (Kk * tanh), rel=1e-12)
    assert impedance(np.zeros(1), [layer, layer], h)[0] == pytest.approx(1.2e-3 / 25.0 + 1.0 / h, rel=1e-14)


@pytest.mark.parametrize("film", [0.0, 50.0, 1e5, np.inf])
def test_open_faces_closed_by_a_film_are_the_impedance(film):
    both = two_port(K, STACK)
    with np.errstate(divide="ignore"):
        closed = both.a - both.b**2 / (both.d + np.divide(1.0, film))
    assert closed == pytest.approx(impedance(K, STACK, film), rel=1e-6)


def test_a_layer_may_be_cut():
    parts = [BoxLayer(7.0, 0.1e-3), BoxLayer(7.0, 0.35e-3)]
    whole = [BoxLayer(7.0, 0.45e-3)]
    # where k t is above 40 both tend to zero in their own ways
    for a, b in zip(two_port(K[:20], parts), two_port(K[:20], whole), strict=True):
        assert a == pytest.approx(b, rel=1e-9)
    halves = [BoxLayer(7.0, 0.1e-3, 5e7), BoxLayer(7.0, 0.35e-3, 5e7)]
    cut, one = mean_resistances(halves), mean_resistances([BoxLayer(7.0, 0.45e-3, 5e7)])
    assert (cut.through, cut.heated, cut.body) == pytest.approx(
        (one.through, one.heated, one.body), rel=1e-12
    )


def test_heat_of_an_electrode_against_finite_differences():
    """A stack of two conductors, heat in proportion to their conductance, the outer face at zero."""
    layers = [BoxLayer(300.0, 0.2e-3, 5e7), BoxLayer(40.0, 0.1e-3, 8e6)]
    n = 3000
    cells = [(layer, layer.thickness / n) for layer in layers for _ in range(n)]
    r = np.array([d / layer.conductivity for layer, d in cells])
    heat = np.array([layer.electrical * d for layer, d in cells])
    heat /= heat.sum()
    passing = np.cumsum(heat) - 0.5 * heat
    T = np.cumsum((passing * r)[::-1])[::-1] - 0.5 * passing * r
    found = mean_resistances(layers)
    assert found.heated == pytest.approx(T[0] + 0.5 * passing[0] * r[0], rel=1e-6)
    assert found.body == pytest.approx(float(heat @ T), rel=1e-6)


def direct(symbol, shape, sides, aliases):
    """The folded symbol with so many aliases."""
    out = np.zeros(shape)
    for a in range(-aliases, aliases + 1):
        for b in range(-aliases, aliases + 1):
            k = np.hypot(wave_numbers(shape[0], sides[0], a)[:, None], wave_numbers(shape[1], sides[1], b))
            out += weight(shape[0], a)[:, None] * weight(shape[1], b) * symbol(k)
    return out


def test_all_aliases_are_summed():
    shape, sides = (12, 7), (3e-3, 1.4e-3)

    def inverse(k):
        return np.divide(1.0, k, out=np.zeros_like(k), where=k > 0.0)

    # what is left out falls as the square of the number of aliases
    coarse, fine = (direct(inverse, shape, sides, n) for n in (40, 80))
    limit = fine + (fine - coarse) / 3.0
    found = inverse_wave(shape, sides)
    assert found[0, 0] == 0.0
    assert found == pytest.approx(limit, rel=2e-6)
    assert np.abs(coarse[1:] / limit[1:] - 1.0).max() > 1e-5


def test_energy_of_a_flux_on_rectangles():
    """Against the sum itself, whose tail falls as the cube of the number of cosines."""
    sides = 4.8e-3, 2.4e-3
    x = np.array([0.0, 1e-3, 3e-3]), np.array([1e-3, 2e-3, 4.8e-3])
    y = np.array([0.0, 0.5e-3]), np.array([0.5e-3, 2.4e-3])
    amounts = np.array([[0.1, 0.2], [0.3, 0.05], [0.05, 0.3]])
    F = cosine_means(*x, sides[0], 2000).T @ amounts @ cosine_means(*y, sides[1], 2000)
    k = np.hypot(wave_numbers(2000, sides[0])[:, None], wave_numbers(2000, sides[1]))
    k[0, 0] = np.inf
    assert inverse_wave_energy(x, y, amounts, sides) == pytest.approx(np.sum(F**2 / k), rel=1e-6)


@pytest.mark.parametrize("thickness", [0.02e-3, 0.1e-3, 0.6e-3])
def test_folding_tends_to_the_sum(thickness):
    shape, sides, layer = (9, 5), (2e-3, 1e-3), BoxLayer(25.0, thickness)

    def symbol(k):
        return impedance(k, [layer], 5e3)

    coarse, fine = (direct(symbol, shape, sides, n) for n in (30, 60))
    found = folded(symbol, shape, sides, conductivity=25.0, thickness=thickness)
    assert found == pytest.approx(fine + (fine - coarse) / 3.0, rel=3e-6)


def test_resistance_of_electrodes():
    thin = [BoxLayer(390.0, 1e-6, 5e7)]
    sheet = 1.0 / (5e7 * 1e-6)
    legs = (0.0, 1e-3, 0.0, 1e-3), (1.5e-3, 3e-3, 0.0, 1e-3)
    # even current from and to legs as wide as the strip: g + (w1 + w2)/3 squares
    assert bridge(thin, (0.0, 3e-3, 0.0, 1e-3), *legs) == pytest.approx(sheet * (0.5 + 2.5 / 3.0), rel=3e-5)
    for low, box in ((False, (0.0, 2e-3, 0.0, 1e-3)), (True, (-1e-3, 1e-3, 0.0, 1e-3))):
        R = terminal(thin, box, (0.0, 1e-3, 0.0, 1e-3), 0, low=low)
        assert R == pytest.approx(sheet * (1.0 + 1.0 / 3.0), rel=3e-5)
    turned = terminal(thin, (0.0, 1e-3, 0.0, 2e-3), (0.0, 1e-3, 0.0, 1e-3), 1, low=False)
    assert turned == pytest.approx(sheet * 4.0 / 3.0, rel=3e-5)
    # a thick electrode adds what the current needs to spread through the thickness: t/3 of each leg
    thick = [BoxLayer(390.0, 0.3e-3, 5e7)]
    long = (0.0, 12e-3, 0.0, 1e-3), (0.0, 5e-3, 0.0, 1e-3), (7e-3, 12e-3, 0.0, 1e-3)
    expected = (2.0 + 10.0 / 3.0) / (5e7 * 0.3e-3) + 2.0 * 0.3e-3 / 3.0 / (5e7 * 5e-6)
    assert bridge(thick, *long) == pytest.approx(expected, rel=2e-3)
