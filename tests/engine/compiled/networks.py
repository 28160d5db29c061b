"""Random networks with every kind of element, for both engines."""

import numpy as np

from ioffe.engine.elements import Exchange, Joule, Link, Plate, Sheet
from ioffe.engine.network import Drive, Network
from ioffe.engine.table import pack
from ioffe.engine.thermoelement import Thermoelement
from tests.engine.tables import NAMES, table

SIGMA_SB = 5.670374419e-8


def metal(kappa=200.0, rho=2e-8):
    """Plate and sheet: kappa and rho grow or fall a little with T, S = 0."""
    T = np.array([200.0, 600.0, 1200.0])
    slope = (np.array([1.3, 1.0, 0.8]) - 1.0) / 600.0

    def pieces(value, rate):
        y = value * (1 + rate * (T - 600.0) * slope * 600.0 / 400.0)
        cells = np.zeros((2, 4))
        cells[:, 0], cells[:, 1] = y[:-1], np.diff(y) / np.diff(T)
        return T, cells

    zero = T, np.zeros((2, 4))
    return pack(zero, pieces(rho, 0.5), pieces(kappa, 1.0), resistivity=True)


METAL, CERAMIC = metal(), metal(30.0, 1.0)


def segmented(
    rng, n, names=("lead telluride", "skutterudite", "bismuth telluride"), loss=False, rule="pchip"
):
    """A leg of several segments with electrical and thermal contacts and thermal resistances at its ends."""
    area = rng.uniform(2e-6, 6e-6, n)
    passive, legs = [Link(0, 2, 1 / rng.uniform(2, 20, n))], []
    node = 2
    for name in names:
        passive.append(contact(rng, n, area, node, node + 1))
        side = {"convection": rng.uniform(1e3, 3e4, n), "radiation": rng.uniform(0, 2, n) * SIGMA_SB * 1e3}
        legs.append(
            Thermoelement(
                table(name, rule), node + 1, node + 2, rng.uniform(0.8e-3, 2.5e-3, n), area, 1.0, **side
            )
            if loss
            else Thermoelement(
                table(name, rule), node + 1, node + 2, rng.uniform(0.8e-3, 2.5e-3, n), area, 1.0
            )
        )
        node += 2
    passive += [contact(rng, n, area, node, node + 1), Link(node + 1, 1, 1 / rng.uniform(2, 20, n))]
    return Network(node + 2, 0, 1, tuple(legs), tuple(passive))


def contact(rng, n, area, a, b):
    return Link(a, b, area / rng.uniform(2e-6, 2e-5, n), joule=rng.uniform(1e-10, 2e-9, n) / area)


def couple(rng, n, p, q, rule="pchip", loss=False, resistivity=True):
    """A couple of two legs between plates, with sheets, leads, filler and radiation across the gap."""
    side = {"convection": rng.uniform(1e2, 1e4, n), "radiation": 2 * SIGMA_SB * 1e3} if loss else {}
    counts = rng.integers(1, 4, n).astype(float), 2.0
    legs = tuple(
        Thermoelement(
            table(name, rule, resistivity=resistivity),
            3,
            4,
            rng.uniform(1e-3, 3e-3, n),
            rng.uniform(1e-6, 4e-6, n),
            sign,
            count=count,
            **side,
        )
        for name, sign, count in ((p, 1.0, counts[0]), (q, -0.6, counts[1]))
    )
    passive = (
        Link(0, 2, 1 / rng.uniform(0.5, 5.0, n)),
        Plate(CERAMIC, 2, 3, 6e-4, 1e-5),
        Plate(METAL, 4, 5, rng.uniform(2e-4, 6e-4, n), 1e-5),
        Link(5, 1, 1 / rng.uniform(0.5, 5.0, n), joule=1e-4),
        Exchange(3, 4, rng.uniform(0.1, 1.0, n) * SIGMA_SB * 1e-5),
        Link(3, 4, 1e-4),
    )
    joule = (
        Joule(3, rng.uniform(0.0, 1e-3, n)),
        Sheet(3, 2.0, ((METAL, 2e-4), (METAL, rng.uniform(1e-5, 1e-4, n)))),
        Sheet(4, rng.uniform(1.0, 3.0, n), ((METAL, 3e-4),)),
        Joule(4, 2e-3),
    )
    return Network(6, 0, 1, legs, passive, joule)


def drive(rng, n, hot="T_hot", cold="T_cold", circuit="current", reach=(450.0, 650.0)):
    """Imposed quantities of the right size for `couple`; the legs of `circuit` run at some watts."""
    values = {
        "T_hot": rng.uniform(*reach, n),
        "T_cold": rng.uniform(290.0, 330.0, n),
        "heat_hot": rng.uniform(0.5, 2.0, n),
        "heat_cold": rng.uniform(0.3, 1.0, n),
        "current": rng.uniform(-0.5, 2.0, n),
        "voltage": rng.uniform(0.0, 0.05, n),
        "load": rng.uniform(0.005, 0.1, n),
    }
    return Drive(np.full(n, 300.0), **{k: values[k] for k in (hot, cold, circuit)})


def pairs():
    """Every material as a p leg once, with another one as its n leg."""
    return [(name, NAMES[(k + 2) % len(NAMES)]) for k, name in enumerate(NAMES)]
