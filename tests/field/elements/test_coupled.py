"""Heat and current in quadratic elements: derivatives, orders, an independent code, contacts, films."""

from itertools import pairwise

import numpy as np
import pytest

import ioffe as te
from ioffe.base.constants import STEFAN_BOLTZMANN
from ioffe.field.elements import iteration
from ioffe.field.elements.contacts import FacePairs
from ioffe.field.elements.iteration import TerminalDrive
from ioffe.field.elements.mesh import BoxMesh
from ioffe.field.elements.shapes import GRADIENTS, POINT_WEIGHTS, VALUES
from ioffe.field.elements.system import CoupledSystem, numbered
from ioffe.field.elements.volumes import MaterialCells, transport
from ioffe.solve.assemble import table_of
from tests.device.cases import cold_material, constant

SHAPE = 1.0e-3, 1.3e-3, 0.7e-3
RATIOS = np.array([0.5, 0.7, 1.0]), np.array([0.8, 1.2, 1.0])


def block(n, table, shares=RATIOS):
    """A block of one material with all unknowns of its own."""
    mesh = BoxMesh(tuple(np.linspace(0.0, s, n + 1) for s in SHAPE), np.zeros((n, n, n), int))
    N = len(mesh.positions)
    cells = MaterialCells(np.arange(n**3), table, True, *shares)
    return CoupledSystem(mesh, (cells,), (), np.arange(N), N + np.arange(N), N, 2 * N)


def outside(mesh):
    """Nodes on the surface of a block."""
    at = mesh.positions
    return np.any((at < 1e-12) | (at > np.array(SHAPE) - 1e-12), axis=1)


def test_derivatives_are_exact():
    system, rng = block(2, table_of(cold_material())), np.random.default_rng(1)
    N = system.temperatures
    u = np.r_[330.0 + 40.0 * rng.random(N), 0.02 * rng.random(N)]
    step = np.r_[rng.random(N), 1e-3 * rng.random(N)]
    found = system.linearised(u)[1] @ step
    expected = (system.residual(u + 1e-4 * step) - system.residual(u - 1e-4 * step)) / 2e-4
    for part in (slice(None, N), slice(N, None)):
        assert found[part] == pytest.approx(expected[part], abs=1e-8 * np.abs(expected[part]).max())


def test_energy_is_kept_on_every_mesh():
    """With all tests 1, and V as the test of the current, nothing is left."""
    system, rng = block(2, table_of(cold_material())), np.random.default_rng(2)
    N = system.temperatures
    u = np.r_[330.0 + 40.0 * rng.random(N), 0.02 * rng.random(N)]
    R = system.residual(u)
    assert R[:N].sum() + u[N:] @ R[N:] == pytest.approx(0.0, abs=1e-14 * np.abs(R[:N]).sum())


def fields(x):
    """A smooth temperature in K and a potential in V."""
    s = x / np.array(SHAPE)
    T = 300.0 + 60.0 * np.sin(1.1 * s[..., 0] + 0.4) * np.cos(0.9 * s[..., 1]) * (0.3 + s[..., 2] ** 2)
    return T, 0.02 * np.exp(0.7 * s[..., 0] - 0.5 * s[..., 1]) * np.sin(1.3 * s[..., 2] + 0.2)


def derivative(f, x, axis):
    """Of fourth order."""
    h = np.zeros(3)
    h[axis] = 2e-3 * SHAPE[axis]
    ends = [np.asarray(f(x + k * h)) for k in (-2, -1, 1, 2)]
    return (ends[0] - 8 * ends[1] + 8 * ends[2] - ends[3]) / (12 * h[axis])


def fluxes(x, table):
    """Current density and heat flux of these fields, (6, ...), and the electric field (3, ...)."""
    T = fields(x)[0]
    g = np.stack([derivative(fields, x, axis) for axis in range(3)])
    p = transport(table, T)
    J = [-r * p.sigma * (v + p.S * t) for r, (t, v) in zip(RATIOS[1], g, strict=True)]
    q = [p.S * T * j - r * p.kappa * t for r, j, (t, _) in zip(RATIOS[0], J, g, strict=True)]
    return np.stack([*J, *q]), -g[:, 1]


def test_orders_on_manufactured_fields():
    """Third order in T and V, second in both fluxes."""
    # formulas: the kinks of a table would cost order
    table = table_of(te.load_material("generic p cooler leg"))
    errors = []
    for n in (3, 6):
        system = block(n, table)
        mesh, N = system.mesh, system.temperatures
        at = mesh.points
        flux, E = fluxes(at, table)
        slopes = [derivative(lambda x: fluxes(x, table)[0], at, axis) for axis in range(3)]
        source = sum(slopes[i][3 + i] - flux[i] * E[i] for i in range(3))
        charge = sum(slopes[i][i] for i in range(3))
        load = np.r_[mesh.moments(np.asarray(source)), mesh.moments(np.asarray(charge))]
        T, V = fields(mesh.positions)
        held = np.tile(outside(mesh), 2)
        start = np.r_[np.where(held[:N], T, 300.0), np.where(held[:N], V, 0.02)]
        u = iteration.solve(system, start, held, load).u
        errors.append(norms(mesh, u[:N], u[N:], flux, fields(at), table))
    orders = np.array([np.log2(np.array(a) / b) for a, b in pairwise(errors)])
    assert (orders[-1, :2] > 2.85).all()
    assert (orders[-1, 2:] > 1.9).all()
    assert (orders[-1] < [3.6, 3.6, 2.6, 2.6]).all()


def norms(mesh, T, V, flux, exact, table):
    """Errors of T, V and of both fluxes."""
    w = mesh.volume[:, None] * POINT_WEIGHTS
    t, v = T[mesh.nodes], V[mesh.nodes]
    at, p = (t @ VALUES.T, v @ VALUES.T), transport(table, t @ VALUES.T)
    J_off, q_off = 0.0, 0.0
    for i, G in enumerate(GRADIENTS):
        g, e = (x @ G.T / mesh.widths[:, i, None] for x in (t, v))
        J = -RATIOS[1][i] * p.sigma * (e + p.S * g)
        q = p.S * at[0] * J - RATIOS[0][i] * p.kappa * g
        J_off, q_off = J_off + (w * (J - flux[i]) ** 2).sum(), q_off + (w * (q - flux[3 + i]) ** 2).sum()
    own = [(w * (a - b) ** 2).sum() for a, b in zip(at, exact, strict=True)]
    return np.sqrt([*own, J_off, q_off])


def tied(mesh):
    """Two bodies on one another in perfect contact, with an unknown for each other node."""
    below, above = mesh.meeting(2)
    N = len(mesh.positions)
    pairs = below.nodes.ravel(), above.nodes.ravel()
    T_of, count = numbered(N, np.arange(N), [pairs])
    return T_of, count


def test_scikit_fem_on_the_same_mesh():
    """A leg under an electrode that reaches beyond it, solved by Picard's iteration in another code."""
    leg, metal = table_of(te.load_material("generic p cooler leg")), table_of(constant(2e-6, 2e6, 60.0))
    x, y = np.array([0.0, 0.4, 1.0, 1.5]) * 1e-3, np.array([0.0, 0.5, 1.0]) * 1e-3
    z = np.array([0.0, 0.3, 0.8, 1.0, 1.2]) * 1e-3
    grid = np.zeros((3, 2, 4), int)
    grid[:, :, 2:] = 1
    grid[2, :, :2] = -1
    mesh = BoxMesh((x, y, z), grid)
    T_of, N = tied(mesh)
    cells = [np.flatnonzero(mesh.body == k) for k in (0, 1)]
    parts = tuple(MaterialCells(c, t, True) for c, t in zip(cells, (leg, metal), strict=True))
    system = CoupledSystem(mesh, parts, (), T_of, N + T_of, N, 2 * N)
    at = np.zeros((N, 3))
    at[T_of] = mesh.positions
    low, high = at[:, 2] == 0.0, (at[:, 2] == z[-1]) & (at[:, 0] > 0.99e-3)
    T = np.where(low, 300.0, 380.0)
    V = np.where(high, -0.01, 0.0)
    u = iteration.solve(system, np.r_[T, V], np.tile(low | high, 2), np.zeros(2 * N)).u
    theirs = scikit_fem(mesh, (leg, metal), z[-1])
    # their nodes lie where ours do
    key = {tuple(np.round(1e9 * p)): k for k, p in enumerate(at)}
    ours = np.array([key[tuple(np.round(1e9 * p))] for p in theirs[0].T])
    assert sorted(ours) == list(range(N))
    assert theirs[1] == pytest.approx(u[:N][ours], rel=1e-7)
    assert theirs[2] == pytest.approx(u[N:][ours], abs=1e-7 * 0.01)


def scikit_fem(mesh, tables, height):
    """Positions, temperatures and potentials of the nodes."""
    import skfem
    from skfem.helpers import dot, grad

    whole = skfem.MeshHex.init_tensor(*mesh.borders)
    middle = whole.p[:, whole.t].mean(axis=1)
    place = tuple(np.searchsorted(b, m) - 1 for b, m in zip(mesh.borders, middle, strict=True))
    body = mesh.grid[place]
    cut = whole.restrict(np.flatnonzero(body >= 0))
    body = body[body >= 0]
    basis = skfem.Basis(cut, skfem.ElementHex2(), intorder=5)

    def properties(T):
        both = [transport(t, T) for t in tables]
        return [np.where(body[:, None] == 0, a, b) for a, b in zip(*both, strict=True)]

    @skfem.BilinearForm
    def conduct(u, v, w):
        return w["k"] * dot(grad(u), grad(v))

    @skfem.LinearForm
    def driven(v, w):
        return dot(w["flux"], grad(v)) + w["source"] * v

    D = basis.get_dofs(lambda p: p[2] < 1e-9).flatten()
    E = basis.get_dofs(lambda p: (p[2] > height - 1e-9) & (p[0] > 0.99e-3)).flatten()
    held = np.union1d(D, E)
    T, V = np.full(basis.N, 340.0), np.zeros(basis.N)
    T[D], T[E], V[E] = 300.0, 380.0, -0.01
    for _ in range(60):
        before = T.copy()
        t, v = basis.interpolate(T), basis.interpolate(V)
        S, _, sigma, _, kappa, _ = properties(np.asarray(t))
        K = conduct.assemble(basis, k=sigma)
        f = driven.assemble(basis, flux=-sigma * S * t.grad, source=0.0 * S)
        V = skfem.solve(*skfem.condense(K, f, x=V, D=held))
        v = basis.interpolate(V)
        J = -sigma * (v.grad + S * t.grad)
        K = conduct.assemble(basis, k=kappa)
        f = driven.assemble(basis, flux=S * np.asarray(t) * J, source=-dot(J, v.grad))
        T = skfem.solve(*skfem.condense(K, f, x=T, D=held))
        if np.abs(T - before).max() < 1e-9:
            return basis.doflocs, T, V
    raise AssertionError("Picard's iteration did not settle")


def column(resistance, rho, film=np.inf, emissivity=0.0):
    """Two blocks with a contact between them, and a film or radiation at the upper end."""
    side = np.array([0.0, 1e-3])
    mesh = BoxMesh((side, side, np.array([0.0, 1e-3, 2e-3])), np.array([[[0, 1]]]))
    N = len(mesh.positions)
    below, above = mesh.meeting(2)
    ties_T = [] if resistance else [(below.nodes.ravel(), above.nodes.ravel())]
    ties_V = [] if rho else [(below.nodes.ravel(), above.nodes.ravel())]
    z = mesh.positions[:, 2]
    top = mesh.faces(np.array([1]), 2, 1)
    ties_V.append((np.flatnonzero(z == 2e-3), np.full(9, N)))
    T_of, n = numbered(N + 1, np.arange(N + 1), ties_T)
    V_of, m = numbered(N + 1, np.arange(N + 1), ties_V)
    V_of = V_of + n
    area = np.array([1e-6])
    both = np.concatenate([below.nodes, above.nodes], axis=1)
    G = np.array([1 / resistance if resistance else 0.0])
    pairs = [FacePairs(T_of[both], V_of[both], area, G, 0.0, 1 / rho)]
    out = np.concatenate([top.nodes, np.full((1, 9), N)], axis=1)
    pairs.append(FacePairs(T_of[out], None, area, np.array([film]), emissivity))
    cells = (MaterialCells(np.arange(2), table_of(constant(2e-4, 1e5, 2.0)), True),)
    system = CoupledSystem(mesh, cells, tuple(pairs), T_of[:N], V_of[:N], n, n + m)
    low = np.zeros(n + m, bool)
    low[np.r_[T_of[:N][z == 0.0], V_of[:N][z == 0.0], T_of[N]]] = True
    start = np.r_[np.full(n, 400.0), np.zeros(m)]
    start[T_of[N]] = 300.0
    found = iteration.solve(system, start, low, np.zeros(n + m), TerminalDrive(int(V_of[N]), current=1.0))
    R = found.reactions
    return -R[T_of[:N][z == 0.0]].sum(), R[T_of[N]], found.u[V_of[N]], found.u, T_of, below, above


@pytest.mark.parametrize("resistance", [0.0, 1e-5])
def test_contact_and_film_in_a_column(resistance):
    """Constant properties in one direction: what enters, what leaves and the jump are known."""
    rho, film, J = 5e-9, 4e3, 1e6
    entered, left, V, u, T_of, below, above = column(resistance, rho, film)
    assert entered == pytest.approx(left + V, rel=1e-12)
    T1, T2 = u[T_of[below.nodes[0, 4]]], u[T_of[above.nodes[0, 4]]]
    top = 300.0 + left / (film * 1e-6)
    # flux into the contact from above, its heat, and the fluxes at both ends of the upper block
    q2 = 2e-4 * J * T2 - 2.0 * (top - T2) / 1e-3 - J**2 / 1e5 * 1e-3 / 2
    q1 = q2 - J**2 * rho
    assert T1 - T2 == pytest.approx(resistance * (q1 + q2) / 2, rel=1e-9, abs=1e-9)
    assert V == pytest.approx(-J * (2e-3 / 1e5 + rho) - 2e-4 * (T1 - 400.0 + top - T2), rel=1e-9)


def test_radiation_to_the_surroundings():
    entered, left, V, u, T_of, *_ = column(1e-5, 5e-9, 0.0, 0.8)
    top = (left / (0.8 * STEFAN_BOLTZMANN * 1e-6) + 300.0**4) ** 0.25
    assert entered == pytest.approx(left + V, rel=1e-12)
    assert u[: T_of.max()].max() >= top > 300.0
