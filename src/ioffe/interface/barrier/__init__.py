r"""Barrier between a metal and a semiconductor: depletion, tunnelling, and the contact resistivity they make.

Energies are in J (``0.16 * e``) or texts (``"0.16 eV"``), densities in 1/m3, masses over the electron mass.
An energy E counts from the band edge of the majority carriers deep in the semiconductor, upwards for
electrons and downwards for holes; zeta is the Fermi level counted in the same way. The barrier height phi_B
counts from the Fermi level of the metal, the band bending E_b = phi_B + zeta from the band edge. All formulas
take a :class:`Junction`, which may hold arrays.

====================  =====================================================================================
:mod:`.junction`      `Junction`: W, E00, zeta, band bending, field; barriers from work functions
:mod:`.emission`      rho_c from thermionic to field emission by one integral, and its limits
:mod:`.image_force`   the same integral with the image force in the barrier
:mod:`.transmission`  of the parabolic barrier, closed; of any barrier by WKB or by transfer matrices
:mod:`.doping`        doping profiles: uniform, box, exponential, error function
:mod:`.profile`       the barrier of any doping profile, by Poisson's equation
:mod:`.inverse`       doping, barrier height or change of doping from measured rho_c
:mod:`.maps`          rho_c over doping and barrier height, with a picture
====================  =====================================================================================
"""

from ioffe.base.lazy import lazy_exports

__getattr__, __dir__, __all__ = lazy_exports(__name__, __file__)
