"""Operating conditions: what is imposed on a leg or a module."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ioffe.base.aims import aims_of
from ioffe.base.errors import Faults, did_you_mean
from ioffe.device.display import Shown
from ioffe.device.fields import DeviceField, Number, Numbers, Part, declared, number

Array = NDArray[np.float64]
GENERATOR_AIMS = (*aims_of("generate"), "sweep")
COOLER_AIMS = (*aims_of("cool"), "sweep")
EXPOSURE = ("convection", "emissivity")
"""What exposes an outer face to the surroundings."""
OPERATION = ("current", "voltage", "load")
"""What may be imposed on the terminals: one of them."""
ICE = 273.15
"""K; 0 degC."""
SWEEP = np.linspace(0.0, 1.0, 61)
"""Shares of the largest current that a sweep visits."""
_AMBIENT: dict[str, Any] = {"imposed": True, "plausible": (1.0, 3000.0)}
_SIDE: dict[str, Any] = {"many": True, **_AMBIENT}
_IMPOSED: dict[str, Any] = {"many": True, "imposed": True}
_CURRENT: dict[str, Any] = {**_IMPOSED, "plausible": (-1e4, 1e4), "label": "Current"}
_LOAD: dict[str, Any] = {**_IMPOSED, "plausible": (0.0, 1e5), "label": "Load"}
_RESISTANCE = "thermal_resistance"
_FILM = "heat_transfer_coefficient"
_BETWEEN = {
    "hot": "between the hot reservoir and the device",
    "cold": "between the device and the cold reservoir",
}
"""What the heat of each side passes."""


def _resistance(side: str) -> dict[str, Any]:
    text, label = f"Thermal resistance {_BETWEEN[side]}.", f"Thermal resistance, {side} side"
    return {"name": _RESISTANCE, "description": text, "default": 0.0, "plausible": (0.0, 1e4), "label": label}


def _coefficient(side: str) -> dict[str, Any]:
    text = f"Heat-transfer coefficient {_BETWEEN[side]}, in place of a resistance."
    label = f"Heat transfer, {side} side"
    return {"name": _FILM, "description": text, "default": None, "plausible": (0.1, 1e7), "label": label}


def _convection(side: str, beside: str) -> dict[str, Any]:
    text = f"Convection between the {side} outer face and the surroundings, beside {beside}."
    label = f"Convection to the surroundings, {side} face"
    return {"name": _FILM, "description": text, "default": 0.0, "plausible": (0.0, 1e4), "label": label}


def _emissivity(side: str) -> dict[str, Any]:
    label = f"Emissivity of the {side} face"
    text = f"Emissivity of the {side} outer face, which radiates to the surroundings."
    return {"name": "emissivity", "description": text, "default": 0.0, "label": label}


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Reservoirs(Shown, Part):
    """How heat reaches the outer faces; resistances act between the temperatures given and these faces.

    Give resistances of the whole device (K/W) or heat-transfer coefficients over its footprint
    (W/(m2 K)), not both for the same side. The outer faces of the device may exchange heat with surroundings
    at `T_ambient` besides: per footprint h (T - T_ambient) + emissivity sigma_SB (T^4 - T_ambient^4), with h
    the convection. Heat lost by the hot face counts to `heat_hot`, which enters, and to the losses of the
    balance. `T_ambient` is needed then, and when legs lose heat through their sides.
    """

    hot_resistance: Number = number(**_resistance("hot"))
    cold_resistance: Number = number(**_resistance("cold"))
    hot_heat_transfer_coefficient: Numbers = number(**_coefficient("hot"))
    cold_heat_transfer_coefficient: Numbers = number(**_coefficient("cold"))
    hot_convection: Number = number(**_convection("hot", "the reservoir or the heat"))
    cold_convection: Number = number(**_convection("cold", "the reservoir"))
    hot_emissivity: Number = number(**_emissivity("hot"))
    cold_emissivity: Number = number(**_emissivity("cold"))
    T_ambient: Numbers = number(
        "T_ambient", "Temperature of the surroundings.", None, **_AMBIENT, label="Surroundings"
    )

    def _check_reservoirs(self, faults: Faults) -> None:
        for side in ("hot", "cold"):
            coefficient = getattr(self, f"{side}_heat_transfer_coefficient")
            if coefficient is not None:
                name = f"{side}_heat_transfer_coefficient"
                if coefficient == 0:
                    faults.add(name, 0, "a coefficient above zero is expected, or none")
                resistance = f"{side}_resistance"
                faults.only_one(**{name: coefficient, resistance: getattr(self, resistance) or None})
        if self.exposed and self.T_ambient is None:
            expected = 'a temperature is expected, such as "300 K", for what the outer faces lose'
            faults.add("T_ambient", expected=expected)

    @property
    def exposed(self) -> bool:
        """Whether an outer face exchanges heat with the surroundings."""
        return any(np.any(getattr(self, f"{s}_{k}")) for s in ("hot", "cold") for k in EXPOSURE)

    def resistance(self, side: str, footprint: float) -> float:
        """Thermal resistance in K/W of the whole device at one side."""
        coefficient = getattr(self, f"{side}_heat_transfer_coefficient")
        return getattr(self, f"{side}_resistance") if coefficient is None else 1.0 / (coefficient * footprint)

    def replace(self, **changes: Any) -> Any:
        """A copy with other fields, given as the constructor takes them.

        One of `current`, `voltage` and `load` takes the place of another one.
        """
        if any(changes.get(name) is not None for name in OPERATION):
            changes = {name: None for name in OPERATION if hasattr(self, name)} | changes
        return super().replace(**changes)

    def to_dict(self) -> dict[str, Any]:
        """The fields that are set, in SI."""
        given = {f.name: getattr(self, f.name) for f in fields(self)}
        return {k: v.tolist() if isinstance(v, np.ndarray) else v for k, v in given.items() if v is not None}


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
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
        circuit at each temperature, 13 at fidelity full).
    voltage
        Terminal voltage in V.
    load
        Load resistance in ohm, or one of the three words above.
    heat
        Heat in W that enters the hot side, in place of `T_hot`.
    hot_resistance, cold_resistance
        Thermal resistances in K/W of the whole device to its reservoirs; or
    hot_heat_transfer_coefficient, cold_heat_transfer_coefficient
        in W/(m2 K) over its footprint.
    T_ambient
        Temperature in K of the surroundings.
    hot_convection, cold_convection
        Coefficients in W/(m2 K) of the convection between an outer face and the surroundings, beside the
        reservoir or the given heat; 0 by default.
    hot_emissivity, cold_emissivity
        Emissivities, from 0 to 1, of the outer faces, which radiate to the surroundings; 0 by default.

    Raises
    ------
    InputError
        With every fault.

    Examples
    --------
    >>> Generator(T_hot="250 degC", T_cold="30 degC", load="max_power").T_hot
    523.15
    """

    T_hot: Numbers = number("T_hot", "Temperature of the hot side.", None, **_SIDE, label="Hot side")
    T_cold: Numbers = number("T_cold", "Temperature of the cold side.", None, **_SIDE, label="Cold side")
    heat: Numbers = number(
        "heat_hot",
        "Heat that enters the hot side, in place of T_hot.",
        None,
        **_IMPOSED,
        label="Heat entering",
    )
    current: Numbers = number("current", "Current.", None, **_CURRENT, words=GENERATOR_AIMS)
    voltage: Numbers = number("voltage", "Voltage at the terminals.", None, **_IMPOSED, label="Voltage")
    load: Numbers = number("load_resistance", "Load resistance.", None, **_LOAD, words=GENERATOR_AIMS)
    mode: str = field(default="generate", init=False)

    def __post_init__(self) -> None:
        faults = Faults()
        if not faults.only_one(**{name: getattr(self, name) for name in OPERATION}):
            object.__setattr__(self, "current", "max_power")
        if not faults.only_one(T_hot=self.T_hot, heat=self.heat):
            faults.add("T_hot", expected="either T_hot or heat is expected")
        if self.T_cold is None:
            faults.add("T_cold", expected='a temperature is expected, such as "30 degC"')
        self._read(faults)
        self._check_reservoirs(faults)
        if not faults and self.T_hot is not None:
            warmest, coldest = float(np.max(np.asarray(self.T_cold))), float(np.min(np.asarray(self.T_hot)))
            if warmest >= coldest:
                advice = (
                    "T_hot is in K; is the unit degC?" if coldest < ICE and coldest + ICE > warmest else ""
                )
                faults.add(
                    "T_cold", warmest, f"a temperature below T_hot = {coldest:g} K is expected", advice
                )
        if self.heat is not None and not faults and np.min(self.heat) <= 0:
            faults.add("heat", float(np.min(self.heat)), "a heat above zero is expected")
        faults.raise_if_any()


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Cooler(Reservoirs):
    """Cooling: heat is taken up at the cold side and given off at the hot side.

    Parameters
    ----------
    T_hot
        Temperature in K of the hot face or of the sink behind `hot_resistance`.
    T_cold
        Temperature in K of the cold face; leave it out to solve for it at a given heat load.
    current
        A, a list of it, ``"max_heat"``, ``"max_COP"``, or ``"sweep"`` (61 currents, 13 at fidelity full).
    voltage
        Terminal voltage in V, or a list of it, in place of `current`; a positive one cools.
    heat
        Heat load in W at the cold side. With `T_cold` the current follows (the smaller of the two, at the
        better COP); without it T_cold follows from `current`, from `voltage` or from the aim.
    aim
        With `heat`: ``"COP"`` carries the heat with the best COP (at ``T_cold = T_hot`` unless `T_cold` is
        given), ``"delta_T"`` finds the current of the largest temperature difference.
    hot_resistance, cold_resistance, hot_heat_transfer_coefficient, cold_heat_transfer_coefficient, T_ambient
        As for `Generator`.
    hot_convection, cold_convection, hot_emissivity, cold_emissivity
        As for `Generator`.

    Raises
    ------
    InputError
        With every fault.

    Examples
    --------
    >>> Cooler(T_hot=300, T_cold="-10 degC", current="max_COP").T_cold
    263.15
    """

    T_hot: Numbers = number("T_hot", "Temperature of the hot side.", None, **_SIDE, label="Hot side")
    T_cold: Numbers = number("T_cold", "Temperature of the cold side.", None, **_SIDE, label="Cold side")
    heat: Numbers = number("heat_cold", "Heat load at the cold side.", None, **_IMPOSED, label="Heat load")
    current: Numbers = number("current", "Current.", None, **_CURRENT, words=COOLER_AIMS)
    voltage: Numbers = number("voltage", "Voltage at the terminals.", None, **_IMPOSED, label="Voltage")
    aim: str | None = None
    mode: str = field(default="cool", init=False)

    def __post_init__(self) -> None:
        faults = Faults()
        if self.T_hot is None:
            faults.add("T_hot", expected='a temperature is expected, such as "300 K"')
        self._read(faults)
        self._task(faults)
        self._check_reservoirs(faults)
        faults.raise_if_any()

    def _task(self, faults: Faults) -> None:
        if self.aim not in (None, "COP", "delta_T"):
            advice = did_you_mean(self.aim, ("COP", "delta_T"))
            faults.add("aim", self.aim, '"COP" or "delta_T" is expected', advice)
        if self.aim is not None and self.heat is None:
            faults.add("heat", expected=f'a heat load is expected, such as "10 W", for aim = "{self.aim}"')
        given = next((name for name in ("current", "voltage") if getattr(self, name) is not None), None)
        faults.only_one(current=self.current, voltage=self.voltage)
        if self.aim is not None and given is not None:
            expected = f"no {given} is expected, because the aim decides it"
            faults.add(given, getattr(self, given), expected)
        if self.aim == "delta_T" and self.T_cold is not None:
            faults.add("T_cold", self.T_cold, 'no T_cold is expected, because aim = "delta_T" solves for it')
        undecided = self.heat is None or self.T_cold is None
        if self.aim is None and given is None and undecided:
            expected = 'a current is expected, or "max_heat", "max_COP", "sweep", a voltage, or heat and aim'
            faults.add("current", expected=expected)
        if given is not None and self.T_cold is None and self.heat is None:
            faults.add("T_cold", expected=f"T_cold or heat is expected beside the {given}")
        if given is not None and self.T_cold is not None and self.heat is not None:
            faults.add("heat", self.heat, f"two of T_cold, {given} and heat are expected, not all three")
        if isinstance(self.current, str) and self.current != "sweep" and self.T_cold is None:
            faults.add("current", self.current, 'T_cold is expected beside it (or aim = "delta_T")')


Conditions = Generator | Cooler


def numbers_of(conditions: type[Reservoirs] | None = None) -> dict[str, DeviceField]:
    """The numbers of one kind of conditions, or of both, by their names."""
    kinds = (Generator, Cooler) if conditions is None else (conditions,)
    return {name: one for kind in kinds for name, one in declared(kind).items()}
