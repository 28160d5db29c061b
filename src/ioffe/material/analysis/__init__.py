"""Analysis of measured materials: everything that follows from S, sigma, kappa and Hall data, with errors."""

from __future__ import annotations

from ioffe.material.analysis.analyse import analyse
from ioffe.material.analysis.result import Analysis, SampleAnalysis

__all__ = ["Analysis", "SampleAnalysis", "analyse"]
