r"""Curves of the thermal expansion of materials, and the strain between those that are joined.

Joined without stress at :math:`T_0`, two materials differ at *T* by

.. math:: \varepsilon(T) = \int_{T_0}^{T} (\alpha_1 - \alpha_2) \, \mathrm{d}T'
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.arrays import Array
from ioffe.base.curve import Curve
from ioffe.base.errors import Fault, InputError
from ioffe.base.plotting import COLOURS, DASHES, drawing
from ioffe.interface._checks import Checks
from ioffe.material.library import load_material
from ioffe.material.material import Material

if TYPE_CHECKING:
    from matplotlib.figure import Figure

POINTS: Final = 161


def thermal_strain(material: Material | str, free: float, T: ArrayLike) -> Array:
    """Elongation of a material from one temperature to others.

    Parameters
    ----------
    material : Material or str
        With a thermal expansion on its card, one number or a curve.
    free : float
        Temperature in K at which it is 0.
    T : array_like
        In K.

    Returns
    -------
    ndarray
        Dimensionless: the integral of the expansion.

    Raises
    ------
    InputError
        For a material without a thermal expansion.

    Examples
    --------
    >>> print(f"{1e3 * float(thermal_strain('Ni', 300.0, 700.0)):.2f} mm in a metre")
    5.36 mm in a metre
    """
    made = load_material(material) if isinstance(material, str) else material
    alpha, at = made.thermal_expansion, np.asarray(T, float)
    if alpha is None:
        expected = "a thermal expansion on the card is expected, one number or a column of a table"
        raise InputError(Fault("thermal_expansion", made.name, expected))
    if isinstance(alpha, Curve):
        return np.asarray(alpha.integral(np.full_like(at, free), at))
    return alpha * (at - free)


def plot_expansion(
    materials: Sequence[Material | str],
    free: float,
    span: tuple[float, float],
    path: str | Path | None = None,
) -> Figure:
    """Expansions over the temperature, and the strain between neighbours of a stack.

    Parameters
    ----------
    materials : sequence of Material or str
        In the order of the stack, two or more.
    free : float
        Temperature in K at which the joints are free of stress.
    span : (float, float)
        Temperatures in K that are drawn.
    path : path, optional
        PNG, SVG or PDF file to write.

    Returns
    -------
    matplotlib.figure.Figure
        Left the curves, right the difference of the elongations of each material and the next.

    Raises
    ------
    InputError
        For fewer than two materials or more than seven, and for one without a thermal expansion.

    Examples
    --------
    >>> figure = plot_expansion(["Cu", "Ni", "Al2O3"], 500.0, (300.0, 700.0))
    >>> [text.get_text() for text in figure.axes[1].get_legend().get_texts()]
    ['Cu less Ni', 'Ni less Al2O3']
    """
    made = [load_material(one) if isinstance(one, str) else one for one in materials]
    with Checks() as checks:
        if not 2 <= len(made) <= len(COLOURS):
            checks.add("materials", len(made), f"two to {len(COLOURS)} materials are expected")
        checks.number("free", free, "temperature")
        if not 0.0 < span[0] < span[1]:
            checks.add("span", list(span), "two rising temperatures above 0 K are expected")
    T = np.linspace(*span, POINTS)
    strains = [thermal_strain(one, free, T) for one in made]
    with drawing(path, 1, 2, width=160.0, height=70.0) as (figure, (left, right)):
        for k, one in enumerate(made):
            alpha = one.thermal_expansion
            values = alpha(T) if isinstance(alpha, Curve) else np.full_like(T, alpha or 0.0)
            left.plot(T, 1e6 * values, color=COLOURS[k], linestyle=DASHES[k % len(DASHES)], label=one.name)
        for k, ((a, one), (b, other)) in enumerate(pairwise(zip(strains, made, strict=True))):
            right.plot(T, 100.0 * (a - b), color=COLOURS[k], label=f"{one.name} less {other.name}")
        right.axhline(0.0, color="0.6", linewidth=0.6, zorder=0)
        right.axvline(free, color="0.6", linewidth=0.6, linestyle=":", zorder=0)
        left.set(
            xlabel="Temperature (K)", ylabel=r"thermal expansion $\alpha$ (10$^{-6}$/K)", ylim=(0.0, None)
        )
        right.set(xlabel="Temperature (K)", ylabel=r"difference of the elongations (%)")
        for panel in (left, right):
            panel.legend(fontsize=6.5)
    return figure
