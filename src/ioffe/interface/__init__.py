"""Interfaces: what a junction costs a leg, why its resistivity is what it is, and how it changes with time.

Everything here works on floats and arrays in SI units (energies in J) and knows no leg and no module. What a
contact costs is in :mod:`ioffe.interface.contact`; the barrier between a metal and a semiconductor, from
thermionic to field emission, in :mod:`ioffe.interface.barrier`.
"""
