"""Fits of models to measured materials: parameters with errors, and what the data do not determine."""

from __future__ import annotations

from ioffe.material.fit.bands import BandGuess, ManyBands, TwoBands
from ioffe.material.fit.doping import BestDoping, best_doping, best_dopings
from ioffe.material.fit.fit import fit
from ioffe.material.fit.lattice import DebyeCallawayLattice, ReciprocalLattice
from ioffe.material.fit.model import FitModel
from ioffe.material.fit.result import Fit
from ioffe.material.fit.single_band import KaneBand, SingleParabolicBand

__all__ = [
    "BandGuess",
    "BestDoping",
    "DebyeCallawayLattice",
    "Fit",
    "FitModel",
    "KaneBand",
    "ManyBands",
    "ReciprocalLattice",
    "SingleParabolicBand",
    "TwoBands",
    "best_doping",
    "best_dopings",
    "fit",
]
