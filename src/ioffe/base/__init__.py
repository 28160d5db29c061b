"""The ground floor: errors, constants, units, the quantity table, curves and the reading of input files.

Nothing here knows of a material or a device. Only numpy is loaded, and pydantic with
:mod:`ioffe.base.schema`.
"""
