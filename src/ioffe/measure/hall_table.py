r"""Hall measurements in files: sweeps of the field, and tables of coefficients; what follows from them.

`read_hall` knows tables with a field and a Hall voltage, a Hall resistance or a Hall resistivity, and tables
with Hall coefficients, which Lake Shore systems write as text below lines about the sample.

>>> rows = "-10000,-0.19\n-5000,-0.05\n5000,0.25\n10000,0.40\n"
>>> _ = Path("hall.csv").write_text("Field [G],R_xy (mohm)\n" + rows)
>>> found = hall_measurement(read_hall("hall.csv"), thickness="1 mm")
>>> found.carrier, round(found.results[0].coefficient * 1e6, 3)  # cm3/C
('p', 0.296)
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, ClassVar, Final, Literal

import numpy as np
from numpy.typing import NDArray

from ioffe.base.arrays import Array
from ioffe.base.constants import e
from ioffe.base.errors import Faults
from ioffe.base.result import EvidenceResult
from ioffe.base.table import Column, ResultTable
from ioffe.base.units import to_si
from ioffe.material.checks import Finding
from ioffe.material.readers.files import is_workbook, read_text
from ioffe.material.uncertainty import with_error
from ioffe.measure._hall_layout import LAYOUT
from ioffe.measure._table import read_table
from ioffe.measure.estimates import groups, read_inputs
from ioffe.measure.hall import HallResult, hall_coefficient, hall_result
from ioffe.measure.plausible import RANGES, doubts

CURVED: Final = 0.05
"""Part even in the field from which on a note is made."""
DIFFERENCE: Final = 0.03
"""Relative difference from a number of the file from which on it is named."""
ROUNDING: Final = 1e-12
"""Share of a number below which its standard deviation is one of rounding alone."""
WINDOW: Final = 2.0
"""Difference in K up to which rows belong to one temperature."""
_STATED: Final = re.compile(
    r"(?im)^\W*(thickness|hall factor)\s*(?:[\[(/]\s*([^\]\)\s=:]+)\s*[\])]?)?\s*[=:,;\t ]+"
    r"\s*([\d.,eE+-]+)\s*[\[(]?\s*([^\]\)\s,;]*)"
)


@dataclass(frozen=True)
class HallTable:
    """Rows of a Hall measurement in SI, in the order of the file.

    Parameters
    ----------
    file : str
        Where they were read.
    numbers : mapping of str to ndarray of shape (n,)
        Of ``field``, ``voltage``, ``current``, ``resistance``, ``hall_resistivity``, ``hall_coefficient``,
        ``electrical_resistivity``, ``hall_carrier_density``, ``mobility``, ``temperature`` those that the
        file has.
    thickness, hall_factor : float or None
        What the lines above the table say, in m and as a number.
    unused : tuple of str
        Columns and rows that were not used.
    stds : mapping of str to ndarray of shape (n,)
        Standard deviations of coefficients, densities and resistivities that the file states, NaN where none.

    Examples
    --------
    >>> HallTable("made up", {"hall_coefficient": np.array([-1.2e-7])}).is_sweep
    False
    """

    file: str
    numbers: Mapping[str, Array]
    thickness: float | None = None
    hall_factor: float | None = None
    unused: tuple[str, ...] = ()
    stds: Mapping[str, Array] = field(default_factory=dict)

    @property
    def is_sweep(self) -> bool:
        """Whether the coefficient must be found from a sweep of the field."""
        return not {"hall_coefficient", "hall_carrier_density"} & set(self.numbers)


def read_hall(path: str | Path) -> HallTable:
    r"""Read a Hall measurement.

    Parameters
    ----------
    path : path
        Text table or Excel workbook, see the description of the module.

    Returns
    -------
    HallTable

    Raises
    ------
    InputError
        With every fault of the file and its line (at most twenty).

    Examples
    --------
    >>> _ = Path("hall_T.csv").write_text("T (K),Hall coefficient (cm^3/C)\n300,0.104\n350,0.102\n")
    >>> read_hall("hall_T.csv").numbers["temperature"]
    array([300., 350.])
    """
    table = read_table(path, LAYOUT)
    stated: dict[str, float] = {}
    above = "\n".join(f"{key}: {text}" for key, text in table.remarks.items())
    for match in _STATED.finditer(above if is_workbook(Path(path)) else read_text(Path(path))):
        kind, text, unit = match[1].casefold(), match[3].replace(",", "."), match[2] or match[4]
        with Faults(str(path)) as faults, faults.collect():
            size = to_si(f"{text} {unit}", kind, match[1]) if kind == "thickness" else float(text)
            stated.setdefault(kind, size)
    found = HallTable(
        Path(path).name,
        table.numbers,
        stated.get("thickness"),
        stated.get("hall factor"),
        table.unused,
        table.stds,
    )
    if found.is_sweep:
        return found
    spare = [table.headers["field"]] if "field" in table.headers else []
    spare += ["the thickness"] if found.thickness is not None else []
    return replace(found, unused=(*found.unused, *(f"{s} (the file holds coefficients)" for s in spare)))


def _nothing() -> Array:
    return np.empty(0)


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class HallMeasurement(EvidenceResult):
    """Hall coefficients, carrier densities and mobilities, one of each temperature.

    Parameters
    ----------
    T : ndarray of shape (n,)
        In K; NaN where the file does not say it.
    results : tuple of HallResult
        One for each temperature; a deviation of 0 is not known.
    has_mobility : bool
        Whether a resistivity was given or stands in the file.
    magnetic_field, resistance, fitted : ndarray of shape (m,)
        Fields in T, Hall resistances and the straight lines through them in ohm; empty for a table of
        coefficients.
    offset, curvature : ndarray of shape (n,)
        As of `HallFit`; NaN for a table of coefficients.
    origins : mapping of str to str
        Where thickness, resistivity and Hall factor come from.
    findings : tuple of Finding
        What a reader must know.
    point_status, point_energy_balance, point_error_estimate, interpolation, warnings, notes, conditions
        As of every result, see `ioffe.base.result.BaseResult`.

    Examples
    --------
    >>> found = hall_measurement(HallTable("made up", {"hall_coefficient": np.array([-1.2e-7])}))
    >>> found.carrier, found.columns()["hall_carrier_density"].round(-23)
    ('n', array([5.2e+25]))
    """

    kind: ClassVar[str] = "hall"

    T: Array
    results: tuple[HallResult, ...]
    has_mobility: bool
    magnetic_field: Array = field(default_factory=_nothing)
    resistance: Array = field(default_factory=_nothing)
    fitted: Array = field(default_factory=_nothing)
    offset: Array = field(default_factory=_nothing)
    curvature: Array = field(default_factory=_nothing)
    origins: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()

    @property
    def carrier(self) -> Literal["p", "n", "both"]:
        """Type by the sign of the coefficients."""
        kinds = {one.carrier for one in self.results}
        return self.results[0].carrier if len(kinds) == 1 else "both"

    def columns(self) -> dict[str, Array]:
        """Numbers in SI by the names of their quantities, with deviations that are NaN where not known.

        Returns
        -------
        dict of str to ndarray of shape (n,)
        """
        found = {}
        names = {"hall_coefficient": "coefficient", "hall_carrier_density": "carrier_density"}
        if self.has_mobility:
            names["hall_mobility"] = "mobility"
        for quantity, name in names.items():
            found[quantity] = np.array([getattr(one, name) for one in self.results])
            std = np.array([getattr(one, f"{name}_std") for one in self.results])
            found[f"{quantity}_std"] = np.where(std > ROUNDING * np.abs(found[quantity]), std, np.nan)
        return found

    def tables(self) -> dict[str, ResultTable]:
        """Results by temperature, and the sweep of the field.

        Returns
        -------
        dict of str to ResultTable
            ``values`` and, of a sweep, ``sweep``, in SI.
        """
        units = {"hall_coefficient": "m3/C", "hall_carrier_density": "1/m3", "hall_mobility": "m2/(V s)"}
        columns = {
            name: Column(("point",), values, units[name.removesuffix("_std")])
            for name, values in self.columns().items()
        }
        found = {"values": ResultTable({"T": Column(("point",), self.T, "K")}, columns)}
        if self.magnetic_field.size:
            of_sweep = {"resistance": self.resistance, "fitted": self.fitted}
            shown = {name: Column(("row",), values, "ohm") for name, values in of_sweep.items()}
            found["sweep"] = ResultTable(
                {"magnetic_field": Column(("row",), self.magnetic_field, "T")}, shown
            )
        return found

    def rows_in_words(self) -> list[tuple[str, ...]]:
        """Temperature, coefficient, density and mobility as they are printed, one row for each temperature.

        Returns
        -------
        list of tuple of str
        """
        names = [name for name in self.columns() if not name.endswith("_std")]
        rows = []
        for k, T in enumerate(self.T):
            cells = (
                with_error(self.columns()[n][k], float(np.nan_to_num(self.columns()[f"{n}_std"][k])), n)
                for n in names
            )
            rows.append((f"{T:.5g} K" if np.isfinite(T) else "", *cells))
        return rows

    def _header(self) -> dict[str, Any]:
        return {"carrier": self.carrier, "origins": self.origins, "findings": self.findings}

    def _title(self) -> str:
        return f"Hall measurement, {self.carrier}-type"

    def _facts(self) -> Iterator[tuple[str, str]]:
        words = ("R_H", "n_H", "mobility")
        for T, *texts in self.rows_in_words():
            if T:
                yield T, ", ".join(f"{name} = {text}" for name, text in zip(words, texts, strict=False))
            else:
                yield from zip(words, texts, strict=False)
        yield from self.origins.items()
        yield from (("", str(finding)) for finding in self.findings)


def hall_measurement(
    table: HallTable, thickness: object = None, resistivity: object = None, current: object = None
) -> HallMeasurement:
    """Hall coefficients of a file with what follows from them.

    Rows of a sweep make one straight line for each temperature (see `hall_coefficient`); coefficients of a
    table are averaged where they belong to one temperature.

    Parameters
    ----------
    table : HallTable
        From `read_hall`.
    thickness : float, str or mapping, optional
        In m, for Hall voltages and resistances; by default that of the file.
    resistivity : float, str or mapping, optional
        In ohm m, for the mobility; by default that of the file.
    current : float or str, optional
        In A, for Hall voltages without a column of it.

    Returns
    -------
    HallMeasurement

    Raises
    ------
    InputError
        With everything that is missing or wrong.

    Notes
    -----
    A Hall factor of 1 and one kind of carrier are assumed, see `ioffe.measure.hall.hall_result`.

    Examples
    --------
    >>> numbers = {"field": np.array([-1.0, 0.0, 1.0]), "resistance": np.array([-3e-4, 0.0, 3e-4])}
    >>> found = hall_measurement(HallTable("made up", numbers), "1 mm", resistivity="1.2 mohm cm")
    >>> print(found.rows_in_words()[0][2:])
    ('2.081e+19 cm^-3', '250 cm2/(V s)')
    """
    options = {
        "thickness": (thickness, "thickness"),
        "resistivity": (resistivity, "electrical_resistivity"),
        "current": (current, "current"),
    }
    faults = Faults(table.file)
    given = read_inputs(options, faults)
    numbers, origins = dict(table.numbers), {}
    thick = given.get("thickness", (table.thickness or np.nan, 0.0))
    if "hall_resistivity" in numbers and "resistance" not in numbers:
        numbers["resistance"], thick = numbers["hall_resistivity"], (1.0, 0.0)
    elif table.is_sweep:
        origins["thickness"] = "given" if "thickness" in given else table.file
        if "thickness" not in given and table.thickness is None:
            faults.add("thickness", expected="it is needed to make a coefficient of a Hall resistance")
    if table.is_sweep and "resistance" not in numbers:
        amperes = given["current"][0] if "current" in given else numbers.get("current")
        if amperes is None:
            faults.add("current", expected="a current is needed: a column such as I (mA), or an option")
        elif not np.all(amperes):
            faults.add("current", 0.0, "numbers other than 0 A are expected")
        else:
            numbers["resistance"] = numbers["voltage"] / amperes
    if (
        "hall_carrier_density" in numbers
        and "hall_coefficient" not in numbers
        and not np.all(numbers["hall_carrier_density"])
    ):
        faults.add("hall_carrier_density", 0.0, "carrier densities other than 0 are expected")
    faults.raise_if_any()
    factor = table.hall_factor
    origins["Hall factor"] = "1 (assumed)" if factor is None else f"{factor:g} ({table.file})"
    rho = given.get("resistivity")
    if rho is None and "electrical_resistivity" in numbers:
        origins["resistivity"] = f"column of {table.file}"
    elif rho is not None:
        origins["resistivity"] = "given"
    size = next(values.size for values in numbers.values())
    kelvin = numbers.get("temperature", np.full(size, np.nan))
    index, T = (np.zeros(size, int), np.array([np.nan])) if np.isnan(kelvin).any() else groups(kelvin, WINDOW)
    parts = [_part(table, numbers, index == k, thick, rho) for k in range(T.size)]
    sweep: dict[str, Any] = {}
    if table.is_sweep:
        order = np.concatenate([np.flatnonzero(index == k) for k in range(T.size)])
        sweep = {"magnetic_field": numbers["field"][order], "resistance": numbers["resistance"][order]}
        sweep |= {
            name: np.concatenate([part[name] for part in parts]) for name in ("fitted", "offset", "curvature")
        }
    found = HallMeasurement(
        T=T,
        results=tuple(part["result"] for part in parts),
        has_mobility=rho is not None or "electrical_resistivity" in numbers,
        origins=origins,
        **sweep,
    )
    return replace(found, findings=tuple(_findings(found, table, numbers, index, thick[0])))


def _part(
    table: HallTable,
    numbers: Mapping[str, Array],
    here: NDArray[np.bool_],
    thick: tuple[float, float],
    rho: tuple[float, float] | None,
) -> dict[str, Any]:
    """Result of the rows of one temperature, and the line through those of a sweep."""
    stated = {name: np.nan_to_num(std) for name, std in table.stds.items()}
    of_rows = numbers.get("electrical_resistivity")
    if rho is None:
        known = stated.get("electrical_resistivity", np.zeros(here.size))
        rho = (1.0, 0.0) if of_rows is None else _mean(of_rows[here], known[here])
    if not table.is_sweep:
        signed, known = numbers.get("hall_coefficient"), stated.get("hall_coefficient", np.zeros(here.size))
        if signed is None:
            n = numbers["hall_carrier_density"]
            signed, known = (
                1.0 / (e * n),
                stated.get("hall_carrier_density", np.zeros(here.size)) / (e * n**2),
            )
        value, std = _mean(signed[here], known[here])
        return {"result": hall_result(value, rho[0], coefficient_std=std, resistivity_std=rho[1])}
    B, R = numbers["field"][here], numbers["resistance"][here]
    fit = hall_coefficient(B, R, current=1.0, thickness=thick[0])
    deviations = {"coefficient_std": fit.coefficient_std, "resistivity_std": rho[1]}
    return {
        "result": hall_result(fit.coefficient, rho[0], **deviations, thickness_share=thick[1] / thick[0]),
        "fitted": fit.offset + fit.coefficient / thick[0] * B,
        "offset": [fit.offset],
        "curvature": [fit.curvature],
    }


def _mean(values: Array, stated: Array) -> tuple[float, float]:
    """Mean and its standard deviation from the scatter and from what is stated; 0 where neither is known."""
    scatter = float(np.std(values, ddof=1) / np.sqrt(values.size)) if values.size > 1 else 0.0
    return float(np.mean(values)), float(np.hypot(scatter, np.linalg.norm(stated) / values.size))


def _findings(
    found: HallMeasurement,
    table: HallTable,
    numbers: Mapping[str, Array],
    index: NDArray[np.intp],
    thickness: float,
) -> Iterator[Finding]:
    yield from doubts({name: values for name, values in found.columns().items() if name in RANGES})
    checked = {
        "magnetic_field": numbers.get("field"),
        "electrical_resistivity": numbers.get("electrical_resistivity"),
    }
    checked |= {"thickness": thickness if table.is_sweep and "hall_resistivity" not in numbers else None}
    yield from doubts({name: values for name, values in checked.items() if values is not None})
    if found.curvature.size and float(np.max(found.curvature)) > CURVED:
        share = f"{float(np.max(found.curvature)):.0%}"
        yield Finding(
            "note", "even", f"{share} of the Hall resistance is even in the field (magnetoresistance)"
        )
    if found.magnetic_field.size and np.all(found.magnetic_field > 0.0):
        yield Finding("note", "one-sign", "fields of one sign only: a magnetoresistance is not taken out")
    if (
        not table.is_sweep
        and "hall_coefficient" not in numbers
        and np.all(numbers["hall_carrier_density"] > 0.0)
    ):
        yield Finding(
            "warning", "sign", "p-type only by the sign of the densities, which tables often leave out"
        )
    stated = {"hall_carrier_density": ("carrier_density", "1/(e R_H)"), "mobility": ("mobility", "R_H/rho")}
    for name, (attribute, formula) in stated.items():
        known = name in numbers and ("hall_coefficient" in numbers or table.is_sweep)
        if not known or (name == "mobility" and not found.has_mobility):
            continue
        computed = np.array([getattr(one, attribute) for one in found.results])[index]
        ratio = np.abs(numbers[name]) / computed
        worst = float(ratio[int(np.nanargmax(np.abs(ratio - 1.0)))]) if np.any(np.isfinite(ratio)) else 1.0
        if abs(worst - 1.0) > DIFFERENCE:
            text = f"the {attribute.replace('_', ' ')} of the file is {worst:.3g} times {formula}"
            yield Finding("warning", "differs", f"{text}: another Hall factor, or a wrong unit")
        else:
            text = f"the {attribute.replace('_', ' ')} of the file agrees with {formula} and is not used"
            yield Finding("note", "agrees", text)
    unused = table.unused
    if "mobility" in numbers and not found.has_mobility:
        unused += ("the mobility (it is compared where there is a resistivity)",)
    if unused:
        yield Finding("note", "not-used", f"not used: {', '.join(unused)}")
