"""Whether two materials stay as they are beside each other: chemically, and when the temperature changes."""

from ioffe.base.lazy import lazy_exports

__getattr__, __dir__, __all__ = lazy_exports(__name__, __file__)
