"""The parts a leg or a module is made of: contacts, layers, segments, side losses, gap filler."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from ioffe.device.fields import Number, Part, choice, entry, number
from ioffe.material.library import load_material
from ioffe.material.material import Material

MaterialLike = Material | str | Path
Coverage = Literal["footprint", "electrodes", "legs"]
COVERAGES = ("footprint", "electrodes", "legs")

if TYPE_CHECKING:

    class MaterialField:
        """A material of a part: written as `MaterialLike`, read as a `Material`."""

        def __get__(self, instance: Any, owner: Any) -> Material: ...
        def __set__(self, instance: object, value: MaterialLike) -> None: ...

else:
    MaterialField = Material


def material_of(value: MaterialLike) -> Material:
    """A `Material` as it is, or the library card or file of that name."""
    return value if isinstance(value, Material) else load_material(value)


@dataclass(frozen=True)
class Contact(Part):
    """Interface between two layers, with resistance to current and to heat.

    Half of the Joule heat is released on each side of the thermal resistance.

    Parameters
    ----------
    electrical
        Electrical contact resistivity, ohm m2 (or text such as ``"7.9 uohm cm2"``).
    thermal
        Thermal contact resistance times area, m2 K/W.

    Examples
    --------
    >>> Contact(electrical="10 uohm cm2").electrical
    1e-09
    """

    electrical: Number = number(
        "electrical_contact_resistivity", "Electrical contact resistivity.", 0.0, plausible=(0.0, 1e-6)
    )
    thermal: Number = number(
        "thermal_contact_resistance", "Thermal contact resistance times area.", 0.0, plausible=(0.0, 1e-2)
    )


@dataclass(frozen=True)
class Layer(Part):
    """A layer of the hot or cold stack of a module, listed from the legs outwards.

    The layers from the legs up to the first insulator carry the current from leg to leg (the electrode);
    those outside it conduct heat only. A layer that covers the legs alone (solder) bridges nothing.

    Parameters
    ----------
    material
        A `Material`, the name of a library card, or a path to a card or table.
    thickness
        m, or text with a unit.
    coverage
        ``"footprint"``: the layer covers the whole footprint; ``"electrodes"``: the two legs of a couple and
        the gap between them; ``"legs"``: only the legs' cross-section.
    interface
        Thermal resistance times area of the interface towards the legs, in m2 K/W: grease, a bond line; on
        the area on which the layer touches what lies inside of it.

    Examples
    --------
    >>> Layer("Cu", "0.3 mm").thickness
    0.0003
    >>> Layer("Al2O3", "0.6 mm", interface="10 mm2 K/W").interface
    1e-05
    """

    material: MaterialField = entry(material_of)
    thickness: Number = number("thickness", "Thickness of the layer.", plausible=(1e-9, 0.05))
    coverage: Coverage = choice(COVERAGES, "footprint")
    interface: Number = number(
        "thermal_contact_resistance",
        "Thermal resistance times area of the interface towards the legs.",
        0.0,
        plausible=(0.0, 1e-2),
    )


@dataclass(frozen=True)
class Segment(Part):
    """A length of one material in a leg, listed from the hot to the cold end.

    Parameters
    ----------
    material
        A `Material`, the name of a library card, or a path to a card or table.
    length
        m, or text with a unit.

    Examples
    --------
    >>> Segment("Bi0.42Sb1.58Te3", "1.2 mm").length
    0.0012
    """

    material: MaterialField = entry(material_of)
    length: Number = number("length", "Length along the current.", plausible=(1e-7, 0.1))


@dataclass(frozen=True)
class SideLoss(Part):
    """Heat lost through the sides of a leg to surroundings at the conditions' `T_ambient`.

    Per unit side area h (T - T_ambient) + emissivity sigma_SB (T^4 - T_ambient^4).

    Parameters
    ----------
    convection
        Heat-transfer coefficient h in W/(m2 K).
    emissivity
        Grey emissivity from 0 to 1.

    Examples
    --------
    >>> SideLoss(convection="10 W/(m2 K)", emissivity=0.8).convection
    10.0
    """

    convection: Number = number(
        "heat_transfer_coefficient", "Heat-transfer coefficient of the sides.", 0.0, plausible=(0.0, 1e4)
    )
    emissivity: Number = number("emissivity", "Emissivity of the sides.", 0.0)


@dataclass(frozen=True)
class GapFiller(Part):
    """What lies between the legs of a module, from the hot to the cold junctions, parallel to the legs.

    Parameters
    ----------
    thermal_conductivity
        W/(m K); zero for vacuum.
    emissivity
        Of both inner faces; exchange of two large grey plates, emissivity/(2 - emissivity).

    Examples
    --------
    >>> GapFiller(thermal_conductivity="26 mW/(m K)").thermal_conductivity
    0.026
    """

    thermal_conductivity: Number = number(
        "filler_conductivity", "Of what fills the gap; 0 for vacuum.", 0.0, plausible=(0.0, 10.0)
    )
    emissivity: Number = number("emissivity", "Emissivity of both inner faces.", 0.0)


class StackParts(NamedTuple):
    """Places of the layers of a stack, each from the legs outwards; equal layers may stand in several."""

    plate: tuple[int, ...]
    electrode: tuple[int, ...]
    solder: tuple[int, ...]


def stack_parts(layers: Sequence[Layer]) -> StackParts:
    """What the layers of a stack are.

    The solder covers the legs alone; the electrode is what else conducts up to the first insulator; the plate
    is the rest.
    """
    inside = next((i for i, x in enumerate(layers) if x.material.electrical is None), len(layers))
    wide = [i for i, x in enumerate(layers) if x.coverage != "legs"]
    return StackParts(
        tuple(i for i in wide if i >= inside),
        tuple(i for i in wide if i < inside),
        tuple(i for i, x in enumerate(layers) if x.coverage == "legs"),
    )


def bridging(layers: Sequence[Layer]) -> tuple[Layer, ...]:
    """The layers of a stack that carry the current from leg to leg, side by side: its electrode."""
    return tuple(layers[i] for i in stack_parts(layers).electrode)
