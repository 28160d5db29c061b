"""Curves: properties as functions of temperature, evaluated and integrated exactly."""

from ioffe.base.curve.curve import ALL_TEMPERATURES, Curve

__all__ = ["ALL_TEMPERATURES", "Curve"]
