"""Thermal conductivity from the thermal diffusivity that a laser flash measures, and the files of its maker.

The layout of the text exports of Netzsch instruments (LFA) is not published by their maker. What `read_flash`
reads is the export as four public readers of such files describe it (J. Chung's pykeri, 2017, and three
scripts that collect LFA folders): lines ``#Key, value`` with data of the sample, a line ``##Results``, the
headers ``#Shot_number`` (or ``#Shot number``), a time, ``#Temperature/C``, ``#Diffusivity/(mm^2/s)``,
``#Std_Dev/(mm^2/s)``, then the shots and, after those of a temperature, a row ``#Mean``. The spreadsheet of
the evaluation, saved as text, has the headers ``#Temperature/K``, ``#Model``, ``#Diffusivity/(mm^2/s)`` and
one row for each temperature. Cells are separated by commas, semicolons or tabs. Columns are found by their
headers, in any order; temperature and diffusivity, with these units, are needed. A file of another layout is
refused.

>>> from ioffe.base.curve import Curve
>>> diffusivity = Curve([300.0, 400.0], [0.60e-6, 0.50e-6], "thermal_diffusivity", std=[0.018e-6, 0.015e-6])
>>> flash = conductivity(diffusivity, density="6.65 g/cm3", heat_capacity="200 J/(kg K)")
>>> [round(float(value), 4) for value in flash.thermal_conductivity.values]
[0.798, 0.665]
>>> round(flash.thermal_conductivity.std_at(300.0), 5)
0.02394
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.arrays import Array
from ioffe.base.curve import Curve
from ioffe.base.errors import Fault, Faults, InputError, UnitError
from ioffe.base.units import convert, floats, to_si, unit_of_header
from ioffe.material.readers.cells import NotANumber, number
from ioffe.material.readers.files import CellGrid, CellRow, read_text, refuse
from ioffe.measure._table import TableLayout, columns_of
from ioffe.measure.estimates import averaged, read_inputs

DENSE: Final = 0.97
"""Relative density below which a note speaks of the pores."""
TOO_DENSE: Final = 1.01
"""Relative density above which one of the two densities is wrong."""

_DELIMITERS: Final = (",", ";", "\t")
_LAYOUT: Final = TableLayout(
    headers={
        "#temperature/c": ("temperature", "degC"),
        "#temperature/°c": ("temperature", "degC"),
        "#temperature/k": ("temperature", "K"),
        "#diffusivity/(mm^2/s)": ("diffusivity", "mm^2/s"),
        "#std_dev/(mm^2/s)": ("std", "mm^2/s"),
        "#std_dev./(mm^2/s)": ("std", "mm^2/s"),
        "#std dev/(mm^2/s)": ("std", "mm^2/s"),
    },
    units={"temperature": "K", "diffusivity": "m2/s", "std": "m2/s"},
    needed=({"temperature", "diffusivity"},),
    expected=(
        "the columns of a laser flash are expected: #Temperature/C, #Diffusivity/(mm^2/s), and "
        "#Shot_number or #Model"
    ),
    positive={"diffusivity": "a diffusivity above 0 mm2/s is expected"},
    may_be_empty=("std",),
)
HeatCapacity = float | str | Curve | Callable[[Array], ArrayLike]


@dataclass(frozen=True)
class LaserFlash:
    """Conductivity of a sample.

    Parameters
    ----------
    thermal_conductivity : Curve
        In W/(m K), of the sample with its pores, at the temperatures of the diffusivity.
    relative_density : float or None
        Density over that of X-rays.
    notes : tuple of str
        What a reader must know.
    """

    thermal_conductivity: Curve
    relative_density: float | None = None
    notes: tuple[str, ...] = ()

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
    values = diffusivity.values * d * capacity / (1.0 + expansion * (T - start))
    alpha_std = np.zeros_like(T) if diffusivity.std is None else diffusivity.std
    shares = (alpha_std / diffusivity.values, d_std / d, capacity_std / capacity)
    std = values * np.sqrt(sum(np.square(part) for part in shares))
    spread, shape = std if np.any(std > 0) else None, diffusivity.interpolation if len(T) > 1 else "pchip"
    beyond, name = diffusivity.extrapolation, diffusivity.name
    curve = Curve(
        T, values, "thermal_conductivity", std=spread, interpolation=shape, extrapolation=beyond, name=name
    )
    return LaserFlash(curve, relative, _notes(relative, diffusivity))


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


def _notes(relative: float | None, diffusivity: Curve) -> tuple[str, ...]:
    notes = []
    if diffusivity.std is None:
        notes.append("The diffusivity has no standard deviation.")
    if relative is not None and relative < DENSE:
        share = f"{100 * (1 - relative):.1f} % of pores"
        notes.append(f"The sample has {share}, part of its conductivity; `dense` leaves them out.")
    return tuple(notes)


@dataclass(frozen=True)
class FlashRun:
    """Diffusivities of one sample, in the order of the file.

    Parameters
    ----------
    file : str
        Where they were read.
    T : ndarray of shape (n,)
        In K.
    diffusivity : ndarray of shape (n,)
        In m2/s; the means of the shots where the file has them, else every row.
    std : ndarray of shape (n,) or None
        Standard deviation of the shots in m2/s, where the file states it for the means.
    about : mapping of str to str
        What the lines above the results say, by key without the #.
    """

    file: str
    T: Array
    diffusivity: Array
    std: Array | None
    about: Mapping[str, str]

    @property
    def density(self) -> float | None:
        """Density in kg/m3 that the file states with a unit, or None."""
        for key, value in self.about.items():
            name, unit = unit_of_header(key)
            if unit and "density" in name.casefold():
                with suppress(NotANumber, UnitError):
                    return float(convert(number(value), unit, "kg/m3"))
        return None

    def curve(self, *, window: object = "5 K", uncertainty: object = 0.0) -> Curve:
        """Thermal diffusivity against temperature.

        Parameters
        ----------
        window : float or str
            Temperature differences below it make no new point; see `ioffe.measure.estimates.averaged`.
        uncertainty : float or str
            Relative standard deviation of the instrument, such as "3 %". The scatter of the shots, where the
            file states it, is added to that of the points.

        Returns
        -------
        Curve
            Diffusivities in m2/s against the temperature in K, with standard deviations if there are any.

        Raises
        ------
        InputError
            For a window or an uncertainty that is wrong.
        """
        options = {"window": window, "uncertainty": uncertainty}
        found = averaged(self.T, self.diffusivity, "thermal_diffusivity", **options, name=self.file)
        if self.std is None:
            return found
        of_shots = averaged(self.T, self.std, "", window=window).values
        own = np.zeros_like(of_shots) if found.std is None else found.std
        return found.replace(std=np.hypot(own, of_shots))


def read_flash(path: str | Path) -> FlashRun:
    r"""Read the export of a laser flash.

    Parameters
    ----------
    path : path
        Text file in one of the layouts of the module's description.

    Returns
    -------
    FlashRun

    Raises
    ------
    InputError
        For another layout; with every cell that is no number and every diffusivity that is not positive (at
        most twenty).

    Examples
    --------
    >>> lines = ["##General_information", "#Material,Mg3Sb2", "##Results",
    ...     "#Shot_number,#Time/min,#Temperature/C,#Diffusivity/(mm^2/s),#Std_Dev/(mm^2/s)",
    ...     "1,2.0,25.1,0.601,", "2,4.0,25.3,0.605,", "#Mean,,25.2,0.603,0.002"]
    >>> written = Path("lfa.csv").write_text("\n".join(lines))
    >>> run = read_flash("lfa.csv")
    >>> run.T, run.diffusivity * 1e6, run.about["Material"]
    (array([298.35]), array([0.603]), 'Mg3Sb2')
    """
    path = Path(path)
    lines = read_text(path).splitlines()
    header = next((found for index, line in enumerate(lines) if (found := _header(index, line))), None)
    if header is None:
        raise refuse(path, _LAYOUT.expected, value=next((line for line in lines if line.strip()), ""))
    start, delimiter, names = header
    below = enumerate(lines[start + 1 :], start + 2)
    rows = [CellRow(number, _cells(line, delimiter)) for number, line in below if line.strip()]
    means = [row for row in rows if row.text(0).casefold() == "#mean"]
    results = means or [row for row in rows if not row.text(0).startswith("#")]
    grid = CellGrid(str(path), CellRow(start + 1, names), tuple(results), delimiter=delimiter)
    found = columns_of(grid, _LAYOUT, comma=delimiter != ",").numbers
    std = found.get("std") if means else None
    return FlashRun(path.name, found["temperature"], found["diffusivity"], std, _about(lines[:start]))


def _header(index: int, line: str) -> tuple[int, str, tuple[str, ...]] | None:
    """Line, delimiter and cells of a line that holds the headers."""
    for delimiter in _DELIMITERS:
        names = _cells(line, delimiter)
        if _LAYOUT.recognise(list(names)):
            return index, delimiter, names
    return None


def _cells(line: str, delimiter: str) -> tuple[str, ...]:
    return tuple(cell.strip().strip('"').strip() for cell in line.split(delimiter))


def _about(lines: list[str]) -> Mapping[str, str]:
    """Keys and values of the lines that begin with one #."""
    found: dict[str, str] = {}
    for line in lines:
        delimiter = next((mark for mark in _DELIMITERS if mark in line), None)
        if line.startswith("#") and not line.startswith("##") and delimiter is not None:
            key, _, value = line.lstrip("#").partition(delimiter)
            found.setdefault(key.strip(), value.strip().strip('"').rstrip("".join(_DELIMITERS)))
    return MappingProxyType(found)
