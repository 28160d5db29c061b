"""Measured devices: their sweeps evaluated, compared, explained by calibration; data sheets and selection.

>>> import ioffe as te
>>> numbers = {"current": [0.0, 1.0, 2.0], "voltage": [0.31, 0.22, 0.13]}
>>> found = te.measured.evaluate(te.measured.measurement_of(numbers, T_hot=672.0, T_cold=298.0))
>>> print(f"{1e3 * found.internal_resistance[0]:.1f} mohm")
90.0 mohm
"""

from ioffe.base.lazy import lazy_exports

__getattr__, __dir__, __all__ = lazy_exports(__name__, __file__)
