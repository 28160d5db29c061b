"""The analysis of a series as tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, overload

import numpy as np

from ioffe.base.errors import Fault, InputError, did_you_mean
from ioffe.base.quantities import QUANTITIES
from ioffe.base.saved import Saved
from ioffe.material.analysis.quantities import HALL, POINTWISE
from ioffe.material.analysis.sample import SUMMARY, SampleAnalysis

__all__ = ["Analysis"]


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
        from ioffe import __version__

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
