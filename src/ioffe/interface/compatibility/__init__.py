"""Whether two materials stay as they are beside each other: chemically, and when the temperature changes."""

from __future__ import annotations

from ioffe.interface.compatibility.equilibrium import Equilibrium, PhaseSet
from ioffe.interface.compatibility.expansion import Expansion, Mismatch, expansion_table, mismatch
from ioffe.interface.compatibility.phases import Phase, example_phases, read_phases, solid_solution
from ioffe.interface.compatibility.reaction import Reaction
from ioffe.interface.compatibility.stress import (
    EdgeShear,
    Laminate,
    Layer,
    bilayer_curvature,
    edge_shear,
    laminate,
    thin_layer_stress,
)

__all__ = [
    "EdgeShear",
    "Equilibrium",
    "Expansion",
    "Laminate",
    "Layer",
    "Mismatch",
    "Phase",
    "PhaseSet",
    "Reaction",
    "bilayer_curvature",
    "edge_shear",
    "example_phases",
    "expansion_table",
    "laminate",
    "mismatch",
    "read_phases",
    "solid_solution",
    "thin_layer_stress",
]
