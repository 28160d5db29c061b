"""Sums of jumps and slopes of all scans as numbers with units and standard deviations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ioffe.material.uncertainty import Estimate
from ioffe.measure.line_scan.average import Mixture, average, mixture
from ioffe.measure.line_scan.lines import Group
from ioffe.measure.line_scan.model import contrast

__all__ = ["averaged", "estimate", "in_unit"]


def averaged(groups: Sequence[Group], interface: int, wanted: dict[str, float]) -> Mixture:
    """A sum of jumps and slopes, averaged over scans and over the positions of one interface."""
    parts = []
    for group in groups:
        one = group.posteriors[interface]
        values, variances, freedom = [], [], 0.0
        for points, fits in zip(group.points, one.fits, strict=True):
            c = contrast(len(group.posteriors), points.time is not None, **wanted)
            inner = np.einsum("p,gpq,q->g", c, fits.covariance, c)
            cell = fits.parameters[:, 3 + 2 * interface] * one.cell * wanted.get(f"jump{interface}", 0.0)
            values.append(fits.parameters @ c)
            variances.append(np.maximum(inner + cell**2 / 12.0, 1e-30))
            freedom += points.x.size - points.reduction.shape[1]
        keep = one.weight > 0.0
        found = average(np.array(values)[:, keep], np.array(variances)[:, keep], freedom / len(values))
        parts.append(mixture(found, one.weight[keep]))
    if len(parts) == 1:
        return parts[0]
    y, v = np.array([[p.value] for p in parts]), np.array([[(0.5 * (p.high - p.low)) ** 2] for p in parts])
    freedom = float(np.mean([g.points[0].x.size - g.points[0].reduction.shape[1] for g in groups]))
    joint = mixture(average(y, v, freedom), np.ones(1))
    place = float(np.mean([p.position / (p.within + p.position) for p in parts]))
    return replace(joint, within=joint.within * (1.0 - place), position=joint.within * place)


def in_unit(found: Mixture, factor: float, shares_of_scale: dict[str, float]) -> Estimate:
    """With a factor and its relative standard deviations."""
    value = found.value * factor
    scale = sum(share**2 for share in shares_of_scale.values()) ** 0.5 * abs(value)
    ends = sorted((found.low * factor, found.high * factor))
    low, high = value - np.hypot(value - ends[0], scale), value + np.hypot(ends[1] - value, scale)
    parts = {"noise": found.within, "position": found.position, "scans": found.between}
    parts = {name: part * factor**2 for name, part in parts.items()}
    parts |= {name: (share * value) ** 2 for name, share in shares_of_scale.items()}
    total = sum(parts.values()) or 1.0
    shares = {name: np.asarray(part / total) for name, part in parts.items()}
    return estimate(value, 0.5 * (high - low), low, high, shares)


def estimate(
    value: ArrayLike,
    std: ArrayLike,
    low: ArrayLike,
    high: ArrayLike,
    shares: Mapping[str, NDArray[np.float64]],
) -> Estimate:
    """Estimate of numbers."""
    array = [np.asarray(number, float) for number in (value, std, low, high)]
    return Estimate(array[0], array[1], array[2], array[3], shares)
