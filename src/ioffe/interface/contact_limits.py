"""What a leg allows a contact: largest resistivity and shortest length for a given loss.

=================================  ==================================================================
``largest_contact_resistivity``    rho_c that loses a given part of power, zT or efficiency
``shortest_length``                length below which contacts lose more than a given part
=================================  ==================================================================

Constant properties; the factors e and t are those of :mod:`ioffe.interface.contact`.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from ioffe.base.arrays import Array
from ioffe.base.errors import Fault, InputError
from ioffe.base.roots import falling_root
from ioffe.interface._checks import QuantityLike, numbers
from ioffe.interface.contact import KAPPA, R_TH, RHO_C, SIGMA, inside, no_thermal_contact
from ioffe.transport.merit import constant_property_efficiency, device_ZT

Loss = Literal["power", "zT", "efficiency"]


def largest_contact_resistivity(
    loss: QuantityLike,
    length: QuantityLike,
    electrical_conductivity: QuantityLike,
    of: Loss = "power",
    other: QuantityLike | None = None,
    ZT: QuantityLike | None = None,
    T_hot: QuantityLike | None = None,
    T_cold: QuantityLike | None = None,
) -> Array:
    r"""Contact resistivity that loses a given part of power, zT or efficiency.

    .. math:: \rho_\mathrm{c,1} + \rho_\mathrm{c,2} = \frac{L}{\sigma}\left(\frac1e - 1\right)

    with e = 1 - loss for power and zT. A smaller zT moves the efficiency by less than its own share: there e
    is what the efficiency of constant properties, inverted, asks for.

    Parameters
    ----------
    loss : array_like
        Part that may be lost, such as 0.05 or ``"5 %"``; above 0 and below 1.
    length, electrical_conductivity
        As for :func:`electrical_factor`.
    of : {"power", "zT", "efficiency"}
        What the loss is a part of. The last needs `ZT`, `T_hot` and `T_cold`.
    other : array_like, optional
        rho_c of the other end, if that is fixed; by default both ends are alike and the answer holds for
        each.
    ZT : array_like
        Z times the mean temperature, of the leg without contacts.
    T_hot, T_cold : array_like
        Of the ends of the leg, in K.

    Returns
    -------
    ndarray
        rho_c in ohm m2, in the common shape of the arguments; negative where the other end alone loses more.

    Raises
    ------
    InputError
        With everything that is wrong.

    Examples
    --------
    >>> print(f"{largest_contact_resistivity('5 %', '3 mm', '500 S/cm') * 1e10:.2f} uohm cm2")
    15.79 uohm cm2
    >>> span = {"ZT": 1.0, "T_hot": 500.0, "T_cold": 300.0}
    >>> rho = largest_contact_resistivity("5 %", "3 mm", "500 S/cm", "efficiency", **span)
    >>> print(f"{rho * 1e10:.2f} uohm cm2")
    23.32 uohm cm2
    """
    lost, L, sigma = numbers(
        loss=(loss, "mass_fraction"),
        length=(length, "length"),
        electrical_conductivity=(electrical_conductivity, SIGMA),
    )
    inside("loss", lost)
    both = L / sigma * (1.0 / _kept(lost, of, ZT, T_hot, T_cold) - 1.0)
    if other is None:
        return 0.5 * both
    return both - numbers(other=(other, RHO_C))[0]


def shortest_length(
    loss: QuantityLike,
    electrical_conductivity: QuantityLike,
    first: QuantityLike,
    second: QuantityLike | None = None,
    of: Literal["power", "zT"] = "power",
    thermal_conductivity: QuantityLike | None = None,
    thermal_first: QuantityLike = 0.0,
    thermal_second: QuantityLike | None = None,
) -> Array:
    r"""Length of the leg whose contacts lose a given part; shorter legs lose more.

    It solves :math:`e\,t^2 = 1 - \text{loss}` for the power and :math:`e\,t = 1 - \text{loss}` for zT.

    Parameters
    ----------
    loss : array_like
        Part that may be lost, above 0 and below 1.
    electrical_conductivity, first, second
        As for :func:`electrical_factor`.
    of : {"power", "zT"}
        What the loss is a part of. Power here is that of a whole leg, not that by its length.
    thermal_conductivity, thermal_first, thermal_second
        As for :func:`thermal_factor`; needed for thermal contacts alone.

    Returns
    -------
    ndarray
        L in m, in the common shape of the arguments; 0 without any contact.

    Raises
    ------
    InputError
        With everything that is wrong.

    Examples
    --------
    >>> print(f"{shortest_length('5 %', '500 S/cm', '10 uohm cm2') * 1e3:.3f} mm")
    1.900 mm
    >>> both = shortest_length("5 %", "500 S/cm", "10 uohm cm2", None, "power", 1.0, "10 mm2 K/W")
    >>> print(f"{both * 1e3:.3f} mm")
    2.691 mm
    """
    if of not in ("power", "zT"):
        raise InputError(Fault("of", of, '"power" or "zT" is expected'))
    second = first if second is None else second
    if thermal_conductivity is None:
        no_thermal_contact(thermal_first, thermal_second)
        thermal_conductivity = 1.0
    thermal_second = thermal_first if thermal_second is None else thermal_second
    lost, sigma, one, two, kappa, warm, cool = numbers(
        loss=(loss, "mass_fraction"),
        electrical_conductivity=(electrical_conductivity, SIGMA),
        first=(first, RHO_C),
        second=(second, RHO_C),
        thermal_conductivity=(thermal_conductivity, KAPPA),
        thermal_first=(thermal_first, R_TH),
        thermal_second=(thermal_second, R_TH),
    )
    inside("loss", lost)
    power = 2.0 if of == "power" else 1.0
    a, b = np.broadcast_arrays(sigma * (one + two), kappa * (warm + cool))
    excess = lost / (1.0 - lost)
    scale = a + power * b
    with np.errstate(divide="ignore", invalid="ignore"):
        a, b = a / scale, b / scale

    def kept(y: Array) -> tuple[Array, Array]:
        # (1 + a y)(1 + b y)^p is convex and rises: from above the root Newton's method comes down to it
        electric, thermal = 1.0 + a * y, 1.0 + b * y
        slope = a * thermal**power + electric * power * b * thermal ** (power - 1.0)
        return 1.0 + excess - electric * thermal**power, -slope

    # without any contact the shortest leg has no length
    with np.errstate(invalid="ignore"):
        found = scale / falling_root(kept, np.where(scale > 0.0, excess, np.nan), low=0.0)
    return np.where(scale > 0.0, found, 0.0)[()]


def _kept(
    lost: Array, of: Loss, ZT: QuantityLike | None, T_hot: QuantityLike | None, T_cold: QuantityLike | None
) -> Array:
    """The electrical factor e that loses this part."""
    if of in ("power", "zT"):
        return np.asarray(1.0 - lost)
    if of != "efficiency":
        raise InputError(Fault("of", of, '"power", "zT" or "efficiency" is expected'))
    if ZT is None or T_hot is None or T_cold is None:
        raise InputError(Fault("of", of, "ZT, T_hot and T_cold are expected with it"))
    merit, hot, cold = numbers(ZT=(ZT, "ZT"), T_hot=(T_hot, "T_hot"), T_cold=(T_cold, "T_cold"))
    if not (np.all(hot > cold) and np.all(merit > 0.0)):
        raise InputError(Fault("T_hot", T_hot, "a temperature above T_cold is expected, and a ZT above 0"))
    wanted = (1.0 - lost) * constant_property_efficiency(merit, hot, cold)
    return np.asarray(device_ZT(wanted, hot, cold) / merit)
