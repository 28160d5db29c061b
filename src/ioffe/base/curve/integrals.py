"""Integrals, means and extremes of a curve."""

from __future__ import annotations

from typing import Any, Final, overload

import numpy as np
import numpy.typing as npt

from ioffe.base.curve.interpolation import Array
from ioffe.base.curve.piecewise import Piecewise
from ioffe.base.errors import Fault, InputError
from ioffe.base.units.border import floats

__all__ = ["CurveIntegrals"]

MONOTONE: Final = ("linear", "pchip")
"""Interpolations that have no extremum between two points."""


class CurveIntegrals:
    """The part of :class:`ioffe.base.curve.Curve` that looks at it over an interval."""

    __slots__ = ()

    quantity: str
    range: tuple[float, float]
    values: Array
    _kind: str
    _shape: Piecewise

    def _admit(self, lowest: float, highest: float, stacklevel: int = 3) -> None:
        """Warn or refuse if a temperature lies outside the range; the curve does it."""

    @overload
    def integral(self, T1: float, T2: float) -> float: ...
    @overload
    def integral(self, T1: npt.ArrayLike, T2: npt.ArrayLike) -> Any: ...
    def integral(self, T1: npt.ArrayLike, T2: npt.ArrayLike) -> float | Array:
        """Integral over T from T1 to T2, exact to rounding; outside the range of the held value.

        Parameters
        ----------
        T1, T2 : float or array_like
            Limits in K, broadcast against each other; T1 may be above T2.

        Returns
        -------
        float or ndarray of the broadcast shape

        Examples
        --------
        >>> from ioffe.base.curve import Curve
        >>> Curve([300, 400], [1.0, 2.0], interpolation="linear").integral(300.0, 400.0)
        150.0
        """
        a, b = _limits(T1, T2)
        self._admit(*_span(a, b))
        found = self._shape.area(a, b)
        return float(found) if found.ndim == 0 else found

    @overload
    def mean(self, T1: float, T2: float) -> float: ...
    @overload
    def mean(self, T1: npt.ArrayLike, T2: npt.ArrayLike) -> Any: ...
    def mean(self, T1: npt.ArrayLike, T2: npt.ArrayLike) -> float | Array:
        """Mean over T between T1 and T2; the value itself where they are equal.

        Parameters and results as for :meth:`integral`.

        Examples
        --------
        >>> from ioffe.base.curve import Curve
        >>> Curve([300, 400], [1.0, 2.0]).mean(300.0, 350.0)
        1.25
        """
        a, b = _limits(T1, T2)
        self._admit(*_span(a, b))
        width = b - a
        point = self._shape.values(np.clip(a, *self.range))
        found = np.where(width == 0, point, self._shape.area(a, b) / np.where(width == 0, 1.0, width))
        return float(found) if found.ndim == 0 else found

    @overload
    def integral_of_reciprocal(self, T1: float, T2: float) -> float: ...
    @overload
    def integral_of_reciprocal(self, T1: npt.ArrayLike, T2: npt.ArrayLike) -> Any: ...
    def integral_of_reciprocal(self, T1: npt.ArrayLike, T2: npt.ArrayLike) -> float | Array:
        """Integral of 1/curve over T, by Gauss-Legendre on every cell, to 1e-13 relative.

        Parameters and results as for :meth:`integral`.

        Raises
        ------
        InputError
            If the curve is zero or changes sign between T1 and T2.

        Examples
        --------
        >>> from ioffe.base.curve import Curve
        >>> Curve.constant(4.0).integral_of_reciprocal(300.0, 400.0)
        25.0
        """
        a, b = _limits(T1, T2)
        self._admit(*_span(a, b))
        found = np.empty(a.shape)
        for index in np.ndindex(a.shape):
            found[index] = self._reciprocal_area(float(a[index]), float(b[index]))
        return float(found) if found.ndim == 0 else found

    def minimum(self, T1: float | None = None, T2: float | None = None) -> float:
        """Smallest value between T1 and T2 (the range, if not given), extrema inside cells included.

        Examples
        --------
        >>> from ioffe.base.curve import Curve
        >>> Curve.polynomial((9.0, -6.0, 1.0), (0, 10)).minimum()
        0.0
        """
        return float(self._extremes(T1, T2).min())

    def maximum(self, T1: float | None = None, T2: float | None = None) -> float:
        """Largest value between T1 and T2 (the range, if not given), extrema inside cells included.

        Examples
        --------
        >>> from ioffe.base.curve import Curve
        >>> Curve.polynomial((9.0, -6.0, 1.0), (0, 10)).maximum(0.0, 4.0)
        9.0
        """
        return float(self._extremes(T1, T2).max())

    def _reciprocal_area(self, a: float, b: float) -> float:
        if a == b:
            return 0.0
        low, high = min(a, b), max(a, b)
        values = self._shape.values_between(low, high)
        if values.min() <= 0 <= values.max():
            between = f"it is zero or changes sign between {low:g} K and {high:g} K"
            raise InputError(
                Fault(self.quantity, expected="a curve without a zero is expected", advice=between)
            )
        area = self._shape.reciprocal_area(low, high)
        return area if a < b else -area

    def _extremes(self, T1: float | None, T2: float | None) -> Array:
        if T1 is None and T2 is None and self._kind in MONOTONE:
            return self.values
        a = self.range[0] if T1 is None else float(_kelvin(T1))
        b = self.range[1] if T2 is None else float(_kelvin(T2))
        self._admit(min(a, b), max(a, b), stacklevel=4)
        return self._shape.values_between(min(a, b), max(a, b))


def _limits(T1: npt.ArrayLike, T2: npt.ArrayLike) -> tuple[Array, Array]:
    a, b = np.broadcast_arrays(_kelvin(T1), _kelvin(T2))
    return a, b


def _kelvin(T: npt.ArrayLike) -> Array:
    return floats(T, "temperature", "T")


def _span(a: Array, b: Array) -> tuple[float, float]:
    """Lowest and highest of both, NaN ignored; NaN if there is none."""
    if not a.size:
        return np.nan, np.nan
    return float(np.fmin.reduce(np.fmin(a, b), axis=None)), float(np.fmax.reduce(np.fmax(a, b), axis=None))
