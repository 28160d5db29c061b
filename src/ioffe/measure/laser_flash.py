"""Thermal conductivity from the thermal diffusivity that a laser flash measures, and the files of its maker.

The layout of the exports of Netzsch instruments (LFA) is not published by their maker. What `read_flash`
reads is described by four public readers of such files (J. Chung's pykeri, 2017, and three scripts that
collect LFA folders): lines ``#Key, value`` with data of the sample, a line ``##Results``, headers such as
``#Temperature/C``, ``#Diffusivity/(mm^2/s)``, ``#Std_Dev/(mm^2/s)``, then single shots with rows ``#Mean``
and perhaps ``#Std_Dev`` below those of a temperature, or one row for each temperature. Tables of the
evaluation have further columns (heat capacity, conductivity), and are text files or Excel workbooks. Columns
are found by their headers, in any order and unit.

>>> from ioffe.base.curve import Curve
>>> diffusivity = Curve([300.0, 400.0], [0.60e-6, 0.50e-6], "thermal_diffusivity", std=[0.018e-6, 0.015e-6])
>>> flash = conductivity(diffusivity, density="6.65 g/cm3", heat_capacity="200 J/(kg K)")
>>> [round(float(value), 4) for value in flash.thermal_conductivity.values]
[0.798, 0.665]
>>> round(flash.thermal_conductivity.std_at(300.0), 5)
0.02394
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Final

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.arrays import Array
from ioffe.base.curve import Curve
from ioffe.base.errors import ABSENT, Fault, Faults, InputError
from ioffe.base.result import EvidenceResult
from ioffe.base.table import ResultTable, table
from ioffe.base.units import floats, to_si
from ioffe.material.checks import Finding
from ioffe.material.uncertainty import with_error
from ioffe.measure.estimates import read_inputs
from ioffe.measure.flash_run import FlashRun, read_flash
from ioffe.measure.plausible import doubts
from ioffe.transport.phonons.heat_capacity import flash_conductivity

__all__ = ["FlashRun", "LaserFlash", "conductivity", "conductivity_of_run", "pore_correction", "read_flash"]

DENSE: Final = 0.97
"""Relative density below which a note speaks of the pores."""
TOO_DENSE: Final = 1.01
"""Relative density above which one of the two densities is wrong."""

DIFFERENCE: Final = 0.01
"""Relative difference from a number of the file from which on it is named."""
HeatCapacity = float | str | Curve | Callable[[Array], ArrayLike]


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class LaserFlash(EvidenceResult):
    """Conductivity of a sample, and what it was computed from.

    Parameters
    ----------
    thermal_conductivity : Curve
        In W/(m K), of the sample with its pores, at the temperatures of the diffusivity.
    diffusivity : Curve
        In m2/s.
    density, density_std : float
        In kg/m3.
    heat_capacity : ndarray of shape (n,)
        In J/(kg K), at the temperatures of the diffusivity.
    relative_density : float or None
        Density over that of X-rays.
    origins : mapping of str to str
        Where the density and the heat capacity come from.
    findings : tuple of Finding
        What a reader must know.
    point_status, point_energy_balance, point_error_estimate, interpolation, warnings, notes, conditions
        As of every result, see `ioffe.base.result.BaseResult`.
    """

    kind: ClassVar[str] = "laser_flash"

    thermal_conductivity: Curve
    diffusivity: Curve
    density: float
    heat_capacity: Array
    density_std: float = 0.0
    relative_density: float | None = None
    origins: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()

    @property
    def dense(self) -> Curve:
        """Conductivity of the material between the pores, by Maxwell; see `pore_correction`.

        Raises
        ------
        InputError
            If the density by X-rays was not given.
        """
        if self.relative_density is None:
            raise InputError(Fault("xray_density", expected="this is needed to know the porosity"))
        porosity = max(0.0, 1.0 - self.relative_density)
        return self.thermal_conductivity.scaled(float(pore_correction(porosity)))

    def tables(self) -> dict[str, ResultTable]:
        """Diffusivity, heat capacity and conductivity at every temperature.

        Returns
        -------
        dict of str to ResultTable
            ``values``, in SI; an unknown standard deviation is NaN.
        """
        alpha, kappa = self.diffusivity, self.thermal_conductivity
        columns = {
            "thermal_diffusivity": alpha.values,
            "thermal_diffusivity_std": known_std(alpha),
            "heat_capacity": self.heat_capacity,
            "thermal_conductivity": kappa.values,
            "thermal_conductivity_std": known_std(kappa),
        }
        found = {name: (("T",), values) for name, values in columns.items()}
        return {"values": table({"T": kappa.T}, found)}

    def origin_lines(self) -> list[tuple[str, str]]:
        """Density and heat capacity with where they come from.

        Returns
        -------
        list of (str, str)
            Words and text.
        """
        ends = sorted({float(np.min(self.heat_capacity)), float(np.max(self.heat_capacity))})
        capacity = " to ".join(f"{v / 1e3:.4g}" for v in ends) + " J/(g K)"
        density = with_error(self.density, self.density_std, "density")
        lines = [("density", f"{density} ({self.origins.get('density', 'given')})")]
        lines.append(("heat capacity", f"{capacity} ({self.origins.get('heat_capacity', 'given')})"))
        if self.relative_density is not None:
            lines.append(("relative density", f"{self.relative_density:.3f}"))
        return lines

    def _header(self) -> dict[str, Any]:
        numbers = {"density": self.density, "density_std": self.density_std or None}
        return {
            **numbers,
            "relative_density": self.relative_density,
            "origins": self.origins,
            "findings": self.findings,
        }

    def _title(self) -> str:
        return f"laser flash, {self.thermal_conductivity.T.size} temperatures"

    def _facts(self) -> Iterator[tuple[str, str]]:
        yield from self.origin_lines()
        yield from (("", str(finding)) for finding in self.findings)


def known_std(curve: Curve) -> Array:
    """Standard deviations of a curve, NaN where none is known.

    `curve`: made of points.

    >>> known_std(Curve([300.0, 400.0], [1.0, 2.0], "thermal_conductivity", std=[0.1, 0.0]))
    array([0.1, nan])
    """
    std = np.zeros_like(curve.T) if curve.std is None else curve.std
    return np.where(std > 0.0, std, np.nan)


def pore_correction(porosity: ArrayLike) -> Array:
    r"""Conductivity of the dense material over that of the porous one.

    .. math:: \kappa_{dense}/\kappa = \frac{2 + \phi}{2 (1 - \phi)}

    Parameters
    ----------
    porosity : array_like
        phi, share of the volume, in round pores that lie apart (up to some 15 %) and conduct nothing.

    Returns
    -------
    ndarray
        In the shape of phi.

    Notes
    -----
    J. C. Maxwell, A Treatise on Electricity and Magnetism, 1873, art. 314. It holds for the electrical
    conductivity too, so that zT hardly changes.

    Examples
    --------
    >>> float(pore_correction(0.05))
    1.0789
    """
    phi = floats(porosity)
    return (2.0 + phi) / (2.0 * (1.0 - phi))


def conductivity(
    diffusivity: Curve,
    density: object,
    heat_capacity: HeatCapacity,
    *,
    heat_capacity_uncertainty: object = 0.0,
    thermal_expansion: object = 0.0,
    reference_temperature: object = 298.15,
    xray_density: object = None,
    origins: Mapping[str, str] | None = None,
) -> LaserFlash:
    r"""Thermal conductivity from diffusivity, density and heat capacity.

    .. math:: \kappa = \frac{\alpha\, d\, c_p}{1 + \alpha_L (T - T_0)}

    The denominator is of the expansion: the instrument takes the thickness at T_0, whose square enters, and
    the density falls with the cube.

    Parameters
    ----------
    diffusivity : Curve
        `thermal_diffusivity` in m2/s, with standard deviations if they are known.
    density : float, str or mapping
        At T_0, in kg/m3 or with a unit; a mapping may carry an uncertainty.
    heat_capacity : float, str, Curve or callable
        In J/(kg K): one number, a curve (its standard deviations count), or a model of T such as
        `ioffe.transport.phonons.heat_capacity.dulong_petit` with the molar mass filled in.
    heat_capacity_uncertainty : float or str
        Relative standard deviation of a number or a model.
    thermal_expansion : float or str
        Linear, in 1/K.
    reference_temperature : float or str
        T_0 in K, at which thickness and density were taken.
    xray_density : float or str, optional
        Of the perfect crystal; gives the relative density and a note on the pores.
    origins : mapping of str to str, optional
        Where `density` and `heat_capacity` come from, for who reads the result.

    Returns
    -------
    LaserFlash
        The conductivity in W/(m K) at the temperatures of the diffusivity; its standard deviation adds those
        of diffusivity, density and heat capacity in squares.

    Raises
    ------
    InputError
        With every fault of the arguments; for a density that exceeds that of X-rays by more than 1 %.

    Notes
    -----
    W. J. Parker, R. J. Jenkins, C. P. Butler, G. L. Abbott, J. Appl. Phys. 32 (1961) 1679, for the flash
    method; the expansion enters by the definitions of thickness and
    density.

    Examples
    --------
    >>> diffusivity = Curve([300.0, 400.0], [0.60e-6, 0.50e-6], "thermal_diffusivity")
    >>> conductivity(diffusivity, 6650.0, 200.0, thermal_expansion="20e-6 1/K").thermal_conductivity(400.0)
    0.6636...
    """
    faults = Faults()
    if not isinstance(diffusivity, Curve) or diffusivity.quantity not in ("thermal_diffusivity", ""):
        faults.add("diffusivity", diffusivity, "a Curve of thermal_diffusivity is expected")
    numbers = {
        "density": (density, "density"),
        "thermal_expansion": (thermal_expansion, "thermal_expansion"),
        "reference_temperature": (reference_temperature, "temperature"),
        "heat_capacity_uncertainty": (heat_capacity_uncertainty, "relative_uncertainty"),
        "xray_density": (xray_density, "density"),
    }
    given = read_inputs(numbers, faults)
    faults.raise_if_any()
    (d, d_std), (expansion, _), (start, _), (share, _), *full = given.values()
    T = diffusivity.T
    with faults.collect():
        capacity, capacity_std = _capacity(heat_capacity, T, share)
    relative = d / full[0][0] if full else None
    if relative is not None and relative > TOO_DENSE:
        faults.add("density", density, f"it is {relative:.3f} of that by X-rays; at most 1 is possible")
    faults.raise_if_any()
    alpha_std = np.zeros_like(T) if diffusivity.std is None else diffusivity.std
    shares = (alpha_std / diffusivity.values, d_std / d, capacity_std / capacity)
    stretch = 1.0 + expansion * (T - start)
    values, std = flash_conductivity(diffusivity.values, d, capacity, errors=shares, stretch=stretch)
    spread, shape = std if np.any(std > 0) else None, diffusivity.interpolation if len(T) > 1 else "pchip"
    beyond, name = diffusivity.extrapolation, diffusivity.name
    curve = Curve(
        T, values, "thermal_conductivity", std=spread, interpolation=shape, extrapolation=beyond, name=name
    )
    numbers = {"thermal_diffusivity": diffusivity.values, "density": d, "heat_capacity": capacity}
    return LaserFlash(
        thermal_conductivity=curve,
        diffusivity=diffusivity,
        density=d,
        density_std=d_std,
        heat_capacity=capacity,
        relative_density=relative,
        origins=dict(origins or {}),
        findings=(*doubts({**numbers, "thermal_conductivity": values}), *_notes(relative, diffusivity)),
    )


def _capacity(given: HeatCapacity, T: Array, share: float) -> tuple[Array, Array]:
    """Heat capacity and its standard deviation at the temperatures, in J/(kg K)."""
    if isinstance(given, Curve):
        found = np.asarray(given(T), float)
        std = np.zeros_like(T) if given.std is None else np.asarray(given.std_at(T), float)
        return found, np.hypot(std, share * found)
    if callable(given):
        found = np.broadcast_to(np.asarray(given(T), float), T.shape)
        if not np.all((found > 0) & np.isfinite(found)):
            raise InputError(Fault("heat_capacity", found, "the model must give numbers above 0 J/(kg K)"))
    else:
        found = np.full_like(T, to_si(given, "heat_capacity", "heat_capacity"))
    return found, share * found


def _notes(relative: float | None, diffusivity: Curve) -> tuple[Finding, ...]:
    notes = []
    if diffusivity.std is None:
        notes.append("The diffusivity has no standard deviation.")
    if relative is not None and relative < DENSE:
        share = f"{100 * (1 - relative):.1f} % of pores"
        notes.append(f"The sample has {share}, part of its conductivity; `dense` leaves them out.")
    return tuple(Finding("note", "flash", text) for text in notes)


def conductivity_of_run(
    run: FlashRun,
    density: object = None,
    heat_capacity: HeatCapacity | None = None,
    *,
    origins: Mapping[str, str] | None = None,
    window: object = "5 K",
    uncertainty: object = 0.0,
    **more: Any,
) -> LaserFlash:
    """Thermal conductivity of an export, with density and heat capacity of the file where none is given.

    What was taken from the file is named in `origins` of the result, and where a given number differs from
    that of the file, a finding says so.

    Parameters
    ----------
    run : FlashRun
        From `read_flash`.
    density : float, str or mapping, optional
        As for `conductivity`; by default that of the file, unless it is that of a reference material.
    heat_capacity : float, str, Curve or callable, optional
        As for `conductivity`; by default the column of the file.
    origins : mapping of str to str, optional
        Where given numbers come from.
    window, uncertainty
        As for `FlashRun.curve`.
    **more
        Further arguments of `conductivity`.

    Returns
    -------
    LaserFlash

    Raises
    ------
    InputError
        With everything that is missing or wrong.

    Examples
    --------
    >>> T, alpha = np.array([300.0, 400.0]), np.array([0.6e-6, 0.5e-6])
    >>> run = FlashRun("lfa.csv", T, alpha, None, {"ref_density (g/cm^3)": "6.65", "material": "Mg3Sb2"})
    >>> conductivity_of_run(run, heat_capacity=200.0).origins["density"]
    'lfa.csv: ref_density, material Mg3Sb2'
    """
    whence = dict(origins or {})
    capacity = heat_capacity
    with Faults(run.file) as faults:
        if density is None and (run.density is None or run.is_reference):
            faults.add("density", *_refused_density(run))
        if capacity is None:
            capacity = run.heat_capacity()
            whence["heat_capacity"] = run.heat_capacity_origin
        if capacity is None:
            expected = "a number, a Curve or a model is needed beside a diffusivity"
            faults.add("heat_capacity", expected=expected, advice="or the mean molar mass of an atom")
    size = density
    if density is None:
        size, whence["density"] = run.density, run.density_origin
    assert capacity is not None
    found = conductivity(
        run.curve(window=window, uncertainty=uncertainty), size, capacity, origins=whence, **more
    )
    extra = [Finding("note", "not-used", f"not used: {', '.join(run.unused)}")] if run.unused else []
    return replace(
        found, findings=(*found.findings, *_differences(run, found, heat_capacity, density), *extra)
    )


def _refused_density(run: FlashRun) -> tuple[object, str, str]:
    """Value, expectation and advice where the file has no density of the sample."""
    stated, capacity = run.stated_conductivity, run.stated_heat_capacity
    advice = "give it in kg/m3 or with a unit, such as 6.65 g/cm3"
    if run.density is not None:
        expected = f"the density of the sample is expected, that of the file belongs to {run.material}"
        return f"{run.density / 1e3:.4g} g/cm3", f"{expected}, a reference material", advice
    if stated is not None and capacity is not None:
        implied = float(np.nanmean(stated / (run.diffusivity * capacity)))
        if np.isfinite(implied):
            words = f"the conductivities of the file follow from {implied / 1e3:.4g} g/cm3"
            advice = f"{advice}; {words}"
    return ABSENT, "the file does not state it", advice


def _differences(
    run: FlashRun, found: LaserFlash, given_capacity: object, given_density: object
) -> Iterator[Finding]:
    """What was computed from other numbers than the file states."""
    T = found.thermal_conductivity.T
    capacity, kappa = run.heat_capacity(), run.conductivity()
    pairs = []
    if given_capacity is not None and capacity is not None:
        pairs.append(("heat capacity", "J/(g K)", np.asarray(capacity(T)) / 1e3, found.heat_capacity / 1e3))
    if given_density is not None and run.density is not None:
        pairs.append(("density", "g/cm3", np.array([run.density / 1e3]), np.array([found.density / 1e3])))
    if kappa is not None:
        pairs.append(("conductivity", "W/(m K)", np.asarray(kappa(T)), found.thermal_conductivity.values))
    for words, unit, of_file, used in pairs:
        ratio = used / of_file
        worst = int(np.argmax(np.abs(np.log(ratio))))
        if abs(ratio[worst] - 1.0) > DIFFERENCE:
            of = f" (that of {run.material})" if words == "density" and run.material else ""
            at = f" at {T[worst]:.4g} K" if len(ratio) > 1 else ""
            here, there = (f"{values[worst]:.4g} {unit}" for values in (used, of_file))
            text = f"the {words} here is {here}{at}, the file states {there}{of}"
            yield Finding("note" if of and run.is_reference else "warning", "differs", text)
        else:
            text = f"the {words} of the file is within {100.0 * DIFFERENCE:g} % of the one here and not used"
            yield Finding("note", "agrees", text)
