"""Transport of charge and heat in materials: pure functions of SI floats and arrays.

Bands and their scattering are in `single_band`, `bands`, `many_bands` and `carrier_scattering`, the way back
from measured numbers in `fermi_level`, `quality` and `pisarenko`; the lattice in `phonons`; figures of merit
in `merit` and `engineering`.

>>> import ioffe as te
>>> print(f"{te.transport.single_band.seebeck(0.0) * 1e6:.1f} uV/K")
204.5 uV/K
"""

from ioffe.base.lazy import lazy_exports

__getattr__, __dir__, __all__ = lazy_exports(__name__, __file__)
