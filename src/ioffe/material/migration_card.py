"""Section `[migration]` of a material card: moving ions, each number with its quality and source.

[migration]
ion = "Cu+"
charge = 1
model = "critical voltage"
doi = "10.1038/s41467-018-05248-8"
S_star = { value = "0.2 mV/K", quality = "derived" }
unknown = ["S* above 673 K"]
[[migration.critical_voltage]]
value = "90 mV"
T = "750 K"
quality = "measured"
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Annotated, Any

from pydantic import Field, field_validator

from ioffe.base.quantities import QUANTITIES
from ioffe.base.schema import Model, Quantified, Several
from ioffe.material.migration import Bound, LimitModel, MigrationData, Stated, StatedQuality

__all__ = ["MigrationSection", "data_of", "section_of"]

Pair = tuple[float, float]
QUANTITY_OF = {
    "critical_voltage": "critical_voltage",
    "S_star": "seebeck",
    "transition_temperature": "temperature",
    "delta": "off_stoichiometry",
    "delta_c": "off_stoichiometry",
    "delta_max": "off_stoichiometry",
    "electron_hole_product": "electron_hole_product",
    "gibbs_energy": "energy",
    "molar_volume": "molar_volume",
    "ionic_conductivity": "ionic_conductivity",
    "diffusion_coefficient": "diffusion_coefficient",
    "activation_energy": "activation_energy",
}
"""Quantity of every number of the section."""


class _Stated(Model):
    value: Pair
    quality: StatedQuality = Field(description="How the number came to be known.")
    T: Annotated[float, Quantified("temperature")] | None = None
    activation_energy: Annotated[float, Quantified("activation_energy")] | None = None
    bound: Bound = Field(default="value", description="The number itself, or a limit to it.")
    source: str = Field(default="", description="Where it stands; by default that of the section.")
    doi: str = Field(default="", description="Of that source.")


class _Voltage(_Stated):
    value: Annotated[Pair, Quantified("critical_voltage", uncertain=True)]


class _Thermopower(_Stated):
    value: Annotated[Pair, Quantified("seebeck", uncertain=True)]


class _Temperature(_Stated):
    value: Annotated[Pair, Quantified("temperature", uncertain=True)]


class _Deficiency(_Stated):
    value: Annotated[Pair, Quantified("off_stoichiometry", uncertain=True)]


class _Product(_Stated):
    value: Annotated[Pair, Quantified("electron_hole_product", uncertain=True)]


class _Energy(_Stated):
    value: Annotated[Pair, Quantified("activation_energy", uncertain=True)]


class _Volume(_Stated):
    value: Annotated[Pair, Quantified("molar_volume", uncertain=True)]


class _Conductivity(_Stated):
    value: Annotated[Pair, Quantified("ionic_conductivity", uncertain=True)]


class _Diffusion(_Stated):
    value: Annotated[Pair, Quantified("diffusion_coefficient", uncertain=True)]


class MigrationSection(Model):
    """Section `[migration]`; the meaning of every key is in `MigrationData`."""

    ion: str = Field(description='The mobile ion, such as "Cu+".')
    charge: int = Field(description="Its z.")
    model: LimitModel = Field(description="What the limit of the current is taken from.")
    critical_voltage: Several[_Voltage] = ()
    S_star: _Thermopower | None = None
    transition_temperature: _Temperature | None = None
    delta: _Deficiency | None = None
    delta_c: _Deficiency | None = None
    delta_max: _Deficiency | None = None
    electron_hole_product: _Product | None = None
    gibbs_energy: _Energy | None = None
    molar_volume: _Volume | None = None
    ionic_conductivity: _Conductivity | None = None
    diffusion_coefficient: _Diffusion | None = None
    activation_energy: _Energy | None = None
    unknown: Several[str] = Field(default=(), description="What is not known, in words.")
    source: str = Field(default="", description="Of every number that states none of its own.")
    doi: str = Field(default="", description="Of that source.")

    @field_validator("critical_voltage", mode="before")
    @classmethod
    def _one_voltage(cls, value: object) -> object:
        """One voltage is as good as a list of one."""
        return [value] if isinstance(value, Mapping) else value


def data_of(section: MigrationSection) -> MigrationData:
    """The numbers of a validated section; raises `InputError` with all that do not fit together."""

    def plain(value: Any) -> Any:
        if isinstance(value, _Stated):
            rest = {k: v for k, v in value if k != "value"}
            return Stated(*value.value, **rest)
        return tuple(plain(v) for v in value) if isinstance(value, tuple) else value

    return MigrationData(**{name: plain(value) for name, value in section})


def section_of(data: MigrationData) -> dict[str, Any]:
    """The section as plain text, numbers and lists, in SI; `data_of` gives the same data again."""
    section: dict[str, Any] = {}
    for f in fields(data):
        value = getattr(data, f.name)
        if isinstance(value, Stated):
            section[f.name] = _plain(value, f.name)
        elif f.name == "critical_voltage":
            section[f.name] = [_plain(v, f.name) for v in value] or None
        elif isinstance(value, tuple):
            section[f.name] = list(value) or None
        else:
            section[f.name] = value if value != "" else None
    return {name: value for name, value in section.items() if value is not None}


def _plain(number: Stated, name: str) -> dict[str, Any]:
    unit = QUANTITIES[QUANTITY_OF[name]].unit
    found: dict[str, Any] = {
        "value": {"value": number.value, "unit": unit, "uncertainty": number.std or None}
    }
    found["value"] = {k: v for k, v in found["value"].items() if v is not None}
    for f in fields(number):
        value = getattr(number, f.name)
        if (
            f.name not in ("value", "std")
            and value not in ("", None)
            and (f.name, value) != ("bound", "value")
        ):
            found[f.name] = value
    return found
