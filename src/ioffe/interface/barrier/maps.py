"""Contact resistivity over doping and barrier height, as arrays and as a picture."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ioffe.base.arrays import Array
from ioffe.base.constants import e
from ioffe.base.errors import Fault, InputError
from ioffe.base.plotting import COLOURS, axis_label, drawing
from ioffe.base.table import ResultTable, table
from ioffe.interface._checks import QuantityLike, numbers
from ioffe.interface.barrier.emission import contact_resistivity
from ioffe.interface.barrier.image_force import image_force_resistivity
from ioffe.interface.barrier.junction import Junction

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PER_CM3 = 1e-6
UOHM_CM2 = 1e10


@dataclass(frozen=True, eq=False)
class ResistivityMap:
    """Contact resistivity of many barriers, from :func:`resistivity_map`.

    Parameters
    ----------
    doping : ndarray of shape (columns,)
        N in 1/m3.
    barrier_height : ndarray of shape (rows,)
        phi_B in J.
    resistivity : ndarray of shape (rows, columns)
        rho_c in ohm m2.
    words : str
        What was assumed.

    Examples
    --------
    >>> contact = Junction("0.2 eV", "1e19 cm^-3", 300.0, 20.0)
    >>> found = resistivity_map(contact, np.logspace(24, 26, 3), np.array([0.1, 0.3]) * e)
    >>> figure = found.plot(marked="0.1 uohm cm2")
    >>> figure.axes[0].get_xscale()
    'log'
    """

    doping: Array
    barrier_height: Array
    resistivity: Array
    words: str

    def barrier_heights(self, contact_resistivity: float) -> Array:
        """Barrier heights at which every doping has a contact resistivity, between the points of the map.

        Parameters
        ----------
        contact_resistivity : float
            rho_c in ohm m2.

        Returns
        -------
        ndarray of shape (columns,)
            phi_B in J; NaN where none of the map has it.

        Examples
        --------
        >>> contact = Junction("0.2 eV", "1e19 cm^-3", 300.0, 20.0)
        >>> found = resistivity_map(contact, np.logspace(24, 26, 3), np.linspace(0.1, 0.3, 21) * e)
        >>> (found.barrier_heights(1e-10) / e).round(3)
        array([0.171, 0.206,   nan])
        """
        found = np.full(self.doping.size, np.nan)
        for k, column in enumerate(np.log(self.resistivity.T)):
            found[k] = np.interp(np.log(contact_resistivity), column, self.barrier_height, np.nan, np.nan)
        return found

    def table(self) -> ResultTable:
        """The contact resistivities with their two axes, for a file or a data frame.

        Returns
        -------
        ResultTable
            Columns ``barrier_height`` in J, ``carrier_density`` (that of the dopants) in 1/m3, and
            ``electrical_contact_resistivity`` in ohm m2.

        Examples
        --------
        >>> contact = Junction("0.2 eV", "1e19 cm^-3", 300.0, 20.0)
        >>> found = resistivity_map(contact, np.logspace(24, 26, 3), np.array([0.1, 0.3]) * e)
        >>> found.table().rows(si=False)[0]
        ['barrier_height (eV)', 'carrier_density (cm^-3)', 'electrical_contact_resistivity (uohm cm2)']
        """
        axes = {"barrier_height": self.barrier_height, "carrier_density": self.doping}
        return table(axes, {"electrical_contact_resistivity": self.resistivity})

    def plot(self, path: str | Path | None = None, marked: QuantityLike | None = None) -> Figure:
        """Picture with lines of equal rho_c, a decade apart.

        Parameters
        ----------
        path : path, optional
            PNG, SVG or PDF file to write.
        marked : array_like, optional
            Contact resistivities in ohm m2 to draw besides, such as measured ones.

        Returns
        -------
        matplotlib.figure.Figure
        """
        with drawing(path, width=100.0, height=80.0) as (figure, (panel,)):
            with np.errstate(divide="ignore"):
                decades = np.log10(np.clip(self.resistivity * UOHM_CM2, 1e-300, 1e300))
            low, high = np.floor(decades.min()), np.ceil(min(decades.max(), decades.min() + 20.0))
            x, y = self.doping * PER_CM3, self.barrier_height / e
            levels = np.arange(low, high + 0.5)
            filled = panel.contourf(x, y, decades, levels=levels, cmap="cividis_r", extend="max")
            panel.contour(x, y, decades, levels=levels, colors="white", linewidths=0.4, linestyles="solid")
            across = axis_label("carrier_density", words="Doping").replace("$n$", "$N$")
            panel.set(
                xscale="log", xlabel=across, ylabel=axis_label("barrier_height", words="Barrier height")
            )
            bar = figure.colorbar(filled, ax=panel, ticks=levels)
            bar.ax.set_yticklabels([f"$10^{{{level:.0f}}}$" for level in levels])
            bar.set_label(axis_label("electrical_contact_resistivity", words="Contact resistivity"))
            if marked is not None:
                (rho,) = numbers(marked=(marked, "electrical_contact_resistivity"))
                decades_marked = np.unique(np.log10(np.maximum(np.ravel(rho) * UOHM_CM2, 1e-300)))
                lines = panel.contour(x, y, decades, levels=decades_marked, colors=COLOURS[1], linewidths=1.2)
                style = {"fontsize": 6.5, "colors": "black"}
                for text in panel.clabel(lines, fmt=lambda level: f"{10.0**level:.3g}", **style):
                    text.set_bbox({"facecolor": "white", "edgecolor": "none", "pad": 0.8})
            panel.set_title(self.words, fontsize=7.0)
        return figure


def resistivity_map(
    junction: Junction, doping: QuantityLike, barrier_height: QuantityLike, *, image_force: bool = False
) -> ResistivityMap:
    """Contact resistivity over doping and barrier height.

    Parameters
    ----------
    junction : Junction
        A single one; its own doping and barrier height have no effect.
    doping : array_like of shape (columns,)
        N in 1/m3, rising.
    barrier_height : array_like of shape (rows,)
        phi_B in J, rising.
    image_force : bool
        Whether the image force lowers the barrier; it takes about a millisecond a barrier.

    Returns
    -------
    ResistivityMap
        With the resistivity in ohm m2, of shape (rows, columns).

    Raises
    ------
    InputError
        For an array of junctions, or an axis that does not rise.

    Examples
    --------
    >>> contact = Junction("0.2 eV", "1e19 cm^-3", 300.0, 20.0)
    >>> found = resistivity_map(contact, np.logspace(24, 26, 3), np.array([0.1, 0.3]) * e)
    >>> print(found.resistivity * 1e10)  # in uohm cm2
    [[8.72692247e-02 3.50325885e-02 4.70175728e-03]
     [1.14545599e+02 2.32279725e+01 1.77908016e-01]]
    """
    junction.require_single()
    N, height = numbers(doping=(doping, "carrier_density"), barrier_height=(barrier_height, "barrier_height"))
    for name, axis in (("doping", N), ("barrier_height", height)):
        if axis.ndim != 1 or axis.size < 2 or np.any(np.diff(axis) <= 0.0):
            raise InputError(Fault(name, axis.tolist(), "two or more rising numbers are expected"))
    resistivity = image_force_resistivity if image_force else contact_resistivity
    rho = resistivity(replace(junction, doping=N, barrier_height=height[:, None]))
    T, eps, mass = junction.temperature, junction.permittivity, junction.effective_mass
    words = f"{T:g} K, $\\epsilon_r$ = {eps:g}, $m$ = {mass:g} $m_e$"
    return ResistivityMap(N, height, rho, words + (", image force" if image_force else ""))
