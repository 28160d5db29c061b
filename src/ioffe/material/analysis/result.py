"""The analysis of a series as tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, overload

import numpy as np

from ioffe.base.arrays import Array
from ioffe.base.display import Described, NamedValues
from ioffe.base.errors import check_one_of
from ioffe.base.result import EvidenceResult
from ioffe.base.saved import plain
from ioffe.base.table import ResultTable, table
from ioffe.material.analysis.bipolar import BipolarSplit
from ioffe.material.analysis.quantities import HALL, POINTWISE
from ioffe.material.checks import TOLD, Finding
from ioffe.material.material import Material
from ioffe.material.uncertainty import Estimate, Uncertainty, with_error

SUMMARY = (
    "average_zT",
    "engineering_ZT",
    "engineering_power_factor",
    "efficiency_kim",
    "max_efficiency",
    "ZT",
)
"""Numbers of the temperature span in the order of the tables."""
SUMMARY_COLUMNS = (
    *("T_cold", "T_hot", "largest_zT", "largest_zT_std", "T_largest_zT"),
    *(f"{name}{ending}" for name in (*SUMMARY, "band_gap") for ending in ("", "_std")),
    *("gap", "bipolar_onset", "bipolar_onset_low", "bipolar_onset_high", "bipolar"),
)
"""Columns of the table ``summary``."""


@dataclass(frozen=True)
class Gap:
    """Gap by Goldsmid and Sharp, E_g = 2 e |S|_max T_max.

    `value`, `std`: in J; NaN where |S| falls throughout.
    `T`, `T_std`: temperature of the largest |S| in K.
    `kind` {"maximum", "at least", "none"}: whether |S| has a maximum inside the measured range, still rises
        at its end, or falls throughout.
    """

    value: float
    std: float
    T: float
    T_std: float
    kind: Literal["maximum", "at least", "none"]

    def __str__(self) -> str:
        if self.kind == "none":
            return "|S| falls throughout; its maximum was not measured"
        text = with_error(self.value, self.std, "band_gap")
        if self.kind == "at least":
            return f"at least {text}: |S| still rises at {self.T:.4g} K"
        return f"{text}, |S| is largest at {self.T:.4g} K"


@dataclass(frozen=True, eq=False, repr=False)
class SampleAnalysis(NamedValues, Described):
    """What follows from the curves of one sample. Every quantity is an attribute, an `Estimate`.

    Parameters
    ----------
    material : Material
        The sample.
    T : ndarray, shape (n,)
        Temperatures in K at which S was measured, inside the common range, and that of the largest zT at any
        temperature of the other properties there.
    points : mapping of str to Estimate
        Quantities at T.
    T_beyond : ndarray, shape (k,)
        Temperatures in K at which some properties were measured, outside the common range.
    beyond : mapping of str to Estimate
        Quantities at T_beyond; NaN where they need a property that was not measured.
    T_hall : ndarray, shape (m,)
        Temperatures in K of the Hall measurement.
    hall : mapping of str to Estimate
        Quantities at T_hall.
    T_cold, T_hot : float
        Span in K of the averages; NaN without one.
    span : mapping of str to Estimate
        Numbers of that span.
    split : BipolarSplit or None
        a/T + b below the onset of bipolar conduction; None for less than three points.
    gap : Gap or None
        By Goldsmid and Sharp; None without a range of temperatures.
    findings : tuple of Finding
        Doubts about the data and about what was made of them.
    uncertainty : Uncertainty
        Errors that were assumed.
    """

    material: Material
    T: Array
    points: Mapping[str, Estimate]
    T_beyond: Array
    beyond: Mapping[str, Estimate]
    T_hall: Array
    hall: Mapping[str, Estimate]
    T_cold: float
    T_hot: float
    span: Mapping[str, Estimate]
    split: BipolarSplit | None
    gap: Gap | None
    findings: tuple[Finding, ...]
    uncertainty: Uncertainty

    def _named(self) -> Mapping[str, Estimate]:
        parts = (self.__dict__.get(part, {}) for part in ("points", "hall", "span"))
        return {name: found for part in parts for name, found in part.items()}

    def _noun(self) -> str:
        return "this analysis"

    @property
    def name(self) -> str:
        """Of the sample."""
        return self.material.name

    @property
    def best(self) -> int:
        """Position of the largest zT among the temperatures; without zT of the largest power factor."""
        ranked = self.points["zT" if self.has_zT else "power_factor"].value
        return int(np.nanargmax(ranked))

    @property
    def largest(self) -> float:
        """The largest zT; without zT the largest power factor in W/(m K2)."""
        return float(self.points["zT" if self.has_zT else "power_factor"].value[self.best])

    @property
    def has_zT(self) -> bool:
        """Whether the thermal conductivity was measured."""
        return self.material.thermal_conductivity is not None

    @property
    def dominant(self) -> Mapping[str, float]:
        """Shares of the variance of zT by measured property, averaged over the temperatures; may be empty."""
        shares = self.points["zT" if self.has_zT else "power_factor"].shares
        return {k: float(np.nanmean(v)) for k, v in shares.items() if np.any(np.isfinite(v))}

    def all_points(self) -> tuple[Array, dict[str, Estimate]]:
        """Quantities at T and T_beyond together, in the order of the temperatures.

        Returns
        -------
        T : ndarray
            In K.
        points : dict of str to Estimate
            Without the shares of their variances.

        Examples
        --------
        >>> from ioffe.material import Material
        >>> from ioffe.material.analysis import analyse
        >>> m = Material.from_arrays("x", "p", [300.0, 400.0], [2e-4, 2e-4], [8e4, 8e4], [1.6, 1.6])
        >>> kappa = m.thermal_conductivity.replace(T=[350.0, 450.0])  # as of another instrument
        >>> T, points = analyse(m.replace(thermal_conductivity=kappa))[0].all_points()
        >>> print(T, points["zT"].value.round(2), points["power_factor"].value)
        [300. 400. 450.] [nan 0.8 nan] [0.0032 0.0032    nan]
        """
        T = np.concatenate([self.T, self.T_beyond])
        order = np.argsort(T)
        blank = np.full(len(self.T_beyond), np.nan)

        def stacked(name: str, part: str) -> Array:
            more = getattr(self.beyond[name], part) if name in self.beyond else blank
            return np.concatenate([getattr(self.points[name], part), more])[order]

        parts = ("value", "std", "low", "high")
        columns = {name: {part: stacked(name, part) for part in parts} for name in self.points}
        return T[order], {name: Estimate(**column, shares={}) for name, column in columns.items()}

    def at(self, quantity: str, T: float) -> tuple[float, float]:
        """Value and standard deviation in SI at the measured temperature nearest to T, in K.

        Parameters
        ----------
        quantity : str
            One of the quantities of the analysis.
        T : float
            In K.

        Returns
        -------
        tuple of float
            Value and standard deviation in SI.
        """
        source, grid = (self.hall, self.T_hall) if quantity in self.hall else (self.points, self.T)
        found, k = source[quantity], int(np.argmin(np.abs(grid - T)))
        return float(found.value[k]), float(found.std[k])

    @property
    def summary_row(self) -> dict[str, Any]:
        """Its row of the table ``summary``, as far as it is known."""
        row: dict[str, Any] = {"T_cold": self.T_cold, "T_hot": self.T_hot, "T_largest_zT": self.T[self.best]}
        zT, gap, split = self.points["zT"], self.gap, self.split
        numbers = {"largest_zT": (zT.value[self.best], zT.std[self.best])}
        numbers |= {name: (found.value, found.std) for name, found in self.span.items()}
        if gap is not None:
            numbers["band_gap"] = (gap.value, gap.std)
            row["gap"] = gap.kind
        if split is not None:
            onsets = [T if np.isfinite(T) else np.nan for T in (split.onset, *split.onset_range)]
            names = ("bipolar_onset", "bipolar_onset_low", "bipolar_onset_high")
            row |= dict(zip(names, onsets, strict=True)) | {"bipolar": split.kind}
        for name, (value, std) in numbers.items():
            row |= {name: float(value), f"{name}_std": float(std) or np.nan}
        return row

    def to_dict(self) -> dict[str, Any]:
        """Everything in SI with the keys of the quantity table, ready for JSON.

        Returns
        -------
        dict of str to Any
            Ready for JSON.
        """
        gap = self.gap
        return plain(
            {
                "name": self.name,
                "carrier": self.material.carrier,
                "quality": self.material.quality,
                "source": self.material.provenance,
                "interpolation": self.material.interpolation,
                "errors": self.uncertainty.words(self.material),
                "T": self.T,
                **self.points,
                "T_beyond": self.T_beyond,
                "beyond": self.beyond,
                "T_hall": self.T_hall,
                "hall": self.hall,
                "T_cold": self.T_cold,
                "T_hot": self.T_hot,
                **self.span,
                "bipolar": self.split,
                "goldsmid_sharp_gap": gap
                and {**vars(gap), "std": gap.std or None, "T_std": gap.T_std or None},
                "findings": self.findings,
            }
        )

    def _title(self) -> str:
        m = self.material
        low, high = m.T_range
        return f"{m.name}: {m.carrier or '?'}-type, {low:g} K to {high:g} K, {m.quality}"

    def _facts(self) -> Iterator[tuple[str, str]]:
        zT = self.points["zT"]
        top = with_error(float(zT.value[self.best]), float(zT.std[self.best]), "zT")
        yield "", f"largest zT {top} at {self.T[self.best]:g} K"
        if self.dominant:
            shares = sorted(self.dominant.items(), key=lambda item: -item[1])
            yield "its variance", ", ".join(f"{k} {v:.0%}" for k, v in shares)
        for name in SUMMARY:
            if name in self.span:
                found = self.span[name]
                text = with_error(float(found.value), float(found.std), name)
                yield f"{name} from {self.T_cold:g} K to {self.T_hot:g} K", text
        for name, found in self.hall.items():
            text = with_error(float(found.value[0]), float(found.std[0]), name)
            yield f"{name} at {self.T_hall[0]:g} K", text
        if self.gap is not None:
            yield "", f"Goldsmid-Sharp gap {self.gap}"
        if self.split is not None:
            yield "", self.split.words()
        yield from (("", str(finding)) for finding in self.findings)


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Analysis(EvidenceResult):
    """What follows from the curves of one or several samples.

    Its tables are ``temperature`` (every quantity of every sample at every temperature), ``hall`` (at the
    temperatures of the Hall measurement) and ``summary`` (one row for each sample).

    Attributes
    ----------
    samples : tuple of SampleAnalysis
        In the order they were given; also `analysis[0]`, `analysis["name"]` and iteration.
    scattering : float
        Exponent r of the relaxation time of the parabolic band, a dimensionless number.
    method : {"linear", "monte_carlo"}
        How errors were propagated.
    point_status, point_energy_balance, point_error_estimate, interpolation, warnings, notes, conditions
        As of every result, see `ioffe.base.result.BaseResult`.
        The status says whether there are doubts about the data; balance and error are not defined.
    """

    kind: ClassVar[str] = "analysis"

    samples: tuple[SampleAnalysis, ...]
    scattering: float
    method: str

    def _doubts(self) -> Iterator[str]:
        every = ((sample.name, finding) for sample in self.samples for finding in sample.findings)
        return (f"{name}: {finding}" for name, finding in every if finding.severity != "note")

    def _remarks(self) -> Iterator[str]:
        every = ((sample.name, finding) for sample in self.samples for finding in sample.findings)
        return (f"{name}: {finding.message}" for name, finding in every if finding.code in TOLD)

    def __len__(self) -> int:
        return len(self.samples)

    def __iter__(self) -> Iterator[SampleAnalysis]:
        return iter(self.samples)

    @overload
    def __getitem__(self, key: int) -> SampleAnalysis: ...
    @overload
    def __getitem__(self, key: str) -> SampleAnalysis: ...
    def __getitem__(self, key: int | str) -> SampleAnalysis:
        if isinstance(key, int):
            return self.samples[key]
        named = {sample.name: sample for sample in self.samples}
        check_one_of("sample", key, named)
        return named[key]

    def tables(self) -> dict[str, ResultTable]:
        """The tables ``temperature``, ``hall`` (without rows if nothing was measured) and ``summary``.

        Returns
        -------
        dict of str to ResultTable
            By name.
        """
        points = [(s.name, *s.all_points()) for s in self.samples]
        hall = [(s.name, s.T_hall, s.hall) for s in self.samples]
        rows = [s.summary_row for s in self.samples]
        summary = {name: [row.get(name) for row in rows] for name in SUMMARY_COLUMNS}
        known = {name: column for name, column in summary.items() if any(v is not None for v in column)}
        return {
            "temperature": _stacked("temperature", points, POINTWISE),
            "hall": _stacked("hall", hall, HALL),
            "summary": table(
                {"sample": (("summary",), [s.name for s in self.samples])},
                {k: (("summary",), _filled(v)) for k, v in known.items()},
                {"largest_zT": "1", "largest_zT_std": "1", "T_largest_zT": "K"},
            ),
        }

    def _materials(self) -> Iterator[Material]:
        return (sample.material for sample in self.samples)

    def _header(self) -> dict[str, Any]:
        samples = [sample.to_dict() for sample in self.samples]
        return {"scattering": self.scattering, "method": self.method, "samples": samples}

    def _title(self) -> str:
        return f"analysis of {', '.join(s.name for s in self.samples)}"

    def summary(self) -> str:
        """The text that printing shows: that of every sample.

        Returns
        -------
        str
            One paragraph a sample.
        """
        return "\n".join(sample.summary() for sample in self.samples)

    def _facts(self) -> Iterator[tuple[str, str]]:
        for sample in self.samples:
            yield sample.name, sample._title()
            yield from sample._facts()


def _stacked(
    axis: str, parts: Iterable[tuple[str, Array, Mapping[str, Estimate]]], names: Iterable[str]
) -> ResultTable:
    """The points of all samples below one another; a quantity that a sample does not have is NaN."""
    parts = list(parts)
    columns: dict[str, Any] = {}
    for name in names:
        if any(name in estimates for _, _, estimates in parts):
            for ending, attribute in (("", "value"), ("_std", "known_std")):
                values = [(getattr(found.get(name), attribute, np.nan), T) for _, T, found in parts]
                pieces = [np.broadcast_to(value, T.shape) for value, T in values]
                columns[name + ending] = ((axis,), np.concatenate(pieces))
    samples = np.repeat([name for name, _, _ in parts], [len(T) for _, T, _ in parts])
    T = np.concatenate([T for _, T, _ in parts])
    return table({"sample": ((axis,), samples), "T": ((axis,), T)}, columns)


def _filled(column: list[Any]) -> list[Any]:
    """A column in which what is not known is NaN, or empty between texts."""
    missing = "" if any(isinstance(value, str) for value in column) else np.nan
    return [missing if value is None else value for value in column]
