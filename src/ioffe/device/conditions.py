"""Operating conditions: what is imposed on a leg or a module."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ioffe.base.errors import Faults, did_you_mean
from ioffe.base.units import to_si, to_si_array

Array = NDArray[np.float64]
GENERATOR_AIMS = ("max_power", "max_efficiency", "sweep")
COOLER_AIMS = ("max_heat", "max_COP", "sweep")
SWEEP = np.linspace(0.0, 1.0, 61)
"""Shares of the largest current that a sweep visits."""


@dataclass(frozen=True, eq=False)
class Reservoirs:
    """How heat reaches the outer faces; resistances act between the temperatures given and these faces.

    Give resistances of the whole device (K/W) or heat-transfer coefficients over its footprint
    (W/(m2 K)), not both for the same side. `T_ambient` is needed when legs lose heat through their sides.
    """

    hot_resistance: Any = 0.0
    cold_resistance: Any = 0.0
    hot_coefficient: Any = None
    cold_coefficient: Any = None
    T_ambient: Any = None

    def replace(self, **changes: Any) -> Any:
        """A copy with other fields."""
        return replace(self, **changes)

    def _reservoirs(self, faults: Faults) -> None:
        for side in ("hot", "cold"):
            self._set(faults, f"{side}_resistance", "thermal_resistance")
            if getattr(self, f"{side}_coefficient") is not None:
                self._set(faults, f"{side}_coefficient", "heat_transfer_coefficient")
                if getattr(self, f"{side}_coefficient") == 0:
                    faults.add(f"{side}_coefficient", 0, "a coefficient above zero is expected, or none")
                if getattr(self, f"{side}_resistance"):
                    faults.add(
                        f"{side}_resistance",
                        expected=f"either {side}_resistance or {side}_coefficient is expected",
                    )
        if self.T_ambient is not None:
            self._set(faults, "T_ambient", "temperature")

    def _set(self, faults: Faults, name: str, quantity: str, many: bool = False) -> None:
        with faults.collect():
            value = getattr(self, name)
            new = to_si_array(value, quantity, name) if many else to_si(value, quantity, name)
            if isinstance(new, np.ndarray):
                if not new.size:
                    faults.add(name, [], "at least one value is expected")
                new.setflags(write=False)
            object.__setattr__(self, name, new)

    def resistance(self, side: str, footprint: float) -> float:
        """Thermal resistance in K/W of the whole device at one side."""
        coefficient = getattr(self, f"{side}_coefficient")
        return getattr(self, f"{side}_resistance") if coefficient is None else 1.0 / (coefficient * footprint)

    def to_dict(self) -> dict[str, Any]:
        """The fields that are set, in SI."""
        return {
            f.name: _plain(getattr(self, f.name)) for f in fields(self) if getattr(self, f.name) is not None
        }


@dataclass(frozen=True, eq=False)
class Generator(Reservoirs):
    """Power generation between a hot and a cold side.

    Give one of `current`, `voltage` and `load`; without any the device runs at maximum power.

    Parameters
    ----------
    T_hot, T_cold
        Temperatures in K (or text) of the outer faces, or of the reservoirs behind the resistances.
        A list makes an axis.
    current
        A, a list of it, or ``"max_power"``, ``"max_efficiency"``, ``"sweep"`` (61 currents from open to short
        circuit at each temperature).
    voltage
        Terminal voltage in V.
    load
        Load resistance in ohm, or one of the three words above.
    heat
        Heat in W that enters the hot side, in place of `T_hot`.

    Examples
    --------
    >>> Generator(T_hot="250 degC", T_cold="30 degC", load="max_power").T_hot
    523.15
    """

    T_hot: Any = None
    T_cold: Any = None
    current: Any = None
    voltage: Any = None
    load: Any = None
    heat: Any = None
    mode: str = field(default="generate", init=False)

    def __post_init__(self) -> None:
        faults = Faults()
        _default_operation(self, ("current", "voltage", "load"), "max_power", faults)
        if (self.T_hot is None) == (self.heat is None):
            faults.add("T_hot", expected="either T_hot or heat is expected")
        if self.T_cold is None:
            faults.add("T_cold", expected='a temperature is expected, such as "30 degC"')
        for name, quantity in (("T_hot", "temperature"), ("T_cold", "temperature"), ("heat", "heat_hot")):
            if getattr(self, name) is not None:
                self._set(faults, name, quantity, many=True)
        for name, quantity in (("current", "current"), ("voltage", "voltage"), ("load", "load_resistance")):
            _operation(self, name, quantity, GENERATOR_AIMS if name != "voltage" else (), faults)
        self._reservoirs(faults)
        if not faults and self.T_hot is not None:
            warmest, coldest = float(np.max(np.asarray(self.T_cold))), float(np.min(np.asarray(self.T_hot)))
            if warmest >= coldest:
                faults.add("T_cold", warmest, f"a temperature below T_hot = {coldest:g} K is expected")
        if self.heat is not None and not faults and np.min(self.heat) <= 0:
            faults.add("heat", float(np.min(self.heat)), "a heat above zero is expected")
        faults.raise_if_any()


@dataclass(frozen=True, eq=False)
class Cooler(Reservoirs):
    """Cooling: heat is taken up at the cold side and given off at the hot side.

    Parameters
    ----------
    T_hot
        Temperature in K of the hot face or of the sink behind `hot_resistance`.
    T_cold
        Temperature in K of the cold face; leave it out to solve for it at a given heat load.
    current
        A, a list of it, ``"max_heat"``, ``"max_COP"``, or ``"sweep"`` (61 currents).
    heat
        Heat load in W at the cold side. With `T_cold` the current follows (the smaller of the two, at the
        better COP); without it T_cold follows from `current` or from the aim.
    aim
        With `heat`: ``"COP"`` carries the heat with the best COP (at ``T_cold = T_hot`` unless `T_cold` is
        given), ``"delta_T"`` finds the current of the largest temperature difference.

    Examples
    --------
    >>> Cooler(T_hot=300, T_cold="-10 degC", current="max_COP").T_cold
    263.15
    """

    T_hot: Any = None
    T_cold: Any = None
    current: Any = None
    heat: Any = None
    aim: str | None = None
    mode: str = field(default="cool", init=False)

    def __post_init__(self) -> None:
        faults = Faults()
        if self.T_hot is None:
            faults.add("T_hot", expected='a temperature is expected, such as "300 K"')
        for name, quantity in (("T_hot", "temperature"), ("T_cold", "temperature"), ("heat", "heat_cold")):
            if getattr(self, name) is not None:
                self._set(faults, name, quantity, many=True)
        _operation(self, "current", "current", COOLER_AIMS, faults)
        self._task(faults)
        self._reservoirs(faults)
        faults.raise_if_any()

    def _task(self, faults: Faults) -> None:
        if self.aim not in (None, "COP", "delta_T"):
            faults.add(
                "aim", self.aim, '"COP" or "delta_T" is expected', did_you_mean(self.aim, ("COP", "delta_T"))
            )
        if self.aim is not None and self.heat is None:
            faults.add("heat", expected=f'a heat load is expected, such as "10 W", for aim = "{self.aim}"')
        if self.aim is not None and self.current is not None:
            faults.add("current", self.current, "no current is expected, because the aim decides it")
        if self.aim == "delta_T" and self.T_cold is not None:
            faults.add("T_cold", self.T_cold, 'no T_cold is expected, because aim = "delta_T" solves for it')
        undecided = self.heat is None or self.T_cold is None
        if self.aim is None and self.current is None and undecided:
            faults.add(
                "current",
                expected='a current is expected, or "max_heat", "max_COP", "sweep", or heat and aim',
            )
        if self.current is not None and self.T_cold is None and self.heat is None:
            faults.add("T_cold", expected="T_cold or heat is expected beside the current")
        if self.current is not None and self.T_cold is not None and self.heat is not None:
            faults.add("heat", self.heat, "two of T_cold, current and heat are expected, not all three")
        if isinstance(self.current, str) and self.current != "sweep" and self.T_cold is None:
            faults.add("current", self.current, 'T_cold is expected beside it (or aim = "delta_T")')


Conditions = Generator | Cooler


def _default_operation(conditions: Any, names: tuple[str, ...], default: str, faults: Faults) -> None:
    given = [n for n in names if getattr(conditions, n) is not None]
    if not given:
        object.__setattr__(conditions, names[0], default)
    elif len(given) > 1:
        faults.add(
            given[1],
            getattr(conditions, given[1]),
            f"only one of {', '.join(names)} is expected",
            f"{given[0]} is given too",
        )


def _operation(conditions: Any, name: str, quantity: str, words: tuple[str, ...], faults: Faults) -> None:
    value = getattr(conditions, name)
    if value is None or (isinstance(value, str) and value in words):
        return
    if isinstance(value, str) and value.replace("_", "").isalpha() and words:
        faults.add(
            name,
            value,
            " or ".join(f'"{w}"' for w in words) + " or a number with unit is expected",
            did_you_mean(value, words),
        )
        return
    conditions._set(faults, name, quantity, many=True)


def _plain(value: Any) -> Any:
    return value.tolist() if isinstance(value, np.ndarray) else value
