"""Diffusion across interfaces: profiles, fits of measured ones, growth of layers, life of barriers."""

from ioffe.base.lazy import lazy_exports

__getattr__, __dir__, __all__ = lazy_exports(__name__, __file__)
