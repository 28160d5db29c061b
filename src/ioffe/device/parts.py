"""The parts a leg or a module is made of: contacts, layers, segments, side losses, gap filler."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from ioffe.base.errors import Faults, did_you_mean
from ioffe.base.units import QuantityLike, to_si
from ioffe.material.library import load_material
from ioffe.material.material import Material

MaterialLike = Material | str | Path
Coverage = Literal["footprint", "electrodes", "legs"]
COVERAGES = ("footprint", "electrodes", "legs")


@dataclass(frozen=True, init=False)
class Contact:
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

    electrical: float
    thermal: float

    def __init__(self, electrical: QuantityLike = 0.0, thermal: QuantityLike = 0.0) -> None:
        assign(
            self,
            electrical=lambda: to_si(electrical, "electrical_contact_resistivity"),
            thermal=lambda: to_si(thermal, "thermal_contact_resistance"),
        )


@dataclass(frozen=True, init=False)
class Layer:
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
    """

    material: Material
    thickness: float
    coverage: Coverage

    def __init__(
        self, material: MaterialLike, thickness: QuantityLike, coverage: Coverage = "footprint"
    ) -> None:
        assign(
            self,
            material=lambda: material_of(material),
            thickness=lambda: to_si(thickness, "thickness"),
            coverage=lambda: one_of(coverage, COVERAGES),
        )


@dataclass(frozen=True, init=False)
class Segment:
    """A length of one material in a leg, listed from the hot to the cold end."""

    material: Material
    length: float

    def __init__(self, material: MaterialLike, length: QuantityLike) -> None:
        assign(self, material=lambda: material_of(material), length=lambda: to_si(length, "length"))


@dataclass(frozen=True, init=False)
class SideLoss:
    """Heat lost through the sides of a leg to surroundings at the conditions' `T_ambient`.

    Per unit side area h (T - T_ambient) + emissivity sigma_SB (T^4 - T_ambient^4).

    Parameters
    ----------
    convection
        Heat-transfer coefficient h in W/(m2 K).
    emissivity
        Grey emissivity from 0 to 1.
    """

    convection: float
    emissivity: float

    def __init__(self, convection: QuantityLike = 0.0, emissivity: QuantityLike = 0.0) -> None:
        assign(
            self,
            convection=lambda: to_si(convection, "heat_transfer_coefficient"),
            emissivity=lambda: to_si(emissivity, "emissivity"),
        )


@dataclass(frozen=True, init=False)
class GapFiller:
    """What lies between the legs of a module, from the hot to the cold junctions, parallel to the legs.

    Parameters
    ----------
    thermal_conductivity
        W/(m K); zero for vacuum.
    emissivity
        Of both inner faces; exchange of two large grey plates, emissivity/(2 - emissivity).
    """

    thermal_conductivity: float
    emissivity: float

    def __init__(self, thermal_conductivity: QuantityLike = 0.0, emissivity: QuantityLike = 0.0) -> None:
        empty = not isinstance(thermal_conductivity, str | Mapping) and thermal_conductivity == 0
        assign(
            self,
            # an empty gap is allowed, although no material has a conductivity of zero
            thermal_conductivity=lambda: (
                0.0 if empty else to_si(thermal_conductivity, "thermal_conductivity")
            ),
            emissivity=lambda: to_si(emissivity, "emissivity"),
        )


def material_of(value: MaterialLike) -> Material:
    """A `Material` as it is, or the library card or file of that name."""
    return value if isinstance(value, Material) else load_material(value)


def assign(part: object, **makers: Callable[[], Any]) -> None:
    """Set the fields of a frozen object from their makers; the faults of all are raised together."""
    faults = Faults()
    for name, make in makers.items():
        with faults.collect(name):
            object.__setattr__(part, name, make())
    faults.raise_if_any()


def one_of(word: str, words: tuple[str, ...]) -> str:
    """`word` if it is one of `words`.

    Raises
    ------
    InputError
        Naming the words and the nearest one.
    """
    if word not in words:
        faults = Faults()
        faults.add("", word, " or ".join(f'"{w}"' for w in words) + " is expected", did_you_mean(word, words))
        faults.raise_if_any()
    return word
