"""Numbers that a fit of an ageing law looks for: where the search begins and how far it may go."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ioffe.base.constants import e
from ioffe.interface.ageing.law import ENERGY, Law
from ioffe.interface.ageing.laws import LinearGrowth, ParabolicGrowth, PowerLaw, Relaxation
from ioffe.interface.ageing.series import AgeingSeries
from ioffe.material.fit.model import Parameter

__all__ = ["ENERGIES", "parameters_of"]

ENERGIES = (1.0 * e, 0.3 * e, 2.0 * e)
"""Activation energies in J at which searches begin."""
HIGHEST_ENERGY = 6.0 * e
FAR = 1e6
"""Bounds of positive parameters over and under what the data suggest."""
EXPONENTS = (0.05, 20.0)


def parameters_of(
    kind: type[Law], series: AgeingSeries, spans: Sequence[float], quantity: str, own: frozenset[str]
) -> list[Parameter]:
    """Parameters of a law for one series.

    Parameters
    ----------
    kind : type
        Of the law.
    series : AgeingSeries
        Whose values give the start.
    spans : sequence of float
        Longest times in s of all series.
    quantity : str
        What the values are, for the units; may be empty.
    own : frozenset of str
        Parameters with a value for each series.
    """
    first, last = float(series.values[0]), float(series.values[-1])
    top, span = float(np.max(series.values)), max(spans)

    def positive(name: str, start: float, of: str = "", unit: str = "") -> Parameter:
        low, high = start / FAR, start * FAR
        return Parameter(name, of, start, low, high, shared=name not in own, unit=unit)

    def signed(name: str, start: float, size: float, of: str = "", unit: str = "") -> Parameter:
        bound = FAR * size
        return Parameter(name, of, start, -bound, bound, False, name not in own, unit, size)

    found = [positive("initial", first, quantity)]
    if kind is Relaxation:
        found += [positive("final", last, quantity), positive("time", span / 3.0, "time")]
        found.append(Parameter("exponent", "", 1.0, *EXPONENTS, shared="exponent" not in own))
    elif kind is PowerLaw:
        found.append(signed("change", last - first, top))
        found.append(Parameter("exponent", "", 0.5, *EXPONENTS, shared="exponent" not in own))
    elif kind in (LinearGrowth, ParabolicGrowth):
        root, unit = (span, "1/s") if kind is LinearGrowth else (span**0.5, "1/s^(1/2)")
        found.append(signed("growth", (last - first) / root, top / root, unit=f"SI {unit}"))
    found.append(Parameter(ENERGY, "activation_energy", ENERGIES[0], 0.0, HIGHEST_ENERGY, False, size=e))
    return found
