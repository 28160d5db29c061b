"""The table `[cost]` of a device file: prices and yields, each with where it is from."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from ioffe.base.errors import Faults, InputError
from ioffe.base.schema import Model, Quantified, Several
from ioffe.cost.costing import Costing, UnitPrice
from ioffe.device_file.tables import table_of


class PriceTable(Model):
    """Price of an element, a material or a plate; a text is the price by mass."""

    price: Annotated[float, Quantified("price")] | None = None
    price_per_area: Annotated[float, Quantified("cost_per_area")] | None = Field(
        default=None, description="Of a layer, in place of a price by mass."
    )
    range: Several[Any] | None = Field(
        default=None, min_length=2, max_length=2, description="Least and largest price, with their units."
    )
    year: int | None = Field(default=None, ge=1900, le=2200, description="Of the price.")
    source: str = ""
    quality: Literal["read", "quoted", "assumed", "remembered"] = "assumed"
    density: Annotated[float, Quantified("density")] | None = Field(
        default=None, description="Of the material, in place of that of its card."
    )
    composition: str | None = Field(
        default=None, min_length=1, description="Of the material, in place of its name."
    )

    @model_validator(mode="before")
    @classmethod
    def _written(cls, value: Any) -> Any:
        return {"price": value} if isinstance(value, str) else value


class CostTable(table_of(Costing, "CostNumbers")):
    """What the device costs, for `ioffe cost`; what is not stated costs nothing."""

    vintage: Literal["2013", "2016", "recent"] = Field(
        default="recent", description="Prices of the elements of the library that count."
    )
    elements: dict[str, PriceTable] = Field(default={}, description="Prices by the symbols of elements.")
    materials: dict[str, PriceTable] = Field(default={}, description="Prices by the names of materials.")


def costing_of(table: CostTable | None, faults: Faults) -> Costing:
    """The costing of a file, its faults collected."""
    if table is None:
        return Costing()
    given: dict[str, Any] = dict(table)
    for group in ("elements", "materials"):
        prices = {}
        for name, one in given[group].items():
            prices[name] = UnitPrice(price=0.0)  # in place of a faulty one, so that its name is judged too
            with faults.collect(f"cost.{group}.{name}"):
                prices[name] = _price(one)
        given[group] = prices
    with faults.collect("cost"):
        return Costing(**given)
    return Costing()


def _price(table: PriceTable) -> UnitPrice:
    given = {key: value for key, value in table if key != "range"}
    least, most = table.range or (None, None)
    try:
        return UnitPrice(**given, least=least, most=most)
    except InputError as error:
        faults = Faults()
        for fault in error.faults:
            ends = {"least": "range[0]", "most": "range[1]"}
            faults.add(ends.get(fault.location, fault.location), fault.value, fault.expected, fault.advice)
        faults.raise_if_any()
        raise
