"""Exports of Netzsch laser flashes, as `read_flash` finds them.

Which layouts there are says `ioffe.measure.laser_flash`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np

from ioffe.base.arrays import Array
from ioffe.base.curve import Curve
from ioffe.material.readers.flash import is_reference, stated_capacity, stated_density
from ioffe.measure._table import TableLayout, read_table
from ioffe.measure.estimates import averaged, with_stated

_LAYOUT: Final = TableLayout(
    of_material=(
        *("temperature", "thermal_diffusivity", "heat_capacity", "thermal_conductivity", "density"),
    ),
    needed=({"temperature", "thermal_diffusivity"},),
    expected=(
        "the columns of a laser flash are expected: #Temperature/C, #Diffusivity/(mm^2/s), and "
        "#Shot_number or #Model"
    ),
    positive={
        "thermal_diffusivity": "a diffusivity above 0 mm2/s is expected",
        "heat_capacity": "a heat capacity above 0 J/(kg K) is expected",
        "thermal_conductivity": "a conductivity above 0 W/(m K) is expected",
    },
    may_be_empty=("heat_capacity", "thermal_conductivity", "density"),
    errors=("thermal_diffusivity",),
    leaves_out=True,
    constants=("density", "heat_capacity"),
)


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
        Standard deviation of the shots in m2/s, where the file states it; 0 where it does not.
    about : mapping of str to str
        What the lines above the results say, by key in lower case and without the #.
    stated_heat_capacity, stated_conductivity : ndarray of shape (n,) or None
        Further columns of the file in J/(kg K) and W/(m K); NaN where a cell is empty.
    stated_density : float or None
        Mean of a column of densities in kg/m3.
    headers : mapping of str to str
        Headers of the columns by what they hold.
    unused : tuple of str
        Columns and rows that were not used.
    """

    file: str
    T: Array
    diffusivity: Array
    std: Array | None
    about: Mapping[str, str]
    stated_heat_capacity: Array | None = None
    stated_conductivity: Array | None = None
    stated_density: float | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    unused: tuple[str, ...] = ()

    @property
    def density(self) -> float | None:
        """Density in kg/m3 that the file states with a unit, or None."""
        stated = stated_density(self.about)
        return stated[0] if stated else self.stated_density

    @property
    def density_origin(self) -> str:
        """Where in the file the density stands, and of which material; empty without one."""
        if self.density is None:
            return ""
        stated = stated_density(self.about)
        key = stated[1] if stated else self.headers.get("density", "density")
        of = f", material {self.material}" if self.material else ""
        return f"{self.file}: {key}{of}"

    @property
    def material(self) -> str:
        """Name of the material that the file states; empty without one."""
        return self.about.get("material", "")

    @property
    def is_reference(self) -> bool:
        """Whether the material of the file, whose density it states, is one of reference samples."""
        return is_reference(self.material)

    def heat_capacity(self) -> Curve | None:
        """Heat capacity that the file states over the temperature; None without one.

        Returns
        -------
        Curve or None
            In J/(kg K).
        """
        column = self._stated_curve(self.stated_heat_capacity, "heat_capacity")
        stated = None if self.is_reference else stated_capacity(self.about)
        if column is not None or stated is None:
            return column
        return Curve([float(self.T[0])], [stated[0]], "heat_capacity", name=self.file)

    @property
    def heat_capacity_origin(self) -> str:
        """Where in the file the heat capacity stands."""
        stated = stated_capacity(self.about)
        column = self.headers.get("heat_capacity", "")
        return f"{self.file}: {stated[1] if stated and not column else f'column {column}'}"

    def conductivity(self) -> Curve | None:
        """Conductivity that the file states over the temperature; None without one.

        Returns
        -------
        Curve or None
            In W/(m K).
        """
        return self._stated_curve(self.stated_conductivity, "thermal_conductivity")

    def _stated_curve(self, values: Array | None, quantity: str) -> Curve | None:
        if values is None or not np.any(known := np.isfinite(values)):
            return None
        found = averaged(self.T[known], values[known], quantity, name=self.file)
        return found.replace(extrapolation="hold", std=None)

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
        return found if self.std is None else with_stated(found, self.T, self.std, window)


def read_flash(path: str | Path, sample: str | None = None) -> FlashRun:
    r"""Read the export of a laser flash.

    Parameters
    ----------
    path : path
        Text file or Excel workbook in one of the layouts of `ioffe.measure.laser_flash`.
    sample : str, optional
        Name of the sheet or the block wanted, in a file with several tables.

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
    >>> run.T, run.diffusivity * 1e6, run.about["material"]
    (array([298.35]), array([0.603]), 'Mg3Sb2')
    """
    table = read_table(path, _LAYOUT, sample)
    numbers = table.numbers
    density = numbers.get("density", np.empty(0))
    density = density[np.isfinite(density)]
    std = table.stds.get("thermal_diffusivity")
    return FlashRun(
        Path(path).name,
        numbers["temperature"],
        numbers["thermal_diffusivity"],
        None if std is None else np.nan_to_num(std),
        table.remarks,
        numbers.get("heat_capacity"),
        numbers.get("thermal_conductivity"),
        float(np.mean(density)) if density.size else None,
        table.headers,
        table.unused,
    )
