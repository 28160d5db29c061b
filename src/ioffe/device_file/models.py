"""What a device file may hold: one pydantic model for each of its tables.

The models check every value by itself; what only shows when the parts are put together (an unknown material,
a fill factor and a footprint, T_cold above T_hot) is checked by `_file_build`.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from ioffe.base.schema import Model, Quantified, Several
from ioffe.device.conditions import Cooler, Generator
from ioffe.device.module import Module
from ioffe.device.parts import Contact, GapFiller, Layer, Segment, SideLoss
from ioffe.device_file.fields import OPERATED, Area, ResultQuantity, table_of
from ioffe.device_file.life import LifeTable


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
    """An interface: resistance to current and to heat, each times its area."""


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
        default=(),
        description="Between segments: one for all, or a list of one for each interface.",
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


class ModuleTable(table_of(Module, "ModuleNumbers")):
    """Couples of p and n legs between two stacks of layers."""

    name: str = ""
    couples: int = Field(default=1, ge=1, le=1_000_000, description="Pairs of legs, electrically in series.")
    fill_factor: Annotated[float, Quantified("fill_factor")] | None = None
    footprint: Area | None = Field(default=None, description="In place of fill_factor.")
    filler: FillerTable | None = None
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

    fidelity: Literal["1d", "ideal"] = "1d"
    tolerance: float = Field(
        default=1e-9, ge=1e-13, le=1e-3, description="Relative error of an integration step."
    )
    strict: bool = Field(default=False, description="Refuse to use a material beyond its measured range.")


class AtTable(table_of(Generator, "AtNumbers", only=OPERATED, required=False, many=False)):
    """Conditions of a published value, where they differ from `[operate]`."""


class MeasuredTable(Model):
    """A published value that is shown beside the computed one."""

    quantity: ResultQuantity
    value: Any = Field(description="With its unit, as any value of the file.")
    at: AtTable = AtTable()
    condition: str = Field(default="", description="What else one must know of the measurement.")
    kind: Literal["measured", "simulated"] = "measured"
    source: str = ""
    doi: str = ""


class ReportTable(Model):
    """What the report says beyond the numbers."""

    notes: Several[str] = Field(default=(), description="One paragraph each.")


class DeviceTable(Model):
    """A device file: a module, a cascade or a single leg, and the conditions it is solved under."""

    format: Literal[1] = Field(description="Version of the file format.")
    module: ModuleTable | None = Field(default=None, description="Either this, leg or cascade.")
    leg: SingleLegTable | None = Field(default=None, description="Either this, module or cascade.")
    cascade: CascadeTable | None = Field(default=None, description="Either this, module or leg.")
    operate: Annotated[GenerateTable | CoolTable, Field(discriminator="mode")]
    solve: SolveTable = SolveTable()
    measured: Several[MeasuredTable] = ()
    report: ReportTable = ReportTable()
    life: LifeTable | None = Field(default=None, description="Service life, for `ioffe life`.")
