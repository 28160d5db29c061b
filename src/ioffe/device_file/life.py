"""The table `[life]` of a device file: service, ageing laws, measured values over time.

The models check every value by itself; values whose quantity depends on the path that ages are
read where the laws are built.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from ioffe.base.schema import Model, Quantified, Several
from ioffe.device.conditions import Generator
from ioffe.device_file.fields import OPERATED, Currents, Loads, ResultQuantity, table_of

Lifetime = Annotated[float, Quantified("lifetime")]
Share = Annotated[float, Quantified("mass_fraction")]
Number = Annotated[Any, Field(description="With its unit; { value, unit, uncertainty } gives bands.")]


class ReferenceTable(table_of(Generator, "ReferenceNumbers", only=OPERATED, required=False, many=False)):
    """Conditions at which the performance is told, where they differ from `[operate]`."""

    current: Currents | None = None
    load: Loads | None = None


class PhaseTable(table_of(Generator, "PhaseNumbers", required=False, many=True)):
    """A phase of the service; a pair of values is a change from one to the other."""

    duration: Lifetime
    temperature: Annotated[float | tuple[float, ...], Quantified("temperature", many=True)] | None = Field(
        default=None, description="Of the whole device, without a current: storage, an oven."
    )


class SwingTable(Model):
    """The law counts cycles: those of another swing count by the Coffin-Manson law."""

    delta_T: Annotated[float, Quantified("delta_T")] = Field(description="Swing that counts once.")
    exponent: float = Field(gt=0.0)


class GrowingTable(Model):
    """The law is that of the thickness of a layer in a contact."""

    resistivity: Number
    thermal_conductivity: Number | None = None


class _LawTable(Model):
    """What all laws share."""

    path: str = Field(min_length=1, description='What ages, such as "p.contact_hot.electrical".')
    how: Literal["value", "factor", "added"] = Field(
        default="value", description="What the law gives: the number, a factor of it, or what is added."
    )
    layer: GrowingTable | None = None
    temperature: str | float | None = Field(
        default=None, description='Interface such as "p.contact_hot", or a temperature.'
    )
    activation_energy: Number | None = None
    reference_temperature: Annotated[float, Quantified("temperature")] | None = None
    per_cycle: SwingTable | None = None
    source: str = ""
    doi: str = ""
    assumed: str = Field(default="", description="What is assumed and not measured.")


class RelaxationTable(_LawTable):
    """final + (initial - final) exp[-(t/time)^exponent]."""

    law: Literal["relaxation"]
    initial: Number | None = Field(default=None, description="By default the number of the fresh device.")
    final: Number
    time: Number
    exponent: Number = 1.0


class LinearTable(_LawTable):
    """initial + change t/time."""

    law: Literal["linear"]
    initial: Number | None = Field(default=None, description="By default the number of the fresh device.")
    change: Number
    time: Number


class ParabolicTable(_LawTable):
    """initial + change sqrt(t/time)."""

    law: Literal["parabolic"]
    initial: Number | None = Field(default=None, description="By default the number of the fresh device.")
    change: Number
    time: Number


class PowerTable(_LawTable):
    """initial + change (t/time)^exponent."""

    law: Literal["power"]
    initial: Number | None = Field(default=None, description="By default the number of the fresh device.")
    change: Number
    time: Number
    exponent: Number


class TabulatedTable(_LawTable):
    """Measured values, with a monotone curve between them."""

    law: Literal["table"]
    times: Several[Any]
    values: Several[Any]


class AgedTable(Model):
    """A measured value at a time of the service, shown beside the computed curve."""

    quantity: ResultQuantity
    time: Lifetime
    value: Number
    condition: str = ""
    source: str = ""
    doi: str = ""


AgeingTable = Annotated[
    RelaxationTable | LinearTable | ParabolicTable | PowerTable | TabulatedTable, Field(discriminator="law")
]


class LifeTable(Model):
    """How the device ages in service."""

    duration: Lifetime | None = Field(default=None, description="By default that of all phases.")
    repeat: bool = Field(default=False, description="Whether the phases begin again until the end.")
    times: Several[Lifetime] | None = Field(default=None, description="Times of the result, from 0 on.")
    bands: Literal["linear", "monte carlo", "none"] = "linear"
    draws: int = Field(default=200, ge=10, le=100_000, description="Of Monte Carlo.")
    seed: int = Field(default=0, ge=0)
    losses: Several[Share] = (0.05, 0.1, 0.2)
    reference: ReferenceTable = ReferenceTable()
    phase: Several[PhaseTable] = ()
    degradation: Several[AgeingTable] = ()
    measured: Several[AgedTable] = ()
