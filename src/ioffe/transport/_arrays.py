"""The type of an array."""

from ioffe.base.arrays import Array

__all__ = ["Array"]
