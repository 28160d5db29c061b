"""A material between two others: properties blended at equal temperature.

The share w of the second material may be a composition, for an alloy whose properties change evenly between
two that were measured.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from ioffe.base.arrays import Array
from ioffe.base.curve import Curve
from ioffe.base.errors import Fault, InputError
from ioffe.material.fields import Provenance
from ioffe.material.material import Material
from ioffe.material.migration import MigrationData

Rule = Literal["linear", "log"]
RULES = ("linear", "log")
FORMULA_POINTS = 33
"""Points at which a formula is read where it meets a table, or a logarithm."""


def blend(first: Material, second: Material, share: float, rule: Rule = "linear", name: str = "") -> Material:
    r"""Material with a share of the second in the first.

    S is blended linearly; the electrical and the thermal conductivity by the rule, at equal temperature:

    .. math:: \sigma = (1 - w)\,\sigma_1 + w\,\sigma_2 \quad\text{or}\quad
              \ln\sigma = (1 - w)\ln\sigma_1 + w\ln\sigma_2.

    At the temperatures of both tables (and at 33 of a formula's range); between them the blend is
    interpolated as the tables are, as pchip where they differ. Linear blends of formulas are exact. The blend
    holds where both materials were measured.

    Parameters
    ----------
    first, second
        Materials that conduct electricity.
    share
        From 0 to 1.
    rule : {"linear", "log"}
    name
        By default both names.

    Returns
    -------
    Material

    Raises
    ------
    InputError
        If there is no temperature at which both were measured, or one is an insulator.

    Examples
    --------
    >>> a = Material.from_arrays("a", "p", [300.0, 400.0], [1e-4, 2e-4], [1e5, 8e4], [2.0, 1.8])
    >>> b = Material.from_arrays("b", "p", [300.0, 400.0], [2e-4, 3e-4], [4e5, 2e4], [1.0, 0.9])
    >>> round(1e6 * blend(a, b, 0.25).seebeck(300.0), 9)
    125.0
    >>> round(blend(a, b, 0.5, "log").electrical(300.0), 6)
    200000.0
    """
    pair = (first, second)
    for material in pair:
        if material.electrical is None:
            raise InputError(Fault("", material.name, "a material that conducts electricity is expected"))
    low = max(m.T_range[0] for m in pair)
    high = min(m.T_range[1] for m in pair)
    if low >= high:
        ranges = " and ".join(f"{m.T_range[0]:g} K to {m.T_range[1]:g} K" for m in pair)
        expected = "materials that were measured at common temperatures are expected"
        raise InputError(Fault("", " and ".join(m.name for m in pair), expected, ranges))
    name = name or f"{first.name} to {second.name}"
    sources = " and ".join(f"{m.name} ({m.provenance.cite() or 'no source'})" for m in pair)
    w = float(share)
    return Material(
        name=name,
        carrier=first.carrier if first.carrier == second.carrier else None,
        seebeck=_blended([_seebeck(m) for m in pair], w, "linear", (low, high), "seebeck"),
        electrical=_electrical(pair, w, rule, (low, high)),
        thermal_conductivity=_blended(
            [m.known_thermal_conductivity for m in pair], w, rule, (low, high), "thermal_conductivity"
        ),
        family=first.family if first.family == second.family else "",
        kind=first.kind,
        density=_number(first.density, second.density, w),
        heat_capacity=_number(first.heat_capacity, second.heat_capacity, w),
        provenance=Provenance(source=f"{rule} blend of {sources}", method="Blended at equal temperature."),
        quality=first.quality if first.quality == second.quality else "synthetic",
        migration=_migration(pair),
    )


def _migration(pair: tuple[Material, Material]) -> MigrationData | None:
    """That ions move, if they do in either material; the limits of a blend are not known."""
    known = [m.migration for m in pair if m.migration is not None]
    if not known:
        return None
    unknown = ("the critical voltage and S* of a blend",)
    return MigrationData(known[0].ion, known[0].charge, "none", unknown=unknown)


def _seebeck(material: Material) -> Curve:
    return material.seebeck or Curve.constant(0.0, "seebeck")


def _electrical(pair: tuple[Material, Material], w: float, rule: Rule, limits: tuple[float, float]) -> Curve:
    """Blend of the conductivities, kept as a resistivity where both materials are."""
    curves = [m.electrical for m in pair if m.electrical is not None]
    quantities = {c.quantity for c in curves}
    # the logarithm of one is that of the other turned round
    if rule == "log" and len(quantities) == 1:
        return _blended(curves, w, rule, limits, quantities.pop())
    if quantities == {"electrical_conductivity"}:
        return _blended(curves, w, rule, limits, "electrical_conductivity")
    T = _temperatures(curves, limits)
    one, other = (np.asarray(m.electrical_conductivity(T)) for m in pair)
    sigma = _mixed(one, other, w, rule)
    words = {"interpolation": _kind(curves), "extrapolation": _beyond(curves)}
    if quantities == {"electrical_resistivity"}:
        return Curve(T, 1.0 / sigma, "electrical_resistivity", **words)
    return Curve(T, sigma, "electrical_conductivity", **words)


def _blended(curves: list[Curve], w: float, rule: Rule, limits: tuple[float, float], quantity: str) -> Curve:
    formulas = [f for f in map(_formula, curves) if f is not None]
    if rule == "linear" and len(formulas) == len(curves):
        a, b = (np.pad(f, (0, 4 - len(f))) for f in formulas)
        coefficients = np.trim_zeros((1.0 - w) * a + w * b, "b")
        return Curve.polynomial(coefficients.tolist() or [0.0], limits, quantity, _beyond(curves))
    T = _temperatures(curves, limits)
    values = _mixed(np.asarray(curves[0](T)), np.asarray(curves[1](T)), w, rule)
    return Curve(T, values, quantity, interpolation=_kind(curves), extrapolation=_beyond(curves))


def _mixed(a: Array, b: Array, w: float, rule: Rule) -> Array:
    if rule == "log":
        return np.exp((1.0 - w) * np.log(a) + w * np.log(b))
    return (1.0 - w) * a + w * b


def _formula(curve: Curve) -> Array | None:
    """Ascending coefficients of a polynomial or a constant; None for a table."""
    if curve.coefficients is not None:
        return np.asarray(curve.coefficients)
    return np.asarray(curve.values) if len(curve.T) == 1 else None


def _temperatures(curves: list[Curve], limits: tuple[float, float]) -> Array:
    low, high = limits
    points = [c.knots for c in curves]
    if any(_formula(c) is not None for c in curves):
        points.append(np.linspace(low, high, FORMULA_POINTS))
    T = np.unique(np.concatenate([*points, limits]))
    return T[(T >= low) & (T <= high)]


def _kind(curves: list[Curve]) -> str:
    tables = {c.interpolation for c in curves if _formula(c) is None}
    if not tables:
        return "cubic"
    return tables.pop() if len(tables) == 1 else "pchip"


def _beyond(curves: list[Curve]) -> str:
    """The more cautious of both: strict before warn before hold."""
    found = {c.extrapolation for c in curves}
    return next(word for word in ("strict", "warn", "hold") if word in found)


def _number(a: object, b: object, w: float) -> float | None:
    if isinstance(a, int | float) and isinstance(b, int | float):
        return (1.0 - w) * a + w * b
    return None
