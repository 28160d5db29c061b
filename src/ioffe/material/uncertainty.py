"""Errors of measured curves: how large they are, and how far they go together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import floor, isfinite, log10
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from ioffe.base.arrays import Array
from ioffe.base.curve import Curve
from ioffe.base.errors import Faults
from ioffe.base.quantities import QUANTITIES
from ioffe.base.saved import plain
from ioffe.base.units import convert, format_si, to_si

if TYPE_CHECKING:
    from ioffe.material.material import Material

PROPERTIES = ("seebeck", "electrical_conductivity", "thermal_conductivity", "hall")
"""Measured properties; errors of different ones are independent unless a correlation is stated."""
FIELD = {"seebeck": "seebeck", "electrical_conductivity": "electrical", "hall": "hall"}
LARGEST_SHARE = 1.0


@dataclass(frozen=True)
class Uncertainty:
    """Standard deviations of the measured properties and how far they go together.

    An error has a systematic part, one factor for a property of a sample, the same at every temperature (the
    geometry of the sample, a calibration), and an independent part at every point (noise). `systematic` is
    the systematic share of the variance; the correlation between two temperatures follows from it.

    A percentage is the standard deviation of the logarithm of a positive property, which for small errors is
    that of the property over its value, and keeps the property positive. Errors of S are additive.

    Parameters
    ----------
    seebeck, electrical_conductivity, thermal_conductivity, hall : float or str, optional
        Relative standard deviation, as a share (0.06) or text ("6 %"); it replaces what the curves state.
        Without one the standard deviations of the curves count. That of the conductivity is that of the
        resistivity, that of the Hall coefficient that of the Hall carrier density.
    systematic : float or mapping of str to float
        Systematic share of the variance from 0 to 1, for all properties or by property (1 for those not
        named). The default, 1, is what percentages of an instrument usually mean, and it is the larger
        choice for averages over the temperature.
    correlation : mapping of (str, str) to float
        Correlation between the systematic errors of two properties, from -1 to 1; 0 if not named.

    Raises
    ------
    InputError
        With every fault.

    Examples
    --------
    >>> Uncertainty(seebeck="6 %", electrical_conductivity="8 %", thermal_conductivity="11 %").seebeck
    0.06
    >>> Uncertainty(systematic=1.5, correlation={("seebeck", "kappa"): 0.5})
    Traceback (most recent call last):
        ...
    ioffe.base.errors.InputError: systematic = 1.5: a share from 0 to 1 is expected
    correlation = "kappa": one of seebeck, electrical_conductivity, thermal_conductivity, hall is expected
    """

    seebeck: float | str | None = None
    electrical_conductivity: float | str | None = None
    thermal_conductivity: float | str | None = None
    hall: float | str | None = None
    systematic: float | Mapping[str, float] = 1.0
    correlation: Mapping[tuple[str, str], float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        faults = Faults()
        for name in PROPERTIES:
            given = getattr(self, name)
            if given is not None:
                with faults.collect():
                    share = to_si(given, "relative_uncertainty", name)
                    object.__setattr__(self, name, share)
                    if share > 1.0:
                        expected = 'a share up to 1 is expected, or per cent such as "5 %"'
                        faults.add(name, given, expected, f"{share:g} is {100 * share:g} %")
        shares = self.systematic if isinstance(self.systematic, Mapping) else {"": self.systematic}
        for name, share in shares.items():
            location = f"systematic.{name}" if name else "systematic"
            if name:
                faults.one_of(location, name, PROPERTIES)
            if not _within(share, 0.0, LARGEST_SHARE):
                faults.add(location, share, "a share from 0 to 1 is expected")
        for pair, value in self.correlation.items():
            names = pair if isinstance(pair, tuple) else (pair,)
            for name in names:
                faults.one_of("correlation", name, PROPERTIES)
            if len(set(names)) != 2:
                faults.add("correlation", pair, "two different properties are expected")
            if not _within(value, -1.0, 1.0):
                faults.add("correlation", value, "a number from -1 to 1 is expected")
        faults.raise_if_any()
        object.__setattr__(self, "correlation", MappingProxyType(dict(self.correlation)))
        lowest = float(np.linalg.eigvalsh(self.correlation_matrix())[0])
        if lowest < -1e-12:
            faults.add("correlation", dict(self.correlation), "correlations that exclude each other")
        faults.raise_if_any()

    def share(self, name: str) -> float:
        """Systematic share of the variance of a property.

        Parameters
        ----------
        name : str
            One of `PROPERTIES`.

        Returns
        -------
        float
            From 0 to 1.
        """
        if isinstance(self.systematic, Mapping):
            return float(self.systematic.get(name, LARGEST_SHARE))
        return float(self.systematic)

    def correlation_matrix(self) -> Array:
        """Correlation of the systematic errors in the order of `PROPERTIES`, shape (4, 4).

        Returns
        -------
        ndarray
            Shape (4, 4), dimensionless, 1 on the diagonal.
        """
        matrix = np.eye(len(PROPERTIES))
        for (first, second), value in self.correlation.items():
            i, j = PROPERTIES.index(first), PROPERTIES.index(second)
            matrix[i, j] = matrix[j, i] = value
        return matrix

    def relative(self, name: str, curve: Curve, T: Array) -> Array:
        """Standard deviation of a property over its value at T, in the shape of T.

        Parameters
        ----------
        name : str
            One of `PROPERTIES`.
        curve : Curve
            Its curve; of S the standard deviation itself is the measure, see `absolute`.
        T : ndarray
            Temperatures in K.

        Returns
        -------
        ndarray
            In the shape of T.
        """
        given = getattr(self, name)
        if given is not None:
            return np.full(T.shape, float(given))
        return np.asarray(curve.std_at(T)) / np.abs(np.asarray(curve(T)))

    def absolute(self, name: str, curve: Curve, T: Array) -> Array:
        """Standard deviation of a curve at T in its unit, in the shape of T.

        Parameters
        ----------
        name : str
            One of `PROPERTIES`.
        curve : Curve
            Curve of the property.
        T : ndarray
            In K.

        Returns
        -------
        ndarray
            In the unit of the curve, in the shape of T.
        """
        given = getattr(self, name)
        if given is not None:
            return float(given) * np.abs(np.asarray(curve(T)))
        return np.asarray(curve.std_at(T))

    def states(self, name: str, curve: Curve | None) -> bool:
        """Whether an error above zero is known for a property.

        Parameters
        ----------
        name : str
            One of `PROPERTIES`.
        curve : Curve, optional
            Curve of the property.

        Returns
        -------
        bool
        """
        if curve is None:
            return False
        given = getattr(self, name)
        if given is not None:
            return float(given) > 0.0
        return curve.std is not None and bool(np.any(curve.std > 0.0))

    def words(self, material: Material) -> str:
        """The errors in words, for tables and reports.

        Parameters
        ----------
        material : Material
            The material whose curves are meant.

        Returns
        -------
        str
            One line.

        Examples
        --------
        >>> from ioffe.material import library
        >>> Uncertainty(seebeck="6 %", systematic=0.8).words(library.load_material("Bi2Te3"))
        'seebeck 6 %; 80 % of the variance systematic'
        """
        parts, shares = [], []
        for name in PROPERTIES:
            curve = curve_of(material, name)
            if curve is None or not self.states(name, curve):
                continue
            errors = 100.0 * self.relative(name, curve, curve.T)
            low, high = f"{errors.min():.2g}", f"{errors.max():.2g}"
            parts.append(f"{name} {low} %" if low == high else f"{name} {low} to {high} %")
            shares.append(f"{100.0 * self.share(name):.3g} %")
        if not parts:
            return "no error is stated"
        common = ", ".join(dict.fromkeys(shares)) if len(set(shares)) == 1 else ", ".join(shares)
        how = "systematic" if set(shares) == {"100 %"} else f"{common} of the variance systematic"
        return f"{', '.join(parts)}; {how}"


@dataclass(frozen=True, eq=False)
class Estimate:
    """A quantity with its standard deviation and where that comes from.

    Parameters
    ----------
    value : ndarray
        From the measured curves as they are.
    std : ndarray
        Standard deviation, in the shape of the value.
    low, high : ndarray
        Ends of the 68.3 % interval: value -+ std in linear propagation, quantiles in Monte Carlo.
    shares : mapping of str to ndarray
        Share of the variance by measured property. In linear propagation what correlated errors of two
        properties add or take away has the key `correlation`, and the shares add up to 1; in Monte Carlo it
        is the variance with that property's errors alone.

    Examples
    --------
    >>> import numpy as np
    >>> value, std = np.array([2.0]), np.array([0.1])
    >>> Estimate(value, std, value - std, value + std, {}).relative
    array([0.05])
    """

    value: Array
    std: Array
    low: Array
    high: Array
    shares: Mapping[str, Array]

    @property
    def relative(self) -> Array:
        """Standard deviation over the size of the value."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return self.std / np.abs(self.value)

    @property
    def known_std(self) -> Array:
        """Standard deviation, NaN where it is 0: then no error was stated."""
        return np.where(np.asarray(self.std) > 0.0, self.std, np.nan)

    def to_dict(self) -> dict[str, Any]:
        """The fields as plain data; the standard deviation and the interval are null where none is known.

        Returns
        -------
        dict of str to Any
        """
        ends = {k: np.where(np.isnan(self.known_std), np.nan, getattr(self, k)) for k in ("low", "high")}
        return plain({"value": self.value, "std": self.known_std, **ends, "shares": self.shares})

    @property
    def dominant(self) -> str:
        """Property with the largest share of the variance, averaged over the values; empty without one."""
        means = {k: np.nanmean(v) for k, v in self.shares.items() if np.any(np.isfinite(v))}
        return max(means, key=lambda name: means[name]) if means else ""


def curve_of(material: Material, name: str) -> Curve | None:
    """Measured curve of one of `PROPERTIES`.

    Parameters
    ----------
    material : Material
        The material whose curves are meant.
    name : str
        One of `PROPERTIES`.

    Returns
    -------
    Curve or None
        None without one.
    """
    return getattr(material, FIELD.get(name, name))


def _within(value: object, low: float, high: float) -> bool:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    return low <= float(value) <= high


MOST_DECIMALS = 8


def with_error(value: float, std: float, quantity: str = "", unit: str = "") -> str:
    """Value and standard deviation in one unit, the deviation with two digits.

    Parameters
    ----------
    value, std : float
        In SI; without a standard deviation (0 or NaN) the value is printed alone.
    quantity : str
        Name in the quantity table, for the unit.
    unit : str
        SI unit of a number that is no quantity of the table.

    Returns
    -------
    str

    Examples
    --------
    >>> with_error(1.199e-2, 2.13e-4, "weighted_mobility"), with_error(0.7214, 0.0131, "zT")
    ('119.9 ± 2.1 cm2/(V s)', '0.721 ± 0.013')
    >>> with_error(2e-4, 0.0, "seebeck"), with_error(2.1e25, 3e23, "carrier_density")
    ('200 uV/K', '(2.100 ± 0.030)e19 cm^-3')
    """
    if not isfinite(value):
        return "none"
    shown = format_si(value, quantity) if quantity else f"{value:.4g} {unit}".removesuffix(" 1").rstrip()
    if not isfinite(std) or std <= 0.0:
        return shown
    # a value below its error is shown in the unit of the error
    its = (format_si(max(abs(value), std), quantity) if quantity else shown).partition(" ")[2]
    if quantity:
        entry = QUANTITIES[quantity]
        value, std = (convert(x, entry.unit, its or "1") for x in (value, std))
    power = floor(log10(max(abs(value), std)))
    raised = power if abs(power) > 4 else 0
    value, std = value / 10.0**raised, std / 10.0**raised
    places = min(max(1 - floor(log10(std)), 0), MOST_DECIMALS)
    text = f"{value:.{places}f} ± {std:.{places}f}"
    text = f"({text})e{raised}" if raised else text
    return f"{text} {its}".rstrip()
