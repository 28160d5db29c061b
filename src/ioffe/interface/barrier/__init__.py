r"""Barrier between a metal and a semiconductor: depletion, tunnelling, and the contact resistivity they make.

Energies are in J (``0.16 * e``) or texts (``"0.16 eV"``), densities in 1/m3, masses over the electron mass.
An energy E counts from the band edge of the majority carriers deep in the semiconductor, upwards for
electrons and downwards for holes; zeta is the Fermi level counted in the same way. The barrier height phi_B
counts from the Fermi level of the metal, the band bending E_b = phi_B + zeta from the band edge.

===========================  ==============================================================================
:mod:`.depletion`            W, E00, zeta, band bending, field, image-force lowering
:mod:`.work_functions`       barrier from work functions, affinity and gap
:mod:`.transmission`         parabolic barrier, closed (WKB)
:mod:`.wkb`, :mod:`.matrix`  any barrier by WKB, or by transfer matrices
:mod:`.contact_resistivity`  rho_c from thermionic to field emission by one integral, for arrays
:mod:`.limits`               its thermionic, thermionic-field and field limits
:mod:`.image_force`          the same integral with the image force in the barrier
:mod:`.doping`               doping profiles: uniform, box, exponential, error function
:mod:`.profile`              the barrier of any doping profile, by Poisson's equation
:mod:`.inverse`              doping or barrier height from a measured rho_c
:mod:`.doping_change`        which change of doping explains a change of rho_c, by assumption
:mod:`.maps`                 rho_c over doping and barrier height, with a picture
===========================  ==============================================================================
"""

from __future__ import annotations

from ioffe.interface.barrier.contact_resistivity import (
    contact_resistivity,
    emission_energy,
    log_contact_resistivity,
)
from ioffe.interface.barrier.depletion import (
    band_bending,
    characteristic_energy,
    depletion_width,
    fermi_level,
    image_force_lowering,
    largest_field,
)
from ioffe.interface.barrier.doping import (
    DopingProfile,
    box_layer,
    error_function_layer,
    exponential_layer,
    uniform,
)
from ioffe.interface.barrier.doping_change import (
    Assumption,
    DopingChange,
    doping_change,
    doping_change_table,
    table_text,
)
from ioffe.interface.barrier.image_force import barrier_top, image_force_resistivity
from ioffe.interface.barrier.inverse import barrier_height_from_resistivity, doping_from_resistivity
from ioffe.interface.barrier.limits import (
    ballistic_resistivity,
    field_resistivity,
    regime,
    thermionic_field_resistivity,
    thermionic_resistivity,
    top_tunnelling_share,
)
from ioffe.interface.barrier.maps import ResistivityMap, resistivity_map
from ioffe.interface.barrier.matrix import matrix_transmission
from ioffe.interface.barrier.profile import BarrierProfile, solve_barrier
from ioffe.interface.barrier.transmission import parabolic_transmission
from ioffe.interface.barrier.wkb import wkb_transmission
from ioffe.interface.barrier.work_functions import (
    barrier_from_affinity,
    barrier_from_work_functions,
    bending_from_work_functions,
)

__all__ = [
    "Assumption",
    "BarrierProfile",
    "DopingChange",
    "DopingProfile",
    "ResistivityMap",
    "ballistic_resistivity",
    "band_bending",
    "barrier_from_affinity",
    "barrier_from_work_functions",
    "barrier_height_from_resistivity",
    "barrier_top",
    "bending_from_work_functions",
    "box_layer",
    "characteristic_energy",
    "contact_resistivity",
    "depletion_width",
    "doping_change",
    "doping_change_table",
    "doping_from_resistivity",
    "emission_energy",
    "error_function_layer",
    "exponential_layer",
    "fermi_level",
    "field_resistivity",
    "image_force_lowering",
    "image_force_resistivity",
    "largest_field",
    "log_contact_resistivity",
    "matrix_transmission",
    "parabolic_transmission",
    "regime",
    "resistivity_map",
    "solve_barrier",
    "table_text",
    "thermionic_field_resistivity",
    "thermionic_resistivity",
    "top_tunnelling_share",
    "uniform",
    "wkb_transmission",
]
