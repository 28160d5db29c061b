"""Truncated power series of one lane, as rows of one array (series, order)."""

from __future__ import annotations

from math import isfinite
from typing import Any

from ioffe.engine.compiled.cache import kernel

ROUNDING = 1e-13
"""Relative accuracy of roots."""
ROOT_PASSES = 60


@kernel(inner=True)
def product(s: Any, a: int, b: int, k: int) -> float:
    """Coefficient k of the product of the series a and b."""
    out = 0.0
    for i in range(k + 1):
        out += s[a, i] * s[b, k - i]
    return out


@kernel(inner=True)
def value(s: Any, a: int, order: int, x: float) -> float:
    """Series a at x."""
    out = s[a, order]
    for k in range(order - 1, -1, -1):
        out = out * x + s[a, k]
    return out


@kernel(inner=True)
def slope(s: Any, a: int, order: int, x: float) -> float:
    """Derivative of series a at x."""
    out = order * s[a, order]
    for k in range(order - 1, 0, -1):
        out = out * x + k * s[a, k]
    return out


@kernel(inner=True)
def bend(s: Any, a: int, order: int, x: float) -> float:
    """Second derivative of series a at x."""
    out = order * (order - 1) * s[a, order]
    for k in range(order - 1, 1, -1):
        out = out * x + k * (k - 1) * s[a, k]
    return out


@kernel(inner=True)
def reach(s: Any, a: int, order: int, target: float, upper: float, end: float) -> float:
    """Where series a, which is 0 at 0 and monotonic up to `end` at `upper`, takes a value between."""
    low, high, x = 0.0, upper, upper * target / end
    allowed = ROUNDING * (abs(target) + abs(s[a, 1]))
    for _ in range(ROOT_PASSES):
        miss = value(s, a, order, x) - target
        if abs(miss) <= allowed:
            break
        if (miss >= 0.0) == (end > 0.0):
            high = x
        else:
            low = x
        new = x - miss / slope(s, a, order, x)
        if not (isfinite(new) and low <= new <= high):
            new = 0.5 * (low + high)
        done = abs(new - x) <= 1e-15
        x = new
        if done:
            break
    return x


@kernel(inner=True)
def turn(s: Any, a: int, order: int, upper: float) -> float:
    """Where the derivative of series a changes its sign between 0 and `upper`."""
    low, high = 0.0, upper
    first, last = s[a, 1], slope(s, a, order, upper)
    x = upper * first / (first - last)
    allowed = ROUNDING * (abs(first) + abs(last))
    for _ in range(ROOT_PASSES):
        miss = slope(s, a, order, x)
        if abs(miss) <= allowed:
            break
        if (miss >= 0.0) == (last >= 0.0):
            high = x
        else:
            low = x
        new = x - miss / bend(s, a, order, x)
        if not (isfinite(new) and low <= new <= high):
            new = 0.5 * (low + high)
        done = abs(new - x) <= 1e-15
        x = new
        if done:
            break
    return x
