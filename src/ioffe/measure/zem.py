"""Text exports of the ZEM-3 (Advance Riko, formerly Ulvac-Riko): Seebeck coefficient and resistivity.

The layout is not published by its maker. What is read here is the table of results as three public readers of
such files describe it (J. Chung's pykeri, 2017, and two scripts for ZEM and laser-flash folders): cells
parted by tabs (or commas), perhaps a line with the name of the sample, then the headers ``Measurement
temp.(C)``, ``Resistivity(Ohm m)``, ``D.Volt./D.Temp.(V/K)``, ``Wire seebeck(V/K)``, ``Seebeck coeff.(V/K)``,
``Power factor(W/m K^2)``, ``Figure of merit(1/K)``, ``Dark EMF(V)``, ``R^2 by Seebeck``, ``Sigma by
Seebeck``, then one row for each measurement. Columns are found by their headers, in any order; temperature,
resistivity and Seebeck coefficient are needed. A file of another layout is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ioffe.base.constants import ZERO_CELSIUS
from ioffe.base.curve import Curve
from ioffe.base.errors import Faults
from ioffe.material.readers.cells import NotANumber, decimal_comma, number
from ioffe.material.readers.files import CellRow, find_header, read_text, refuse, text_rows
from ioffe.measure.runs import Part, averaged, select

__all__ = ["ZemRun", "read_zem"]

HEADERS: Final = {
    "temperature": "measurement temp.(c)",
    "resistivity": "resistivity(ohm m)",
    "seebeck": "seebeck coeff.(v/k)",
    "correlation": "r^2 by seebeck",
}
"""Column headers in lower case and with single blanks, by what they hold."""
_NEEDED: Final = ("temperature", "resistivity", "seebeck")
_EXPECTED: Final = "Measurement temp.(C), Resistivity(Ohm m), Seebeck coeff.(V/K)"
_POOR: Final = 0.99
"""R^2 of the voltage against the temperature difference below which a point is doubtful."""
_FAULT_LIMIT: Final = 20


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
    T: NDArray[np.float64]
    resistivity: NDArray[np.float64]
    seebeck: NDArray[np.float64]
    correlation: NDArray[np.float64] | None = None

    @property
    def notes(self) -> tuple[str, ...]:
        """Doubts about the points."""
        if self.correlation is None:
            return ()
        poor = np.flatnonzero(self.correlation < _POOR)
        if not poor.size:
            return ()
        listed = ", ".join(f"{self.T[i]:.0f} K" for i in poor[:6]) + (", ..." if poor.size > 6 else "")
        return (f"R^2 of voltage against temperature difference is below {_POOR} at {listed}.",)

    def seebeck_curve(
        self, *, part: Part = "all", window: object = "5 K", uncertainty: object = 0.0
    ) -> Curve:
        """Seebeck coefficient against temperature.

        Parameters
        ----------
        part : {"all", "heating", "cooling"}
            Of the run.
        window : float or str
            Temperature differences below it make no new point; see `ioffe.measure.runs.averaged`.
        uncertainty : float or str
            Relative standard deviation of the instrument, such as "5 %".
        """
        return self._curve(self.seebeck, "seebeck", part, window, uncertainty)

    def resistivity_curve(
        self, *, part: Part = "all", window: object = "5 K", uncertainty: object = 0.0
    ) -> Curve:
        """Electrical resistivity against temperature; arguments as for `seebeck_curve`."""
        return self._curve(self.resistivity, "electrical_resistivity", part, window, uncertainty)

    def _curve(
        self, values: NDArray[np.float64], quantity: str, part: Part, window: object, uncertainty: object
    ) -> Curve:
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
    path = Path(path)
    text = read_text(path)
    header = find_header(text, _recognise)
    if header is None:
        first = next((line for line in text.splitlines() if line.strip()), "")
        raise refuse(path, f"the columns of a ZEM-3 are expected: {_EXPECTED}", value=first)
    first_line, delimiter, names = header
    columns = {what: index for index, name in enumerate(names) if (what := _meaning(name))}
    rows = list(text_rows(path, text, first_line, delimiter))
    faults = Faults(str(path))
    if not rows:
        faults.add(f"line {first_line}", expected="there are no rows below the headers")
    comma = decimal_comma(rows, delimiter)
    found = {what: _column(rows, index, names[index], bool(comma), faults) for what, index in columns.items()}
    for row, value in zip(rows, found["resistivity"], strict=True):
        if value <= 0:
            faults.add(f"line {row.line}", value, "a resistivity above 0 ohm m is expected")
    _raise_few(faults)
    arrays = {what: np.array(values) for what, values in found.items()}
    return ZemRun(
        path.name,
        arrays["temperature"] + ZERO_CELSIUS,
        arrays["resistivity"],
        arrays["seebeck"],
        arrays.get("correlation"),
    )


def _meaning(name: str) -> str:
    plain = " ".join(name.casefold().split())
    return next((what for what, header in HEADERS.items() if plain == header), "")


def _recognise(names: list[str]) -> int:
    found = {_meaning(name) for name in names}
    return len(names) if set(_NEEDED) <= found else 0


def _column(rows: list[CellRow], index: int, header: str, comma: bool, faults: Faults) -> list[float]:
    found = []
    for row in rows:
        try:
            found.append(number(row.text(index), comma))
        except NotANumber as problem:
            faults.add(f"line {row.line}", row.text(index), f"{header}: {problem}")
            found.append(np.nan)
    return found


def _raise_few(faults: Faults) -> None:
    """Raise the faults, at most `_FAULT_LIMIT` of them."""
    if len(faults) > _FAULT_LIMIT:
        short = Faults(faults.file)
        for fault in faults.found[:_FAULT_LIMIT]:
            short.add(fault.place, fault.value, fault.expected, fault.advice)
        short.add("", expected=f"and {len(faults) - _FAULT_LIMIT} more faults")
        faults = short
    faults.raise_if_any()
