"""How interfaces and materials change in service: laws, acceleration by temperature, fits, comparison."""

from __future__ import annotations

from ioffe.interface.ageing.acceleration import Arrhenius, reduced_time
from ioffe.interface.ageing.comparison import compare_ageing
from ioffe.interface.ageing.fit import fit_ageing
from ioffe.interface.ageing.law import Law
from ioffe.interface.ageing.laws import LinearGrowth, ParabolicGrowth, PowerLaw, Relaxation
from ioffe.interface.ageing.result import AgeingFit, Band
from ioffe.interface.ageing.series import AgeingSeries
from ioffe.interface.ageing.tabulated import Tabulated

__all__ = [
    "AgeingFit",
    "AgeingSeries",
    "Arrhenius",
    "Band",
    "Law",
    "LinearGrowth",
    "ParabolicGrowth",
    "PowerLaw",
    "Relaxation",
    "Tabulated",
    "compare_ageing",
    "fit_ageing",
    "reduced_time",
]
