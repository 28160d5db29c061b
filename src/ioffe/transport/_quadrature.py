"""Integrals over the thermal window -df/dx, and adaptive integrals over panels.

The kernel of every transport property of a band is the window: with x = E/(k_B T) from the band edge, eta the
Fermi level and f = 1/(1 + exp(x - eta)), a conductivity, a density or a Hall constant is
int_0^inf g(x) (-df/dx) dx. The trapezoidal rule in t, x = ln(1 + exp(t)), converges exponentially: the Fermi
function has its poles at eta +- i pi, which is also where the map becomes singular, and g may start with any
power of x. Deep in a band the window is a bell around eta, and the rule is taken in u = x - eta.

Phonons need an adaptive rule for many integrands at once, panel by panel: the pair of 10 and 21 points of
QUADPACK (R. Piessens et al., QUADPACK, Springer 1983, doi 10.1007/978-3-642-61786-7), with its estimate of
the error.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from math import pi
from typing import Final

import numpy as np
from numpy.polynomial import chebyshev
from numpy.typing import ArrayLike, NDArray

from ioffe.base.arrays import Array
from ioffe.base.errors import ConvergenceError

DEEP: Final = 64.0
"""Above this Fermi level the band edge is out of the window's reach (exp(-DEEP) = 2e-28)."""

STEP: Final = 0.25
"""Step in t: the error is about exp(-2 pi d/STEP), d the distance of the nearest singularity from the axis;
pi/2 for the worst sum of scattering mechanisms (1e-17)."""

KANE_STEP: Final = 0.36
"""Step for one mechanism: d = 2.19 at least in a Kane band (3e-17), pi for a power of x."""

_REACH: Final = 60.0
"""Thermal energies above the Fermi level that count: x^6 exp(-x) is 4e-16 there."""

_DEEP_STEP: Final = 0.4
_DEEP_REACH: Final = 46.0
_SMALLEST: Final = -37.0
"""ln of the smallest share that counts, 8e-17."""

Integrand = Callable[..., tuple[Array, ...]]


def window_integrals(
    integrals: Integrand,
    reduced_fermi_level: ArrayLike,
    *parameters: ArrayLike,
    lowest_power: float = 0.5,
    step: float = STEP,
) -> tuple[Array, ...]:
    """Integrals over the window at every Fermi level.

    `integrals`: ``integrals(x, weight, eta, *parameters)`` gives the integrals as a tuple of arrays (cases,),
        sums over the nodes: x is (1, nodes) or (cases, nodes) and so is the weight, eta is (cases, 1), and a
        parameter is (1, 1) if it is one number, (cases, 1) otherwise. The weight is -df/dx dx over
        exp(min(eta, 0)).
    `*parameters`: broadcast against the Fermi level.
    `lowest_power`: the integrands begin as x to at least this power, above -1.
    `step`: step in t.
    Returns: in the common shape of the Fermi level and the parameters.
    """
    eta, *others = (np.asarray(a, float) for a in (reduced_fermi_level, *parameters))
    shape = np.broadcast_shapes(eta.shape, *(other.shape for other in others))
    flat = np.broadcast_to(eta, shape).ravel()
    columns = [(one if one.size == 1 else np.broadcast_to(one, shape)).reshape(-1, 1) for one in others]
    deep = flat > DEEP
    found: tuple[Array, ...] = ()
    for chosen, rule in ((~deep, _edge_rule), (deep, _deep_rule)):
        if not (chosen.any() or (rule is _edge_rule and not flat.size)):
            continue
        x, weight = rule(flat[chosen], lowest_power, step)
        here = (column if len(column) == 1 else column[chosen] for column in columns)
        part = integrals(x, weight, flat[chosen, None], *here)
        found = found or tuple(np.empty_like(flat) for _ in part)
        for whole, values in zip(found, part, strict=True):
            whole[chosen] = values
    return tuple(whole.reshape(shape) for whole in found)


def total(weight: Array, integrand: Array) -> Array:
    """Sum over the nodes, (cases,); a product of matrices if either is the same for all cases."""
    if len(integrand) == 1:
        return weight @ integrand[0]
    return integrand @ weight[0] if len(weight) == 1 else np.einsum("ij,ij->i", weight, integrand)


def _edge_rule(eta: Array, lowest_power: float, step: float) -> tuple[Array, Array]:
    """Nodes (1, nodes) and weights (cases, nodes) for a window that sees the band edge."""
    top = float(np.fmax.reduce(eta, initial=0.0))
    x, dx, decay = _edge_nodes(int(np.ceil((top + _REACH) / step)), lowest_power, step)
    root = np.exp(-0.5 * np.maximum(eta, 0.0))
    weight = decay * (np.exp(eta) * root)[:, None]  # one array, as new ones cost more than the arithmetic
    weight += root[:, None]
    weight *= weight
    np.divide(decay * dx, weight, out=weight)
    return x, weight


@lru_cache(maxsize=64)
def _edge_nodes(above: int, lowest_power: float, step: float) -> tuple[Array, Array, Array]:
    """x, dx and exp(-x) of the nodes."""
    below = int(np.ceil(-_SMALLEST / (lowest_power + 1.0) / step))
    t = step * np.arange(-below, above + 1)
    x = np.logaddexp(0.0, t)
    return x[None, :], step * np.exp(t - x), np.exp(-x)


def _deep_rule(eta: Array, _power: float, _step: float) -> tuple[Array, Array]:
    """Nodes (cases, nodes) and weights (1, nodes) for a window deep inside the band."""
    u = np.arange(-_DEEP_REACH, _DEEP_REACH + _DEEP_STEP, _DEEP_STEP)
    return eta[:, None] + u, (_DEEP_STEP / (4.0 * np.cosh(u / 2.0) ** 2))[None, :]


_BERNOULLI: Final = (
    *(1 / 6, 1 / 30, 1 / 42, 1 / 30, 5 / 66, 691 / 2730),
    *(7 / 6, 3617 / 510, 43867 / 798, 174611 / 330, 854513 / 138),
)
"""|B_2|, |B_4|, ... |B_22|."""

_MOMENTS: Final = (1.0, *((4.0**n - 2.0) * pi ** (2 * n) * b for n, b in enumerate(_BERNOULLI, 1)))
"""int u^i (-df/du) du over the whole axis for i = 0, 2, ... 22; 0 for odd i."""


def deep_moments(power: float, eta: Array) -> tuple[Array, Array, Array]:
    r"""int u^k (1 + u/eta)^power (-df/du) du for k = 0, 1, 2, the last two without cancellation.

    Twelve terms of the binomial series; at eta = 64 the first that is left out is below 1e-17.
    """
    binomial, small, inverse = 1.0, 1.0 / np.asarray(eta, float), np.ones_like(eta)
    found = [np.zeros_like(inverse) for _ in range(3)]
    for order in range(2 * len(_MOMENTS) - 2):
        for k in range(3):
            if (order + k) % 2 == 0 and order + k < 2 * len(_MOMENTS):
                found[k] += binomial * _MOMENTS[(order + k) // 2] * inverse
        binomial *= (power - order) / (order + 1)
        inverse = inverse * small
    return found[0], found[1], found[2]


_LOWEST: Final = -40.0
"""Below this Fermi level a band is non-degenerate to the last digit (exp(-40) = 4e-18)."""

_WIDTH: Final = 0.5
"""Width of a cell: singular at +- i pi only, a function has coefficients there that fall at least as
(4 pi/_WIDTH)^-k = 25^-k."""

_DEGREE: Final = 12

_CELLS: Final = round((DEEP - _LOWEST) / _WIDTH)

LARGEST_KEPT: Final = 4096
"""Most Fermi levels for which something is kept for the next function of the same levels."""

_BLOCKS: Final = 16
"""Cells are made in blocks, which fit the cache and look no farther above the Fermi level than they must."""

Function = Callable[[Array], Array]


class FermiTable:
    """A function of the Fermi level to a few 1e-16, from one that is slow.

    `function`: array of Fermi levels from -40 to 64 to the values; analytic within pi of the real axis.
    `below`, `above`: the function below -40 and above 64.
    """

    def __init__(self, function: Function, below: Function, above: Function) -> None:
        self._below, self._above = below, above
        nodes = chebyshev.chebpts1(_DEGREE + 1)
        middles = _LOWEST + _WIDTH * (np.arange(_CELLS) + 0.5)
        blocks = np.array_split(middles + 0.5 * _WIDTH * nodes[:, None], _BLOCKS, axis=1)
        values = np.hstack([function(block) for block in blocks])
        amplitudes = np.linalg.solve(chebyshev.chebvander(nodes, _DEGREE), values)
        self._powers = np.ascontiguousarray(_POWERS_OF_CHEBYSHEV.T @ amplitudes)
        rising = (2.0 / _WIDTH) * np.arange(1, _DEGREE + 1)
        self._slopes = np.ascontiguousarray(self._powers[1:] * rising[:, None])

    def __call__(self, reduced_fermi_level: ArrayLike) -> Array:
        """Value at every Fermi level; NaN at NaN."""
        eta = np.asarray(reduced_fermi_level, float)
        found, outside = self._inside(self._powers, eta)
        if outside:
            found = np.array(found)
            for chosen, function in ((eta < _LOWEST, self._below), (eta > DEEP, self._above)):
                found[chosen] = function(eta[chosen])
        return found

    def slope(self, reduced_fermi_level: ArrayLike) -> Array:
        """Derivative from -40 to 64 (held outside), to about 1e-13."""
        return self._inside(self._slopes, np.asarray(reduced_fermi_level, float))[0]

    @staticmethod
    def _inside(coefficients: Array, eta: Array) -> tuple[Array, bool]:
        """The polynomial of every Fermi level's cell, and whether any level lies outside of all cells."""
        flat, outside = eta.ravel(), False
        found = np.empty(flat.size)
        for start in range(0, flat.size, LARGEST_KEPT):
            part = slice(start, start + LARGEST_KEPT)
            cell, powers, beyond = _place(flat[part].tobytes())
            rows = coefficients.take(cell, axis=1)
            np.einsum("ij,ij->j", rows, powers[: len(rows)], out=found[part])
            outside |= beyond
        return found.reshape(eta.shape)[()], outside


@lru_cache(maxsize=8)
def _place(levels: bytes) -> tuple[NDArray[np.intp], Array, bool]:
    """Cells of Fermi levels, powers of the place in the cell, and whether any level lies outside.

    The same for every table, and kept, as S, L, n, sigma and r_H are asked for at the same levels.
    """
    scaled = (np.frombuffer(levels) - _LOWEST) / _WIDTH
    held = np.minimum(np.maximum(scaled, 0.0), _CELLS)
    # NaN stays in the powers; its cell may be any
    cell = np.fmin(held, _CELLS - 1).astype(np.intp)
    t = 2.0 * (held - cell) - 1.0
    powers = np.empty((_DEGREE + 1, t.size))
    powers[0], powers[1], have = 1.0, t, 1
    while have < _DEGREE:
        more = min(have, _DEGREE - have)
        np.multiply(powers[1 : 1 + more], powers[have], out=powers[1 + have : 1 + have + more])
        have += more
    return cell, powers, bool((held != scaled).any())


def _powers_of_chebyshev() -> Array:
    """Row k: ascending coefficients of the Chebyshev polynomial T_k."""
    table = np.zeros((_DEGREE + 1, _DEGREE + 1))
    for k, unit in enumerate(np.eye(_DEGREE + 1)):
        found = chebyshev.cheb2poly(unit)
        table[k, : len(found)] = found
    return table


_POWERS_OF_CHEBYSHEV: Final = _powers_of_chebyshev()


_HALF: Final = np.array([
    0.9956571630258080807, 0.9739065285171717200, 0.9301574913557082260, 0.8650633666889845107,
    0.7808177265864168970, 0.6794095682990244062, 0.5627571346686046833, 0.4333953941292471907,
    0.2943928627014601981, 0.1488743389816312108,
])  # fmt: skip
_HALF_KRONROD: Final = np.array([
    0.0116946388673718742, 0.0325581623079647274, 0.0547558965743519960, 0.0750396748109199527,
    0.0931254545836976055, 0.1093871588022976418, 0.1234919762620658510, 0.1347092173114733259,
    0.1427759385770600807, 0.1477391049013384913,
])  # fmt: skip
_HALF_GAUSS: Final = np.array([
    0.0666713443086881375, 0.1494513491505805931, 0.2190863625159820439,
    0.2692667193099963550, 0.2955242247147528701,
])  # fmt: skip
_CENTRE: Final = 0.1494455540029169056

NODES: Final = np.concatenate([-_HALF, [0.0], _HALF[::-1]])
KRONROD: Final = np.concatenate([_HALF_KRONROD, [_CENTRE], _HALF_KRONROD[::-1]])
GAUSS: Final = np.zeros(21)
GAUSS[1::2] = np.concatenate([_HALF_GAUSS, _HALF_GAUSS[::-1]])
_RULES: Final = np.stack([KRONROD, KRONROD - GAUSS])

_GENERATIONS: Final = 60
"""Halvings of a panel after which an integral is given up."""
_ROUNDING: Final = 50 * np.finfo(float).eps


def integrate_panels(
    function: Callable[[Array], Array], edges: ArrayLike, tolerance: float = 1e-11
) -> tuple[Array, Array]:
    """Integrals of many functions of one variable over every panel.

    `function`: nodes (n,) to values (n, ...).
    `edges` (panels + 1,): ends of the panels, rising.
    `tolerance`: relative to the integral over all panels, for each of the functions.
    Returns `integrals` (panels, ...)
    Returns `error` (...): estimated error of their sum.
    Raises `ConvergenceError` if the tolerance is not reached when a panel has been halved 60 times.

    >>> values, error = integrate_panels(lambda x: np.stack([x**0.5, np.exp(x)], axis=1), [0.0, 0.5, 1.0])
    >>> values.sum(axis=0)
    array([0.66666667, 1.71828183])
    """
    ends = np.asarray(edges, float)
    left, right, owner = ends[:-1], ends[1:], np.arange(ends.size - 1)
    done: Array | None = None
    spent: Array = np.zeros(())
    for _ in range(_GENERATIONS):
        value, error = _apply(function, left, right)
        if done is None:
            done, spent = np.zeros((ends.size - 1, *value.shape[1:])), np.zeros(value.shape[1:])
        allowed = tolerance * np.abs(done.sum(axis=0) + value.sum(axis=0))
        finished = bool(np.all(spent + error.sum(axis=0) <= allowed))
        rest = error > np.maximum(allowed / (2 * left.size), 0.0)
        again = np.zeros(left.size, bool) if finished else rest.reshape(left.size, -1).any(axis=1)
        np.add.at(done, owner[~again], value[~again])
        spent = spent + error[~again].sum(axis=0)
        if not again.any():
            return done, spent
        left, right, owner = left[again], right[again], owner[again]
        middle = 0.5 * (left + right)
        left, right = np.concatenate([left, middle]), np.concatenate([middle, right])
        owner = np.concatenate([owner, owner])
    message = f"an integral was not found to a relative {tolerance:g} within {_GENERATIONS} halvings"
    raise ConvergenceError(message)


def _apply(function: Callable[[Array], Array], left: Array, right: Array) -> tuple[Array, Array]:
    """Integral and error of every panel, shapes (panels, ...)."""
    half = 0.5 * (right - left)
    nodes = (0.5 * (left + right))[:, None] + half[:, None] * NODES
    found = np.asarray(function(nodes.ravel()))
    values = found.reshape(left.size, NODES.size, -1)
    integral, difference = np.einsum("rk,pkl,p->rpl", _RULES, values, half)
    size = np.einsum("k,pkl,p->pl", KRONROD, np.abs(values), half)
    mean = integral / (2 * half)[:, None]
    spread = np.einsum("k,pkl,p->pl", KRONROD, np.abs(values - mean[:, None]), half)
    with np.errstate(divide="ignore", invalid="ignore"):
        scaled = spread * np.minimum(1.0, (200.0 * np.abs(difference) / spread) ** 1.5)
    error = np.maximum(np.where(spread > 0.0, scaled, np.abs(difference)), _ROUNDING * size)
    shape = (left.size, *found.shape[1:])
    return integral.reshape(shape), error.reshape(shape)


_CUT: Final = 80.0
"""x above which nothing counts: x^5 exp(-x) is 6e-26 there."""


def thermal_window(x: ArrayLike) -> Array:
    r"""x^2 e^x/(e^x - 1)^2, the heat capacity of a mode of frequency x k_B T/hbar over k_B.

    >>> thermal_window([0.0, 1.0, 40.0])
    array([1.00000000e+00, 9.20673594e-01, 6.79736681e-15])
    """
    half = 0.5 * np.asarray(x, float)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        return np.where(half < 1e-8, 1.0, (half / np.sinh(half)) ** 2)


def debye_integral(order: int, upper: ArrayLike) -> Array:
    r"""int_0^X x^n e^x/(e^x - 1)^2 dx, to about 1e-13.

    `order`: n, from 2 on.
    `upper`: X; infinity is allowed.

    >>> debye_integral(4, [0.0, np.inf]) / (4 * np.pi**4 / 15)
    array([0., 1.])
    """
    top = np.minimum(np.asarray(upper, float), _CUT)

    def integrand(s: Array) -> Array:
        x = top * s.reshape(-1, *(1,) * top.ndim)
        return top * x ** (order - 2) * thermal_window(x)

    return integrate_panels(integrand, (0.0, 0.25, 0.5, 1.0), 1e-13)[0].sum(axis=0)
