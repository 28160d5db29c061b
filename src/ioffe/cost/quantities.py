"""Cost of the devices of a batch as aims and limits of studies, with exact derivatives.

A derivative is a complex step: the bill is a function of the numbers of the device, of its conditions and of
the prices that computes with complex numbers, d*C*/d*x* = Im *C*(*x* + i*h*)/*h* without a difference
(W. Squire, G. Trapp, SIAM Rev. 40 (1998) 110, doi 10.1137/s003614459631241x).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ioffe.base.errors import Fault, InputError, did_you_mean
from ioffe.cost.bill import cost_items
from ioffe.cost.costing import Costing
from ioffe.cost.formulas import cost_per_watt, performance_cost_ratio
from ioffe.device.cascade import Cascade
from ioffe.device.conditions import Conditions, Generator
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.device.parameters import meant
from ioffe.device.variations import VariedDevices, complex_slope

Array = NDArray[np.float64]
PREFIX: Final = "cost."
"""Beginning of the path of a number of a costing."""
PERFORMANCE: Final = {True: "power", False: "heat_cold"}
"""What a generator (True) and a cooler deliver."""
COST_QUANTITIES: Final = {
    True: ("cost", "cost_per_power", "performance_cost_ratio"),
    False: ("cost", "cost_per_cooling_power", "performance_cost_ratio"),
}
"""Quantities of cost of generators (True) and coolers."""


def performance_needed(names: Iterable[str], conditions: Conditions) -> tuple[str, ...]:
    """Quantities of a result that quantities of cost need.

    Parameters
    ----------
    names : iterable of str
        Of `COST_QUANTITIES`.
    conditions : Generator or Cooler
        What the device does.

    Returns
    -------
    tuple of str
        ``("power",)``, ``("heat_cold",)``, or nothing.

    Examples
    --------
    >>> performance_needed(["cost"], Generator(T_hot=400, T_cold=300))
    ()
    """
    return (PERFORMANCE[isinstance(conditions, Generator)],) if set(names) - {"cost"} else ()


@dataclass(frozen=True, eq=False)
class DeviceCost:
    """Cost of devices that differ in some numbers, materials, conditions and prices.

    Parameters
    ----------
    device, conditions, costing
        What does not vary.
    vary : mapping
        As for `solve_batch`, in SI and flat (n,): numbers by path, materials as objects; also numbers of the
        costing by paths such as ``"cost.elements.Te"``.

    Raises
    ------
    InputError
        For a path that means nothing, and for everything without a price.

    Examples
    --------
    >>> from ioffe import Generator
    >>> from ioffe.cost import Costing, UnitPrice
    >>> leg = Leg("Bi0.42Sb1.58Te3", "2 mm", "2 mm2")
    >>> prices = Costing(materials={"Bi0.42Sb1.58Te3": UnitPrice(density="6.7 g/cm3")}, assembly="0.01 USD")
    >>> costs = DeviceCost(leg, Generator(T_hot=450, T_cold=300), prices, {"length": np.array([1e-3, 2e-3])})
    >>> costs.cost.round(5).tolist(), (costs.slope("length") * 1e-3).round(5).tolist()
    ([0.01053, 0.01105], [0.00053, 0.00053])
    """

    device: Leg | Module | Cascade
    conditions: Conditions
    costing: Costing
    vary: Mapping[str, NDArray[Any]]

    @property
    def cost(self) -> Array:
        """In USD, (n,)."""
        return np.real(self._total({}))

    def slope(self, path: str) -> Array:
        """Derivative of the cost to the number at a path, or behind a short form, (n,).

        Parameters
        ----------
        path : str
            Of the device, its conditions or the costing.

        Returns
        -------
        ndarray
            USD by the SI unit of the number. Zero for the table of a material.
        """
        if path.startswith(PREFIX):
            value = self.vary.get(path, self._price(path))
            return complex_slope(self._total, {path: value})
        try:
            own = meant(self.device, self.conditions, path)
        except InputError:
            meant(self.device, self.conditions, path.rpartition(".")[0])
            return np.zeros(self._size)
        return complex_slope(self._total, {full: self._devices.value(path, full) for full in own})

    def quantities(
        self,
        names: Iterable[str],
        values: Mapping[str, Array],
        gradient: Any = None,
        paths: Iterable[str] = (),
    ) -> tuple[dict[str, Array], dict[str, dict[str, Array]]]:
        """Quantities of cost, and their derivatives.

        Parameters
        ----------
        names : iterable of str
            Of `COST_QUANTITIES`.
        values : mapping of str to ndarray
            Results of the same devices, with what `performance_needed` names, (n,).
        gradient : Gradient or mapping, optional
            Their derivatives, ``gradient["power"]["length"]``.
        paths : iterable of str
            By what is differentiated: paths of numbers, of tables of materials, and of numbers of the
            costing, of which the gradient has no derivatives.

        Returns
        -------
        dict of str to ndarray, dict of str to dict of str to ndarray
            Values of each name in SI, and derivatives by path.
        """
        key, cost = PERFORMANCE[isinstance(self.conditions, Generator)], self.cost
        done = np.asarray(values[key], float).ravel() if key in values else np.full(cost.shape, np.nan)
        ratio, each = performance_cost_ratio(done, cost), cost_per_watt(cost, done)
        # each quantity with its derivatives to cost and performance
        every: dict[str, Any] = {"cost": (cost, np.ones_like(cost), None)}
        with np.errstate(divide="ignore", invalid="ignore"):
            every["performance_cost_ratio"] = ratio, -ratio / cost, 1.0 / cost
            by_watt = each, each / cost, -each / done
        every |= dict.fromkeys(("cost_per_power", "cost_per_cooling_power"), by_watt)
        by_cost = {path: self.slope(path) for path in paths}
        slopes: dict[str, dict[str, Array]] = {}
        for name in names:
            _, on_cost, on_performance = every[name]
            slopes[name] = {path: on_cost * by for path, by in by_cost.items()}
            for path in by_cost:
                if on_performance is not None and not path.startswith(PREFIX):
                    further = np.asarray(gradient[key][path], float)
                    ones = (slice(None), *(None for _ in further.shape[1:]))
                    slopes[name][path] = slopes[name][path][ones] + on_performance[ones] * further
        return {name: every[name][0] for name in names}, slopes

    @property
    def _size(self) -> int:
        return max((len(np.atleast_1d(v)) for v in self.vary.values()), default=1)

    def _price(self, path: str) -> Any:
        """The number of the costing at a path."""
        known = self.costing.numbers()
        if path in known:
            return known[path]
        if path.startswith("cost.elements."):
            return self.costing.element(path.rpartition(".")[2]).value
        expected = "a number of [cost] is expected"
        raise InputError(Fault(path, expected=expected, advice=did_you_mean(path, known)))

    @property
    def _devices(self) -> VariedDevices:
        own = {path: values for path, values in self.vary.items() if not path.startswith(PREFIX)}
        return VariedDevices(self.device, self.conditions, own)

    def _total(self, moved: Mapping[str, Any]) -> Any:
        """Cost of all devices, with some numbers in place of their own."""
        prices = {k: values for k, values in {**self.vary, **moved}.items() if k.startswith(PREFIX)}
        for path in prices:
            self._price(path)
        own = {path: values for path, values in moved.items() if path not in prices}
        device, conditions = self._devices.moved(own)
        total = sum(item.cost for item in cost_items(device, conditions, self.costing.with_numbers(prices)))
        return np.broadcast_to(total, (self._size,))
