"""How interfaces and materials change in service: laws, acceleration by temperature, fits, comparison."""

from ioffe.base.lazy import lazy_exports

__getattr__, __dir__, __all__ = lazy_exports(__name__, __file__)
