"""Prices, yields and further cost of a device, each with where it is from."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from math import nan
from typing import Any, Final

from ioffe.base.errors import Fault, Faults, InputError, join_location
from ioffe.base.units import to_si
from ioffe.cost.formulas import composition_price
from ioffe.device.fields import Number, Part, choice, declared, number
from ioffe.material.library import prices
from ioffe.material.material import Material
from ioffe.transport.formula import parse_formula

VINTAGES: Final = ("2013", "2016", "recent")
"""Of the prices of elements in the library."""
_QUALITIES: Final = ("read", "quoted", "assumed", "remembered")
_UNITS: Final = {"price": "price", "price_per_area": "cost_per_area"}


@dataclass(frozen=True, kw_only=True)
class UnitPrice:
    """Price of an element, a material or a plate, with its range and its source.

    Parameters
    ----------
    price : float or str
        In USD/kg.
    price_per_area : float or str
        In its place, in USD/m2 of a layer.
    least, most : float or str, optional
        Ends of its range.
    year : int, optional
        Year of the price.
    source : str
        Where it is from.
    quality : {"read", "quoted", "assumed", "remembered"}
        Whether it was read at its source, quoted by a supplier, assumed, or is remembered.
    density : float or str, optional
        Of the material in kg/m3, in place of that of its card.
    composition : str, optional
        Of the material, in place of its name: its price is that of its elements.

    Raises
    ------
    InputError
        With every fault.

    Examples
    --------
    >>> UnitPrice(price="75 USD/kg", least="60 USD/kg", most="90 USD/kg", year=2024, quality="assumed").most
    90.0
    """

    price: float | None = None
    price_per_area: float | None = None
    least: float | None = None
    most: float | None = None
    year: int | None = None
    source: str = ""
    quality: str = "assumed"
    density: float | None = None
    composition: str | None = None

    def __post_init__(self) -> None:
        faults = Faults()
        given = [name for name in _UNITS if getattr(self, name) is not None]
        if len(given) > 1:
            faults.add("price_per_area", self.price_per_area, "either this or a price by mass is expected")
        kinds: dict[str, str] = {**_UNITS, "density": "density"}
        if given:
            kinds |= dict.fromkeys(("least", "most"), _UNITS[given[0]])
        for name, kind in kinds.items():
            value = getattr(self, name)
            if value is not None:
                with faults.collect():
                    object.__setattr__(self, name, to_si(value, kind, name))
        faults.one_of("quality", self.quality, _QUALITIES)
        if self.composition is not None:
            with faults.collect("composition"):
                parse_formula(self.composition)
        if not faults:
            self._order(faults, given)
        faults.raise_if_any()

    def _order(self, faults: Faults, given: list[str]) -> None:
        for name, sign in (("least", 1.0), ("most", -1.0)):
            end = getattr(self, name)
            if end is not None and not given:
                faults.add(name, end, "a price is expected beside its range")
            elif end is not None and sign * end > sign * self.value:
                side = "above" if sign > 0 else "below"
                faults.add(name, end, f"an end that is not {side} the price {self.value:g} is expected")

    @property
    def value(self) -> float:
        """The price: in USD/kg, or in USD/m2 of a layer; NaN where none is stated."""
        found = self.price if self.price is not None else self.price_per_area
        return nan if found is None else found

    @property
    def is_price(self) -> bool:
        """Whether it states a price, not only a density or a composition."""
        return self.price is not None or self.price_per_area is not None

    @property
    def range(self) -> tuple[float, float]:
        """Ends of the range; the price itself where none is stated."""
        least, most = (self.value if end is None else end for end in (self.least, self.most))
        return least, most


@dataclass(frozen=True, kw_only=True)
class Costing(Part):
    """What is known of the cost of a device. Nothing is assumed: what is not stated costs nothing.

    Parameters
    ----------
    vintage : {"recent", "2016", "2013"}
        Which prices of the elements of the library count, if no others are stated.
    scrap
        Share of the leg material that is cut away or breaks, from 0 to below 1.
    production_yield
        Share of the devices made that works, above 0 up to 1.
    processing
        USD/kg of making the leg materials from their elements, where their price is that of the elements.
    metallisation
        USD/m2 of the end faces of the legs.
    assembly, assembly_per_couple
        USD a device, and USD a couple (of a leg alone: a leg).
    hot_exchanger, cold_exchanger
        USD K/W: price of the heat exchangers by their thermal conductance, which the conditions state as a
        film coefficient on the footprint or as a thermal resistance.
    elements, materials : mapping of str to UnitPrice
        Prices of elements by symbol, and of materials by name, or only their density or composition.

    Examples
    --------
    >>> Costing(scrap="30 %", assembly="2 USD", metallisation="0.03 USD/cm2").metallisation
    300.0
    """

    vintage: str = choice(VINTAGES, "recent")
    scrap: Number = number("scrap", "Share of the leg material that is lost.", 0.0)
    production_yield: Number = number("production_yield", "Share of the devices made that works.", 1.0)
    processing: Number = number("price", "Making leg materials from their elements.", 0.0)
    metallisation: Number = number("cost_per_area", "End faces of the legs.", 0.0)
    assembly: Number = number("cost", "Assembly of a device.", 0.0)
    assembly_per_couple: Number = number("cost", "Assembly of a couple.", 0.0)
    hot_exchanger: Number = number("exchanger_price", "Heat exchanger of the hot side.", 0.0)
    cold_exchanger: Number = number("exchanger_price", "Heat exchanger of the cold side.", 0.0)
    elements: Mapping[str, UnitPrice] = field(default_factory=dict)
    materials: Mapping[str, UnitPrice] = field(default_factory=dict)

    def _read(self, faults: Faults) -> None:
        super()._read(faults)
        for symbol, one in self.elements.items():
            where = join_location("elements", symbol)
            with faults.collect(where):
                if len(parse_formula(symbol).amounts) != 1 or not symbol.isalpha():
                    raise InputError(Fault("", symbol, "the symbol of an element is expected"))
            if one.price is None:
                faults.add(where, expected="a price by mass is expected")

    def numbers(self) -> dict[str, float]:
        """Numbers that stand in it, by their paths; prices of elements of the library are not among them.

        Returns
        -------
        dict of str to float
            In SI, by paths such as ``"cost.scrap"``, ``"cost.elements.Te"``, ``"cost.materials.Al2O3"``.
        """
        found = {f"cost.{name}": getattr(self, name) for name in declared(Costing)}
        for group in ("elements", "materials"):
            prices = getattr(self, group).items()
            found |= {f"cost.{group}.{name}": one.value for name, one in prices if one.is_price}
        return found

    def element(self, symbol: str) -> UnitPrice:
        """Price of an element: the stated one, or that of the library with the range of its vintages.

        Parameters
        ----------
        symbol : str
            Of the element.

        Returns
        -------
        UnitPrice

        Raises
        ------
        InputError
            If none is known.
        """
        return self.elements[symbol] if symbol in self.elements else _library_price(symbol, self.vintage)

    def with_numbers(self, changes: Mapping[str, Any]) -> Costing:
        """A copy with other numbers at their paths, unchecked: arrays over cases, or complex ones.

        Parameters
        ----------
        changes : mapping
            By path as in `numbers`; every element may be changed.

        Returns
        -------
        Costing
        """
        new = copy.copy(self)
        for path, value in changes.items():
            _, _, rest = path.partition(".")
            group, _, name = rest.partition(".")
            if not name:
                object.__setattr__(new, group, value)
                continue
            entries = dict(getattr(new, group))
            one = copy.copy(self.element(name) if group == "elements" else entries[name])
            object.__setattr__(one, "price" if one.price is not None else "price_per_area", value)
            object.__setattr__(new, group, {**entries, name: one})
        return new

    def price_of(self, material: Material, *, leg: bool) -> MaterialPrice:
        """What a material costs in this costing.

        Parameters
        ----------
        material : Material
            Of a leg or a layer.
        leg : bool
            Whether it is that of a leg, which is made from its elements.

        Returns
        -------
        MaterialPrice

        Raises
        ------
        InputError
            With everything that is not known: composition, price of an element, density.
        """
        stated = self.materials.get(material.name, UnitPrice())
        if stated.price_per_area is not None:
            if leg:
                where = join_location("materials", material.name)
                raise InputError(
                    Fault(where, expected="a price by mass is expected of the material of a leg")
                )
            return MaterialPrice(per_area=stated.price_per_area)
        faults = Faults()
        density = stated.density if stated.density is not None else material.density
        where = join_location("cost.materials", f'"{material.name}"')
        if density is None:
            expected = "a density is expected, because the card has none"
            faults.add(join_location(where, "density"), expected=expected)
        value, elements, processing = stated.price, (), 0.0
        if value is None:
            text = stated.composition or material.name
            with faults.collect(where):
                try:
                    amounts = parse_formula(text).amounts
                except InputError:
                    raise InputError(Fault("", expected=_UNKNOWN)) from None
                value = composition_price(text, {e: self.element(e).value for e in amounts})
                elements, processing = tuple(amounts), self.processing if leg else 0.0
        faults.raise_if_any()
        return MaterialPrice(density, value, processing, elements=elements)


_UNKNOWN: Final = "a price or a composition is expected, because its name is not a formula of priced elements"


@dataclass(frozen=True)
class MaterialPrice:
    """What a material costs by mass, or a layer of it by area.

    Parameters
    ----------
    density, price, processing : float or ndarray
        In kg/m3; USD/kg of what it is made from, and of making it.
    per_area : float or ndarray
        In USD/m2 of a layer.
    elements : tuple of str
        Of which it is priced.

    Examples
    --------
    >>> from ioffe.material.library import load_material
    >>> Costing().price_of(load_material("Cu"), leg=False).price
    6.0
    """

    density: Any = 0.0
    price: Any = 0.0
    processing: Any = 0.0
    per_area: Any = 0.0
    elements: tuple[str, ...] = ()


@lru_cache(maxsize=256)
def _library_price(symbol: str, vintage: str) -> UnitPrice:
    known = prices(symbol)
    year = int(vintage) if vintage.isdigit() else None
    chosen = next((one for one in known if one.year == year), known[-1])
    values = [one.value for one in known]
    ends: dict[str, Any] = {"least": min(values), "most": max(values)}
    source = f"{chosen.source}; range: prices of the library since 2013"
    return UnitPrice(price=chosen.value, year=chosen.year, source=source, quality=chosen.quality, **ends)
