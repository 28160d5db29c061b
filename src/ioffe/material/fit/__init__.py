"""Fits of models to measured materials: parameters with errors, and what the data do not determine."""

from ioffe.base.lazy import lazy_exports

__getattr__, __dir__, __all__ = lazy_exports(__name__, __file__)
