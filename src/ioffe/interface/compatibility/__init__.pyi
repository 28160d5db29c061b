"""Public names of the package and where they live; read by type checkers and by `base.lazy`."""

from ioffe.interface.compatibility.equilibrium import Equilibrium as Equilibrium
from ioffe.interface.compatibility.equilibrium import PhaseSet as PhaseSet
from ioffe.interface.compatibility.equilibrium import Reaction as Reaction
from ioffe.interface.compatibility.expansion import Expansion as Expansion
from ioffe.interface.compatibility.expansion import Mismatch as Mismatch
from ioffe.interface.compatibility.expansion import expansion_table as expansion_table
from ioffe.interface.compatibility.expansion import mismatch as mismatch
from ioffe.interface.compatibility.expansion import plot_expansion as plot_expansion
from ioffe.interface.compatibility.expansion import thermal_strain as thermal_strain
from ioffe.interface.compatibility.phases import Phase as Phase
from ioffe.interface.compatibility.phases import example_phases as example_phases
from ioffe.interface.compatibility.phases import read_phases as read_phases
from ioffe.interface.compatibility.phases import solid_solution as solid_solution
from ioffe.interface.compatibility.stress import EdgeShear as EdgeShear
from ioffe.interface.compatibility.stress import Laminate as Laminate
from ioffe.interface.compatibility.stress import LaminateLayer as LaminateLayer
from ioffe.interface.compatibility.stress import bilayer_curvature as bilayer_curvature
from ioffe.interface.compatibility.stress import edge_shear as edge_shear
from ioffe.interface.compatibility.stress import laminate as laminate
from ioffe.interface.compatibility.stress import thin_layer_stress as thin_layer_stress
from ioffe.interface.compatibility.ternary import plot_ternary as plot_ternary
