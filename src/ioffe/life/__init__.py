"""Service life: a device over time as its contacts and materials age, survival, thermal cycling.

>>> import ioffe as te
>>> te.life.CoffinManson(100.0, 2.0, cycles=10_000.0).cycles_to_failure(200.0)
2500.0
"""

from ioffe.base.lazy import lazy_exports

__getattr__, __dir__, __all__ = lazy_exports(__name__, __file__)
