"""Transfer-length measurements, straight and of rings."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate

from ioffe.base.errors import InputError
from ioffe.measure.tlm import (
    circular_transfer_length,
    contact_ratio,
    read_transfer_length,
    ring_shape,
    transfer_length,
)

GAP = np.array([5.0, 10.0, 20.0, 40.0, 80.0]) * 1e-6
W = 100e-6


def straight(sheet, length, contact=np.inf, gap=GAP):
    R_c = sheet * length / W * contact_ratio(contact, length)
    return 2 * R_c + sheet * gap / W


@given(st.floats(1.0, 1e3), st.floats(0.1e-6, 20e-6), st.floats(0.5e-6, 100e-6))
def test_exact_resistances_give_the_inputs_back(sheet, length, contact):
    found = transfer_length(GAP, straight(sheet, length, contact), W, contact_length=contact)
    assert float(found.sheet_resistance.value) == pytest.approx(sheet, rel=1e-9)
    assert float(found.length.value) == pytest.approx(length, rel=1e-5)
    assert float(found.resistivity.value) == pytest.approx(sheet * length**2, rel=1e-5)


def test_contact_of_finite_length_solves_the_line_equation():
    """V'' = V/L_T^2 under the contact with the current entering at one end: coth(l/L_T)."""
    length, contact = 2e-6, 3e-6

    def line(_, y):
        return [y[1], y[0]]

    def ends(a, b):
        return [a[1] + 1.0, b[1]]  # slope -1 where the current enters, none at the far end

    grid = np.linspace(0.0, contact / length, 200)
    solved = integrate.solve_bvp(line, ends, grid, np.zeros((2, grid.size)), tol=1e-10)
    assert solved.y[0, 0] == pytest.approx(float(contact_ratio(contact, length)), rel=1e-7)


def test_rings_solve_the_radial_equation():
    """(r V')'/r = V/L_T^2 under both metals; ln between them."""
    r_i, r_o, length = 20e-6, 26e-6, 3e-6

    def bracket(start, stop, sign):
        def radial(r, y):
            return [y[1], y[0] - y[1] / r]

        def ends(a, b):
            flowing, still = (b, a) if sign > 0 else (a, b)
            return [flowing[1] - sign, still[1]]

        grid = np.linspace(start / length, stop / length, 400)
        solved = integrate.solve_bvp(radial, ends, grid, np.zeros((2, grid.size)), tol=1e-9, max_nodes=20000)
        return solved.y[0, -1 if sign > 0 else 0]

    inner = bracket(1e-4 * r_i, r_i, 1.0) * length / r_i
    outer = bracket(r_o, r_o + 30 * length, -1.0) * length / r_o
    expected = (np.log(r_o / r_i) + inner + outer) / (2 * np.pi)
    assert float(ring_shape(np.array(r_i), np.array(r_o), length)) == pytest.approx(expected, rel=1e-6)


def test_rings_give_the_inputs_back():
    outer = 50e-6 + GAP
    found = circular_transfer_length([50e-6] * 5, outer, 30.0 * ring_shape(50e-6 * np.ones(5), outer, 4e-6))
    assert float(found.sheet_resistance.value) == pytest.approx(30.0, rel=1e-7)
    assert float(found.length.value) == pytest.approx(4e-6, rel=1e-7)
    assert float(found.resistivity.value) == pytest.approx(30.0 * 16e-12, rel=1e-7)


def share_covered(evaluate, truth, count=300):
    hits = []
    for _ in range(count):
        value = evaluate().resistivity
        hits.append(float(value.low) <= truth <= float(value.high))
    return np.mean(hits)


def test_intervals_are_honest():
    rng = np.random.default_rng(1)
    ideal = straight(50.0, 2e-6)
    noisy = share_covered(lambda: transfer_length(GAP, ideal + 0.02 * rng.normal(size=5), W), 200e-12)
    assert 0.60 <= noisy <= 0.76
    outer = 50e-6 + GAP
    rings = 30.0 * ring_shape(50e-6 * np.ones(5), outer, 4e-6)
    of_rings = share_covered(
        lambda: circular_transfer_length([50e-6] * 5, outer, rings + 0.01 * rng.normal(size=5)), 480e-12, 100
    )
    assert 0.58 <= of_rings <= 0.78

    def of_width_and_gap():
        wide = W * (1 + 0.03 * rng.normal())
        edge = 0.2e-6 * rng.normal()
        R = 2 * 50.0 * 2e-6 / wide + 50.0 * (GAP + edge) / wide + 1e-3 * rng.normal(size=5)
        return transfer_length(GAP, R, W, width_uncertainty="3 %", gap_uncertainty="0.2 um")

    assert 0.60 <= share_covered(of_width_and_gap, 200e-12) <= 0.76


def test_words_numbers_findings_and_picture(tmp_path):
    rng = np.random.default_rng(3)
    R = straight(50.0, 2e-6) + 0.02 * rng.normal(size=5)
    found = transfer_length(GAP, R, W, contact_length="0.3 um")
    assert {f.code for f in found.findings} >= {"short-contacts"}
    assert "rho_c" in repr(found)
    assert found.to_dict()["transfer_length"]["value"] > 0
    assert found.save(tmp_path / "found.json").exists()
    assert len(found.plot().figure.axes) == 1
    many = np.concatenate([GAP, GAP + 3e-6])
    R = straight(50.0, 2e-6, gap=many) + 0.01 * rng.normal(size=10)
    R[4] += 8.0
    assert "outlier" in {f.code for f in transfer_length(many, R, W).findings}


def test_files(tmp_path):
    path = tmp_path / "tlm.csv"
    path.write_text("d (um),R (ohm)\n5,1\n10,2\n", encoding="utf-8")
    found = read_transfer_length(path)
    assert found["gap"] == pytest.approx([5e-6, 10e-6])
    path.write_text("r_i (um);r_o (um);R (mohm)\n50;55;1\n", encoding="utf-8")
    assert set(read_transfer_length(path)) == {"inner", "outer", "resistance"}
    path.write_text("d,R (K)\n5,1\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_transfer_length(path)
    assert [f.value for f in caught.value.faults] == ["d", "R (K)"]


@pytest.mark.parametrize(
    ("arguments", "options", "places"),
    [
        ((GAP[:2], [1.0, 2.0], W), {}, ["gap", "resistance"]),
        ((GAP, straight(50, 2e-6), "0 um"), {"contact_length": "2 K"}, ["width", "contact_length"]),
        ((np.full(5, 1e-6), GAP * 1e6, W), {}, ["gap"]),
        ((GAP, GAP[::-1] * 1e6, W), {}, ["resistance"]),
        ((GAP, -GAP, W), {}, ["resistance"]),
        ((GAP, straight(50, 2e-6), W), {"gap_uncertainty": "-1 um"}, ["gap_uncertainty"]),
    ],
)
def test_wrong_arguments(arguments, options, places):
    with pytest.raises(InputError) as caught:
        transfer_length(*arguments, **options)
    assert [f.location for f in caught.value.faults] == places


def test_wrong_rings():
    with pytest.raises(InputError, match="radii larger"):
        circular_transfer_length([5e-6] * 4, [4e-6] * 4, [1.0] * 4)
