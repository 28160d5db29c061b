"""Small devices that age, for tests."""

import ioffe as te
from ioffe.base.constants import e
from ioffe.interface.ageing import Arrhenius, Relaxation

DAY = 86400.0


def leg(contact="20.8 uohm cm2", carrier="p"):
    """A leg of constant properties."""
    S = 2e-4 if carrier == "p" else -2e-4
    material = te.Material.from_arrays(
        f"flat {carrier}", carrier, [250.0, 700.0], [S, S], [1e5, 1e5], [1.5, 1.5], interpolation="linear"
    )
    return te.Leg(material, "2 mm", "4 mm2", contact=te.Contact(contact))


def hot():
    return te.Generator(T_hot=550.0, T_cold=300.0)


def relaxing(energy=None, **more):
    """A contact that relaxes within days at 550 K; `energy` in eV."""
    acceleration = None if energy is None else Arrhenius(energy * e, 550.0)
    return Relaxation(20.8e-10, 80e-10, 8 * DAY, acceleration=acceleration, **more)
