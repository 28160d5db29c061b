"""The engine compiled to machine code by numba, for batches of very many devices.

Numba is optional (``pip install "ioffe[fast]"``): nothing outside this folder imports it, and this module
does not either. `cache` holds the decorator of all kernels and spreads work over threads, `packing` and
`flatten` bring tables and networks into flat arrays and need no numba, `plain` solves legs of one material
between given temperatures in vector cases. Ask `available` before importing a module with kernels.
"""

from __future__ import annotations

from importlib.util import find_spec

__all__ = ["available"]


def available() -> bool:
    """Whether numba is installed; it is not imported to find out."""
    return find_spec("numba") is not None
