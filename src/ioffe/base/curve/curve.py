"""Curves: a property as a function of temperature, from a table or a formula.

A curve is a piecewise cubic. It is evaluated and integrated exactly, and it never has a public derivative:
the slope of an interpolant is no measured property (between nine points of a Seebeck coefficient it is wrong
by tens of per cent, and it jumps at the knots of a linear table), and no equation solved in `ioffe` needs it.
The Thomson term is carried by T S - int S dT, which :meth:`Curve.integral` gives exactly.

>>> kappa = Curve([300, 400, 500], [1.2, 1.0, 0.9], "thermal_conductivity")
>>> kappa(350.0)
1.0854166666666667
>>> kappa.mean(300.0, 500.0)
1.0166666666666666
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from math import isfinite
from typing import Any, Final, NoReturn, Self, final, overload

import numpy as np
import numpy.typing as npt

from ioffe.base.curve.checks import INTERPOLATIONS, checked_formula, checked_options, checked_table, frozen
from ioffe.base.curve.integrals import CurveIntegrals
from ioffe.base.curve.interpolation import Array, polynomial_cell, table_cells
from ioffe.base.curve.piecewise import Piecewise
from ioffe.base.errors import (
    ExtrapolationError,
    ExtrapolationWarning,
    Fault,
    Faults,
    InputError,
    did_you_mean,
)
from ioffe.base.units.border import floats
from ioffe.base.units.display import format_si

__all__ = ["ALL_TEMPERATURES", "Curve"]

ALL_TEMPERATURES: Final = (1.0, 10000.0)
"""Range (K) of a constant for which none is given."""

_SLACK: Final = 1e-9
_TABLE: Final = ("T", "values", "quantity", "std", "interpolation", "extrapolation", "name")
_FORMULA: Final = ("quantity", "std", "interpolation", "extrapolation", "name")


@final
class Curve(CurveIntegrals):
    r"""A property as a function of temperature. Immutable.

    Between the points the curve is piecewise linear, monotone cubic (``pchip``; Fritsch and Butland, SIAM J.
    Sci. Stat. Comput. 5 (1984) 300, doi 10.1137/0905021) or a cubic spline (not-a-knot from four points on,
    natural below). One point is a constant, valid from 1 K to 10000 K.

    Parameters
    ----------
    T : array_like of shape (n,)
        Temperatures in K, strictly increasing.
    values : array_like of shape (n,)
        Values in SI.
    quantity : str
        Name in :data:`ioffe.base.quantities.QUANTITIES`, or empty.
    std : array_like of shape (n,) or float, optional
        Standard deviations in SI.
    interpolation : {"pchip", "linear", "cubic"}
    extrapolation : {"warn", "hold", "strict"}
        Outside the range the end value is held, with or without an `ExtrapolationWarning`; ``strict`` raises.
    name : str
        What the curve belongs to, for messages.

    Attributes
    ----------
    knots : ndarray of shape (m,)
        Ends of the cells in K; the temperatures of a table.
    cells : ndarray of shape (m - 1, 4)
        Ascending coefficients of the cubics in t = T - knots[i].
    range : tuple of float
        First and last knot.
    coefficients : tuple of float or None
        Ascending in T for a formula, None for a table.
    interpolation : str
        As given; ``constant`` or ``polynomial`` for one point and for formulas.

    Raises
    ------
    InputError
        With everything that is wrong with the table.

    Examples
    --------
    >>> curve = Curve([300, 400, 500], [1.2, 1.0, 0.9], "thermal_conductivity", interpolation="linear")
    >>> curve
    Curve(thermal_conductivity, 3 points, 300 K to 500 K, 0.9 W/(m K) to 1.2 W/(m K), linear)
    >>> curve(np.array([300.0, 450.0]))
    array([1.2 , 0.95])
    >>> curve.integral(300.0, 500.0)
    205.0
    """

    __slots__ = (
        "T",
        "_kind",
        "_shape",
        "cells",
        "coefficients",
        "extrapolation",
        "interpolation",
        "knots",
        "name",
        "quantity",
        "range",
        "std",
        "values",
    )

    T: Array
    values: Array
    std: Array | None
    quantity: str
    interpolation: str
    extrapolation: str
    name: str
    range: tuple[float, float]
    knots: Array
    cells: Array
    coefficients: tuple[float, ...] | None
    _kind: str
    _shape: Piecewise

    def __init__(
        self,
        T: npt.ArrayLike,
        values: npt.ArrayLike,
        quantity: str = "",
        std: npt.ArrayLike | None = None,
        interpolation: str = "pchip",
        extrapolation: str = "warn",
        name: str = "",
    ) -> None:
        faults = Faults()
        checked_options(interpolation, extrapolation, quantity, faults, quantity)
        temperatures, column, deviations = checked_table(T, values, std, faults, quantity)
        faults.raise_if_any()
        is_one = len(temperatures) == 1
        self._put("coefficients", None)
        self._put_knots(np.array(ALL_TEMPERATURES) if is_one else temperatures)
        self._put_points(temperatures, column, deviations)
        self._put_words(quantity, extrapolation, name, "constant" if is_one else interpolation, interpolation)

    @classmethod
    def constant(
        cls,
        value: float,
        quantity: str = "",
        T_range: Sequence[float] | None = None,
        std: float | None = None,
        name: str = "",
    ) -> Self:
        """One value at every temperature; without a range it is silently held everywhere.

        Parameters
        ----------
        value : float
            In SI.
        quantity : str
            Name in the quantity table, or "" for a number without one.
        T_range : two floats, optional
            Where it is valid, in K.
        std : float, optional
            Standard deviation in SI.
        name : str
            Of the curve, for messages.

        Returns
        -------
        Curve

        Examples
        --------
        >>> Curve.constant(2e-4, "seebeck")(345.0)
        0.0002
        """
        extrapolation = "hold" if T_range is None else "warn"
        limits = ALL_TEMPERATURES if T_range is None else T_range
        return cls._formula((value,), limits, quantity, std, extrapolation, name)

    @classmethod
    def polynomial(
        cls,
        coefficients: Sequence[float],
        T_range: Sequence[float],
        quantity: str = "",
        extrapolation: str = "warn",
        name: str = "",
    ) -> Self:
        """A polynomial in T, exactly.

        Parameters
        ----------
        coefficients : sequence of 1 to 4 floats
            Ascending: c0 + c1 T + c2 T^2 + c3 T^3, SI, T in K.
        T_range : two floats
            Where it is valid, in K.
        quantity, extrapolation, name
            As for the class.

        Returns
        -------
        Curve
            A formula, which keeps its coefficients.

        Examples
        --------
        >>> S = Curve.polynomial((22224e-9, 930.6e-9, -0.9905e-9), (200, 400), "seebeck")
        >>> S(300.0)
        0.000212259
        """
        return cls._formula(coefficients, T_range, quantity, None, extrapolation, name)

    @classmethod
    def _formula(
        cls,
        coefficients: npt.ArrayLike,
        T_range: npt.ArrayLike,
        quantity: str,
        std: npt.ArrayLike | None,
        extrapolation: str,
        name: str,
    ) -> Self:
        faults = Faults()
        checked_options(None, extrapolation, quantity, faults, quantity)
        exact, limits = checked_formula(coefficients, T_range, faults, quantity)
        faults.raise_if_any()
        cells = polynomial_cell(exact, limits[0])
        start, step = cells[0], limits[1] - limits[0]
        ends = (float(start[0]), float(start[0] + step * (start[1] + step * (start[2] + step * start[3]))))
        temperatures, column, deviations = checked_table(limits, ends, std, faults, quantity)
        faults.raise_if_any()
        curve = object.__new__(cls)
        kind = "constant" if len(exact) == 1 else "polynomial"
        curve._put("coefficients", exact)
        curve._put_knots(temperatures)
        curve._put("cells", frozen(cells))
        curve._put_points(temperatures, column, deviations)
        curve._put_words(quantity, extrapolation, name, kind, kind)
        return curve

    def _put(self, slot: str, value: object) -> None:
        object.__setattr__(self, slot, value)

    def _put_knots(self, knots: Array) -> None:
        self._put("knots", frozen(knots))
        self._put("range", (float(knots[0]), float(knots[-1])))

    def __getattr__(self, name: str) -> Any:
        """The interpolant of a table, made when it is first needed: files hold thousands of curves."""
        if name == "cells":
            one = len(self.T) == 1
            cells = [[self.values[0], 0.0, 0.0, 0.0]] if one else table_cells(self.T, self.values, self._kind)
            self._put("cells", frozen(np.asarray(cells)))
        elif name == "_shape":
            ends = float(self.values[0]), float(self.values[-1])
            self._put("_shape", Piecewise(self.knots, self.cells, ends))
        else:
            raise AttributeError(f"{type(self).__name__} has no attribute {name}")
        return object.__getattribute__(self, name)

    def _put_points(self, T: Array, values: Array, std: Array | None) -> None:
        self._put("T", frozen(T))
        self._put("values", frozen(values))
        self._put("std", None if std is None else frozen(std))

    def _put_words(self, quantity: str, extrapolation: str, name: str, interpolation: str, kind: str) -> None:
        self._put("quantity", quantity)
        self._put("extrapolation", extrapolation)
        self._put("name", name)
        self._put("interpolation", interpolation)
        self._put("_kind", kind)

    @overload
    def __call__(self, T: float) -> float: ...
    @overload
    def __call__(self, T: npt.NDArray[Any] | Sequence[Any]) -> Array: ...
    def __call__(self, T: npt.ArrayLike) -> float | Array:
        """The value at T.

        Parameters
        ----------
        T : float or array_like of any shape
            Temperature in K; NaN gives NaN.

        Returns
        -------
        float or ndarray of the same shape

        Raises
        ------
        ExtrapolationError
            If the curve is strict and T lies outside its range.

        Warns
        -----
        ExtrapolationWarning
            Once a call, with the temperature furthest outside.
        """
        low, high = self.range
        if isinstance(T, float):
            if not low <= T <= high:
                self._admit(T, T)
                T = low if low > T else high if high < T else T
            return self._shape.at(float(T))
        x = floats(T, "temperature", "T")
        if x.size and not (x.min() >= low and x.max() <= high):
            self._admit(float(np.fmin.reduce(x, axis=None)), float(np.fmax.reduce(x, axis=None)))
            x = np.clip(x, low, high)
        found = self._shape.values(x)
        return float(found) if x.ndim == 0 else found

    def std_at(self, T: float | npt.ArrayLike) -> float | Array:
        """Standard deviation at T, linear between the points and held outside; 0 if none was given.

        Parameters
        ----------
        T : array_like
            In K.

        Returns
        -------
        float or ndarray
            In the unit of the curve (SI), in the shape of T.

        Examples
        --------
        >>> Curve([300, 400], [1.2, 1.0], std=[0.1, 0.2]).std_at(350.0)
        0.15000000000000002
        """
        x = floats(T, "temperature", "T")
        found = np.zeros_like(x) if self.std is None else np.interp(x, self.T, self.std)
        return float(found) if x.ndim == 0 else np.asarray(found)

    def replace(self, **changes: Any) -> Curve:
        """A changed copy; the words are those of the constructor.

        A formula keeps its coefficients and its range. It has no interpolation, so that asking for another
        one leaves it as it is: a set of curves is switched to ``linear`` in one sweep.

        Parameters
        ----------
        **changes
            Arguments of the constructor with their new values.

        Returns
        -------
        Curve

        Raises
        ------
        InputError
            For an unknown word, or T or values of a formula.

        Examples
        --------
        >>> Curve([300, 400, 500], [1.2, 1.0, 0.9]).replace(interpolation="linear")(350.0)
        1.1
        """
        words = _TABLE if self.coefficients is None else _FORMULA
        faults = Faults()
        for word, value in changes.items():
            if word not in words:
                points = "a formula has no points, make a new curve"
                advice = points if word in _TABLE else did_you_mean(word, words)
                faults.add(word, value, "a word of the curve is expected: " + ", ".join(words), advice)
        faults.raise_if_any()
        if changes.keys() == {"name"}:  # every curve of a material takes its name: nothing is made again
            same = object.__new__(type(self))
            for slot in Curve.__slots__:
                same._put(slot, getattr(self, slot))
            same._put("name", changes["name"])
            return same
        if self.coefficients is None:
            return Curve(**({word: self._word(word) for word in _TABLE} | changes))
        if changes.get("interpolation", "linear") not in (*INTERPOLATIONS, self.interpolation):
            checked_options(changes["interpolation"], "warn", "", faults, self.quantity)
            faults.raise_if_any()
        kept = {word: changes.get(word, self._word(word)) for word in _FORMULA if word != "interpolation"}
        return Curve._formula(self.coefficients, self.range, **kept)

    def scaled(self, factor: float) -> Curve:
        """The curve times a finite factor, standard deviations included.

        Parameters
        ----------
        factor : float
            Dimensionless; the quantity and its unit stay.

        Returns
        -------
        Curve

        Examples
        --------
        >>> Curve([300, 400], [1.2, 1.0]).scaled(2)(300.0)
        2.4
        """
        if isinstance(factor, bool) or not isfinite(factor):
            raise InputError(Fault("factor", factor, "a finite number is expected"))
        std = None if self.std is None else self.std * abs(factor)
        if self.coefficients is None:
            return self.replace(values=self.values * factor, std=std)
        coefficients = tuple(c * factor for c in self.coefficients)
        return Curve._formula(coefficients, self.range, self.quantity, std, self.extrapolation, self.name)

    def _word(self, word: str) -> Any:
        return self._kind if word == "interpolation" else getattr(self, word)

    def _admit(self, lowest: float, highest: float, stacklevel: int = 3) -> None:
        """Warn or refuse if a temperature lies outside the range by more than rounding."""
        low, high = self.range
        slack = _SLACK * high
        if self.extrapolation == "hold" or (not lowest < low - slack and not highest > high + slack):
            return
        below = low - lowest > highest - high
        worst, end = (lowest, low) if below else (highest, high)
        of = f' of "{self.name}"' if self.name else ""
        text = (
            f"{self.quantity or 'curve'}{of}: {worst:.6g} K lies outside its range, {low:g} K to {high:g} K"
        )
        if self.extrapolation == "strict":
            raise ExtrapolationError(f"{text}; a strict curve is not extrapolated")
        held = self._shown(self._shape.at(end))
        warnings.warn(
            f"{text}; {held} is held, its value at {end:g} K", ExtrapolationWarning, stacklevel=stacklevel
        )

    def _shown(self, value: float) -> str:
        return format_si(value, self.quantity) if self.quantity else f"{value:.4g}"

    def _key(self) -> tuple[Any, ...]:
        """Everything that makes two curves equal."""
        std = None if self.std is None else self.std.tobytes()
        arrays = (self.T.tobytes(), self.values.tobytes(), std, self.cells.tobytes(), self.knots.tobytes())
        return (self.quantity, self.name, self._kind, self.extrapolation, self.coefficients, *arrays)

    def __eq__(self, other: object) -> bool:
        return self._key() == other._key() if isinstance(other, Curve) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._key())

    def __reduce__(self) -> tuple[Any, tuple[Any, ...]]:
        if self.coefficients is None:
            return Curve, tuple(self._word(word) for word in _TABLE)
        kept = (self.quantity, self.std, self.extrapolation, self.name)
        return Curve._formula, (self.coefficients, self.range, *kept)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"a Curve is immutable; {name} is changed in a copy, with replace")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"a Curve is immutable; {name} cannot be deleted")

    def __repr__(self) -> str:
        low, high = self.range
        kind = self.interpolation
        points = f"{len(self.T)} points, {low:g} K to {high:g} K" if kind != "constant" else "constant"
        if kind == "polynomial":
            points = f"degree {len(self.coefficients or ()) - 1}, {low:g} K to {high:g} K"
        smallest, largest = self._shown(self.minimum()), self._shown(self.maximum())
        values = smallest if smallest == largest else f"{smallest} to {largest}"
        parts = (self.quantity, f'"{self.name}"' if self.name else "", points, values, kind)
        return f"Curve({', '.join(dict.fromkeys(part for part in parts if part))})"
