"""Legs and modules as functions of time."""

from ioffe.device.transient.conditions import Transient
from ioffe.device.transient.result import TransientResult
from ioffe.device.transient.schedule import Schedule
from ioffe.device.transient.shapes import cycle, pulse, steps

__all__ = ["Schedule", "Transient", "TransientResult", "cycle", "pulse", "steps"]
