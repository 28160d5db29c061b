"""What a solve returns: numbers along named axes with status, energy balance and error estimate."""

from ioffe.base.lazy import lazy_exports

__getattr__, __dir__, __all__ = lazy_exports(__name__, __file__)
