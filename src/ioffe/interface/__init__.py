"""Interfaces: what a junction costs a leg, why its resistivity is what it is, and how it changes with time.

Everything here works on floats and arrays in SI units (energies in J), or texts with a unit, and knows no leg
and no module. The public names of all parts are names of this package.

==========================  ===============================================================================
:mod:`.contact`             what a contact costs a leg; :mod:`.contact_limits`: what a leg allows it
:mod:`.barrier`             contact resistivity of a `Junction`, from thermionic to field emission
:mod:`.diffusion`           profiles across an interface and their fits, layers that grow
:mod:`.ageing`              laws of ageing, acceleration by temperature, fits with confidence bands
:mod:`.compatibility`       phases that coexist or react; thermal expansion and stresses of a stack
:mod:`.choice`              a scored list of interface materials
:mod:`.density_of_states`   metal, semimetal or semiconductor
==========================  ===============================================================================
"""

from ioffe.base.lazy import lazy_exports

__getattr__, __dir__, __all__ = lazy_exports(__name__, __file__)
