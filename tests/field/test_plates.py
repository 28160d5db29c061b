"""Temperatures of plates and electrodes against series and closed forms."""

import numpy as np
import pytest
from scipy.special import ellipk

import ioffe as te
from ioffe.field.cells import CellBox
from ioffe.field.outer import FaceMap, outer_symbols, through
from ioffe.field.response import PortMap
from ioffe.field.side import PlateSide, Stacks
from ioffe.field.symbols import BoxLayer
from ioffe.field.widths import grids, weights
from tests.device.cases import constant

COPPER, ALUMINA = BoxLayer(390.0, 0.3e-3, 5e7), BoxLayer(25.0, 0.6e-3)
PLATE = (0.0, 8e-3, 0.0, 6e-3)


def means(box, modes=2500):
    """Means over a rectangle of the orthonormal cosines of the plate along both sides."""
    out = []
    for axis, (a, b) in enumerate((box[:2], box[2:])):
        side = PLATE[2 * axis + 1]
        k = np.pi * np.arange(modes) / side
        norm = np.sqrt(np.where(k > 0, 2.0, 1.0) / side)
        out.append((k, norm * np.cos(0.5 * k * (a + b)) * np.sinc(0.5 * k * (b - a) / np.pi)))
    return out


def series(box, at, film, t=0.6e-3, K=25.0):
    """Mean temperature of a rectangle for 1 W through another one on a slab with a film behind it.

    Muzychka, Culham and Yovanovich, doi 10.1115/1.1568130: eccentric rectangular source, all modes.
    """
    (kx, fx), (ky, fy) = means(box)
    (_, gx), (_, gy) = means(at)
    k = np.hypot(kx[:, None], ky)
    with np.errstate(divide="ignore", invalid="ignore"):
        tanh = np.tanh(k * t)
        Z = (K * k + film * tanh) / (K * k * (film + K * k * tanh))
    Z[0, 0] = t / K + 1.0 / film
    return float(np.einsum("i,ij,j", fx * gx, Z, fy * gy))


@pytest.mark.parametrize("film", [50.0, 5e3, 1e5])
def test_eccentric_rectangles_on_a_slab(film):
    boxes = (1e-3, 2.4e-3, 0.6e-3, 2e-3), (4e-3, 5.4e-3, 4e-3, 5.4e-3)
    side = PlateSide(CellBox(PLATE, (40, 30)), (), boxes, (), Stacks((), (ALUMINA,), film))
    found = side.respond(np.eye(2))
    expected = np.array([[series(a, b, film) for a in boxes] for b in boxes])
    assert found == pytest.approx(expected, rel=1e-5)
    assert found == pytest.approx(found.T, rel=1e-12)


@pytest.mark.parametrize("halved", [(True, False), (False, True), (True, True)])
def test_cells_that_are_halved_at_the_rims(halved):
    """Parts whose edges lie between two cells that begin at a rim, mirrored, and with a map of the film."""
    x, y = (np.array([3, 10]) + 0.5 * half for half in halved)
    box = (*(x * 0.2e-3), *(y * 0.2e-3))
    cells = CellBox(PLATE, (40 + halved[0], 30 + halved[1]), halved)
    assert cells.areas.sum() == pytest.approx(48e-6)
    side = PlateSide(cells, (), [box], (), Stacks((), (ALUMINA,), 5e3), free=True)
    found = side.respond(np.eye(2))
    assert found[0, 0] == pytest.approx(series(box, box, 5e3), rel=2e-5)
    assert found == pytest.approx(found.T, rel=1e-12)
    mirrored = (*(8e-3 - x[::-1] * 0.2e-3), *(6e-3 - y[::-1] * 0.2e-3))
    other = PlateSide(cells, (), [mirrored], (), Stacks((), (ALUMINA,), 5e3), free=True)
    assert other.respond(np.eye(2)) == pytest.approx(found, rel=1e-10)
    flat = Stacks((), (ALUMINA,), 5e3, None, FaceMap.of_rows(PLATE, [[1.0, 1.0]]))
    assert PlateSide(cells, (), [box], (), flat).respond(np.ones((1, 1))) == pytest.approx(
        found[:1, :1], rel=1e-9
    )


@pytest.mark.parametrize(
    ("gap", "film", "wide"),
    [("1.7 mm", 50.0, "8 mm x 6 mm"), ("1.6 mm", 1e3, "7.3 mm x 6.1 mm"), ("1 mm", 1e5, "8 mm x 6 mm")],
)
def test_plates_larger_than_the_array(gap, film, wide, monkeypatch):
    """Rims are no whole number of cells; mirrored legs have the same temperature."""
    found = plan(gap, 1, rows=1, columns=2, hot_plate=wide)
    x0, x1, y0, y1 = found.hot_plate
    monkeypatch.setattr("tests.field.test_plates.PLATE", (0.0, x1 - x0, 0.0, y1 - y0))
    legs = [(a - x0, b - x0, c - y0, d - y0) for a, b, c, d in found.legs]
    expected = np.array([[series(a, b, film) for a in legs] for b in legs])
    some = grids(found, "hot", 12.0, electrodes=False)
    films = [film * (x1 - x0) * (y1 - y0) / g.plate.areas.sum() for g in some]
    sides = [
        PlateSide(g.plate, (), g.legs, (), Stacks((), (ALUMINA,), h))
        for g, h in zip(some, films, strict=True)
    ]
    ports = PortMap(sides, some)
    R = ports.apply(np.eye(2))
    assert R == pytest.approx(expected, rel=3e-3)
    assert R == pytest.approx(R[::-1, ::-1], rel=1e-10)
    even = np.ones((1, 2))
    missed = np.abs(ports.apply(even) - (even @ expected))[0, 0]
    assert missed < np.abs(ports.error(even))[0, 0] < 0.03 * expected.sum()


def strip(cells, t, w, wide):
    """Resistance of a perfectly conducting strip on a cooled slab of conductivity 1."""
    plate = CellBox((0.0, wide, 0.0, 1.0), (round(wide / w * cells), 1))
    box = 0.5 * (wide - w), 0.5 * (wide + w), 0.0, 1.0
    stacks = Stacks((BoxLayer(1e9, 10.0),), (BoxLayer(1.0, t),))
    return PlateSide(plate, [box], [box], [(0,)], stacks).respond(np.array([[1.0, 0.0]]))[0, 0]


@pytest.mark.parametrize("t", [0.6, 1.0, 2.0])
def test_conducting_strip(t):
    """G' = 2 K E(tanh x)/E(sech x), x = pi w/4t, by conformal mapping; the flux is singular at the edges."""
    w, x = 1.0, np.pi / (4.0 * t)
    exact = 2.0 * ellipk(np.tanh(x) ** 2) / ellipk(1.0 / np.cosh(x) ** 2)
    found = [strip(n, t, w, 16.0) for n in (20, 40)]
    assert [1.0 / (R * exact) for R in found] == pytest.approx([1.0, 1.0], abs=9e-3)
    assert 1.0 / (2.0 * found[1] - found[0]) == pytest.approx(exact, rel=1e-4)
    # the error halves with the cells
    off = [1.0 / (R * exact) - 1.0 for R in found]
    assert off[0] / off[1] == pytest.approx(2.0, rel=0.05)


def plan(gap="1 mm", couples=2, **more):
    p, n = (te.Leg(constant(s), "1.6 mm", "1.4 mm x 1.4 mm") for s in (2e-4, -2e-4))
    layers = [te.Layer("Cu", "0.3 mm"), te.Layer("Al2O3", "0.6 mm")]
    layout = te.Layout(gap=gap, **more)
    return te.Module(p, n, couples, hot=layers, cold=layers, layout=layout).plan


def sides_of(found, some, stacks, **more):
    return [PlateSide(g.plate, g.electrodes, g.legs, found.hot_joins, stacks, **more) for g in some]


@pytest.mark.parametrize("film", [50.0, 1e3, 1e5, np.inf])
def test_response_is_symmetric_and_positive(film):
    found = plan(couples=3)
    stacks = Stacks((COPPER, BoxLayer(30.0, 0.05e-3, 6e6)), (ALUMINA,), film)
    side = sides_of(found, grids(found, "hot", 6.0)[-1:], stacks, free=True)[0]
    R = side.respond(np.eye(6 + 1 + 3))
    assert R == pytest.approx(R.T, rel=1e-6, abs=1e-6 * R.max())
    assert np.linalg.eigvalsh(R).min() > 0
    assert side.iterations < 25 * 10
    # energy: all heat leaves through the film, so that even heat everywhere lifts the mean by 1/(h A)
    if np.isfinite(film):
        without = sides_of(
            found, grids(found, "hot", 6.0)[-1:], Stacks(stacks.electrode, (ALUMINA,), 2 * film)
        )[0]
        area = without.plate.sides[0] * without.plate.sides[1]
        drop = side.respond(np.eye(10))[:6, :6].mean() - without.respond(np.eye(9))[:6, :6].mean()
        assert drop == pytest.approx(1.0 / (film * area) - 1.0 / (2 * film * area), rel=0.15)


LAYOUTS = [("1 mm", {}), ("0.83 mm", {}), ("1.2458 mm", {}), ("0.93 mm", {"overhang": "0.14 mm"})]


@pytest.mark.parametrize(("gap", "more"), LAYOUTS)
def test_extrapolation_tends_to_fine_cells_within_its_estimate(gap, more):
    """Whatever the ratio of gap and leg is; the finest cells alone miss more."""
    found = plan(gap, **more)
    stacks = Stacks((COPPER,), (ALUMINA,))
    coarse, fine = grids(found, "hot", 9.0), grids(found, "hot", 40.0)
    maps = [PortMap(sides_of(found, some, stacks), some) for some in (coarse, fine)]
    even = np.array([[1.0, 1.0, 1.0, 1.0, 0.0, 0.0]])
    T, exact = (m.apply(even)[0, :4].mean() for m in maps)
    errors = [np.abs(m.error(even)[0, :4].mean()) for m in maps]
    assert abs(T - exact) < errors[0] + errors[1]
    assert errors[0] / exact < 0.03
    assert errors[1] / exact < 0.005
    if more:
        return  # there roundings, of either sign, decide what the finest cells miss
    alone = sides_of(found, coarse[-1:], stacks)[0].respond(even)[0, :4].mean()
    assert abs(alone / exact - 1.0) > 2.0 * abs(T / exact - 1.0)


@pytest.mark.parametrize(("gap", "more"), [*LAYOUTS, ("1.1 mm", {"row_gap": "0.6 mm"})])
def test_grids_have_all_edges_on_cell_borders(gap, more):
    found = plan(gap, 4, **more)
    some = grids(found, "hot", 9.0)
    assert 3 <= len(some) <= 5
    for grid in some:
        for box in (*grid.legs, *grid.electrodes):
            for axis in (0, 1):
                off = np.subtract.outer(box[2 * axis : 2 * axis + 2], grid.plate.borders[axis])
                assert np.abs(off).min(axis=1).max() < 1e-6 * grid.plate.area**0.5
        wide = grid.electrodes[0][3] - grid.electrodes[0][2] - (found.hot[0][3] - found.hot[0][2])
        assert wide == pytest.approx(1.4e-3 * grid.rounding.off[4], abs=1e-12)
    widths = [grid.rounding for grid in some]
    c = weights(widths, 1.0)
    assert c.sum() == pytest.approx(1.0)
    assert c @ np.array([one.relative for one in widths]) == pytest.approx(0.0, abs=1e-12)
    assert np.abs(c @ np.array([one.off for one in widths])).max() < 0.02


def patch_series(at, patch):
    """Temperature of an insulated plate at a rectangle for 1 W in there and out through a patch outside."""
    t, K = 0.6e-3, 25.0
    (kx, fx), (ky, fy) = means(at)
    (_, gx), (_, gy) = means(patch)
    k = np.hypot(kx[:, None], ky)
    k[0, 0] = 1.0
    depth = np.minimum(k * t, 300.0)
    own, across = 1.0 / (K * k * np.tanh(depth)), 1.0 / (K * k * np.sinh(depth))
    own[0, 0] = across[0, 0] = 0.0
    f, g = np.outer(fx, fy), np.outer(gx, gy)
    through = t / K / (PLATE[1] * PLATE[3])
    inner = np.sum(own * f * f) - np.sum(across * f * g) + through
    outer = np.sum(across * f * g) - np.sum(own * g * g)
    return inner - outer


def test_heat_through_a_patch():
    leg, film = (1e-3, 2.4e-3, 0.6e-3, 2e-3), 2e4
    # the second has no edge on a cell border, the third lies within one cell (the series ends too early)
    for patch, rel in (
        ((5e-3, 8e-3, 4e-3, 6e-3), 1e-5),
        ((1.11e-3, 1.77e-3, 0.7e-3, 1.33e-3), 1e-5),
        ((1.12e-3, 1.17e-3, 0.71e-3, 0.76e-3), 2e-4),
    ):
        stacks = Stacks((), (ALUMINA,), film, FaceMap((patch,), (1.0,)))
        side = PlateSide(CellBox(PLATE, (80, 60)), (), [leg], (), stacks)
        area = (patch[1] - patch[0]) * (patch[3] - patch[2])
        expected = patch_series(leg, patch) + 1.0 / (film * area)
        assert side.respond(np.ones((1, 1)))[0, 0] == pytest.approx(expected, rel=rel)
    # several legs and electrodes: symmetric as every response
    found = plan(couples=2)
    stacks = Stacks((COPPER,), (ALUMINA,), np.inf, FaceMap(((0.0, 2e-3, 0.0, 2e-3),), (1.0,)))
    R = sides_of(found, grids(found, "hot", 6.0)[-1:], stacks)[0].respond(np.eye(6))
    assert R == pytest.approx(R.T, rel=1e-6, abs=1e-6 * R.max())
    assert R[0, 0] < R[3, 3]


def test_film_that_differs_from_place_to_place():
    """Against a dense matrix of all cells; the same everywhere; with electrodes."""
    where, film, rows = CellBox(PLATE, (12, 10)), 3e3, [[1.0, 4.0], [0.2, 2.0]]
    legs = [(1e-3, 2.4e-3, 0.6e-3, 2e-3), (5e-3, 6.4e-3, 3e-3, 4.4e-3)]
    differs = Stacks((), (ALUMINA,), film, None, FaceMap.of_rows(PLATE, rows))
    least = film * 0.2 / np.mean(rows)
    even = PlateSide(where, (), legs, (), Stacks((), (ALUMINA,), least))
    one = np.eye(where.count)
    B, D = (through(one, symbol) for symbol in outer_symbols(where, (ALUMINA,), least))
    # rows of the map go along y, rows of cells along x
    film_of_cells = film * np.kron(np.array(rows).T, np.ones((6, 5))).ravel() / np.mean(rows)
    beside = np.diag(where.area * (film_of_cells - least))
    share = even.direct.toarray()
    taken = np.linalg.solve(one + beside @ D, beside @ B @ share.T)
    expected = even.respond(np.eye(2)) - (share @ B @ taken).T
    assert PlateSide(where, (), legs, (), differs).respond(np.eye(2)) == pytest.approx(expected, rel=1e-6)

    flat = Stacks((), (ALUMINA,), film, None, FaceMap.of_rows(PLATE, [[2.0, 2.0, 2.0]]))
    same = PlateSide(where, (), legs, (), Stacks((), (ALUMINA,), film)).respond(np.eye(2))
    assert PlateSide(where, (), legs, (), flat).respond(np.eye(2)) == pytest.approx(same, rel=1e-9)

    found = plan(couples=2)
    cooled = FaceMap.of_rows(found.hot_plate, [[9.0, 1.0], [1.0, 1.0]])
    stacks = Stacks((COPPER,), (ALUMINA,), film, None, cooled)
    R = sides_of(found, grids(found, "hot", 6.0)[-1:], stacks)[0].respond(np.eye(6))
    assert R == pytest.approx(R.T, rel=1e-6, abs=1e-6 * R.max())
    assert R[0, 0] < R[3, 3]


def test_heat_spread_by_a_map_is_that_of_its_patches():
    """A map of one full corner is the patch of that corner; an even map is no map, but for the mean."""
    where, leg = CellBox(PLATE, (40, 30)), [(1e-3, 2.4e-3, 0.6e-3, 2e-3)]
    corner = FaceMap.of_rows(PLATE, [[0.0, 1.0], [0.0, 0.0]])
    patch = FaceMap(((4e-3, 8e-3, 0.0, 3e-3),), (5.0,))
    assert corner.area == pytest.approx(patch.area)
    found = [
        PlateSide(where, (), leg, (), Stacks((), (ALUMINA,), 2e4, spread)).respond(np.ones((1, 1)))[0, 0]
        for spread in (corner, patch)
    ]
    assert found[0] == pytest.approx(found[1], rel=1e-9)
