"""Small dense systems of linear equations."""

from __future__ import annotations

from typing import Any

from ioffe.engine.compiled.cache import kernel


@kernel(inner=True)
def factor(matrix: Any, n: int, pivot: Any) -> bool:
    """LU decomposition of the leading n rows in place, with row exchanges; False where it is singular."""
    for k in range(n):
        best = k
        for i in range(k + 1, n):
            if abs(matrix[i, k]) > abs(matrix[best, k]):
                best = i
        pivot[k] = best
        if not abs(matrix[best, k]) > 0.0:
            return False
        if best != k:
            for m in range(n):
                matrix[k, m], matrix[best, m] = matrix[best, m], matrix[k, m]
        one = 1.0 / matrix[k, k]
        for i in range(k + 1, n):
            if matrix[i, k] != 0.0:
                share = matrix[i, k] * one
                matrix[i, k] = share
                for m in range(k + 1, n):
                    matrix[i, m] -= share * matrix[k, m]
    return True


@kernel(inner=True)
def substitute(matrix: Any, n: int, pivot: Any, x: Any) -> None:
    """Solve with the decomposition; x holds the right-hand side and then the solution."""
    for k in range(n):
        other = pivot[k]
        if other != k:
            x[k], x[other] = x[other], x[k]
    for i in range(n):
        for k in range(i):
            x[i] -= matrix[i, k] * x[k]
    for i in range(n - 1, -1, -1):
        for k in range(i + 1, n):
            x[i] -= matrix[i, k] * x[k]
        x[i] /= matrix[i, i]
