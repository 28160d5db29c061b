"""Materials: measured curves with their origin, cards, readers, checks, analysis, fits and the library."""

from ioffe.base.lazy import lazy_exports

__getattr__, __dir__, __all__ = lazy_exports(__name__, __file__)
