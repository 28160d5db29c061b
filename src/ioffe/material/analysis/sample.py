"""Analysis of one sample: what follows from its curves, with errors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from ioffe.base.errors import did_you_mean
from ioffe.material.analysis.bipolar import BipolarSplit
from ioffe.material.checks import Finding
from ioffe.material.material import Material
from ioffe.material.uncertainty.errors import Uncertainty
from ioffe.material.uncertainty.propagate import Estimate
from ioffe.material.uncertainty.text import with_error

__all__ = ["Gap", "SampleAnalysis"]

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
