"""What a device costs, and what it delivers for that: the result of `price_device`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from ioffe.base.errors import Faults
from ioffe.base.result import BaseResult, sources_of
from ioffe.base.table import ResultTable, table
from ioffe.base.units import format_si
from ioffe.cost.bill import CostItem, cost_items, used_materials, used_prices
from ioffe.cost.costing import Costing, UnitPrice
from ioffe.cost.formulas import cost_per_watt, performance_cost_ratio
from ioffe.cost.quantities import COST_QUANTITIES, PERFORMANCE
from ioffe.device.cascade import Cascade
from ioffe.device.conditions import Conditions, Generator
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.device.parameters import materials
from ioffe.material.library import prices as prices_of
from ioffe.result.steady import Result

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class CostResult(BaseResult):
    """Cost of a device, item by item, with what its prices leave open.

    Attributes
    ----------
    device : Leg, Module or Cascade
        What was priced.
    costing : Costing
        Prices.
    items : tuple of CostItem
        Lines of the bill.
    lows, highs : ndarray
        Each line in USD with all prices at the least and at the largest value of their ranges.
    prices : mapping of str to UnitPrice
        Prices that count, by their paths.
    effects : ndarray
        Cost in USD with one price at the ends of its range, the others as they are, (prices, 2).
    values : mapping of str to ndarray
        ``cost``, ``cost_per_power`` or ``cost_per_cooling_power``, ``performance_cost_ratio``, each with
        ``_low`` and ``_high``, and ``power`` or ``heat_cold``, in SI along `axes`.
    axes : mapping of str to ndarray
        Operating points.
    name : str
        For tables and reports.
    missing : tuple of str
        What no price is known for. Then the sum of the items is a lower bound, the upper end of every range
        NaN, and a performance-cost ratio an upper bound.

    Examples
    --------
    >>> from ioffe import Generator
    >>> from ioffe.cost import UnitPrice
    >>> prices = Costing(materials={"Bi0.42Sb1.58Te3": UnitPrice(density="6.7 g/cm3")}, assembly="1 USD")
    >>> leg = Leg("Bi0.42Sb1.58Te3", "2 mm", "2 mm2")
    >>> found = price_device(leg, Generator(T_hot=450, T_cold=300, load="max_power"), prices)
    >>> round(float(found.cost), 3), round(float(found.cost_per_power), 1)
    (1.001, 85.4)
    """

    kind: ClassVar[str] = "cost"

    device: Leg | Module | Cascade
    costing: Costing
    items: tuple[CostItem, ...]
    lows: Array
    highs: Array
    prices: Mapping[str, UnitPrice]
    effects: Array
    values: Mapping[str, Array]
    axes: Mapping[str, NDArray[Any]]
    name: str = ""
    missing: tuple[str, ...] = ()

    def grid(self) -> dict[str, Array]:
        """The operating points: each axis at every point.

        Returns
        -------
        dict of str to ndarray
            In SI, of the shape of `values`.
        """
        found = np.meshgrid(*self.axes.values(), indexing="ij")
        return dict(zip(self.axes, found, strict=True))

    def _named(self) -> Mapping[str, Any]:
        return self.__dict__.get("values", {})

    def _noun(self) -> str:
        return "a cost"

    def tables(self) -> dict[str, ResultTable]:
        """Lines of the bill, cost by what is delivered, prices.

        Returns
        -------
        dict of str to ResultTable
            ``items``, ``performance`` and ``prices``, in SI.
        """
        cost = np.array([item.cost for item in self.items], float)
        columns: dict[str, Any] = {
            "material": np.array([item.material for item in self.items], str),
            "amount": np.array([item.amount for item in self.items], float),
            "unit": np.array([item.unit for item in self.items], str),
            "cost": cost,
            "cost_low": self.lows,
            "cost_high": self.highs,
            "share": cost / max(float(np.sum(cost)), 1e-300),
        }
        names = np.array([item.name for item in self.items], str)
        found = {"items": table({"item": names}, columns, {"share": "1"})}
        found["performance"] = table(dict(self.axes), dict(self.values))
        rows = list(self.prices.values())
        ends = np.array([one.range for one in rows], float).reshape(-1, 2)
        found["prices"] = table(
            {"price_of": np.array([path.removeprefix("cost.") for path in self.prices], str)},
            {
                "value": np.array([one.value for one in rows], float),
                "least": ends[:, 0],
                "most": ends[:, 1],
                "by": np.array(["USD/kg" if one.price is not None else "USD/m2" for one in rows], str),
                "cost_at_least": self.effects[:, 0],
                "cost_at_most": self.effects[:, 1],
                "year": np.array(["" if one.year is None else str(one.year) for one in rows], str),
                "quality": np.array([one.quality for one in rows], str),
                "source": np.array([one.source for one in rows], str),
            },
            {"cost_at_least": "USD", "cost_at_most": "USD"},
        )
        return found

    def citations(self) -> list[str]:
        """What to cite.

        Returns
        -------
        list of str
            This program, the sources of the materials and of the prices.
        """
        stages = self.device.stages if isinstance(self.device, Cascade) else (self.device,)
        used = sources_of(one for stage in stages for one in materials(stage).values())
        return [*used, *dict.fromkeys(one.source for one in self.prices.values() if one.source)]

    def _header(self) -> dict[str, Any]:
        return {"name": self.name, "costing": self.costing.numbers(), "missing": list(self.missing)}

    def _title(self) -> str:
        return f"{self.name}: {self.shown('cost')}"

    def bound(self, name: str) -> str:
        """What a quantity is where a part has no price.

        Parameters
        ----------
        name : str
            Of `values`, or one of its axes.

        Returns
        -------
        str
            ``"at least"``, ``"at most"``, or ``""`` where it is the value itself.
        """
        if not self.missing or name not in COST_QUANTITIES[isinstance(self.conditions, Generator)]:
            return ""
        return "at most" if name == "performance_cost_ratio" else "at least"

    def shown(self, name: str) -> str:
        """A quantity with its range as people read it, of several points the best one.

        Parameters
        ----------
        name : str
            Of `values`.

        Returns
        -------
        str
        """
        every = np.ravel(self.values[name])
        if not np.any(np.isfinite(every)):
            return "-"
        k = int(np.nanargmax(every) if name == "performance_cost_ratio" else np.nanargmin(every))
        low, high = (float(np.ravel(self.values[f"{name}_{end}"])[k]) for end in ("low", "high"))
        if bound := self.bound(name):
            return f"{bound} {format_si(high if bound == 'at most' else low, name)}"
        text = format_si(float(every[k]), name)
        return text if low == high else f"{text} ({format_si(low, name)} to {format_si(high, name)})"

    def _facts(self) -> Iterator[tuple[str, str]]:
        for name in COST_QUANTITIES[isinstance(self.conditions, Generator)]:
            yield name, self.shown(name)
        yield from self._quality()


def price_device(
    device: Leg | Module | Cascade,
    conditions: Conditions,
    costing: Costing,
    *,
    solved: Result | None = None,
    strict: bool = False,
) -> CostResult:
    """What a device costs, and what it costs by what it delivers.

    Parameters
    ----------
    device : Leg, Module or Cascade
        What is priced.
    conditions : Generator or Cooler
        What it does; of a sweep of currents the largest power, or heat, counts.
    costing : Costing
        Prices, yields and further cost.
    solved : Result, optional
        Of the device under these conditions; by default it is solved.
    strict : bool
        Refuse a device of which a part has no price, in place of a lower bound with a warning that names it.

    Returns
    -------
    CostResult
        Items in USD, cost in USD, by power in USD/W; the range of the prices in ``_low`` and ``_high``.

    Raises
    ------
    InputError
        With every part that has no price, if `strict`, or if no part has one.

    Examples
    --------
    >>> from ioffe import Generator
    >>> leg = Leg("Bi0.42Sb1.58Te3", "2 mm", "2 mm2")
    >>> price_device(leg, Generator(T_hot=450, T_cold=300, load="max_power"), Costing())
    Traceback (most recent call last):
        ...
    ioffe.base.errors.InputError: cost.materials."Bi0.42Sb1.58Te3".density: a density is expected, ...
    """
    missing = Faults()
    items = cost_items(device, conditions, costing, None if strict else missing)
    if not items:
        missing.raise_if_any()
        expected = "a price of a part or of its assembly is expected"
        missing.add("cost", expected=expected)
        missing.raise_if_any()
    prices = used_prices(device, costing)
    ends = [{path: one.range[k] for path, one in prices.items()} for k in (0, 1)]
    lows, highs = (_costs(device, conditions, costing, end) for end in ends)
    effects = [
        [float(np.sum(_costs(device, conditions, costing, {path: end}))) for end in one.range]
        for path, one in prices.items()
    ]
    solved = solved or device.solve(conditions)
    unknown = tuple(str(fault) for fault in missing.found)
    costs = _costs(device, conditions, costing, {})
    values, axes = _performance(solved, costs, lows, highs * (np.nan if unknown else 1.0))
    warnings = [f"not counted, so that the cost is a lower bound: {fault}" for fault in unknown]
    return CostResult(
        device=device,
        costing=costing,
        name=device.name or type(device).__name__,
        items=tuple(items),
        lows=lows,
        highs=highs,
        prices=prices,
        effects=np.array(effects, float).reshape(-1, 2),
        values=values,
        axes=axes,
        missing=unknown,
        point_status=solved.point_status,
        point_energy_balance=solved.point_energy_balance,
        point_error_estimate=solved.point_error_estimate,
        interpolation=solved.interpolation,
        conditions=conditions,
        warnings=(*warnings, *solved.warnings),
        notes=(*_remarks(prices, device, costing), *solved.notes),
    )


def _costs(device: Any, conditions: Conditions, costing: Costing, changes: Mapping[str, float]) -> Array:
    """Cost of each item in USD, with other prices."""
    found = cost_items(device, conditions, costing.with_numbers(changes), Faults())
    return np.array([float(item.cost) for item in found])


def _performance(
    solved: Result, costs: Array, lows: Array, highs: Array
) -> tuple[dict[str, Array], Mapping[str, NDArray[Any]]]:
    """Cost, and cost by what is delivered, along the operating points."""
    generates = isinstance(solved.conditions, Generator)
    key, swept = PERFORMANCE[generates], "sweep" in (solved.conditions.current,)
    done = np.asarray(solved.values[{"power": "max_power", "heat_cold": "max_heat"}[key] if swept else key])
    totals = {"": np.sum(costs), "_low": np.sum(lows), "_high": np.sum(highs)}
    values: dict[str, Array] = {key: done}
    _, by_watt, ratio = COST_QUANTITIES[generates]
    for end, cost in totals.items():
        values[f"cost{end}"] = np.broadcast_to(cost, done.shape)
        values[f"{by_watt}{end}"] = cost_per_watt(cost, done)
    for end, other in (("", ""), ("_low", "_high"), ("_high", "_low")):  # dear devices have a small ratio
        values[f"{ratio}{end}"] = np.asarray(performance_cost_ratio(done, totals[other]))
    return values, solved.maxima_axes if swept else solved.axes


def _remarks(prices: Mapping[str, UnitPrice], device: Any, costing: Costing) -> Iterator[str]:
    """What must be known of the prices."""
    for path, one in prices.items():
        name = path.split(".", 2)[2]
        if one.quality == "remembered":
            yield f"the price of {name} is remembered"
        other = costing.vintage.isdigit() and one.year is None and name not in costing.elements
        if other and path.startswith("cost.elements."):
            yield f"the library has no price of {name} for {costing.vintage}: the recent one counts"
    own = (path.rpartition(".")[2] for path in prices if path.startswith("cost.elements."))
    library = [(costing.element(name), prices_of(name)) for name in own if name not in costing.elements]
    known = (row.note for one, rows in library for row in rows if row.value == one.value and row.note)
    yield from (f"prices of elements without a year: {note}" for note in dict.fromkeys(known))
    used = {one.material.name for one in used_materials(device)}
    for name in costing.materials:
        if name not in used:
            yield f"the entry of {name} is not used: the device has no such material"
    for symbol in costing.elements:
        if f"cost.elements.{symbol}" not in prices:
            yield f"the price of {symbol} is not used"
