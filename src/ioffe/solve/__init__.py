"""From a device and its conditions to a result: steady states, batches, derivatives, courses in time."""

from ioffe.base.lazy import lazy_exports

__getattr__, __dir__, __all__ = lazy_exports(__name__, __file__)
