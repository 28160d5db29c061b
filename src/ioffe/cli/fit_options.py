"""The fit of bands that `ioffe analyse --fit` makes: which model, over which temperatures."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf, isfinite
from typing import TYPE_CHECKING

from ioffe.base.errors import Fault, Faults, InputError
from ioffe.base.units import to_si
from ioffe.cli.terminal import with_kelvin
from ioffe.material.analysis import Analysis
from ioffe.material.fit import Fit, KaneBand, ReciprocalLattice, SingleParabolicBand, TwoBands, fit

if TYPE_CHECKING:
    from ioffe.material import Material
    from ioffe.material.fit.model import FitModel
    from ioffe.material.uncertainty import Uncertainty

MODELS = ("single-band", "kane", "two-bands")
LEAST_SPAN = 20.0
"""Kelvin above the lowest temperature that a fit of one band takes at least."""


def fit_span(text: str | None, faults: Faults) -> tuple[float, float] | None:
    """Range in K from `300 K - 400 K`, or None."""
    if text is None:
        return None
    low, mark, high = text.partition("..")
    with faults.collect():
        if not mark:
            faults.add("--fit-range", text, 'two temperatures are expected, such as "300 K .. 400 K"')
            return None
        ends = [to_si(with_kelvin(part.strip()), "temperature", "--fit-range") for part in (low, high)]
        if ends[0] >= ends[1]:
            faults.add("--fit-range", text, "the lower temperature is expected first")
        return ends[0], ends[1]
    return None


def fit_samples(
    word: str,
    analysis: Analysis,
    *,
    scattering: str | float = "acoustic",
    span: tuple[float, float] | None = None,
    gap: float | None = None,
    uncertainty: Uncertainty | None = None,
) -> Fit:
    """Fit of a model to all samples of an analysis at once.

    Parameters
    ----------
    word : str
        One of `MODELS`.
    analysis : Analysis
        Its samples, their gap and their onset of bipolar conduction are used.
    scattering : str or float
        Mechanism.
    span : tuple of float, optional
        Temperatures in K; by default everything for two bands, and for one band everything below the first
        sign of minority carriers.
    gap : float, optional
        In J, where the search begins; by default the largest Goldsmid-Sharp gap of the samples.
    uncertainty : Uncertainty, optional
        Of the data.
    """
    materials = [sample.material for sample in analysis]
    if span is None and word != "two-bands":
        span = _one_band_span(analysis, materials)
    model = _model(word, scattering, _gap(analysis) if gap is None else gap)
    return fit(materials, model, T_range=span, uncertainty=uncertainty)


def _model(word: str, scattering: str | float, gap: float) -> FitModel:
    if word == "single-band":
        return SingleParabolicBand(scattering=scattering)
    if not gap > 0.0:
        raise InputError(Fault("--gap", expected="a gap is needed: the largest |S| was not measured"))
    if word == "kane":
        return KaneBand(gap, scattering=scattering)
    return TwoBands(gap, scattering=scattering, lattice=ReciprocalLattice())


def _gap(analysis: Analysis) -> float:
    """Largest Goldsmid-Sharp gap of the samples in J; 0 without any."""
    found = (sample.gap.value for sample in analysis if sample.gap is not None)
    return max((value for value in found if isfinite(value)), default=0.0)


def _one_band_span(analysis: Analysis, materials: Sequence[Material]) -> tuple[float, float]:
    """Temperatures below the onset of bipolar conduction and the maximum of |S| of every sample."""
    low = min(material.T_range[0] for material in materials)
    high = max(material.T_range[1] for material in materials)
    for sample in analysis:
        split, found = sample.split, sample.gap
        onset = split.onset if split is not None and split.kind in ("detected", "given") else inf
        top = found.T if found is not None and found.kind == "maximum" else inf
        high = min(high, onset, top)
    return low, max(high, low + LEAST_SPAN)
