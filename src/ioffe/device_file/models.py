"""What a device file may hold: one pydantic model for each of its tables.

Numbers have the quantities, bounds and descriptions that the devices declare for them. The models check every
value by itself; what only shows when the parts are put together (an unknown material, a fill factor and a
footprint, T_cold above T_hot) is checked by `ioffe.device_file.build`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    Discriminator,
    Field,
    GetJsonSchemaHandler,
    Strict,
    Tag,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from ioffe.base.errors import Fault, InputError, did_you_mean
from ioffe.base.schema import Model, Quantified, Several, quantity_field
from ioffe.device.conditions import COOLER_AIMS, GENERATOR_AIMS, Cooler, Generator
from ioffe.device.fields import declared
from ioffe.device.layout import Layout
from ioffe.device.module import Module
from ioffe.device.parts import Contact, GapFiller, Layer, Segment, SideLoss
from ioffe.device_file.calibration_models import CalibrateTable, Errors
from ioffe.device_file.cost_models import CostTable
from ioffe.device_file.stress_models import StressTable
from ioffe.device_file.tables import Area, Operating, table_of
from ioffe.result.steady import MAXIMA_KEYS, POINT_KEYS

QUANTITIES_OF_RESULTS = tuple(dict.fromkeys((*POINT_KEYS, *MAXIMA_KEYS)))


AIMS = replace(declared(Generator)["current"], words=(*GENERATOR_AIMS, *COOLER_AIMS))
"""A current, or an aim of a generator or a cooler in place of it."""
Currents = Annotated[float | tuple[float, ...] | str, Operating(AIMS)]
Loads = Annotated[float | tuple[float, ...] | str, Operating(declared(Generator)["load"])]
OPERATED = ("T_hot", "T_cold", "current", "voltage", "load", "heat")
"""Conditions that a published value may have of its own."""


def _result_quantity(name: str) -> str:
    if name not in QUANTITIES_OF_RESULTS:
        expected = 'a quantity of the result is expected, such as "max_efficiency"'
        raise InputError(Fault("", name, expected, did_you_mean(name, QUANTITIES_OF_RESULTS)))
    return name


ResultQuantity = Annotated[
    str, AfterValidator(_result_quantity), Field(json_schema_extra={"enum": list(QUANTITIES_OF_RESULTS)})
]


class MaterialTable(Model):
    """A material of which more than its name is said: `material = { file = "trial.csv", carrier = "p" }`."""

    name: str | None = Field(default=None, min_length=1, description="Name in the library.")
    file: str | None = Field(
        default=None, min_length=1, description="In place of name: card or table beside the device file."
    )
    sample: str | None = Field(default=None, description="Sample of a table that holds several.")
    carrier: Literal["p", "n"] | None = Field(default=None, description="Sign of the majority carriers.")
    interpolation: Literal["linear", "pchip", "cubic"] | None = Field(
        default=None, description="Between the measured points, in place of what the material says itself."
    )


MaterialReference = Annotated[
    Annotated[str, Field(min_length=1), Tag("name")] | Annotated[MaterialTable, Tag("table")],
    Discriminator(lambda value: "table" if isinstance(value, dict | MaterialTable) else "name"),
    Field(description="Name in the library, or a card (.toml) or table (.csv) beside the device file."),
]


class ContactTable(table_of(Contact, "ContactNumbers")):
    """An interface: resistance to current and to heat, each times its area; a text is the electrical one."""

    @model_validator(mode="before")
    @classmethod
    def _written(cls, value: Any) -> Any:
        return {"electrical": value} if isinstance(value, str) else value

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        found = handler.resolve_ref_schema(handler(core_schema))
        text = {"type": "string", "description": "Electrical contact resistivity, such as 5 uohm cm2."}
        return {"anyOf": [text, found], "description": found.get("description", "")}


Contacts = Annotated[
    Annotated[ContactTable, Tag("one")] | Annotated[Several[ContactTable], Tag("several")],
    Discriminator(lambda value: "several" if isinstance(value, list | tuple) else "one"),
]


class SegmentTable(table_of(Segment, "SegmentNumbers")):
    """One material of a leg of several."""

    material: MaterialReference


class SideTable(table_of(SideLoss, "SideNumbers")):
    """Heat lost through the sides of a leg to surroundings at `operate.T_ambient`."""


class LegTable(Model):
    """A leg: `material` and `length`, or `segments` from the hot to the cold end."""

    material: MaterialReference | None = None
    length: Annotated[float, Quantified("length")] | None = None
    segments: Several[SegmentTable] | None = Field(
        default=None, description="From the hot to the cold end, in place of material and length."
    )
    area: Area
    contact: ContactTable | None = Field(default=None, description="At both ends.")
    contact_hot: ContactTable | None = Field(default=None, description="At the hot end only.")
    contact_cold: ContactTable | None = Field(default=None, description="At the cold end only.")
    between: Contacts = Field(
        default=(), description="Between segments: one for all, or a list of one for each interface."
    )
    side: SideTable | None = None


class SingleLegTable(LegTable):
    """A leg that is solved alone, in place of a module."""

    name: str = ""
    carrier: Literal["p", "n"] | None = Field(default=None, description="By default that of its material.")


class LayerTable(table_of(Layer, "LayerNumbers")):
    """A layer of a hot or cold stack."""

    layer: MaterialReference
    coverage: Literal["footprint", "electrodes", "legs"] = Field(
        default="footprint", description="The whole footprint, or only the cross-section of the legs."
    )


class FillerTable(table_of(GapFiller, "FillerNumbers")):
    """What lies between the legs."""


Edge = quantity_field("position")
Edges = Annotated[tuple[Edge, Edge, Edge, Edge], Strict(False)]
Rows = Several[Several[Annotated[float, Field(ge=0.0, strict=True)]]]


class LayoutTable(table_of(Layout, "LayoutNumbers")):
    """How legs, electrodes and plates are arranged."""

    rows: int | None = Field(default=None, ge=1, description="Of the grid of legs; by default near a square.")
    columns: int | None = Field(default=None, ge=1, description="Of the grid of legs.")
    terminals: Literal["cold", "hot"] = Field(
        default="cold", description="Side at which the first and the last leg have electrodes of their own."
    )
    hot_plate: Area | None = Field(
        default=None, description="Along the rows x across them, if it is larger than the array of legs."
    )
    cold_plate: Area | None = Field(default=None, description="As hot_plate.")
    hot_patch: Edges | None = Field(
        default=None, description="Left, right, lower, upper edge of where heat passes the outer face."
    )
    cold_patch: Edges | None = Field(default=None, description="As hot_patch.")
    hot_flux: Rows | None = Field(
        default=None, description="Relative heat flux on equal rectangles of the outer face, lower row first."
    )
    cold_flux: Rows | None = Field(default=None, description="As hot_flux.")
    hot_film: Rows | None = Field(
        default=None, description="Relative film coefficient on equal rectangles of the outer face."
    )
    cold_film: Rows | None = Field(default=None, description="As hot_film.")
    legs: dict[str, LegTable] = Field(
        default={}, description="Legs that differ, by their numbers along the current from 0 on."
    )


class ModuleTable(table_of(Module, "ModuleNumbers")):
    """Couples of p and n legs between two stacks of layers."""

    name: str = ""
    couples: int = Field(default=1, ge=1, le=1_000_000, description="Pairs of legs, electrically in series.")
    fill_factor: Annotated[float, Quantified("fill_factor")] | None = None
    footprint: Area | None = Field(default=None, description="In place of fill_factor.")
    filler: FillerTable | None = None
    layout: LayoutTable | None = Field(default=None, description="With a gap, in place of fill_factor.")
    p: LegTable
    n: LegTable
    hot: Several[LayerTable] = Field(default=(), description="Hot stack, from the legs outwards.")
    cold: Several[LayerTable] = Field(default=(), description="Cold stack, from the legs outwards.")


class InterfaceTable(Model):
    """What lies between two stages: layers from hot to cold, and a contact before them."""

    layers: Several[LayerTable] = ()
    thermal: Annotated[float, Quantified("thermal_contact_resistance")] = Field(
        default=0.0, description="Thermal contact resistance on the hot side of the layers."
    )


Interfaces = Annotated[
    Annotated[InterfaceTable, Tag("one")] | Annotated[Several[InterfaceTable], Tag("several")],
    Discriminator(lambda value: "several" if isinstance(value, list | tuple) else "one"),
]


class CascadeTable(Model):
    """Modules thermally in series, in place of one module."""

    name: str = ""
    connection: Literal["series", "independent"] = Field(
        default="series", description="One current through all stages, or a circuit for each."
    )
    currents: Several[float] | None = Field(
        default=None, description="Current of each stage over that of the first."
    )
    stages: Several[ModuleTable] = Field(description="From the hot to the cold side.")
    between: Interfaces = Field(
        default=(), description="Between stages: one for all, or a list of one for each interface."
    )


class GenerateTable(table_of(Generator, "GeneratorNumbers", required=("T_cold",))):
    """Power generation between a hot and a cold side."""

    mode: Literal["generate"]


class CoolTable(table_of(Cooler, "CoolerNumbers", required=("T_hot",))):
    """Cooling: heat is taken up at the cold side."""

    mode: Literal["cool"]
    aim: Literal["COP", "delta_T"] | None = Field(default=None, description="What the current is chosen for.")


class SolveTable(Model):
    """How the device is solved; the command line overrides it."""

    fidelity: Literal["1d", "3d", "full", "ideal"] = "1d"
    tolerance: float = Field(
        default=1e-9, ge=1e-13, le=1e-3, description="Relative error of an integration step."
    )
    strict: bool = Field(default=False, description="Refuse to use a material beyond its measured range.")


class AtTable(table_of(Generator, "AtNumbers", only=OPERATED, required=False, many=False)):
    """Conditions of a published value, where they differ from `[operate]`."""


class MeasuredTable(Model):
    """A published value, or a table of measured sweeps, that is shown beside what is computed."""

    quantity: ResultQuantity | None = None
    value: Any = Field(default=None, description="With its unit, as any value of the file.")
    file: str | None = Field(
        default=None, min_length=1, description="In place of quantity and value: sweeps beside this file."
    )
    heat: Literal["hot", "cold"] | None = Field(
        default=None, description="Side of the heat in the column Q (W) of the table."
    )
    T_hot: Annotated[float, Quantified("T_hot")] | None = None
    T_cold: Annotated[float, Quantified("T_cold")] | None = None
    uncertainty: Errors = Field(default={}, description="Standard deviations that all points share.")
    noise: Errors = Field(default={}, description="Standard deviations of one point.")
    at: AtTable = AtTable()
    condition: str = Field(default="", description="What else one must know of the measurement.")
    kind: Literal["measured", "simulated"] = "measured"
    source: str = ""
    doi: str = ""


class ReportTable(Model):
    """What the report says beyond the numbers."""

    notes: Several[str] = Field(default=(), description="One paragraph each.")


# The table [life]: service, ageing laws, measured values over time. Values whose quantity depends on the path
# that ages are read where the laws are built.

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


class DeviceTable(Model):
    """A device file: a module, a cascade or a single leg, and the conditions it is solved under."""

    format: Literal[1] = Field(description="Version of the file format.")
    module: ModuleTable | None = Field(default=None, description="Either this, leg or cascade.")
    leg: SingleLegTable | None = Field(default=None, description="Either this, module or cascade.")
    cascade: CascadeTable | None = Field(default=None, description="Either this, module or leg.")
    operate: Annotated[GenerateTable | CoolTable, Field(discriminator="mode")]
    solve: SolveTable = SolveTable()
    measured: Several[MeasuredTable] = ()
    calibrate: CalibrateTable = CalibrateTable()
    report: ReportTable = ReportTable()
    life: LifeTable | None = Field(default=None, description="Service life, for `ioffe life`.")
    cost: CostTable | None = Field(default=None, description="Prices, for `ioffe cost`.")
    stress: StressTable = StressTable()
