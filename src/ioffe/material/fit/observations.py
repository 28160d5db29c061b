"""Measured points as a fit sees them: values, errors that may go together, residuals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ioffe.base.arrays import Array
from ioffe.base.constants import e
from ioffe.base.curve import Curve
from ioffe.base.errors import Fault, Faults, InputError
from ioffe.material.uncertainty import Uncertainty, curve_of
from ioffe.transport.fermi_level import fermi_level_from_seebeck
from ioffe.transport.single_band import lorenz_number

if TYPE_CHECKING:
    from ioffe.material.material import Material

LATTICE = "lattice_thermal_conductivity"
PROPERTY = {"hall_coefficient": "hall", LATTICE: "thermal_conductivity"}
"""Measured property behind a quantity."""
USUAL_ERROR = {
    LATTICE: 0.1,
    "seebeck": 0.05,
    "electrical_conductivity": 0.05,
    "hall_coefficient": 0.1,
    "thermal_conductivity": 0.07,
}
"""Relative errors that are taken where none is stated."""
SMALLEST_SEEBECK = 1e-9
"""|S| in V/K below which the carriers are those of a metal."""
FORMULA_POINTS = 11
"""Temperatures at which a formula counts as measured."""
LARGEST_SYSTEMATIC = 0.999
"""Systematic share of the variance above which the points of a curve are one point."""


@dataclass(frozen=True, eq=False)
class ObservedPoints:
    """Points of one property of one sample.

    `quantity`: what was measured, by its name in the quantity table.
    `T`, `values` (points,): in K and SI.
    `errors` (points,): standard deviations of the deviations.
    `whitening` (points, points): takes deviations to independent ones with the standard deviation 1.
    `logarithmic`: whether the deviation is ln(model/value), in place of model - value.
    """

    quantity: str
    T: Array
    values: Array
    errors: Array
    whitening: Array
    logarithmic: bool

    def residual(self, model: Array) -> Array:
        """Deviations of a model from the values in standard deviations, made independent of each other.

        `model` (..., points): its values at T; where its sign is wrong and only the logarithm counts, the
            residual is NaN.
        Returns: shape (..., points).
        """
        if not self.logarithmic:
            return (model - self.values) @ self.whitening.T
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.log(model / self.values) @ self.whitening.T

    @property
    def std(self) -> Array:
        """Standard deviations in SI, shape (points,)."""
        return self.errors * np.abs(self.values) if self.logarithmic else self.errors


@dataclass(frozen=True, eq=False)
class Observations:
    """What was measured of one sample.

    `name`: of the sample.
    `sign`: +1 for p-type, -1 for n-type.
    `series`: one a property.
    `known`, `unknown`: quantities whose errors are stated, and those that the usual ones weight.
    """

    name: str
    sign: float
    series: tuple[ObservedPoints, ...]
    known: tuple[str, ...]
    unknown: tuple[str, ...]

    def of(self, quantity: str) -> ObservedPoints | None:
        """Points of one property, or None.

        `quantity`: name of the quantity.
        """
        return next((s for s in self.series if s.quantity == quantity), None)

    @property
    def count(self) -> int:
        """Number of points."""
        return sum(len(s.T) for s in self.series)


def observe(
    materials: Sequence[Material],
    quantities: Sequence[str],
    uncertainty: Uncertainty,
    T_range: tuple[float, float],
    signed_hall: bool,
) -> list[Observations]:
    """Points of several samples.

    `materials`: names must differ.
    `quantities`: what is fitted, as far as a sample has it.
    `uncertainty`: errors.
    `T_range`: points outside are left out.
    `signed_hall`: whether the model's Hall coefficient may change its sign, so that its deviations are
        linear.
    Returns: one for each sample.
    Raises `InputError` with every fault: names that repeat, carriers that are not known, Hall coefficients or
        densities of zero, samples without a point, errors that are all systematic.
    """
    faults = Faults()
    names = [m.name for m in materials]
    for name in sorted({n for n in names if names.count(n) > 1}):
        faults.add("name", name, "every sample needs a name of its own")
    found = []
    for material in materials:
        with faults.collect(material.name):
            found.append(_sample(material, quantities, uncertainty, T_range, signed_hall))
    faults.raise_if_any()
    return found


def _sample(
    material: Material,
    quantities: Sequence[str],
    uncertainty: Uncertainty,
    T_range: tuple[float, float],
    signed_hall: bool,
) -> Observations:
    faults = Faults()
    if material.carrier is None:
        expected = "the type of the carriers is not known"
        faults.add("carrier", expected=expected, advice='give carrier="p" or "n"')
    sign = -1.0 if material.carrier == "n" else 1.0
    series: list[ObservedPoints] = []
    for quantity in quantities:
        curve = curve_of(material, PROPERTY.get(quantity, quantity))
        if curve is None or (quantity == LATTICE and material.electrical is None):
            continue
        T = curve.T if curve.coefficients is None else np.linspace(*curve.range, FORMULA_POINTS)
        T = T[(T_range[0] <= T) & (T_range[1] >= T)]
        if quantity == LATTICE:
            T = T[(material.T_range[0] <= T) & (material.T_range[1] >= T)]
        if len(T):
            with faults.collect():
                values = _values(material, quantity, curve, sign, T)
                linear = quantity in ("seebeck", LATTICE) or (signed_hall and quantity == "hall_coefficient")
                errors, share = _errors(material, quantity, curve, T, values, uncertainty)
                errors = errors * np.abs(values) if linear else errors
                whitening = _whitening(errors, share)
                series.append(ObservedPoints(quantity, T, values, errors, whitening, not linear))
    if not series and not faults:
        low, high = T_range
        expected = f"there is no point of {', '.join(quantities)} from {low:g} K to {high:g} K"
        faults.add("T_range", expected=expected)
    faults.raise_if_any()
    names = {s.quantity: _is_known(material, s.quantity, uncertainty) for s in series}
    known, unknown = (tuple(n for n, has in names.items() if has is which) for which in (True, False))
    return Observations(material.name, sign, tuple(series), known, unknown)


def _values(material: Material, quantity: str, curve: Curve, sign: float, T: Array) -> Array:
    """Values in SI; the Hall coefficient with its sign, that of the carriers if the density was given."""
    if quantity == "electrical_conductivity":
        return np.asarray(material.electrical_conductivity(T))
    if quantity == LATTICE:
        return np.asarray(material.known_thermal_conductivity(T)) - _electronic(material, T)
    values = np.asarray(curve(T), float)
    if quantity == "seebeck" and np.all(sign * values < 0.0):
        side = "negative" if sign > 0.0 else "positive"
        expected = f"the sample is {material.carrier}-type but S is {side}"
        raise InputError(Fault("seebeck", expected=expected, advice="is the carrier right?"))
    if quantity != "hall_coefficient":
        return values
    if curve.quantity == "hall_carrier_density":
        return sign / (e * values)
    if np.any(values == 0.0):
        raise InputError(Fault("hall_coefficient", 0.0, "a value other than zero is expected"))
    return values


def _errors(
    material: Material, quantity: str, curve: Curve, T: Array, values: Array, uncertainty: Uncertainty
) -> tuple[Array, float]:
    """Standard deviations over the size of the values, and the systematic share of their variance."""
    name = PROPERTY.get(quantity, quantity)
    if not _is_known(material, quantity, uncertainty):
        return np.full(T.shape, USUAL_ERROR[quantity]), 0.0
    share = uncertainty.share(name)
    if share > LARGEST_SYSTEMATIC:
        expected = f"a share of at most {LARGEST_SYSTEMATIC:g} is expected in a fit"
        advice = "errors that are wholly systematic leave nothing to weigh the points by"
        raise InputError(Fault(f"systematic.{name}", share, expected, advice))
    absolute = uncertainty.absolute(name, curve, T)
    if quantity == LATTICE and material.electrical is not None:
        relative = uncertainty.relative("electrical_conductivity", material.electrical, T)
        errors = np.hypot(absolute, _electronic(material, T) * relative) / np.abs(values)
    else:
        errors = absolute / np.abs(np.asarray(curve(T)))
    if np.any(errors <= 0.0):
        expected = "every point needs a standard deviation above zero, or none of them one"
        raise InputError(Fault(name, expected=expected))
    return errors, share


def _is_known(material: Material, quantity: str, uncertainty: Uncertainty) -> bool:
    name = PROPERTY.get(quantity, quantity)
    return uncertainty.states(name, curve_of(material, name))


def _electronic(material: Material, T: Array) -> Array:
    """L sigma T with the Lorenz number of one parabolic band that has the measured S."""
    S = np.zeros_like(T) if material.seebeck is None else np.asarray(material.seebeck(T))
    eta = fermi_level_from_seebeck(np.maximum(np.abs(S), SMALLEST_SEEBECK))
    return lorenz_number(eta) * np.asarray(material.electrical_conductivity(T)) * T


def _whitening(errors: Array, share: float) -> Array:
    """Inverse of the Cholesky factor of the covariance of the deviations."""
    covariance = np.outer(errors, errors) * (share + (1.0 - share) * np.eye(len(errors)))
    return np.asarray(np.linalg.inv(np.linalg.cholesky(covariance)), float)
