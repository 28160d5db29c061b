"""Phonons and the lattice: scattering rates, Debye-Callaway, alloys, elasticity, heat capacity, lower limits.

>>> from ioffe.transport.phonons import heat_capacity
>>> print(f"{float(heat_capacity.dulong_petit(0.1601520)):.2f} J/(kg K)")  # Bi2Te3: 3 R/M
155.75 J/(kg K)
"""

from ioffe.base.lazy import lazy_exports

__getattr__, __dir__, __all__ = lazy_exports(__name__, __file__)
