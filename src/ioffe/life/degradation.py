"""Which number of a device follows which ageing law, and at the temperature of which interface.

>>> from ioffe.interface.ageing import Relaxation
>>> Degradation("p.contact_hot.electrical", Relaxation(20.8e-10, 7.9e-10, 8 * 86400.0)).how
'value'
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, field, replace
from typing import Any, ClassVar, Literal

import numpy as np

from ioffe.base.errors import Faults, did_you_mean
from ioffe.interface.ageing import Law
from ioffe.life.cycling import CoffinManson

How = Literal["value", "factor", "added"]
HOWS = ("value", "factor", "added")


@dataclass(frozen=True)
class _Ageing:
    """What both kinds share: a law, where its temperature is taken, and how certain its parameters are."""

    path: str
    law: Law
    _: KW_ONLY
    temperature: str | float | None = None
    std: Mapping[str, float] = field(default_factory=dict)
    covariance: Any = None
    cycles: CoffinManson | None = None
    note: str = ""

    OWN: ClassVar[tuple[str, ...]] = ()
    """Parameters beside those of the law."""

    @property
    def parameters(self) -> dict[str, float]:
        """Parameters that may be uncertain, in SI."""
        own = {name: getattr(self, name) for name in self.OWN if getattr(self, name) is not None}
        return {**self.law.parameters, **own}

    def changed(self, parameters: Mapping[str, float]) -> Any:
        """A copy with other values of some parameters, in SI."""
        own = {name: value for name, value in parameters.items() if name in self.OWN}
        of_law = {name: value for name, value in parameters.items() if name not in self.OWN}
        return replace(self, law=self.law.changed(**of_law) if of_law else self.law, **own)

    def __post_init__(self) -> None:
        faults = Faults()
        if not isinstance(self.law, Law):
            faults.add("law", self.law, "an ageing law is expected, such as Relaxation(...)")
            faults.raise_if_any()
        self._check_uncertainty(faults)
        if not isinstance(self.temperature, str | None) and not 0.0 < float(self.temperature) < np.inf:
            expected = "a temperature above 0 K, or an interface, is expected"
            faults.add("temperature", self.temperature, expected)
        if self.cycles is not None and self.law.acceleration is not None:
            faults.add("cycles", expected="a law without activation energy is expected, it counts cycles")
        self._check_own(faults)
        faults.raise_if_any()

    def _check_uncertainty(self, faults: Faults) -> None:
        known = self.parameters
        for name, value in self.std.items():
            if name not in known:
                expected = f"one of {', '.join(known) or 'no'} parameters is expected"
                faults.add(f"std.{name}", value, expected, did_you_mean(name, known))
            elif not (np.isfinite(value) and value >= 0.0):
                faults.add(f"std.{name}", value, "a standard deviation from 0 on is expected")
            elif value > 0.0 and known[name] == 0.0:
                faults.add(f"std.{name}", value, f"no deviation is expected, because {name} is 0")
        if self.covariance is None:
            return
        if self.std:
            faults.add("covariance", expected="either std or covariance is expected")
        names = list(self.law.parameters)
        if np.shape(self.covariance) != (len(names), len(names)):
            expected = f"a matrix for {', '.join(names)} is expected"
            faults.add("covariance", np.shape(self.covariance), expected)

    def _check_own(self, faults: Faults) -> None:
        """Add what is wrong with the fields that one kind has alone."""


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
        A path that means several numbers ages each of them by its own temperature.
    law : Law
        Of `ioffe.interface.ageing`; its values are in the SI unit of the number, times are in s.
    how : {"value", "factor", "added"}
        Whether the law gives the number itself (the default), a factor of it, or what is added to it;
        always a factor for a material.
    temperature : str or float, optional
        Where the temperature for the activation energy is taken: an interface such as
        ``"p.contact_hot"``, or a fixed temperature in K. By default that of the contact itself; of a material
        the hot end of its segment, where it ages fastest; for everything else it must be given.
    std : mapping
        Standard deviations of the parameters of the law, in SI: ``{"final": 1e-10}``.
    covariance : array_like
        Of all parameters of the law, in their order; in place of `std`.
    cycles : CoffinManson, optional
        The law counts cycles of the temperature there in place of seconds.
    note : str
        Source, or what was assumed.

    Raises
    ------
    InputError
        With everything that is wrong. Whether the device has the path is checked when it is solved.

    Examples
    --------
    >>> from ioffe.interface.ageing import LinearGrowth
    >>> loss = LinearGrowth(1.0, -0.01 / (365.25 * 86400.0))
    >>> Degradation("n.material.electrical_conductivity", loss).how
    'factor'
    """

    how: How = "value"

    def _check_own(self, faults: Faults) -> None:
        faults.one_of("how", self.how, HOWS)
        if ".material." in f".{self.path}":
            object.__setattr__(self, "how", "factor")

    def effects(self) -> list[tuple[str, How, float]]:
        """Paths, how the value of the law acts on each, and the factor it is multiplied with before.

        Returns
        -------
        list of (str, str, float)
            Path in the device, ``"added"`` or ``"factor"``, and the factor in SI.
        """
        return [(self.path, self.how, 1.0)]


@dataclass(frozen=True)
class GrowingLayer(_Ageing):
    r"""A layer that grows in a contact.

    Its thickness :math:`x` adds to both contact resistances, of the electrical and of the thermal kind,

    .. math:: \rho_c \to \rho_c + \rho_\mathrm{layer} x, \qquad r_c \to r_c + x/\kappa_\mathrm{layer}

    (two resistances in series, standard result).

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

    Raises
    ------
    InputError
        With everything that is wrong.

    Examples
    --------
    >>> from ioffe.interface.ageing import ParabolicGrowth
    >>> layer = GrowingLayer("p.contact_hot", ParabolicGrowth(0.0, 1e-9), 2e-5, thermal_conductivity=2.0)
    >>> [(path, factor) for path, _, factor in layer.effects()]
    [('p.contact_hot.electrical', 2e-05), ('p.contact_hot.thermal', 0.5)]
    """

    resistivity: float = 0.0
    thermal_conductivity: float | None = None

    OWN: ClassVar[tuple[str, ...]] = ("resistivity", "thermal_conductivity")

    def _check_own(self, faults: Faults) -> None:
        if not 0.0 <= self.resistivity < np.inf:
            faults.add("resistivity", self.resistivity, "a resistivity from 0 on is expected, in ohm m")
        if self.thermal_conductivity is not None and not 0.0 < self.thermal_conductivity < np.inf:
            expected = "a conductivity above 0 is expected, in W/(m K)"
            faults.add("thermal_conductivity", self.thermal_conductivity, expected)

    def effects(self) -> list[tuple[str, How, float]]:
        """Paths, how the value of the law acts on each, and the factor it is multiplied with before.

        Returns
        -------
        list of (str, str, float)
            Path in the device, ``"added"``, and the factor of a thickness in m: the resistivity of the layer
            in ohm m, or the reciprocal of its thermal conductivity in m K/W.
        """
        found: list[tuple[str, How, float]] = [(f"{self.path}.electrical", "added", self.resistivity)]
        if self.thermal_conductivity is not None:
            found.append((f"{self.path}.thermal", "added", 1.0 / self.thermal_conductivity))
        return found


AnyDegradation = Degradation | GrowingLayer
"""What may age: a number by a law, or a contact by a layer that grows in it."""
