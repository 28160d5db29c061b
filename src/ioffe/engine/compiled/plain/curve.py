"""Current-voltage curves: Chebyshev polynomials through a few solved currents.

At given end temperatures c(j) and r(j) are analytic, whatever the table looks like, so that their Chebyshev
coefficients fall fast, and the last one tells the error.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ioffe.engine.compiled.cache import kernel


@kernel
def interpolate(
    inverse: Any, start: int, stop: int, low: Any, high: Any, current: Any, nodes: Any, values: Any, tail: Any
) -> None:
    """Chebyshev polynomials through the values at the nodes, for a range of devices.

    Parameters
    ----------
    inverse
        Matrix from values at the k nodes to coefficients, shape (k, k).
    low, high
        Ends of the interval of the nodes, shape (stop - start,).
    current
        Where the polynomials are wanted, shape (devices, points).
    nodes
        Values at the nodes, shape (stop - start, k).
    values
        What is written, shape (devices, points).
    tail
        Relative size of the last coefficient; the largest so far is kept; shape (stop - start,).
    """
    n = current.shape[1]
    t, last, before = np.empty(n), np.empty(n), np.empty(n)
    for i in range(stop - start):
        for p in range(n):
            t[p] = (2.0 * current[start + i, p] - low[i] - high[i]) / (high[i] - low[i])
        tail[i] = max(tail[i], _clenshaw(inverse, nodes[i], t, last, before, values[start + i]))


@kernel(fast=True)
def _clenshaw(inverse: Any, values: Any, t: Any, last: Any, before: Any, result: Any) -> float:
    """Sum of one polynomial by Clenshaw's recurrence; returns the relative size of the last coefficient."""
    k, n = len(values), len(t)
    size = 0.0
    for value in values:
        size = max(size, abs(value))
    last[:] = before[:] = 0.0
    tail = 0.0
    for m in range(k - 1, -1, -1):
        a = 0.0
        for i in range(k):
            a += inverse[m, i] * values[i]
        if m == k - 1:
            tail = abs(a) / size
        if m > 0:
            for p in range(n):
                new = a + 2.0 * t[p] * last[p] - before[p]
                before[p], last[p] = last[p], new
        else:
            for p in range(n):
                result[p] = a + t[p] * last[p] - before[p]
    return tail
