"""One leg with layers of different interface metals: what each costs in power, efficiency and money.

>>> from ioffe import Contact, Generator, Leg
>>> leg = Leg("MgAgSb0.99In0.01", length="6 mm", area="3.8 mm x 3.8 mm")
>>> metals = [InterfaceMetal("Sb", contact=Contact("7.9 uohm cm2"), composition="Sb")]
>>> study = compare_interface_metals(leg, metals, Generator(T_hot=540, T_cold=303), thickness="0.5 mm")
>>> [row.name for row in study], bool(study["Sb"].relative_power < 0.0)
(['without layers', 'Sb'], True)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isfinite, nan
from typing import Any, ClassVar

import numpy as np

from ioffe.base.errors import Fault, Faults, InputError, did_you_mean
from ioffe.base.result import BaseResult
from ioffe.base.table import ResultTable, table
from ioffe.base.units import QuantityLike, format_si, to_si
from ioffe.device.conditions import Generator
from ioffe.device.leg import Leg
from ioffe.device.parts import Contact, MaterialLike, Segment, material_of
from ioffe.material.library import prices
from ioffe.material.material import Material
from ioffe.result.steady import Result
from ioffe.transport.formula import parse_formula

BARE = "without layers"


@dataclass(frozen=True, init=False)
class InterfaceMetal:
    """A candidate for the layers between a leg and its electrodes.

    Parameters
    ----------
    material
        `Material`, name of a library card, or a file. The electronic part of its thermal conductivity is
        that of its card; give a metal without measured one kappa = L0 sigma T, L0 = 2.443e-8 V2/K2.
    contact
        `Contact` between the layer and the leg.
    composition
        Chemical formula, such as ``"MgCuSb"``, for a price by its elements; left out if `price` is given.
    price
        USD/kg, in place of that of the elements.
    note
        Source of the numbers, or what is assumed.

    Raises
    ------
    InputError
        For a wrong formula, and elements without a price.

    Examples
    --------
    >>> InterfaceMetal("Ni", Contact("5 uohm cm2"), price=20.0).price
    20.0
    """

    material: Material
    contact: Contact
    composition: str
    price: float
    """USD/kg; NaN if it is not known."""
    price_source: str
    note: str

    def __init__(
        self,
        material: MaterialLike,
        contact: Contact | None = None,
        composition: str = "",
        price: QuantityLike | None = None,
        note: str = "",
    ) -> None:
        faults = Faults()
        put: dict[str, Any] = {"contact": contact or Contact(), "note": note, "material": None}
        put["composition"] = composition
        put["price"], put["price_source"] = nan, "no price given"
        with faults.collect("material"):
            put["material"] = material_of(material)
        if composition and price is not None:
            faults.add("price", price, "either a price or a composition is expected")
        if price is not None:
            with faults.collect("price"):
                put["price"], put["price_source"] = to_si(price, "price"), "given"
        elif composition:
            put["price"], put["price_source"] = _price(composition, faults)
        faults.raise_if_any()
        for name, value in put.items():
            object.__setattr__(self, name, value)

    @property
    def name(self) -> str:
        """Name of its material."""
        return self.material.name


def _price(composition: str, faults: Faults) -> tuple[float, str]:
    """USD/kg of the elements of a formula, each with its latest price."""
    value, sources = 0.0, {}
    with faults.collect("composition"):
        for element, share in parse_formula(composition).mass_fractions.items():
            latest = prices(element)[-1]
            value += share * latest.value
            year = f", {latest.year}" if latest.year else ", no year"
            sources[f"{latest.source}{year} ({latest.quality})"] = None
    return value, "; ".join(sources)


@dataclass(frozen=True, eq=False)
class InterfaceRow:
    """The leg with one metal."""

    name: str
    result: Result
    relative_power: float
    """P_max over that of the leg without layers, less 1."""
    relative_efficiency: float
    """eta_max over that of the leg without layers, less 1."""
    mass: float
    """Of both layers in kg."""
    cost: float
    """Of both layers in USD; NaN without density or price."""
    price_source: str = ""
    note: str = ""

    @property
    def max_power(self) -> float:
        """P_max in W."""
        return float(self.result.max_power)

    @property
    def max_efficiency(self) -> float:
        """eta_max."""
        return float(self.result.max_efficiency)

    @property
    def cost_per_power(self) -> float:
        """Cost of the layers in USD by W."""
        return self.cost / self.max_power


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class InterfaceStudy(BaseResult):
    """Comparison of interface metals, the leg without layers first.

    Attributes
    ----------
    compared : tuple of InterfaceRow
        The leg with each metal; also `study["name"]` and iteration.
    thickness : float
        Of each layer, in m.
    """

    kind: ClassVar[str] = "interface_metals"

    compared: tuple[InterfaceRow, ...]
    thickness: float

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the rows."""
        return tuple(row.name for row in self.compared)

    def __iter__(self) -> Iterator[InterfaceRow]:
        return iter(self.compared)

    def __getitem__(self, name: str) -> InterfaceRow:
        for row in self.compared:
            if row.name == name:
                return row
        raise InputError(Fault("name", name, "a row is expected", did_you_mean(name, self.names)))

    def tables(self) -> dict[str, ResultTable]:
        """``metals``: power in W, mass in kg and cost in USD of the leg with each; relative values less 1."""
        keys = ("max_power", "max_efficiency", "relative_power", "relative_efficiency", "mass", "cost")
        columns: dict[str, Any] = {
            key: [getattr(row, key) for row in self.compared] for key in (*keys, "price_source", "note")
        }
        columns["point_status"] = self.status_type.words(self.point_status)
        return {"metals": table({"metal": list(self.names)}, columns, {"mass": "kg"})}

    def _materials(self) -> Iterator[Material]:
        return (material for row in self.compared for material in row.result._materials())

    def _header(self) -> dict[str, Any]:
        return {"thickness": self.thickness}

    def _title(self) -> str:
        return f"interface layers of {format_si(self.thickness, 'thickness')} at both ends"

    def _facts(self) -> Iterator[tuple[str, str]]:
        yield "", f"{'':24} {'P_max':>10} {'':>8} {'eta_max':>9} {'':>8} {'layers':>14}"
        for row in self.compared:
            cost = "-" if not isfinite(row.cost) else f"{row.cost:.3g} USD"
            power, share = format_si(row.max_power, "power"), format_si(row.max_efficiency, "efficiency")
            shares = f"{power:>10} {row.relative_power:>+8.2%} {share:>9} {row.relative_efficiency:>+8.2%}"
            yield "", f"{row.name:24} {shares} {cost:>14}"
        yield from ((row.name, row.note) for row in self.compared if row.note)
        yield from ((f"price of {row.name}", row.price_source) for row in self.compared if row.price_source)
        yield from self._quality()


def compare_interface_metals(
    leg: Leg,
    metals: Sequence[InterfaceMetal],
    conditions: Generator,
    thickness: QuantityLike = 0.5e-3,
    **options: Any,
) -> InterfaceStudy:
    """Solve a leg without layers, and with layers of every metal at both ends.

    The leg keeps its length, so that the temperature difference over it shrinks by that over the layers; its
    own contacts stay on the outside of the layers.

    Parameters
    ----------
    leg : Leg
        Without layers.
    metals : sequence of InterfaceMetal
        Of different names.
    conditions : Generator
        One pair of temperatures.
    thickness
        Of each layer, m or text.
    **options
        Of `Leg.solve`.

    Returns
    -------
    InterfaceStudy
        A row for the leg without layers, and one for each metal: largest power and efficiency and their
        changes relative to the leg without layers, mass in kg and cost in USD of both layers.

    Raises
    ------
    InputError
        For equal names, a wrong thickness, or lists of temperatures.
    """
    faults = Faults()
    with faults.collect("thickness"):
        size = to_si(thickness, "thickness")
    names = [metal.name for metal in metals]
    for k, name in enumerate(names):
        if name in names[:k] or name == BARE:
            faults.add(f"metals[{k}].material", name, "a name that no other row has is expected")
    for side in ("T_hot", "T_cold", "heat"):
        if getattr(getattr(conditions, side), "ndim", 0):
            faults.add(f"conditions.{side}", expected="one value is expected, not a list")
    faults.raise_if_any()
    bare = leg.solve(conditions, **options)
    rows = [InterfaceRow(BARE, bare, 0.0, 0.0, 0.0, 0.0)]
    for metal in metals:
        result = with_layers(leg, metal, size).solve(conditions, **options)
        mass = 2.0 * size * leg.area * (nan if metal.material.density is None else metal.material.density)
        rows.append(
            InterfaceRow(
                metal.name,
                result,
                float(result.max_power) / float(bare.max_power) - 1.0,
                float(result.max_efficiency) / float(bare.max_efficiency) - 1.0,
                mass,
                mass * metal.price,
                metal.price_source,
                metal.note,
            )
        )
    results = [row.result for row in rows]
    return InterfaceStudy(
        compared=tuple(rows),
        thickness=size,
        conditions=conditions,
        point_status=np.array([result.status for result in results]),
        point_energy_balance=np.array([result.energy_balance for result in results]),
        point_error_estimate=np.array([result.error_estimate for result in results]),
        interpolation={name: rule for result in results for name, rule in result.interpolation.items()},
        warnings=tuple(dict.fromkeys(text for result in results for text in result.warnings)),
        notes=tuple(dict.fromkeys(text for result in results for text in result.notes)),
    )


def with_layers(leg: Leg, metal: InterfaceMetal, thickness: float) -> Leg:
    """The leg with a layer of a metal at each end.

    `leg`: without layers; its own contacts stay on the outside.
    `metal`: material of the layers, and the contact between them and the leg.
    `thickness`: of each layer, in m.
    Returns: longer by both layers.
    """
    layer = Segment(metal.material, thickness)
    return leg.replace(
        segments=(layer, *leg.segments, layer),
        between=(metal.contact, *leg.between, metal.contact),
        carrier=leg.carrier,
    )
