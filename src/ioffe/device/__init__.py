"""Legs, modules and what is made of them, and the conditions they run under."""

from ioffe.base.status import Status as Status
from ioffe.device.cascade import Cascade as Cascade
from ioffe.device.conditions import Cooler as Cooler
from ioffe.device.conditions import Generator as Generator
from ioffe.device.leg import Leg as Leg
from ioffe.device.module import Module as Module
from ioffe.device.parts import Contact as Contact
from ioffe.device.parts import GapFiller as GapFiller
from ioffe.device.parts import Layer as Layer
from ioffe.device.parts import Segment as Segment
from ioffe.device.parts import SideLoss as SideLoss
