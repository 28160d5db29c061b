"""Linear equations of temperatures and potentials: factors for small systems, Krylov's for large ones.

Large systems are solved by GMRES, preconditioned by one cycle of multigrid for each of the two fields in a
block triangular sweep. Below the quadratic functions of a field lie the trilinear ones of the same cells, and
below these smoothed aggregation, which on quadratic ones alone needs hundreds of iterations. Relaxation and
aggregation are pyamg's, the extra `field`.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import linalg

from ioffe.base.errors import Fault, InputError
from ioffe.field.elements.assembly import Matrix
from ioffe.field.memory import free_memory

Array = NDArray[np.float64]
DIRECT = 30_000
"""Unknowns up to which factors take less time than multigrid."""
FACTORS = 139e6, 21_098, 1.75
"""Memory in bytes of the factors of so many unknowns, measured, and the exponent with which it grows."""
PER_ENTRY = 60.0
"""Bytes that multigrid and its matrices take for each entry of the matrix."""
TIME = 13.4, 81_920, 1.35
"""Seconds of a current on both meshes with so many unknowns, measured on one core, and the exponent with
which they grow, from 22 528 to 790 000."""
RESTART, CYCLES = 60, 8
"""Iterations of a cycle of GMRES, and most cycles."""
SLOW, SHARE = 1e-4, 0.3
"""What is left of a right-hand side after a cycle of GMRES if multigrid is slow; share of the free memory
that factors in its place may take."""
ROUNDING = 16.0 * float(np.finfo(float).eps)
"""What is left by rounding, over the sizes of the terms that make it."""
SYMMETRIC: dict[str, Any] = {
    "permc_spec": "MMD_AT_PLUS_A",
    "diag_pivot_thresh": 1e-3,
    "options": {"SymmetricMode": True},
}
"""How factors are made of a matrix whose pattern is symmetric."""


class LinearSolver(Protocol):
    """Solves one matrix with many right-hand sides."""

    def __call__(self, b: Array, tolerance: float) -> Array:
        """The solution, its residual below a share of b."""
        ...


def most_direct(spread: int) -> int:
    """Unknowns up to which factors are made; heats that maps spread take right-hand sides of their own.

    >>> most_direct(0), most_direct(1)
    (30000, 60000)
    """
    return 2 * DIRECT if spread else DIRECT


def needed(unknowns: int, entries: float, spread: int = 0) -> float:
    """Memory in bytes that the solution of so many unknowns takes, with heats that maps spread.

    >>> round(needed(10_000, 1e6) / 1e6)
    38
    """
    if unknowns <= most_direct(spread):
        return _factors(unknowns)
    return PER_ENTRY * entries


def _factors(unknowns: int) -> float:
    """Memory in bytes of the factors of so many unknowns."""
    size, count, power = FACTORS
    return size * (unknowns / count) ** power


def seconds(unknowns: int) -> float:
    """Expected seconds of one current."""
    taken, size, exponent = TIME
    return taken * (unknowns / size) ** exponent


def check_solver(unknowns: int, spread: int = 0) -> None:
    """Refuse systems that need what is not installed.

    Raises `InputError` without pyamg.
    """
    most = most_direct(spread)
    if unknowns > most and find_spec("pyamg") is None:
        expected = f"pyamg is expected for more than {most:,} unknowns, here are {unknowns:,}"
        raise InputError(Fault("fidelity", "full", expected, 'install it: pip install "ioffe[field]"'))


def solver_of(
    matrix: Matrix, potentials: NDArray[np.bool_], corners: Matrix, spread: int = 0
) -> LinearSolver:
    """A solver for a matrix, by its size.

    `potentials`: which unknowns are potentials; the others are temperatures.
    `corners`: all unknowns from those at the corners of cells (`CoupledSystem.corners`).
    `spread`: heats that maps spread.
    """
    direct = len(potentials) <= most_direct(spread)
    return Factors(matrix) if direct else BlockMultigrid(matrix, potentials, corners)


class Factors:
    """Factors of a matrix whose pattern is symmetric, with one refinement."""

    def __init__(self, matrix: Matrix) -> None:
        self.matrix = matrix
        self.factors = linalg.splu(matrix.tocsc(), **SYMMETRIC)

    def __call__(self, b: Array, tolerance: float) -> Array:
        """The solution; better than any tolerance that is asked for."""
        del tolerance
        x = self.factors.solve(b)
        return x + self.factors.solve(b - self.matrix @ x)


class FieldCycle:
    """One symmetric cycle for a field: relaxation, correction at the corners of the cells, relaxation."""

    def __init__(self, matrix: Any, corners: Matrix) -> None:
        import pyamg

        # pyamg takes no sparse arrays
        self.matrix = sparse.csr_matrix(matrix)
        columns = corners.tocsc()
        self.up = columns[:, np.flatnonzero(np.diff(columns.indptr))].tocsr()
        self.down = self.up.T.tocsr()
        small: Any = sparse.csr_matrix(self.down @ (matrix @ self.up))
        if small.shape[0] <= DIRECT:
            self.below = linalg.splu(small.tocsc(), **SYMMETRIC).solve
            return
        # a serpentine of good and bad conductors: what hangs together is seen by relaxation alone
        strength: Any = ("evolution", {"k": 2, "epsilon": 4.0})
        cycle = pyamg.smoothed_aggregation_solver(small, strength=strength, max_coarse=300).aspreconditioner()
        self.below = cycle.matvec

    def __call__(self, r: Array) -> Array:
        """Values near those that a residual asks for."""
        from pyamg.relaxation.relaxation import gauss_seidel

        x = np.zeros_like(r)
        gauss_seidel(self.matrix, x, r, sweep="forward")
        x += self.up @ self.below(self.down @ (r - self.matrix @ x))
        gauss_seidel(self.matrix, x, r, sweep="backward")
        return x


class BlockMultigrid:
    """GMRES with a solver for the potentials, one for the temperatures, and the first again.

    Solvers of a field are factors while these take less time than cycles of multigrid; and where cycles need
    too many iterations, as for cells much longer than wide, as far as the memory reaches.
    """

    def __init__(self, matrix: Matrix, potentials: NDArray[np.bool_], corners: Matrix) -> None:
        self.matrix, self.corners = matrix, corners
        self.V, self.T = V, T = np.flatnonzero(potentials), np.flatnonzero(~potentials)
        # heat conducts by minus the slope of what leaves
        rows = (-matrix).tocsr()
        self.TT, self.VV = (0.5 * (A + A.T) for A in (rows[T][:, T], rows[V][:, V]))
        self.TV, self.VT = rows[T][:, V], rows[V][:, T]
        self.most = DIRECT
        self._prepare()

    def _prepare(self) -> None:
        """Make the solvers of both fields."""
        heat, current = (self._field(A, F) for A, F in ((self.TT, self.T), (self.VV, self.V)))
        T, V = self.T, self.V

        def sweep(r: Array) -> Array:
            out = np.empty_like(r)
            v = current(-r[V])
            out[T] = heat(-r[T] - self.TV @ v)
            out[V] = v - current(self.VT @ out[T])
            return out

        operator: Any = linalg.LinearOperator
        self.sweep = operator(self.matrix.shape, sweep, dtype=float)

    def _field(self, matrix: Any, unknowns: NDArray[np.intp]) -> Callable[[Array], Array]:
        if len(unknowns) <= self.most:
            return linalg.splu(matrix.tocsc(), **SYMMETRIC).solve
        return FieldCycle(matrix.tocsr(), self.corners[unknowns][:, unknowns])

    def __call__(self, b: Array, tolerance: float) -> Array:
        """The solution.

        Raises `RuntimeError` if it is not found.
        """
        x, r, size = np.zeros_like(b), b, float(np.linalg.norm(b))
        wanted = tolerance * size
        for _ in range(CYCLES):
            options: dict[str, Any] = {"rtol": 0.0, "atol": wanted, "restart": RESTART, "maxiter": 1}
            x += linalg.gmres(self.matrix, r, M=self.sweep, **options)[0]
            r = b - self.matrix @ x
            left = float(np.linalg.norm(r))
            # stiff conductors beside soft ones: what is left may be rounding, which no cycle takes away
            if left <= wanted or left <= ROUNDING * float(np.linalg.norm(abs(self.matrix) @ np.abs(x))):
                return x
            largest = max(len(self.T), len(self.V))
            if largest > self.most and left > SLOW * size and _factors(largest) < SHARE * free_memory():
                self.most = largest
                self._prepare()
        raise RuntimeError("GMRES did not converge: parts may be too thin beside others for finite elements")
