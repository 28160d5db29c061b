"""Which number of a device follows which ageing law, at the temperature of which place.

>>> from ioffe.interface.ageing import Relaxation
>>> Degradation("p.contact_hot.electrical", Relaxation(20.8e-10, 7.9e-10, 8 * 86400.0)).how
'value'
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from ioffe.base.errors import Fault, Faults, InputError, did_you_mean
from ioffe.interface.ageing import Law
from ioffe.life.cycling import CoffinManson

__all__ = ["Degradation", "GrowingLayer"]

Array = NDArray[np.float64]
How = Literal["value", "factor", "added"]
HOWS = ("value", "factor", "added")


@dataclass(frozen=True)
class _Ageing:
    """What both kinds share: a law, where its temperature is taken, and how certain its numbers are."""

    path: str
    law: Law

    OWN: ClassVar[tuple[str, ...]] = ()
    """Parameters beside those of the law."""

    @property
    def parameters(self) -> dict[str, float]:
        """Numbers that may be uncertain, in SI."""
        own = {name: getattr(self, name) for name in self.OWN if getattr(self, name) is not None}
        return {**self.law.parameters, **own}

    def changed(self, parameters: Mapping[str, float]) -> Any:
        """The same with other numbers."""
        own = {name: value for name, value in parameters.items() if name in self.OWN}
        of_law = {name: value for name, value in parameters.items() if name not in self.OWN}
        return replace(self, law=self.law.changed(**of_law) if of_law else self.law, **own)

    def _check(self, std: Mapping[str, float], covariance: Any, temperature: Any, cycles: Any) -> None:
        faults = Faults()
        if not isinstance(self.law, Law):
            faults.add("law", self.law, "an ageing law is expected, such as Relaxation(...)")
            faults.raise_if_any()
        known = self.parameters
        for name, value in std.items():
            if name not in known:
                expected = f"one of {', '.join(known) or 'no'} parameters is expected"
                faults.add(f"std.{name}", value, expected, did_you_mean(name, known))
            elif not (np.isfinite(value) and value >= 0.0):
                faults.add(f"std.{name}", value, "a standard deviation from 0 on is expected")
            elif value > 0.0 and known[name] == 0.0:
                faults.add(f"std.{name}", value, f"no deviation is expected, because {name} is 0")
        if covariance is not None:
            if std:
                faults.add("covariance", expected="either std or covariance is expected")
            size = len(self.law.parameters)
            if np.shape(covariance) != (size, size):
                names = ", ".join(self.law.parameters)
                faults.add("covariance", np.shape(covariance), f"a matrix for {names} is expected")
        if not isinstance(temperature, str | None) and not 0.0 < float(temperature) < np.inf:
            faults.add("temperature", temperature, "a temperature above 0 K, or an interface, is expected")
        if cycles is not None and self.law.acceleration is not None:
            faults.add("cycles", expected="a law without activation energy is expected, it counts cycles")
        faults.raise_if_any()


@dataclass(frozen=True)
class Degradation(_Ageing):
    """A number of the device, or a property of one of its materials, that follows a law.

    Parameters
    ----------
    path : str
        A number as a device file writes it: ``"p.contact_hot.electrical"``, ``"legs.contact.electrical"``,
        ``"series_resistance"``, ``"hot[1].thickness"``, ``"cold_resistance"``; or a property of a leg's
        material: ``"n.material.seebeck"``, ``".electrical_conductivity"``, ``".electrical_resistivity"``,
        ``".thermal_conductivity"``, which is multiplied with the value of the law at all temperatures.
        A path that stands for several numbers ages each of them by its own temperature.
    law : Law
        Of `ioffe.interface.ageing`.
    how : {"value", "factor", "added"}
        Whether the law gives the number itself (the default), a factor of it, or what is added to it;
        always a factor for a material.
    temperature : str or float, optional
        Where the temperature for the activation energy is taken: an interface such as
        ``"p.contact_hot"``, or a fixed one in K. By default that of the contact itself; of a material the hot
        end of its segment, where it ages fastest; of everything else it must be said.
    std : mapping
        Standard deviations of the parameters of the law, in SI: ``{"final": 1e-10}``.
    covariance : array_like
        Of all parameters of the law, in their order; in place of `std`.
    cycles : CoffinManson, optional
        The law counts cycles of the temperature there in place of seconds.
    note : str
        Source, or what was assumed.
    """

    how: How = "value"
    temperature: str | float | None = None
    std: Mapping[str, float] = field(default_factory=dict)
    covariance: Any = None
    cycles: CoffinManson | None = None
    note: str = ""

    def __post_init__(self) -> None:
        self._check(self.std, self.covariance, self.temperature, self.cycles)
        if self.how not in HOWS:
            words = " or ".join(f'"{word}"' for word in HOWS)
            raise InputError(Fault("how", self.how, f"{words} is expected", did_you_mean(self.how, HOWS)))
        if ".material." in f".{self.path}":
            object.__setattr__(self, "how", "factor")

    def effects(self) -> list[tuple[str, How, float]]:
        """Paths, how the value of the law acts on them, and what it is multiplied with before."""
        return [(self.path, self.how, 1.0)]


@dataclass(frozen=True)
class GrowingLayer(_Ageing):
    """A layer that grows in an interface and adds its resistance to that of the contact.

    Its thickness x follows a law; rho_c = rho_c,0 + rho_layer x, and R''_th = R''_th,0 + x/kappa_layer.

    Parameters
    ----------
    path : str
        The interface: ``"p.contact_hot"``, ``"legs.contact"``, ``"n.between"``.
    law : Law
        Of the thickness in m, such as `ParabolicGrowth`.
    resistivity : float
        Electrical resistivity of the layer in ohm m.
    thermal_conductivity : float, optional
        In W/(m K); without one the layer resists no heat.
    temperature, std, covariance, cycles, note
        As for `Degradation`; `std` may name ``"resistivity"`` and ``"thermal_conductivity"`` too.
    """

    resistivity: float = 0.0
    thermal_conductivity: float | None = None
    temperature: str | float | None = None
    std: Mapping[str, float] = field(default_factory=dict)
    covariance: Any = None
    cycles: CoffinManson | None = None
    note: str = ""

    OWN: ClassVar[tuple[str, ...]] = ("resistivity", "thermal_conductivity")

    def __post_init__(self) -> None:
        self._check(self.std, self.covariance, self.temperature, self.cycles)
        faults = Faults()
        if not 0.0 <= self.resistivity < np.inf:
            faults.add("resistivity", self.resistivity, "a resistivity from 0 on is expected, in ohm m")
        if self.thermal_conductivity is not None and not 0.0 < self.thermal_conductivity < np.inf:
            expected = "a conductivity above 0 is expected, in W/(m K)"
            faults.add("thermal_conductivity", self.thermal_conductivity, expected)
        faults.raise_if_any()

    def effects(self) -> list[tuple[str, How, float]]:
        """Paths, how the value of the law acts on them, and what it is multiplied with before."""
        found: list[tuple[str, How, float]] = [(f"{self.path}.electrical", "added", self.resistivity)]
        if self.thermal_conductivity is not None:
            found.append((f"{self.path}.thermal", "added", 1.0 / self.thermal_conductivity))
        return found
