"""Error of the slices of graded legs: the device solved with half as many."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from ioffe.device.cascade import Cascade
from ioffe.device.graded import GradedLeg
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.result.steady import Result

COMPARED = (
    *("power", "heat_hot", "heat_cold", "voltage"),
    *("max_power", "max_efficiency", "max_heat", "max_COP", "delta_T_max"),
)
"""Quantities whose error from the slices is named."""


def coarser(device: Leg | Module | Cascade) -> Any:
    """The device with half as many slices in every graded leg."""
    if isinstance(device, Cascade):
        shares = device.currents if device.connection == "series" else None
        stages = [coarser(stage) for stage in device.stages]
        return device.replace(stages=stages, currents=shares, between=device.between)
    if isinstance(device, Module):
        return device.replace(p=coarser(device.p), n=coarser(device.n))
    return device.coarser() if isinstance(device, GradedLeg) else device


def with_error_of_slices(fine: Result, coarse: Result) -> Result:
    """Result whose error contains that of the slices: a third of the difference to half as many."""
    heats = [fine.values[k] for k in ("heat_hot", "heat_cold")]
    with np.errstate(all="ignore"):
        largest = np.maximum(*(np.abs(q) for q in heats))
        missed = [np.abs(fine.values[k] - coarse.values[k]) / 3.0 for k in ("heat_hot", "heat_cold")]
        error = np.fmax(*missed) / largest
        shares = {k: _share(fine.values[k], coarse.values[k]) for k in COMPARED if k in fine.values}
    named = ", ".join(f"{k} {100 * v:.2g} %" for k, v in shares.items() if np.isfinite(v))
    note = f"slices of graded legs: estimated error of {named}"
    return dataclasses.replace(
        fine,
        point_error_estimate=np.where(np.isfinite(error), fine.point_error_estimate + error, np.nan),
        warnings=(*fine.warnings, note),
    )


def _share(fine: np.ndarray, coarse: np.ndarray) -> float:
    """Estimated error of a quantity over its largest value, the largest of all points."""
    missed = np.abs(fine - coarse) / 3.0
    known = np.isfinite(missed)
    size = np.abs(fine[known]).max() if known.any() else np.nan
    return float(missed[known].max() / size) if size else float("nan")
