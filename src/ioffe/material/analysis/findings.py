"""Doubts about a sample and about what was made of its curves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from ioffe.material.analysis.bipolar import BipolarSplit
from ioffe.material.analysis.sample import Gap
from ioffe.material.checks import SEVERITIES, Finding, check
from ioffe.material.material import Material
from ioffe.material.uncertainty.errors import Uncertainty
from ioffe.material.uncertainty.propagate import Estimate

__all__ = ["findings_of"]

Array = NDArray[np.float64]


def findings_of(
    material: Material,
    uncertainty: Uncertainty,
    T: Array,
    points: Mapping[str, Estimate],
    T_hall: Array,
    hall: Mapping[str, Estimate],
    split: BipolarSplit | None,
    gap: Gap | None,
) -> tuple[Finding, ...]:
    """Findings of `Material.check`, and those about the parts of the analysis; errors first."""
    found = [
        *check(material),
        *_errors(material, uncertainty),
        *_lattice(T, points),
        *_one_band(material, split, gap),
        *_hall(material, T_hall, hall),
    ]
    return tuple(sorted(found, key=lambda finding: SEVERITIES.index(finding.severity)))


def _errors(material: Material, uncertainty: Uncertainty) -> Iterator[Finding]:
    curves = {
        "seebeck": material.seebeck,
        "electrical_conductivity": material.electrical,
        "thermal_conductivity": material.thermal_conductivity,
        "hall": material.hall,
    }
    lacking = [
        name for name, curve in curves.items() if curve is not None and not uncertainty.states(name, curve)
    ]
    if lacking:
        text = f"no error is stated for {', '.join(lacking)}; standard deviations leave it out"
        yield Finding("note", "no-error", text)


def _lattice(T: Array, points: Mapping[str, Estimate]) -> Iterator[Finding]:
    """Lattice part that is not positive, or within its error of zero."""
    lattice = points["lattice_thermal_conductivity"]
    below = np.flatnonzero(lattice.value <= 0.0)
    if len(below):
        where = f"{T[below[0]]:g} K"
        text = f"kappa - L sigma T is not positive from {where} on; there is no quality factor there"
        yield Finding("error", "lattice", text, float(T[below[0]]))
        return
    lost = np.flatnonzero(lattice.std >= lattice.value)
    if len(lost):
        text = f"the lattice part is not larger than its error from {T[lost[0]]:g} K on"
        yield Finding("warning", "lattice", text, float(T[lost[0]]))


def _one_band(material: Material, split: BipolarSplit | None, gap: Gap | None) -> Iterator[Finding]:
    """Where one band does not describe the sample any more."""
    onsets = []
    if split is not None and split.kind in ("detected", "given"):
        onsets.append((split.onset, "kappa"))
    if gap is not None and gap.kind == "maximum":
        onsets.append((gap.T, "|S|"))
    low, high = material.T_range
    inside = [(T, word) for T, word in onsets if low < T < high]
    if inside:
        T, word = min(inside)
        text = (
            f"from about {T:.4g} K on minority carriers show in {word}: Fermi level, Lorenz number, weighted"
            " mobility and effective mass of one band are no longer right there"
        )
        yield Finding("note", "bipolar", text, T)


def _hall(material: Material, T_hall: Array, hall: Mapping[str, Estimate]) -> Iterator[Finding]:
    """Hall data outside the range of the other curves."""
    if material.hall is not None and not len(T_hall):
        low, high = material.T_range
        text = f"the Hall measurement lies outside {low:g} K to {high:g} K; nothing is made of it"
        yield Finding("warning", "hall-range", text)
    masses = hall.get("effective_mass")
    if masses is None:
        return
    odd = np.flatnonzero((masses.value < SMALL_MASS) | (masses.value > LARGE_MASS))
    if len(odd):
        k = int(odd[0])
        found = f"the effective mass is {masses.value[k]:.3g} at {T_hall[k]:g} K"
        text = f"{found}: is the unit of the Hall data right?"
        yield Finding("warning", "mass", text, float(T_hall[k]))


SMALL_MASS, LARGE_MASS = 0.02, 20.0
"""Effective masses over the electron mass outside which a mixed-up unit is likelier than a band."""
