"""Plain legs in great numbers: devices per second, error, share of the arithmetic limit, peers."""

import time

import numpy as np

from benchmarks import generator_leg
from benchmarks.timing import median_time, note
from ioffe.engine import segment
from ioffe.engine.compiled.cache import kernel
from ioffe.engine.compiled.packing import pack_tables
from ioffe.engine.compiled.plain import entry as plain
from ioffe.engine.table import horner
from ioffe.engine.thinning import thinned
from tests.engine.tables import NAMES, dense, table

COUNT, SAMPLE, POINTS = 1_000_000, 2000, 61
DENSE, WHOLE = 20_000, 200
FLOPS, DIVISIONS = 2900, 104
"""Of one device by Runge-Kutta steps, two in each cell, three passes: what the limit is stated for."""


@kernel(fast=True)
def _multiply(x, rounds):
    for _ in range(rounds):
        for k in range(x.shape[0]):
            x[k] = x[k] * 0.999 + 0.001


@kernel(fast=True)
def _divide(x, rounds):
    for _ in range(rounds):
        for k in range(x.shape[0]):
            x[k] = 1.0 / x[k]


def limit():
    """Seconds that the arithmetic of one device takes at the rates of this processor, in cache."""
    x, rounds = np.full(512, 1.5), 20_000
    seconds = []
    for run in (_multiply, _divide):
        run(x, 1)
        seconds.append(min(_once(lambda run=run: run(x, rounds)) for _ in range(5)) / (512 * rounds))
    return FLOPS / 2 * seconds[0] + DIVISIONS * seconds[1]


def _once(call):
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def cases(count):
    """Tables, and random legs of all of them: (which, T_hot, T_cold, j)."""
    rng = np.random.default_rng(1)
    tables = [table(name, "pchip") for name in NAMES]
    which = rng.integers(0, len(tables), count)
    low, high = (np.array([t.limits[k] for t in tables])[which] for k in (0, 1))
    T_cold = low + rng.uniform(0.0, 0.2, count) * (high - low)
    T_hot = T_cold + rng.uniform(0.2, 1.0, count) * (high - T_cold)
    open_circuit = plain.best(pack_tables(tables), which, T_hot, T_cold, "short_circuit")
    return tables, which, T_hot, T_cold, open_circuit.j * rng.uniform(0.2, 0.8, count)


def efficiency(tables, which, T_hot, T_cold, j, c, r):
    """P/Q_hot from the exact integrals of S."""
    s = [_evaluate(tables, which, T) for T in (T_hot, T_cold)]
    return j * (s[0] - s[1] - j * r) / (c + j * s[0])


def _evaluate(tables, which, T):
    out = np.empty_like(T)
    for k, t in enumerate(tables):
        i = t.cell(T[which == k])
        out[which == k] = horner(t.seebeck_integral[i], T[which == k] - t.knots[i])
    return out


def reference(tables, which, T_hot, T_cold, j):
    c, r = np.full(len(j), np.nan), np.full(len(j), np.nan)
    for k, t in enumerate(tables):
        lanes = np.flatnonzero(which == k)
        s = segment.solve(t, T_hot[lanes], T_cold[lanes], j[lanes], tolerance=1e-12)
        c[lanes], r[lanes] = s.c, s.r
    return c, r


def dense_tables():
    """Largest efficiency with tables of many points, thinned as a batch takes them and whole."""
    rng = np.random.default_rng(3)
    T_hot, T_cold = rng.uniform(600.0, 790.0, DENSE), rng.uniform(310.0, 350.0, DENSE)
    for points, noise in ((101, 0.0), (2001, 0.0), (2001, 1e-3)):
        whole = dense(points, "pchip", noise=noise)
        thin = thinned(whole, 1e-6)
        seconds = []
        for t in (thin, whole):
            part = slice(0, WHOLE if len(t.knots) > 500 else DENSE)
            ends = pack_tables([t]), 0, T_hot[part], T_cold[part]
            found = median_time(lambda ends=ends: plain.best(*ends, "power", threads=1), most=5)[0]
            seconds.append(found / len(T_hot[part]))
        name = f"{points} points" + (f", noise {noise:g}" if noise else "")
        note(f"A plain leg, largest power, table of {name}", seconds[0], ratio=seconds[1] / seconds[0])
        print(
            f"  table of {name}: {len(thin.knots) - 3} cells, largest power {1e6 * seconds[0]:.3g} us;"
            f" of the whole table {1e6 * seconds[1]:.3g} us"
        )


def main():
    tables, which, T_hot, T_cold, j = cases(COUNT)
    packed = pack_tables(tables)
    ends = (packed, which, T_hot, T_cold)
    few = slice(0, SAMPLE)
    exact = efficiency(
        tables,
        which[few],
        T_hot[few],
        T_cold[few],
        j[few],
        *reference(tables, which[few], T_hot[few], T_cold[few], j[few]),
    )
    print("\nPlain legs, six tables of 8 to 15 points (PCHIP), one adiabatic segment")
    least = limit()
    print(f"  arithmetic limit: {1e6 * least:.3f} us for {FLOPS} operations and {DIVISIONS} divisions")
    for tolerance in (1e-4, 1e-6, 1e-8):
        found = plain.solve(*ends, j, tolerance=tolerance, threads=1)
        eta = efficiency(tables, which[few], T_hot[few], T_cold[few], j[few], found.c[few], found.r[few])
        error = np.abs(eta / exact - 1)
        error = error[np.isfinite(error)]
        one, two = (
            min(
                _once(lambda n=n, tol=tolerance: plain.solve(*ends, j, tolerance=tol, threads=n))
                for _ in range(3)
            )
            for n in (1, 2)
        )
        refused = np.mean(found.code == plain.REFUSED)
        note(
            f"A plain leg, efficiency at a current, tolerance {tolerance:.0e}",
            one / COUNT,
            ratio=least * COUNT / one,
            error=float(np.median(error)),
        )
        print(
            f"  efficiency at a current, tolerance {tolerance:.0e}: {COUNT / one:.3g}/s on one thread"
            f" (limit/time {least * COUNT / one:.2f}), {one / two:.2f} times on two;"
            f" error median {np.median(error):.1e}, 99 % {np.quantile(error, 0.99):.1e},"
            f" refused {refused:.2%}"
        )
    part = tuple(x[: COUNT // 5] if isinstance(x, np.ndarray) else x for x in ends)
    for aim in ("efficiency", "power"):
        one, two = (
            min(_once(lambda n=n, aim=aim: plain.best(*part, aim, threads=n)) for _ in range(3))
            for n in (1, 2)
        )
        n = len(part[1])
        note(f"A plain leg, largest {aim}", one / n)
        print(f"  largest {aim}: {n / one:.3g}/s on one thread, {one / two:.2f} times on two")
    part = tuple(x[: COUNT // 20] if isinstance(x, np.ndarray) else x for x in ends)
    one, two = (
        min(_once(lambda n=n: plain.curve(*part, points=POINTS, threads=n)) for _ in range(3)) for n in (1, 2)
    )
    n = len(part[1]) * POINTS
    note(f"A plain leg, V-I point of a curve of {POINTS}", one / n)
    print(f"  V-I points, curves of {POINTS}: {n / one:.3g}/s on one thread, {one / two:.2f} times on two")
    dense_tables()
    own = _once(lambda: reference(tables, which[few], T_hot[few], T_cold[few], j[few]))
    note("A plain leg, NumPy path at 1e-12", own / SAMPLE)
    print(f"  own NumPy path at 1e-12: {SAMPLE / own:.3g}/s")
    leg = generator_leg.leg(9, "pchip")
    seconds, _ = median_time(lambda: generator_leg.bvp(leg, 1.8e6))
    note("A plain leg, solve_bvp (1e-6)", seconds)
    print(f"  solve_bvp (1e-6), one current: {1 / seconds:.3g}/s")
    seconds, _ = median_time(generator_leg.by_teflow(9)[0])
    note("A plain leg, TEflow, largest efficiency", seconds)
    print(f"  TEflow, largest efficiency: {1 / seconds:.3g}/s")
