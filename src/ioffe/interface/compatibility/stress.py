"""Closed forms of the stress in layers that are joined.

Elastic layers, no plastic flow and no creep, properties that do not depend on temperature: what comes out is
an upper bound wherever a solder or a ductile metal yields. The layers are wide against their thickness; the
field near the edges is that of `edge_shear`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from ioffe.base.arrays import Array
from ioffe.base.quantities import quantity
from ioffe.base.units import floats
from ioffe.interface._checks import Checks

WIDE: Final = 300.0
"""Half-length over the decay length of the shear from which on the middle carries the whole force."""


@dataclass(frozen=True)
class LaminateLayer:
    """A layer of a stack.

    Parameters
    ----------
    thickness : float
        In m.
    youngs_modulus : float
        In Pa.
    poisson_ratio : float
    thermal_expansion : float
        In 1/K.
    name : str

    Raises
    ------
    InputError
        With everything that is wrong.

    Examples
    --------
    >>> print(f"{LaminateLayer('5 um', '200 GPa', 0.31, 13e-6).biaxial_modulus / 1e9:.1f} GPa")
    289.9 GPa
    """

    thickness: float
    youngs_modulus: float
    poisson_ratio: float
    thermal_expansion: float
    name: str = ""

    def __post_init__(self) -> None:
        names = ("thickness", "youngs_modulus", "poisson_ratio", "thermal_expansion")
        kinds = {name: quantity(name) for name in names}
        kinds["poisson_ratio"] = replace(kinds["poisson_ratio"], exclusive=True)
        with Checks() as checks:
            checks.fields(self, **kinds)

    @property
    def biaxial_modulus(self) -> float:
        """E/(1 - nu) in Pa: stress by strain where both directions in the plane are strained alike."""
        return self.youngs_modulus / (1.0 - self.poisson_ratio)

    @property
    def shear_modulus(self) -> float:
        """E/(2 (1 + nu)) in Pa."""
        return self.youngs_modulus / (2.0 * (1.0 + self.poisson_ratio))


@dataclass(frozen=True, eq=False)
class Laminate:
    """A stack at another temperature than that at which it was joined, far from its edges.

    It is what :func:`laminate` gives.

    Attributes
    ----------
    strain : float
        In the plane at the bottom of the first layer.
    curvature : float
        In 1/m; positive where the side of the last layer is the longer one (the stack is hollow below).
    stress : ndarray, shape (n, 2)
        Of every layer at its bottom and its top in Pa, the same in both directions of the plane; positive is
        tension.

    Examples
    --------
    >>> plate = LaminateLayer(1e-3, 100e9, 0.3, 10e-6)
    >>> laminate([plate, plate], -100.0).curvature
    0.0
    """

    strain: float
    curvature: float
    stress: Array

    @property
    def largest(self) -> float:
        """Largest tension in Pa; 0 where there is none."""
        return float(max(np.max(self.stress), 0.0))


def laminate(layers: Sequence[LaminateLayer], temperature_change: float, *, flat: bool = False) -> Laminate:
    """Stresses in a stack of any number of layers.

    sigma(z) = E/(1 - nu) (eps + K z - alpha dT), with the forces and the moments of all layers in balance;
    for two layers this is the solution of S. Timoshenko, J. Opt. Soc. Am. 11 (1925) 233, doi
    10.1364/JOSA.11.000233. Valid far from the edges, while nothing yields.

    Parameters
    ----------
    layers : sequence of LaminateLayer
        From bottom to top.
    temperature_change : float
        dT in K from the state free of stress, the same in all layers.
    flat : bool
        Whether the stack is held flat, as between plates, so that it does not bend.

    Returns
    -------
    Laminate

    Raises
    ------
    InputError
        Without a layer, or for a change that is no number.

    Examples
    --------
    5 um of nickel on 2 mm of a leg (its modulus and Poisson's ratio assumed), cooled by 200 K:

    >>> leg, nickel = LaminateLayer(2e-3, 40e9, 0.25, 20e-6), LaminateLayer(5e-6, 200e9, 0.31, 13e-6)
    >>> found = laminate([leg, nickel], -200.0)
    >>> print(f"{found.stress[1, 0] / 1e6:.0f} MPa")
    -385 MPa
    """
    with Checks() as checks:
        change = checks.number("temperature_change", temperature_change)
        if not layers:
            checks.add("layers", expected="at least one layer is expected")
    thickness = np.array([layer.thickness for layer in layers])
    modulus = np.array([layer.biaxial_modulus for layer in layers])
    free = np.array([layer.thermal_expansion for layer in layers]) * change
    stress, middle, bend = laminate_fields(thickness, modulus, np.stack([free, free], axis=1), flat=flat)
    return Laminate(float(middle - 0.5 * bend), float(bend / thickness.sum()), stress)


def laminate_fields(
    thickness: Array, modulus: Array, free: Array, *, flat: bool = False
) -> tuple[Any, Any, Any]:
    """Stresses of many stacks whose layers have temperatures of their own, in the way of `laminate`.

    What a layer would be strained by alone, the integral of its expansion, changes evenly from its bottom to
    its top. Numbers may be complex, for derivatives by a complex step.

    `thickness`, `modulus` (layers, ...): in m, and E/(1 - nu) in Pa, from bottom to top.
    `free` (layers, 2, ...): strain of each layer alone at its bottom and top.
    `flat`: whether the stacks are held flat.
    Returns: stress in Pa like `free`; strain in the plane at half the height, and its rise over the height.

    A plate that is warm on one side bends and has no stress; held flat it is pressed there and pulled here.

    >>> one, even = np.ones(1), np.array([[0.0, 1e-3]])
    >>> [laminate_fields(one, 1e11 * one, even, flat=held)[0].round(3).tolist() for held in (False, True)]
    [[[0.0, 0.0]], [[50000000.0, -50000000.0]]]
    """
    # moments are counted from the middle of the stack and over its height, which keeps the numbers near 1
    z = np.cumsum(thickness, axis=0) / np.sum(thickness, axis=0)
    y = np.concatenate([np.zeros_like(z[:1]), z]) - 0.5
    low, high = y[:-1], y[1:]
    stiff = modulus / np.max(np.real(modulus), axis=0)
    a, b, c = (np.sum(stiff * (high**k - low**k) / k, axis=0) for k in (1, 2, 3))
    first, last = free[:, 0], free[:, 1]
    force = np.sum(stiff * (high - low) * (first + last) / 2.0, axis=0)
    moment = stiff * (high - low) * (first * (2.0 * low + high) + last * (low + 2.0 * high)) / 6.0
    bend = 0.0 * force if flat else (a * np.sum(moment, axis=0) - b * force) / (a * c - b * b)
    middle = force / a if flat else (force - b * bend) / a
    ends = np.stack([low, high], axis=1)
    return modulus[:, None] * (middle + bend * ends - free), middle, bend


def bilayer_curvature(
    first: LaminateLayer, second: LaminateLayer, temperature_change: float, *, plate: bool = True
) -> float:
    """Curvature of two layers after Timoshenko, J. Opt. Soc. Am. 11 (1925) 233, doi 10.1364/JOSA.11.000233.

    K = 6 (alpha_2 - alpha_1) dT (1 + m)^2/(h [3 (1 + m)^2 + (1 + m n)(m^2 + 1/(m n))]), m = d_1/d_2,
    n = E_1/E_2, h = d_1 + d_2.

    Parameters
    ----------
    first, second : LaminateLayer
        Bottom and top.
    temperature_change : float
        dT in K.
    plate : bool
        Whether the modulus is E/(1 - nu), as in a plate, and not E, as in a narrow strip.

    Returns
    -------
    float
        In 1/m, as `Laminate.curvature`: positive where the top becomes the longer side.

    Raises
    ------
    InputError
        For a change that is no number.

    Examples
    --------
    >>> brass, invar = LaminateLayer(0.5e-3, 100e9, 0.3, 19e-6), LaminateLayer(0.5e-3, 140e9, 0.3, 1e-6)
    >>> print(f"{1 / bilayer_curvature(invar, brass, 100.0):.4f} m")
    0.3731 m
    """
    with Checks() as checks:
        change = checks.number("temperature_change", temperature_change)
    stiff = [x.biaxial_modulus if plate else x.youngs_modulus for x in (first, second)]
    m, n = first.thickness / second.thickness, stiff[0] / stiff[1]
    h = first.thickness + second.thickness
    difference = (second.thermal_expansion - first.thermal_expansion) * change
    return 6.0 * difference * (1 + m) ** 2 / (h * (3 * (1 + m) ** 2 + (1 + m * n) * (m**2 + 1 / (m * n))))


def thin_layer_stress(layer: LaminateLayer, thermal_expansion: float, temperature_change: float) -> float:
    """Stress in a layer that is thin against what it is joined to.

    sigma = E (alpha_s - alpha) dT/(1 - nu), positive in tension: the support alone decides the strain, the
    textbook result of biaxial elasticity.

    Parameters
    ----------
    layer : LaminateLayer
    thermal_expansion : float
        alpha_s of the support in 1/K.
    temperature_change : float
        dT in K.

    Returns
    -------
    float
        In Pa.

    Raises
    ------
    InputError
        With everything that is wrong.

    Examples
    --------
    >>> nickel = LaminateLayer(5e-6, 200e9, 0.31, 13e-6)
    >>> print(f"{thin_layer_stress(nickel, 20e-6, -200.0) / 1e6:.0f} MPa")
    -406 MPa
    """
    with Checks() as checks:
        alpha = checks.number("thermal_expansion", thermal_expansion, "thermal_expansion")
        change = checks.number("temperature_change", temperature_change)
    return layer.biaxial_modulus * (alpha - layer.thermal_expansion) * change


@dataclass(frozen=True)
class EdgeShear:
    """Shear at the interface of two layers near their edge, from :func:`edge_shear`.

    Attributes
    ----------
    largest : float
        At the edge in Pa; its sign is that of (alpha_1 - alpha_2) dT.
    decay_length : float
        1/k in m: the shear falls by e over it.
    force : float
        Carried from one layer to the other in the middle, in N/m.
    half_length : float
        In m.

    Examples
    --------
    >>> shear = EdgeShear(-26e6, 1.26e-3, -28e3, 1.5e-3)
    >>> float(shear.at(1.5e-3))
    -26000000.0
    """

    largest: float
    decay_length: float
    force: float
    half_length: float

    def at(self, position: float | Array) -> Array:
        """Shear at distances from the middle, tau(x) = tau_max sinh(k x)/sinh(k l), without overflow.

        Parameters
        ----------
        position : array_like
            x in m.

        Returns
        -------
        ndarray
            In Pa, in the shape of the position.
        """
        k, x = 1.0 / self.decay_length, floats(position, "position", "position")
        up, length = np.abs(x), self.half_length
        part = np.exp(-k * (length - up)) * -np.expm1(-2.0 * k * up) / -np.expm1(-2.0 * k * length)
        return self.largest * np.sign(x) * part


def edge_shear(
    first: LaminateLayer,
    second: LaminateLayer,
    half_length: float,
    temperature_change: float,
    bond: LaminateLayer | None = None,
) -> EdgeShear:
    """Shear at the interface of two layers near the edge after Suhir.

    tau_max = k (alpha_1 - alpha_2) dT/lambda tanh(k l), k = sqrt(lambda/kappa), with the compliance in the
    plane lambda = sum_i (1 - nu_i)/(E_i d_i) + h^2/(4 D), h = d_1 + d_2, D = sum_i E_i d_i^3/(12 (1 - nu_i)),
    and that of the interface kappa = d_1/(3 G_1) + d_2/(3 G_2) + d_0/G_0 (after E. Suhir, J. Appl. Mech. 53
    (1986) 657, doi 10.1115/1.3171827; remembered). Biaxial moduli are used in D too, so that the middle
    agrees with `laminate`. These are the forces of least complementary energy for a shear that falls evenly
    from the interface to the free face of a layer, d/(3 G), and is constant in the bond, d_0/G_0; Suhir takes
    2 d_0/(3 G_0) for the bond (remembered), which counts a soft bond stiffer than it is. The shear does not
    vanish at the edge itself, as the true one does within a distance of the order of the bond's thickness.

    Parameters
    ----------
    first, second : LaminateLayer
    half_length : float
        l in m, half the width of the joint.
    temperature_change : float
        dT in K.
    bond : LaminateLayer, optional
        Thin and compliant layer between, such as a solder; counts by its shear alone.

    Returns
    -------
    EdgeShear

    Raises
    ------
    InputError
        With everything that is wrong.

    Examples
    --------
    >>> leg, steel = LaminateLayer(3e-3, 40e9, 0.25, 20e-6), LaminateLayer(0.3e-3, 200e9, 0.3, 12e-6)
    >>> shear = edge_shear(leg, steel, 1.5e-3, -200.0)
    >>> print(f"{shear.largest / 1e6:.0f} MPa, decays over {shear.decay_length * 1e3:.2f} mm")
    -26 MPa, decays over 1.26 mm
    """
    with Checks() as checks:
        half = checks.number("half_length", half_length, "length")
        change = checks.number("temperature_change", temperature_change)
    pair = (first, second)
    height = first.thickness + second.thickness
    bending = sum(x.biaxial_modulus * x.thickness**3 / 12.0 for x in pair)
    plane = sum(1.0 / (x.biaxial_modulus * x.thickness) for x in pair) + height**2 / (4.0 * bending)
    across = sum(x.thickness / (3.0 * x.shear_modulus) for x in pair)
    across += bond.thickness / bond.shear_modulus if bond is not None else 0.0
    k = np.sqrt(plane / across)
    force = (first.thermal_expansion - second.thermal_expansion) * change / plane
    gone = 1.0 if k * half > WIDE else 1.0 - 1.0 / np.cosh(k * half)
    return EdgeShear(float(k * force * np.tanh(k * half)), float(1.0 / k), float(force * gone), half)
