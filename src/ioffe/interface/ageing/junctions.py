r"""From a table of aged junctions to the law that each of them follows, and to the [life] of a device file.

>>> rows = "A,0,280,18.4\nA,72,280,13.2\nA,168,280,10.4\nA,360,280,8.8\nA,720,280,8.1\n"
>>> _ = Path("ageing.csv").write_text("metal,t (h),T (degC),rho_c (uohm cm2)\n" + rows)
>>> found = age_junctions(*read_ageing("ageing.csv"))
>>> found.laws["A"]
'relaxation'
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from ioffe.base.arrays import Array
from ioffe.base.errors import Fault, Faults, InputError, check_one_of
from ioffe.base.quantities import quantity as entry_of
from ioffe.base.result import EvidenceResult
from ioffe.base.table import Column, ResultTable
from ioffe.base.units import convert
from ioffe.interface.ageing.fit import fit_ageing
from ioffe.interface.ageing.law import ENERGY, Law
from ioffe.interface.ageing.laws import LinearGrowth, ParabolicGrowth, PowerLaw, Relaxation
from ioffe.interface.ageing.result import AgeingFit, AgeingSeries
from ioffe.material.checks import Finding
from ioffe.measure._table import Columns, TableLayout, read_tables
from ioffe.measure.estimates import groups

LAWS: Final[dict[str, type[Law]]] = {
    "relaxation": Relaxation,
    "parabolic": ParabolicGrowth,
    "linear": LinearGrowth,
    "power": PowerLaw,
}
"""Laws by the words of device files."""
COMMON: Final[dict[type[Law], int]] = {Relaxation: 2, ParabolicGrowth: 1, LinearGrowth: 1, PowerLaw: 2}
"""Parameters that are fitted beside the initial value of every series."""
WINDOW: Final = 3.0
"""Difference in K up to which rows were kept at one temperature."""
CLOSE: Final = 2.0
"""Difference of Akaike's criterion below which two laws describe the data alike."""
_VALUES: Final = {
    "contact": "electrical_contact_resistivity",
    "internal": "internal_resistance",
    "power": "power",
    "share": "mass_fraction",
    "resistance": "contact_resistance",
}
"""What may age, by the columns of a table; the first that is there counts."""
OF_CONTACTS: Final = ("electrical_contact_resistivity", "contact_resistance")
"""Those that a number of a device may follow; the others are what a device or a phase does as a whole."""
_LAYOUT: Final = TableLayout(
    names={
        "name": ("metal", "junction", "sample", "name", "contact", "interface", "barrier", "series"),
        "time": ("t", "time", "ageing time", "aging time", "annealing time", "duration"),
        "temperature": ("t", "temperature", "temp", "ageing temperature", "aging temperature"),
        "contact": (
            *("rho c", "ρ c", "ρc", "rhoc", "contact resistivity", "specific contact resistivity"),
            "electrical contact resistivity",
        ),
        "internal": ("r in", "internal resistance", "r module", "module resistance"),
        "power": ("p", "p max", "pmax", "power", "output power", "max power"),
        "share": ("share", "phase share", "phase fraction", "impurity", "impurity phase"),
        "resistance": ("r", "r c", "rc", "resistance", "contact resistance"),
    },
    units={
        "time": "s",
        "temperature": "K",
        "contact": "ohm m2",
        "resistance": "ohm",
        "internal": "ohm",
        "power": "W",
        "share": "1",
    },
    needed=tuple({"time", what} for what in _VALUES),
    expected='the headers "t (h)" and "rho_c (uohm cm2)" are expected, perhaps "metal", "T (degC)", "std"',
    positive=dict.fromkeys(_VALUES, "a number above 0 is expected"),
    errors=tuple(_VALUES),
    leaves_out=True,
)


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class AgedJunctions(EvidenceResult):
    """Junctions that aged, with the law of each that describes it best.

    Parameters
    ----------
    series : tuple of AgeingSeries
        Measured values; several of one junction differ in temperature.
    junctions : mapping of str to tuple of int
        Positions of the series of every junction.
    quantity : str
        What the values are in the quantity table.
    fits : mapping of str to AgeingFit
        Of the junctions that have one.
    laws : mapping of str to str
        Words of these laws, as in device files.
    criteria : mapping of str to mapping of str to float
        Akaike's criterion of every law that could be fitted, less that of the best one.
    findings : tuple of Finding
        What a reader must know.
    point_status, point_energy_balance, point_error_estimate, interpolation, warnings, notes, conditions
        As of every result, see `ioffe.base.result.BaseResult`.

    Examples
    --------
    >>> hours = 3600.0 * np.array([0.0, 72.0, 168.0, 360.0, 720.0])
    >>> found = age_junctions([AgeingSeries("A", hours, [18.4, 13.2, 10.4, 8.8, 8.1], 553.0)], quantity="")
    >>> print(f"{found.fits['A'].law().final:.1f}")
    8.1
    """

    kind: ClassVar[str] = "aged_junctions"

    series: tuple[AgeingSeries, ...]
    junctions: Mapping[str, tuple[int, ...]]
    quantity: str
    fits: Mapping[str, AgeingFit]
    laws: Mapping[str, str]
    criteria: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()

    def drawn(self) -> list[AgeingSeries | AgeingFit]:
        """What `compare_ageing` draws: the fit of a junction, or its points.

        Returns
        -------
        list of AgeingSeries or AgeingFit
        """
        found: list[AgeingSeries | AgeingFit] = []
        for name, positions in self.junctions.items():
            found += [self.fits[name]] if name in self.fits else [self.series[k] for k in positions]
        return found

    def tables(self) -> dict[str, ResultTable]:
        """``points``: what was measured, with the fitted values; what is not known is NaN."""
        unit = entry_of(self.quantity).unit if self.quantity else ""
        parts: dict[str, list[Array]] = {key: [] for key in ("time", "temperature", "value", "std", "fitted")}
        names: list[str] = []
        for series in self.series:
            size = series.times.size
            names += [series.name] * size
            T = np.full(1, np.nan) if series.temperatures is None else series.temperatures
            if 1 < T.size < size:  # of the intervals: each point has that of the one before it
                T = np.concatenate([T[:1], T])
            fit = next((one for one in self.fits.values() if series in one.series), None)
            fitted = np.full(size, np.nan) if fit is None else fit.band(*series.history(), series.name).value
            parts["time"].append(series.times)
            parts["temperature"].append(np.broadcast_to(T, size))
            parts["value"].append(series.values)
            parts["std"].append(np.full(size, np.nan) if series.std is None else series.std)
            parts["fitted"].append(fitted[-size:])
        units = {"time": "s", "temperature": "K"}
        index = {"junction": Column(("point",), np.array(names))}
        columns = {
            key: Column(("point",), np.concatenate(v), units.get(key, unit)) for key, v in parts.items()
        }
        return {"points": ResultTable(index, columns)}

    def parameter_lines(self) -> list[tuple[str, str, str]]:
        """Junction, law and parameters as they are printed.

        Returns
        -------
        list of (str, str, str)
        """
        rows = []
        for name in self.junctions:
            words = "no law: fewer points than parameters"
            if name in self.fits:
                words = "; ".join(str(one) for one in self.fits[name].parameters)
            rows.append((name, self.laws.get(name, "table"), words))
        return rows

    def life_table(self, paths: str | Sequence[str], junction: str = "") -> str:
        """The table [life] of a device file in which a contact ages as a junction did.

        Parameters
        ----------
        paths : str or sequence of str
            Numbers of the device, such as ``p.contact_hot.electrical``.
        junction : str, optional
            Its name; may be left away if there is one.

        Returns
        -------
        str
            TOML, to stand below the device and its conditions. A junction without a law enters with its
            measured values, of which the last one is held.

        Raises
        ------
        InputError
            For an unknown junction, or for values that no number of a device follows, such as its power.
        """
        if self.quantity and self.quantity not in OF_CONTACTS:
            expected = f"{' or '.join(OF_CONTACTS)} is expected for a number of a device"
            raise InputError(Fault("quantity", self.quantity, expected))
        name = junction or (next(iter(self.junctions)) if len(self.junctions) == 1 else "")
        if name not in self.junctions:
            raise InputError(Fault("junction", junction, f"one of {', '.join(self.junctions)} is expected"))
        several = [self.series[k] for k in self.junctions[name]]
        longest = max(float(one.times[-1]) for one in several)
        lines = [f'law = "{self.laws.get(name, "table")}"']
        if name in self.fits:
            lines += _law_lines(self.fits[name], self.laws[name], several[0].name, self.quantity, longest)
        else:
            one = several[0]
            lines.append(f"times = [{', '.join(_text(t, 'time') for t in one.times)}]")
            lines.append(f"values = [{', '.join(_text(v, self.quantity) for v in one.values)}]")
            lines.append('assumed = "the last measured value is held"')
        kept = sorted({float(T) for one in several if one.temperatures is not None for T in one.temperatures})
        at = f" at {', '.join(f'{T:.5g} K' for T in kept)}" if kept else ""
        lines.append(f"source = {_quoted(f'{name}, measured{at} over {longest / 86400.0:.3g} day')}")
        written = [f'[life]\nduration = "{longest / 86400.0:.6g} day"']
        written += [
            "\n".join(["[[life.degradation]]", f"path = {_quoted(path)}", *lines])
            for path in ([paths] if isinstance(paths, str) else paths)
        ]
        return "\n\n".join(written) + "\n"

    def _header(self) -> dict[str, Any]:
        parameters = {
            name: {one.name: {"value": one.value, "std": one.std} for one in fit.parameters}
            for name, fit in self.fits.items()
        }
        return {
            "quantity": self.quantity,
            "laws": self.laws,
            "parameters": parameters,
            "criteria": self.criteria,
            "findings": self.findings,
        }

    def _title(self) -> str:
        return f"ageing of {len(self.junctions)} junctions"

    def _facts(self) -> Iterator[tuple[str, str]]:
        for name, law, words in self.parameter_lines():
            yield name, f"{law}: {words}" if name in self.fits else words
        yield from (("", str(finding)) for finding in self.findings)


def read_ageing(path: str | Path) -> tuple[list[AgeingSeries], str, tuple[str, ...]]:
    r"""Read a table of aged junctions.

    Parameters
    ----------
    path : path
        Text table or Excel workbook with headers such as ``metal``, ``t (h)``, ``T (degC)``, ``rho_c (uohm
        cm2)`` and ``std (uohm cm2)``. Rows of one name and temperature make a series. In place of ``rho_c``
        a contact resistance ``R (mohm)``, or of a module ``R_in (mohm)`` or ``P_max (mW)``, or the ``share
        (%)`` of an impurity phase.

    Returns
    -------
    series : list of AgeingSeries
        By name; where a junction was kept at several temperatures, these stand in the names.
    quantity : str
        What the values are in the quantity table.
    unused : tuple of str
        Columns and rows that were not used.

    Raises
    ------
    InputError
        With every fault of the file and its line (at most twenty).

    Examples
    --------
    >>> _ = Path("ageing.csv").write_text("metal,t (h),rho_c (uohm cm2)\nA,0,18.4\nA,72,13.2\n")
    >>> read_ageing("ageing.csv")[0][0].values
    array([1.84e-09, 1.32e-09])
    """
    series: list[AgeingSeries] = []
    quantities, unused = [], []
    for columns in read_tables(path, _LAYOUT):
        what = next(one for one in _VALUES if one in columns.numbers)
        quantities.append(_VALUES[what])
        unused += columns.unused
        series += _series_of(columns, what, columns.sheet or Path(path).stem)
    if len(set(quantities)) > 1:
        raise InputError(Fault("", ", ".join(quantities), "one kind of values is expected", file=str(path)))
    return series, quantities[0], tuple(unused)


def _series_of(columns: Columns, what: str, default: str) -> list[AgeingSeries]:
    numbers = columns.numbers
    names = np.array(columns.texts.get("name", [default] * numbers["time"].size))
    T = numbers.get("temperature")
    found = []
    for name in dict.fromkeys(names.tolist()):
        rows = np.flatnonzero(names == name)
        kept: dict[float | None, NDArray[np.intp]] = {None: np.arange(rows.size)}
        if T is not None:
            kept = {**_temperatures(T[rows])}
        for kelvin, here in kept.items():
            chosen = rows[here][np.argsort(numbers["time"][rows[here]], kind="stable")]
            std = np.nan_to_num(columns.stds.get(what, np.zeros(names.size)))[chosen]
            label = f"{name} {kelvin:.0f} K" if len(kept) > 1 and kelvin is not None else str(name)
            known = std if np.all(std > 0.0) else None
            with Faults(columns.file) as faults, faults.collect(label):
                values = numbers[what][chosen]
                found.append(AgeingSeries(label, numbers["time"][chosen], values, kelvin, known))
    return found


def _temperatures(T: Array) -> dict[float, NDArray[np.intp]]:
    """Rows that were kept at each temperature, in order of their temperatures."""
    index, kelvin = groups(T, WINDOW)
    return {float(value): np.flatnonzero(index == k) for k, value in enumerate(kelvin)}


def age_junctions(
    series: Sequence[AgeingSeries],
    quantity: str = "electrical_contact_resistivity",
    unused: Sequence[str] = (),
    *,
    law: str = "",
) -> AgedJunctions:
    """Find the law of every junction that describes its ageing best.

    All laws with fewer parameters than points are fitted; the one with the lowest Akaike criterion counts.
    Series whose names differ in a temperature at the end alone are one junction.

    Parameters
    ----------
    series : sequence of AgeingSeries
        As `read_ageing` gives them.
    quantity : str
        What the values are in the quantity table.
    unused : sequence of str
        What of the file was not used, for the findings.
    law : str
        One of relaxation, parabolic, linear, power for all; by default the best one of each.

    Returns
    -------
    AgedJunctions

    Raises
    ------
    InputError
        For an unknown law, or nothing to fit.

    Notes
    -----
    H. Akaike, IEEE Trans. Automat. Contr. 19 (1974) 716, doi 10.1109/TAC.1974.1100705 (remembered).

    Examples
    --------
    >>> hours = 3600.0 * np.array([0.0, 100.0, 400.0, 900.0, 1600.0])
    >>> thick = AgeingSeries("layer", hours, 4e-10 + 1e-10 * np.sqrt(hours / 3.6e5), std=0.02e-10)
    >>> age_junctions([thick]).laws
    {'layer': 'parabolic'}
    """
    if law:
        check_one_of("law", law, LAWS)
    junctions: dict[str, list[int]] = {}
    for k, one in enumerate(series):
        name = (
            one.name if one.temperatures is None else one.name.removesuffix(f" {one.temperatures[0]:.0f} K")
        )
        junctions.setdefault(name, []).append(k)
    fits: dict[str, AgeingFit] = {}
    laws: dict[str, str] = {}
    criteria: dict[str, dict[str, float]] = {}
    findings: list[Finding] = []
    for name, positions in junctions.items():
        several = [series[k] for k in positions]
        tried = {word: _criterion(several, LAWS[word], quantity) for word in ([law] if law else LAWS)}
        scores = {word: score for word, score in tried.items() if np.isfinite(score)}
        if not scores:
            count = sum(one.times.size for one in several)
            text = f"{name}: {count} points determine no law, the values stand alone"
            findings.append(Finding("warning", "no-law", text))
            continue
        best = min(scores, key=lambda word: scores[word])
        fits[name], laws[name] = fit_ageing(several, LAWS[best], quantity=quantity), best
        criteria[name] = {word: score - scores[best] for word, score in scores.items()}
        near = [word for word, score in criteria[name].items() if word != best and score < CLOSE]
        if near:
            text = f"{name}: the data do not tell {best} from {', '.join(near)}"
            findings.append(Finding("warning", "close", text))
        findings += [Finding("note", "fit", f"{name}: {word}") for word in fits[name].findings]
    findings += [Finding("note", "not-used", f"not used: {', '.join(unused)}")] if unused else []
    return AgedJunctions(
        series=tuple(series),
        junctions={name: tuple(found) for name, found in junctions.items()},
        quantity=quantity,
        fits=fits,
        laws=laws,
        criteria=criteria,
        findings=tuple(findings),
    )


def _criterion(series: Sequence[AgeingSeries], kind: type[Law], quantity: str) -> float:
    """Akaike's criterion of a law; infinite if the points do not determine it."""
    points = sum(one.times.size for one in series)
    if points <= len(series) + COMMON[kind] + (
        len(series) > 1
    ):  # an activation energy with several temperatures
        return np.inf
    fit = fit_ageing(series, kind, quantity=quantity, profiles=False)
    lost = any(one.status == "not determined" for one in fit.parameters)
    if lost or not fit.converged:
        return np.inf
    size = fit.chi_squared if fit.found.stated else points * np.log(max(fit.chi_squared, 1e-30) / points)
    return float(size + 2 * len(fit.found.parameters))


def _law_lines(fit: AgeingFit, word: str, series: str, quantity: str, longest: float) -> list[str]:
    """Lines of a fitted law in a device file, with the standard deviations of its parameters."""
    law, std = fit.law(series), np.sqrt(np.maximum(np.diag(fit.covariance(series)), 0.0))
    errors = dict(zip(law.parameters, std, strict=True))
    values: dict[str, tuple[float, str, float]] = {}
    for name, value in law.parameters.items():
        values[name] = (value, {"time": "time", "exponent": ""}.get(name, quantity), float(errors[name]))
    if "growth" in values:
        size = np.sqrt(longest) if word == "parabolic" else longest
        growth, _, error = values.pop("growth")
        values |= {"change": (growth * size, quantity, error * size), "time": (longest, "time", 0.0)}
    if isinstance(law, PowerLaw):
        values["time"] = (law.time, "time", 0.0)
    lines = []
    for name, (value, of, error) in values.items():
        kind = "activation_energy" if name == ENERGY else of
        shown = _text(value, kind)
        if error > 0.0:
            shown = f"{{ value = {shown}, uncertainty = {_text(error, kind)} }}"
        lines.append(f"{name} = {shown}")
    if law.acceleration is not None:
        lines.append(f'reference_temperature = "{law.acceleration.reference_temperature:.6g} K"')
    return lines


def _text(value: float, quantity: str) -> str:
    """A number as it is written into a device file: with its unit, in quotation marks."""
    if not quantity:
        return f"{value:.6g}"
    unit = {"time": "h", "activation_energy": "eV"}.get(quantity) or entry_of(quantity).display_unit
    si = {"time": "s", "activation_energy": "J"}.get(quantity) or entry_of(quantity).unit
    return f'"{float(convert(value, si, unit)):.6g} {unit}"'


def _quoted(text: str) -> str:
    """A text as a TOML string."""
    return json.dumps(text, ensure_ascii=False)
