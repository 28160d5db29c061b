"""The analysis of a series as tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, overload

import numpy as np
from numpy.typing import NDArray

from ioffe.base.errors import Fault, InputError, did_you_mean
from ioffe.base.quantities import QUANTITIES
from ioffe.base.saved import Saved
from ioffe.material.analysis.bipolar import BipolarSplit
from ioffe.material.analysis.quantities import HALL, POINTWISE
from ioffe.material.checks import Finding
from ioffe.material.material import Material
from ioffe.material.uncertainty.errors import Uncertainty, with_error
from ioffe.material.uncertainty.propagate import Estimate

__all__ = ["Analysis", "Gap", "SampleAnalysis"]


@dataclass(frozen=True, eq=False, repr=False)
class Analysis(Saved):
    """What follows from the curves of one or several samples.

    Parameters
    ----------
    samples : tuple of SampleAnalysis
        In the order they were given; also `analysis[0]`, `analysis["name"]` and iteration.
    scattering : float
        Exponent r of the parabolic band.
    method : {"linear", "monte_carlo"}
        How errors were propagated.
    """

    samples: tuple[SampleAnalysis, ...]
    scattering: float
    method: str

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
        found = [sample for sample in self.samples if sample.name == key]
        if not found:
            names = [sample.name for sample in self.samples]
            expected = f"one of {', '.join(names)} is expected"
            raise InputError(Fault("sample", key, expected, did_you_mean(key, names)))
        return found[0]

    def rows(self) -> tuple[list[str], list[list[Any]]]:
        """Header and rows of the table over the temperature, SI units in the header.

        One row for each sample and temperature; a quantity a sample does not have is NaN.
        """
        names = [n for n in POINTWISE if any(n in s.points for s in self.samples)]
        rows = []
        for sample in self.samples:
            for k, T in enumerate(sample.T):
                row: list[Any] = [sample.name, float(T)]
                for name in names:
                    found = sample.points.get(name)
                    row += [np.nan, np.nan] if found is None else [float(found.value[k]), float(found.std[k])]
                rows.append(row)
        return ["sample", "T (K)", *_heads(names)], rows

    def hall_rows(self) -> tuple[list[str], list[list[Any]]]:
        """Header and rows of the table of the Hall measurements; no row without any."""
        rows: list[list[Any]] = []
        for sample in self.samples:
            for k, T in enumerate(sample.T_hall):
                row: list[Any] = [sample.name, float(T)]
                for name in HALL:
                    row += [float(sample.hall[name].value[k]), float(sample.hall[name].std[k])]
                rows.append(row)
        return ["sample", "T (K)", *_heads(HALL)], rows

    def summary_rows(self) -> tuple[list[str], list[list[Any]]]:
        """Header and rows of the table with one row for each sample."""
        names = [n for n in SUMMARY if any(n in s.span for s in self.samples)]
        heads = ["sample", "T_cold (K)", "T_hot (K)", "largest_zT", "largest_zT_std", "T_largest_zT (K)"]
        heads += [*_heads(names), *_heads(["band_gap"]), "gap", "bipolar_onset (K)", "bipolar_onset_low (K)"]
        heads += ["bipolar_onset_high (K)", "bipolar"]
        rows = []
        for sample in self.samples:
            zT, best = sample.points["zT"], sample.best
            row: list[Any] = [sample.name, sample.T_cold, sample.T_hot]
            row += [float(zT.value[best]), float(zT.std[best]), float(sample.T[best])]
            for name in names:
                found = sample.span.get(name)
                row += [np.nan, np.nan] if found is None else [float(found.value), float(found.std)]
            gap, split = sample.gap, sample.split
            row += [np.nan, np.nan, ""] if gap is None else [gap.value, gap.std, gap.kind]
            onsets = (np.nan,) * 3 if split is None else (split.onset, *split.onset_range)
            row += [T if np.isfinite(T) else np.nan for T in onsets] + ["" if split is None else split.kind]
            rows.append(row)
        return heads, rows

    def to_frame(self, table: str = "temperature") -> Any:
        """One of the tables as a pandas DataFrame (needs pandas).

        Parameters
        ----------
        table : {"temperature", "hall", "summary"}
            `rows`, `hall_rows` or `summary_rows`.
        """
        import pandas as pd

        tables = {"temperature": self.rows, "hall": self.hall_rows, "summary": self.summary_rows}
        if table not in tables:
            expected = f"one of {', '.join(tables)} is expected"
            raise InputError(Fault("table", table, expected, did_you_mean(table, tables)))
        header, rows = tables[table]()
        return pd.DataFrame(rows, columns=pd.Index(header))

    def to_dict(self) -> dict[str, Any]:
        """Everything in SI with the keys of the quantity table, ready for JSON (NaN becomes None)."""
        from ioffe._version import __version__

        used = dict.fromkeys(n for s in self.samples for part in (s.points, s.hall, s.span) for n in part)
        return {
            "format": 1,
            "ioffe": __version__,
            "scattering": self.scattering,
            "method": self.method,
            "units": {name: QUANTITIES[name].unit for name in used},
            "samples": [sample.to_dict() for sample in self.samples],
        }

    def __repr__(self) -> str:
        return "\n".join(repr(sample) for sample in self.samples)


def _heads(names: list[str] | tuple[str, ...]) -> list[str]:
    """Heads of values and standard deviations, with SI units."""
    out = []
    for name in names:
        unit = QUANTITIES[name].unit
        suffix = "" if unit == "1" else f" ({unit})"
        out += [f"{name}{suffix}", f"{name}_std{suffix}"]
    return out


Array = NDArray[np.float64]
SUMMARY = (
    "average_zT",
    "engineering_ZT",
    "engineering_power_factor",
    "efficiency_kim",
    "max_efficiency",
    "ZT",
)
"""Numbers of the temperature span in the order of the tables."""


@dataclass(frozen=True)
class Gap:
    """Gap by Goldsmid and Sharp, E_g = 2 e |S|_max T_max.

    Parameters
    ----------
    value, std : float
        In J; NaN where |S| falls throughout.
    T, T_std : float
        Temperature of the largest |S| in K.
    kind : {"maximum", "at least", "none"}
        Whether |S| has a maximum inside the measured range, still rises at its end, or falls throughout.
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
class SampleAnalysis:
    """What follows from the curves of one sample. Every quantity is an attribute, an `Estimate`.

    Parameters
    ----------
    material : Material
        The sample.
    T : ndarray, shape (n,)
        Temperatures in K at which S was measured, inside the common range.
    points : mapping of str to Estimate
        Quantities at T.
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
    T_hall: Array
    hall: Mapping[str, Estimate]
    T_cold: float
    T_hot: float
    span: Mapping[str, Estimate]
    split: BipolarSplit | None
    gap: Gap | None
    findings: tuple[Finding, ...]
    uncertainty: Uncertainty

    def __getattr__(self, name: str) -> Estimate:
        known: dict[str, Estimate] = {}
        for part in ("span", "hall", "points"):
            known |= self.__dict__.get(part, {})
        if name in known:
            return known[name]
        raise AttributeError(f"this analysis has no {name!r}; {did_you_mean(name, known) or ''}".rstrip("; "))

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self.points, *self.hall, *self.span]

    @property
    def name(self) -> str:
        """Of the sample."""
        return self.material.name

    @property
    def best(self) -> int:
        """Position of the largest zT among the temperatures."""
        return int(np.argmax(self.points["zT"].value))

    @property
    def dominant(self) -> Mapping[str, float]:
        """Shares of the variance of zT by measured property, averaged over the temperatures; may be empty."""
        return {
            k: float(np.nanmean(v)) for k, v in self.points["zT"].shares.items() if np.any(np.isfinite(v))
        }

    def at(self, quantity: str, T: float) -> tuple[float, float]:
        """Value and standard deviation in SI at the measured temperature nearest to T, in K."""
        source, grid = (self.hall, self.T_hall) if quantity in self.hall else (self.points, self.T)
        found, k = source[quantity], int(np.argmin(np.abs(grid - T)))
        return float(found.value[k]), float(found.std[k])

    def to_dict(self) -> dict[str, Any]:
        """Everything in SI with the keys of the quantity table, ready for JSON (NaN becomes None)."""
        gap, split = self.gap, self.split
        return {
            "name": self.name,
            "carrier": self.material.carrier,
            "quality": self.material.quality,
            "source": self.material.provenance.to_dict(),
            "interpolation": self.material.interpolation,
            "errors": self.uncertainty.words(self.material),
            "T": self.T.tolist(),
            **{name: _estimate(found) for name, found in self.points.items()},
            "T_hall": self.T_hall.tolist(),
            "hall": {name: _estimate(found) for name, found in self.hall.items()},
            "T_cold": plain(self.T_cold),
            "T_hot": plain(self.T_hot),
            **{name: _estimate(found) for name, found in self.span.items()},
            "bipolar": None if split is None else {k: _listed(v) for k, v in vars(split).items()},
            "goldsmid_sharp_gap": None if gap is None else {k: _listed(v) for k, v in vars(gap).items()},
            "findings": [vars(finding) for finding in self.findings],
        }

    def __repr__(self) -> str:
        m, best = self.material, self.best
        low, high = m.T_range
        lines = [f"{m.name}: {m.carrier or '?'}-type, {low:g} K to {high:g} K, {m.quality}"]
        zT = self.points["zT"]
        top = with_error(float(zT.value[best]), float(zT.std[best]), "zT")
        lines.append(f"  largest zT {top} at {self.T[best]:g} K")
        if self.dominant:
            shares = sorted(self.dominant.items(), key=lambda item: -item[1])
            lines.append("  its variance: " + ", ".join(f"{k} {v:.0%}" for k, v in shares))
        for name in SUMMARY:
            if name in self.span:
                found = self.span[name]
                text = with_error(float(found.value), float(found.std), name)
                lines.append(f"  {name} from {self.T_cold:g} K to {self.T_hot:g} K: {text}")
        for name, found in self.hall.items():
            text = with_error(float(found.value[0]), float(found.std[0]), name)
            lines.append(f"  {name} at {self.T_hall[0]:g} K: {text}")
        if self.gap is not None:
            lines.append(f"  Goldsmid-Sharp gap {self.gap}")
        if self.split is not None:
            lines.append(f"  {self.split.words()}")
        return "\n".join([*lines, *(f"  {finding}" for finding in self.findings)])


def plain(value: float) -> float | None:
    """A number for JSON, None where it is none."""
    return float(value) if np.isfinite(value) else None


def _listed(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return [_listed(v) for v in value]
    return plain(value) if isinstance(value, float) else value


def _estimate(found: Estimate) -> dict[str, Any]:
    def listed(values: Array) -> Any:
        return plain(float(values)) if values.ndim == 0 else [plain(v) for v in values.tolist()]

    parts = {"value": found.value, "std": found.std, "low": found.low, "high": found.high}
    out: dict[str, Any] = {name: listed(np.asarray(values)) for name, values in parts.items()}
    return out | {"shares": {name: listed(np.asarray(v)) for name, v in found.shares.items()}}
