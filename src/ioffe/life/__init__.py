"""Service life: a device along time as its contacts and materials age, survival, thermal cycling."""

from __future__ import annotations

from ioffe.life.cycling import CoffinManson, CyclingStatistics, cycling_statistics
from ioffe.life.degradation import Degradation, GrowingLayer
from ioffe.life.result import LifeResult, Loss
from ioffe.life.service import Phase, Service
from ioffe.life.solve import solve_life
from ioffe.life.survival import Weibull, WeibullFit, fit_weibull, series

__all__ = [
    "CoffinManson",
    "CyclingStatistics",
    "Degradation",
    "GrowingLayer",
    "LifeResult",
    "Loss",
    "Phase",
    "Service",
    "Weibull",
    "WeibullFit",
    "cycling_statistics",
    "fit_weibull",
    "series",
    "solve_life",
]
