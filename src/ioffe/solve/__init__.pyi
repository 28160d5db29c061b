"""Public names of the solver, and where they live."""

from ioffe.solve.batch.solve import solve_batch as solve_batch
from ioffe.solve.batch.solve import solve_chunks as solve_chunks
from ioffe.solve.batch.solve import warm_up as warm_up
from ioffe.solve.interface_layers import InterfaceMetal as InterfaceMetal
from ioffe.solve.interface_layers import InterfaceStudy as InterfaceStudy
from ioffe.solve.interface_layers import compare_interface_metals as compare_interface_metals
from ioffe.solve.ions.barriers import design_barriers as design_barriers
from ioffe.solve.ions.region import safe_region as safe_region
