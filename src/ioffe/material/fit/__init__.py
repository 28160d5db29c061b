"""Fits of models to measured materials: parameters with errors, and what the data do not determine."""

from __future__ import annotations

from ioffe.material.fit.doping import BestDoping, best_doping, best_dopings
from ioffe.material.fit.fit import fit
from ioffe.material.fit.model import Model
from ioffe.material.fit.models.lattice import DebyeCallaway, ReciprocalLattice
from ioffe.material.fit.models.many_bands import BandGuess, ManyBands, TwoBands
from ioffe.material.fit.models.single_band import KaneBand, SingleParabolicBand
from ioffe.material.fit.result import Fit

__all__ = [
    "BandGuess",
    "BestDoping",
    "DebyeCallaway",
    "Fit",
    "KaneBand",
    "ManyBands",
    "Model",
    "ReciprocalLattice",
    "SingleParabolicBand",
    "TwoBands",
    "best_doping",
    "best_dopings",
    "fit",
]
