"""Errors of measured curves and what they do to everything that follows."""

from __future__ import annotations

from ioffe.material.uncertainty.errors import Uncertainty, with_error
from ioffe.material.uncertainty.propagate import Estimate, propagate

__all__ = ["Estimate", "Uncertainty", "propagate", "with_error"]
