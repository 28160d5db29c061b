"""Compact models of devices for circuit simulators: SPICE subcircuits and Modelica models, with their error.

`functions` makes polynomials of curves; `equations` are balances at nodes as text and as numbers; `steady`
solves them; `spice` and `modelica` spell them; `compact` compares them with the solver.
"""

from ioffe.base.lazy import lazy_exports

__getattr__, __dir__, __all__ = lazy_exports(__name__, __file__)
