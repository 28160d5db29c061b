"""Text exports of the ZEM-3 (Advance Riko, formerly Ulvac-Riko): Seebeck coefficient and resistivity.

With a laser flash of the same sample they make a material.

The layout is not published by its maker. What is read here is the table of results as three public readers of
such files describe it (J. Chung's pykeri, 2017, and two scripts for ZEM and laser-flash folders): cells
separated by tabs (or commas), perhaps a line with the name of the sample, then the headers ``Measurement
temp.(C)``, ``Resistivity(Ohm m)``, ``D.Volt./D.Temp.(V/K)``, ``Wire seebeck(V/K)``, ``Seebeck coeff.(V/K)``,
``Power factor(W/m K^2)``, ``Figure of merit(1/K)``, ``Dark EMF(V)``, ``R^2 by Seebeck``, ``Sigma by
Seebeck``, then one row for each measurement. Columns are found by their headers, in any order; temperature,
resistivity and Seebeck coefficient are needed. A file of another layout is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np

from ioffe.base.arrays import Array
from ioffe.base.curve import Curve
from ioffe.base.errors import Faults
from ioffe.base.units import to_si
from ioffe.material.fields import Provenance
from ioffe.material.material import Material
from ioffe.material.readers.series import sign_of
from ioffe.measure._table import TableLayout, read_table
from ioffe.measure.estimates import Part, averaged, select
from ioffe.measure.laser_flash import FlashRun, HeatCapacity, LaserFlash, conductivity

_LAYOUT: Final = TableLayout(
    headers={
        "measurement temp.(c)": ("temperature", "degC"),
        "resistivity(ohm m)": ("resistivity", "ohm m"),
        "seebeck coeff.(v/k)": ("seebeck", "V/K"),
        "r^2 by seebeck": ("correlation", "1"),
    },
    units={"temperature": "K", "resistivity": "ohm m", "seebeck": "V/K", "correlation": "1"},
    needed=({"temperature", "resistivity", "seebeck"},),
    expected=(
        "the columns of a ZEM-3 are expected: Measurement temp.(C), Resistivity(Ohm m), Seebeck coeff.(V/K)"
    ),
    positive={"resistivity": "a resistivity above 0 ohm m is expected"},
)
_POOR_CORRELATION: Final = 0.99
"""R^2 of the voltage against the temperature difference below which a point is doubtful."""
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
        R^2 of voltage against temperature difference.
    """

    file: str
    T: Array
    resistivity: Array
    seebeck: Array
    correlation: Array | None = None

    @property
    def notes(self) -> tuple[str, ...]:
        """Doubts about the points."""
        correlation = np.ones_like(self.T) if self.correlation is None else self.correlation
        poor = [f"{T:.0f} K" for T in self.T[correlation < _POOR_CORRELATION]]
        if not poor:
            return ()
        listed = ", ".join(poor[:_MOST_LISTED] + ["..."] * (len(poor) > _MOST_LISTED))
        return (f"R^2 of voltage against temperature difference is below {_POOR_CORRELATION} at {listed}.",)

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
        return self._curve(self.seebeck, "seebeck", part, window, uncertainty)

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
        return self._curve(self.resistivity, "electrical_resistivity", part, window, uncertainty)

    def _curve(self, values: Array, quantity: str, part: Part, window: object, uncertainty: object) -> Curve:
        here = select(self.T, part)
        return averaged(
            self.T[here], values[here], quantity, window=window, uncertainty=uncertainty, name=self.file
        )


def read_zem(path: str | Path) -> ZemRun:
    r"""Read the table of results of a ZEM-3.

    Parameters
    ----------
    path : path
        Text file in the layout of the module's description.

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
    found = dict(read_table(path, _LAYOUT).numbers)
    return ZemRun(Path(path).name, found.pop("temperature"), **found)


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
        For diffusivities, as for `ioffe.measure.laser_flash.conductivity`.
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
    stated = thermal.density if isinstance(thermal, FlashRun) else None
    size = stated if density is None else density
    if isinstance(thermal, LaserFlash):
        flash = thermal
    else:
        with Faults() as faults:
            if size is None:
                faults.add("density", expected="the file does not state it; give it in kg/m3 or with a unit")
            if heat_capacity is None:
                expected = "a number, a Curve or a model is needed beside a diffusivity"
                faults.add("heat_capacity", expected=expected)
        diffusivity = thermal.curve(window=window, uncertainty=diffusivity_uncertainty)
        flash = conductivity(diffusivity, size, heat_capacity or 0.0, **more)
    seebeck = electrical.seebeck_curve(part=part, window=window, uncertainty=seebeck_uncertainty)
    resistivity = electrical.resistivity_curve(part=part, window=window, uncertainty=resistivity_uncertainty)
    source = ", ".join(filter(None, dict.fromkeys([electrical.file, getattr(thermal, "file", "")])))
    note = " ".join((*electrical.notes, *flash.notes))
    return Material(
        name=name,
        carrier=carrier or sign_of(seebeck),
        seebeck=seebeck,
        electrical=resistivity,
        thermal_conductivity=flash.thermal_conductivity,
        density=None if size is None else to_si(size, "density", "density"),
        provenance=Provenance(source=source, method="Measured: ZEM-3 and laser flash.", note=note),
    )
