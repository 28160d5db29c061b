"""Evaluation of raw measurements: from the files of instruments to curves and numbers with errors.

>>> import ioffe as te
>>> found = te.measure.hall_result(coefficient=0.297e-6, resistivity=5.26e-5)
>>> found.carrier, round(found.carrier_density / 1e25, 2)
('p', 2.1)
"""

from ioffe.base.lazy import lazy_exports

__getattr__, __dir__, __all__ = lazy_exports(__name__, __file__)
