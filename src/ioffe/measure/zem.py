"""Text exports of the ZEM-3 (Advance Riko, formerly Ulvac-Riko): Seebeck coefficient and resistivity.

With a laser flash of the same sample they make a material.

The layout is not published by its maker. What is read here is the table of results as three public readers of
such files describe it (J. Chung's pykeri, 2017, and two scripts for ZEM and laser-flash folders): cells
separated by tabs, commas or semicolons, perhaps lines about the sample, then headers such as ``Measurement
temp.(C)``, ``Resistivity(Ohm m)``, ``Seebeck coeff.(V/K)``, ``R^2 by Seebeck``, then one row for each
measurement. Columns are found by their headers, in any order and unit; temperature, resistivity and Seebeck
coefficient are needed. A row in which one of them failed is left out and named, and so are points whose
voltage does not follow the temperature difference.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Final, Literal

import numpy as np
from numpy.typing import NDArray

from ioffe.base.arrays import Array
from ioffe.base.curve import Curve
from ioffe.base.result import EvidenceResult
from ioffe.base.table import ResultTable, table
from ioffe.base.units import format_si, to_si
from ioffe.material.checks import Finding
from ioffe.material.fields import Provenance
from ioffe.material.material import Material
from ioffe.material.readers.series import sign_of
from ioffe.measure._table import TableLayout, read_table
from ioffe.measure.estimates import Part, averaged, select, with_stated
from ioffe.measure.laser_flash import FlashRun, HeatCapacity, LaserFlash, conductivity_of_run, known_std
from ioffe.measure.plausible import doubts

_LAYOUT: Final = TableLayout(
    of_material=(
        *("temperature", "electrical_resistivity", "electrical_conductivity", "seebeck", "correlation"),
    ),
    needed=(
        {"temperature", "electrical_resistivity", "seebeck"},
        {"temperature", "electrical_conductivity", "seebeck"},
    ),
    expected=(
        "the columns of a ZEM-3 are expected: Measurement temp.(C), Resistivity(Ohm m), Seebeck coeff.(V/K)"
    ),
    positive={
        "electrical_resistivity": "a resistivity above 0 ohm m is expected",
        "electrical_conductivity": "a conductivity above 0 S/m is expected",
    },
    may_be_empty=("correlation",),
    errors=("electrical_resistivity", "electrical_conductivity", "seebeck"),
    leaves_out=True,
)
_COLDEST: Final = 250.0
"""Temperature in K below which no ZEM-3 measures."""
_POOR_CORRELATION: Final = 0.99
"""R^2 of the voltage against the temperature difference below which a point is left out."""
_MOST_LISTED: Final = 6
"""Doubtful points that are named one by one."""


@dataclass(frozen=True)
class ZemRun:
    """Points of one run, in the order in which they were measured.

    Parameters
    ----------
    file : str
        Where they were read.
    T : ndarray of shape (n,)
        In K.
    resistivity : ndarray of shape (n,)
        In ohm m.
    seebeck : ndarray of shape (n,)
        In V/K, corrected for the wires by the instrument.
    correlation : ndarray of shape (n,) or None
        R^2 of voltage against temperature difference; NaN where a cell is empty.
    unused : tuple of str
        Columns and rows of the file that were not used.
    resistivity_std, seebeck_std : ndarray of shape (n,) or None
        Standard deviations that the file states, in ohm m and V/K; 0 where it states none.
    """

    file: str
    T: Array
    resistivity: Array
    seebeck: Array
    correlation: Array | None = None
    unused: tuple[str, ...] = ()
    resistivity_std: Array | None = None
    seebeck_std: Array | None = None

    @property
    def good(self) -> NDArray[np.bool_]:
        """Points that make the curves: all but those with a poor R^2, or all if every one is poor."""
        everything = np.ones(self.T.shape, bool)
        kept = everything if self.correlation is None else ~(self.correlation < _POOR_CORRELATION)
        return kept if np.any(kept) else everything

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Doubts about the points, and what was left out."""
        found = []
        correlation = np.ones_like(self.T) if self.correlation is None else self.correlation
        poor = [f"{T:.0f} K" for T in self.T[correlation < _POOR_CORRELATION]]
        if poor:
            listed = ", ".join(poor[:_MOST_LISTED] + ["..."] * (len(poor) > _MOST_LISTED))
            done = "all kept" if len(poor) == self.T.size else "left out"
            below = f"is below {_POOR_CORRELATION} at {listed}: {done}."
            text = f"R^2 of voltage against temperature difference {below}"
            found.append(Finding("warning", "correlation", text))
        if np.any(self.T < _COLDEST):
            text = (
                f"{np.min(self.T):.4g} K is colder than such instruments measure: is the temperature in degC?"
            )
            found.append(Finding("warning", "celsius", text))
        numbers = {"seebeck": self.seebeck, "electrical_resistivity": self.resistivity, "temperature": self.T}
        found += doubts(numbers)
        if self.unused:
            found.append(Finding("note", "not-used", f"Not used: {', '.join(self.unused)}."))
        return tuple(found)

    @property
    def notes(self) -> tuple[str, ...]:
        """The findings in words."""
        return tuple(finding.message for finding in self.findings)

    def seebeck_curve(
        self, *, part: Part = "all", window: object = "5 K", uncertainty: object = 0.0
    ) -> Curve:
        """Seebeck coefficient against temperature.

        Parameters
        ----------
        part : {"all", "heating", "cooling"}
            Of the run.
        window : float or str
            Temperature differences below it make no new point; see `ioffe.measure.estimates.averaged`.
        uncertainty : float or str
            Relative standard deviation of the instrument, such as "5 %".

        Returns
        -------
        Curve
            In V/K against the temperature in K, with standard deviations if there are any.

        Raises
        ------
        InputError
            For an unknown part, and a window or an uncertainty that is wrong.
        """
        return self._curve(self.seebeck, self.seebeck_std, "seebeck", part, window, uncertainty)

    def resistivity_curve(
        self, *, part: Part = "all", window: object = "5 K", uncertainty: object = 0.0
    ) -> Curve:
        """Electrical resistivity against temperature; arguments and errors as for `seebeck_curve`.

        Parameters
        ----------
        part : {"all", "heating", "cooling"}
            Of the run.
        window : float or str
            Differences of temperature in K below it make no new point.
        uncertainty : float or str
            Relative standard deviation of the instrument, such as "5 %".

        Returns
        -------
        Curve
            In ohm m against the temperature in K.
        """
        std = self.resistivity_std
        return self._curve(self.resistivity, std, "electrical_resistivity", part, window, uncertainty)

    def _curve(
        self,
        values: Array,
        std: Array | None,
        quantity: str,
        part: Part,
        window: object,
        uncertainty: object,
    ) -> Curve:
        here = select(self.T, part) & self.good
        options = {"window": window, "uncertainty": uncertainty}
        found = averaged(self.T[here], values[here], quantity, **options, name=self.file)
        return found if std is None else with_stated(found, self.T[here], std[here], window)


def read_zem(path: str | Path, sample: str | None = None) -> ZemRun:
    r"""Read the table of results of a ZEM-3.

    Parameters
    ----------
    path : path
        Text file or Excel workbook in the layout of the module's description.
    sample : str, optional
        Name of the sheet or the block wanted, in a file with several tables.

    Returns
    -------
    ZemRun

    Raises
    ------
    InputError
        For another layout; with every cell that is no number and every resistivity that is not positive (at
        most twenty).

    Examples
    --------
    >>> header = "Measurement temp.(C)\tResistivity(Ohm m)\tSeebeck coeff.(V/K)"
    >>> rows = ["26.9\t1.29E-5\t-1.98E-4", "77.0\t1.41E-5\t-2.07E-4"]
    >>> written = Path("zem.txt").write_text("\n".join(["sample", header, *rows]))
    >>> read_zem("zem.txt").seebeck_curve()
    Curve(seebeck, "zem.txt", 2 points, 300.05 K to 350.15 K, -207 uV/K to -198 uV/K, pchip)
    """
    table = read_table(path, _LAYOUT, sample)
    found = table.numbers
    resistivity = found.get("electrical_resistivity")
    if resistivity is None:
        resistivity = 1.0 / found["electrical_conductivity"]
    unused = table.unused
    if "electrical_resistivity" in found and "electrical_conductivity" in found:
        unused = (f"{table.headers['electrical_conductivity']} (the resistivity is given)", *unused)
    stds = {name: np.nan_to_num(std) for name, std in table.stds.items()}
    of_rho = stds.get("electrical_resistivity")
    if "electrical_resistivity" not in found and "electrical_conductivity" in stds:
        of_rho = stds["electrical_conductivity"] * resistivity**2
    return ZemRun(
        Path(path).name,
        found["temperature"],
        resistivity,
        found["seebeck"],
        found.get("correlation"),
        unused,
        of_rho,
        stds.get("seebeck"),
    )


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class ZemResult(EvidenceResult):
    """Seebeck coefficient and resistivity of a run over temperature.

    Parameters
    ----------
    seebeck, electrical_resistivity : Curve
        In V/K and ohm m, at the same temperatures.
    findings : tuple of Finding
        Doubts about the points, and what was left out.
    point_status, point_energy_balance, point_error_estimate, interpolation, warnings, notes, conditions
        As of every result, see `ioffe.base.result.BaseResult`.

    Examples
    --------
    >>> T = np.array([300.0, 400.0])
    >>> run = ZemRun("zem.txt", T, np.array([1.0e-5, 1.2e-5]), np.array([2.0e-4, 2.2e-4]))
    >>> zem_result(run).power_factor.round(5)
    array([0.004  , 0.00403])
    """

    kind: ClassVar[str] = "zem"

    seebeck: Curve
    electrical_resistivity: Curve
    findings: tuple[Finding, ...] = ()

    @property
    def power_factor(self) -> Array:
        """S^2/rho in W/(m K2)."""
        return self.seebeck.values**2 / self.electrical_resistivity.values

    def tables(self) -> dict[str, ResultTable]:
        """Both properties and the power factor.

        Returns
        -------
        dict of str to ResultTable
            ``values``, in SI; an unknown standard deviation is NaN.
        """
        columns = {
            "seebeck": self.seebeck.values,
            "seebeck_std": known_std(self.seebeck),
            "electrical_resistivity": self.electrical_resistivity.values,
            "electrical_resistivity_std": known_std(self.electrical_resistivity),
            "power_factor": self.power_factor,
        }
        along = {name: (("T",), values) for name, values in columns.items()}
        return {"values": table({"T": self.seebeck.T}, along)}

    def _header(self) -> dict[str, Any]:
        return {"findings": self.findings}

    def _title(self) -> str:
        return f"Seebeck coefficient and resistivity, {self.seebeck.T.size} temperatures"

    def _facts(self) -> Iterator[tuple[str, str]]:
        T, best = self.seebeck.T, int(np.argmax(self.power_factor))
        factor = format_si(float(self.power_factor[best]), "power_factor")
        yield "largest power factor", f"{factor} at {T[best]:.4g} K"
        yield from (("", str(finding)) for finding in self.findings)


def zem_result(
    run: ZemRun, *, part: Part = "all", window: object = "5 K", uncertainty: object = 0.0
) -> ZemResult:
    """Seebeck coefficient, resistivity and power factor of a run.

    Parameters
    ----------
    run : ZemRun
        From `read_zem`.
    part, window, uncertainty
        As for `ZemRun.seebeck_curve`.

    Returns
    -------
    ZemResult

    Raises
    ------
    InputError
        For an unknown part, and a window or an uncertainty that is wrong.

    Examples
    --------
    >>> T = np.array([300.0, 400.0])
    >>> run = ZemRun("zem.txt", T, np.array([1.0e-5, 1.2e-5]), np.array([2.0e-4, 2.2e-4]))
    >>> zem_result(run, uncertainty="5 %").seebeck.std
    array([1.0e-05, 1.1e-05])
    """
    options = {"part": part, "window": window, "uncertainty": uncertainty}
    S, rho = run.seebeck_curve(**options), run.resistivity_curve(**options)
    return ZemResult(seebeck=S, electrical_resistivity=rho, findings=run.findings)


def sample_material(
    name: str,
    *,
    electrical: ZemRun,
    thermal: FlashRun | LaserFlash,
    density: object = None,
    heat_capacity: HeatCapacity | None = None,
    carrier: Literal["p", "n"] | None = None,
    part: Part = "all",
    window: object = "5 K",
    seebeck_uncertainty: object = 0.0,
    resistivity_uncertainty: object = 0.0,
    diffusivity_uncertainty: object = 0.0,
    **more: Any,
) -> Material:
    """Material with S and resistivity of a ZEM-3 and kappa of a laser flash.

    Parameters
    ----------
    name : str
        Composition.
    electrical : ZemRun
        From `ioffe.measure.zem.read_zem`.
    thermal : FlashRun or LaserFlash
        Diffusivities of a file, or a conductivity made by `ioffe.measure.laser_flash.conductivity`.
    density : float, str or mapping, optional
        For diffusivities; by default that of the file.
    heat_capacity : float, str, Curve or callable, optional
        For diffusivities, as for `ioffe.measure.laser_flash.conductivity`; by default that of the file.
    carrier : {"p", "n"}, optional
        By default the sign of S, if it is the same at all temperatures.
    part, window
        Which points of the runs make the curves; see `ioffe.measure.estimates`.
    seebeck_uncertainty, resistivity_uncertainty, diffusivity_uncertainty : float or str
        Relative standard deviations of the instruments.
    **more
        Further arguments of `ioffe.measure.laser_flash.conductivity`, such as `xray_density`.

    Returns
    -------
    Material
        Each property at the temperatures at which it was measured; the notes of the runs are in its
        provenance.

    Raises
    ------
    InputError
        For arguments that are missing or wrong, and for runs without a common range of temperature.

    Examples
    --------
    >>> import numpy as np
    >>> T = np.array([300.0, 400.0])
    >>> zem = ZemRun("zem.txt", T, np.array([1.0e-5, 1.2e-5]), np.array([2.0e-4, 2.2e-4]))
    >>> lfa = FlashRun("lfa.csv", T, np.array([0.60e-6, 0.55e-6]), None, {})
    >>> sample = sample_material("trial", electrical=zem, thermal=lfa, density="4 g/cm3", heat_capacity=300.0)
    >>> sample.carrier, round(float(sample.zT(300.0)), 3)
    ('p', 1.667)
    """
    if isinstance(thermal, LaserFlash):
        flash = thermal
    else:
        options = {"window": window, "uncertainty": diffusivity_uncertainty}
        flash = conductivity_of_run(thermal, density, heat_capacity, **options, **more)
    seebeck = electrical.seebeck_curve(part=part, window=window, uncertainty=seebeck_uncertainty)
    resistivity = electrical.resistivity_curve(part=part, window=window, uncertainty=resistivity_uncertainty)
    source = ", ".join(filter(None, dict.fromkeys([electrical.file, getattr(thermal, "file", "")])))
    origins = (f"The {name.replace('_', ' ')} is that of {of}." for name, of in flash.origins.items())
    note = " ".join((*electrical.notes, *(finding.message for finding in flash.findings), *origins))
    return Material(
        name=name,
        carrier=carrier or sign_of(seebeck),
        seebeck=seebeck,
        electrical=resistivity,
        thermal_conductivity=flash.thermal_conductivity,
        density=flash.density if density is None else to_si(density, "density", "density"),
        provenance=Provenance(source=source, method="Measured: ZEM-3 and laser flash.", note=note),
    )
