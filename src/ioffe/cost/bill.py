"""The bill of a device: what it is made of, what it takes to make it, and what that costs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from ioffe.base.arrays import larger
from ioffe.base.errors import Faults, InputError
from ioffe.cost.costing import Costing, MaterialPrice, UnitPrice
from ioffe.cost.formulas import material_cost
from ioffe.device.cascade import Cascade, named_legs, named_stages
from ioffe.device.conditions import Conditions
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.device.parameters import MaterialChoice
from ioffe.device.parts import Contact
from ioffe.solve.assemble import layer_areas


@dataclass(frozen=True)
class CostItem:
    """A line of a bill.

    Parameters
    ----------
    name : str
        Path of the part, or what is done.
    material : str
        Its material, if it has one.
    amount : float or ndarray
        How much of it is in the device, in `unit`.
    unit : str
        kg, m2, W/K, or 1 for a number of pieces.
    cost : float or ndarray
        In USD, with what is lost on the way.

    Examples
    --------
    >>> CostItem("assembly", "", 1.0, "1", 2.0).cost
    2.0
    """

    name: str
    material: str
    amount: Any
    unit: str
    cost: Any


@dataclass(frozen=True)
class UsedMaterial:
    """A material with its volume (m3) and the area it covers (m2), in all of a device."""

    name: str
    material: Any
    volume: Any
    area: Any
    leg: bool


def cost_items(
    device: Leg | Module | Cascade, conditions: Conditions, costing: Costing, faults: Faults | None = None
) -> list[CostItem]:
    """What a device costs, line by line.

    Parameters
    ----------
    device : Leg, Module or Cascade
        Its numbers may be arrays over cases, see `ioffe.device.parameters.varied`.
    conditions : Generator or Cooler
        For the conductance of heat exchangers.
    costing : Costing
        Prices.
    faults : Faults, optional
        Takes what no price is known for, which is left out then.

    Returns
    -------
    list of CostItem
        The exchangers last; the yield is in all others.

    Raises
    ------
    InputError
        With everything for which no price is known.

    Examples
    --------
    >>> from ioffe import Generator
    >>> from ioffe.cost import Costing, UnitPrice
    >>> leg = Leg("Bi0.42Sb1.58Te3", "2 mm", "2 mm2")
    >>> known = {"Bi0.42Sb1.58Te3": UnitPrice(density="6.7 g/cm3")}
    >>> (item,) = cost_items(leg, Generator(T_hot=450, T_cold=300), Costing(materials=known))
    >>> item.unit, round(item.amount * 1e6, 1), round(item.cost, 5)
    ('kg', 26.8, 0.00105)
    """
    own = Faults() if faults is None else faults
    found = list(_parts(device, conditions, costing, own))
    if faults is None:
        own.raise_if_any()
    return found


def _parts(device: Any, conditions: Conditions, costing: Costing, faults: Faults) -> Iterator[CostItem]:
    made = 1.0 / costing.production_yield
    known: set[tuple[int, bool]] = set()
    for used in used_materials(device):
        own = Faults() if (id(used.material), used.leg) in known else faults  # what is told once is enough
        known.add((id(used.material), used.leg))
        with own.collect():
            price = _price(costing, used)
            mass = used.volume * price.density
            lost = costing.scrap if used.leg else 0.0
            cost = material_cost(mass, price.price, lost, price.processing) + used.area * price.per_area
            by_area = np.any(price.per_area) and not np.any(price.density)
            amount, unit = (used.area, "m2") if by_area else (mass, "kg")
            yield CostItem(used.name, getattr(used.material, "name", "several"), amount, unit, made * cost)
    faces = sum(2.0 * count * leg.area for _, leg, count in _legs(device))
    couples = sum(count for name, _, count in _legs(device) if not name.endswith("n."))
    each = (
        ("metallisation", faces, "m2", costing.metallisation),
        ("assembly of couples", couples, "1", costing.assembly_per_couple),
        ("assembly", 1.0, "1", costing.assembly),
    )
    for name, amount, unit, price in each:
        if np.any(price):
            yield CostItem(name, "", amount, unit, made * amount * price)
    for side, footprint in zip(("hot", "cold"), _faces(device), strict=True):
        price = getattr(costing, f"{side}_exchanger")
        if np.any(price):
            resistance = conditions.resistance(side, footprint)
            if not np.all(resistance):
                expected = "a film coefficient or a thermal resistance of that side is expected"
                advice = f"such as operate.{side}_heat_transfer_coefficient"
                faults.add(f"cost.{side}_exchanger", np.real(price), expected, advice)
                continue
            yield CostItem(f"{side} exchanger", "", 1.0 / resistance, "W/K", price / resistance)


def _legs(device: Any) -> Iterator[tuple[str, Leg, Any]]:
    """Legs by their paths, with how many there are."""
    for before, stage in named_stages(device):
        count = stage.couples if isinstance(stage, Module) else 1
        yield from ((f"{before}{name}", leg, count) for name, leg in named_legs(stage))


def _faces(device: Any) -> tuple[Any, Any]:
    """Areas of the outer hot and cold face in m2."""
    stages = [stage for _, stage in named_stages(device)]
    hot, cold = (one.footprint if isinstance(one, Module) else one.area for one in (stages[0], stages[-1]))
    return hot, cold


def used_materials(device: Any) -> Iterator[UsedMaterial]:
    """Every part of a device that is made of a material, legs first."""
    for path, leg, count in _legs(device):
        alone = len(leg.segments) == 1
        for i, segment in enumerate(leg.segments):
            name = path.rstrip(".") or "leg" if alone else f"{path}segments[{i}]"
            area = count * leg.area
            yield UsedMaterial(name, segment.material, area * segment.length, area, leg=True)
    for before, stage in named_stages(device):
        if isinstance(stage, Module):
            areas = layer_areas(stage)
            for side in ("hot", "cold"):
                for i, layer in enumerate(getattr(stage, side)):
                    area = stage.couples * areas[layer.coverage]
                    name = f"{before}{side}[{i}]"
                    yield UsedMaterial(name, layer.material, area * layer.thickness, area, leg=False)
    if isinstance(device, Cascade):
        sizes = [stage.footprint for stage in device.stages]
        for k, parts in enumerate(device.between):
            for i, part in enumerate(parts):
                if not isinstance(part, Contact):
                    area = larger(*sizes[k : k + 2])
                    name = f"between[{k}][{i}]"
                    yield UsedMaterial(name, part.material, area * part.thickness, area, leg=False)


def used_prices(device: Any, costing: Costing) -> dict[str, UnitPrice]:
    """Prices that count for a device, by their paths; what has none is left out.

    `device`: what is priced.
    `costing`: prices.
    Returns: by paths such as ``"cost.elements.Te"``.

    >>> prices = Costing(materials={"Bi2Te3": UnitPrice(density="7.7 g/cm3")})
    >>> list(used_prices(Leg("Bi2Te3", "2 mm", "2 mm2"), prices))
    ['cost.elements.Bi', 'cost.elements.Te']
    """
    found: dict[str, UnitPrice] = {}
    for used in used_materials(device):
        stated = costing.materials.get(used.material.name)
        if stated is not None and stated.is_price:
            found[f"cost.materials.{used.material.name}"] = stated
            continue
        try:
            price = costing.price_of(used.material, leg=used.leg)
        except InputError:  # it is not counted, which a warning says
            continue
        found |= {f"cost.elements.{symbol}": costing.element(symbol) for symbol in price.elements}
    return found


def _price(costing: Costing, used: UsedMaterial) -> MaterialPrice:
    """Price of a material, or prices of those of a choice over cases."""
    if not isinstance(used.material, MaterialChoice):
        return costing.price_of(used.material, leg=used.leg)
    each = [costing.price_of(one, leg=used.leg) for one in used.material.found]
    index = used.material.index

    def picked(name: str) -> Any:
        values = np.array([np.broadcast_to(getattr(one, name), index.shape) for one in each])
        return values[index, np.arange(len(index))]

    return MaterialPrice(*(picked(name) for name in ("density", "price", "processing", "per_area")))
