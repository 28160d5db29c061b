"""Legs, modules and what is made of them, and the conditions they run under."""

from ioffe.base.status import Status
from ioffe.device.cascade import Cascade
from ioffe.device.conditions import Cooler, Generator
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.device.parts import Contact, GapFiller, Layer, Segment, SideLoss

__all__ = [
    "Cascade",
    "Contact",
    "Cooler",
    "GapFiller",
    "Generator",
    "Layer",
    "Leg",
    "Module",
    "Segment",
    "SideLoss",
    "Status",
]
