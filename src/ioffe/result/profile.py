"""Temperature, electric potential and heat flux along a device at one operating point or moment."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Profile:
    """Rows from the hot to the cold side; an interface is on two rows, one for each of its sides.

    The potential is zero at the hot junction, in a cascade at that of each stage. Its difference between the
    cold ends of the p and the n leg is the voltage of a couple before the drops in the cold contacts, the
    electrodes and the leads. Layers of the module carry the part name ``"both"``.

    Attributes
    ----------
    position : ndarray of shape (n,)
        Distance in m from the outermost hot face.
    T : ndarray of shape (n,)
        Temperature in K.
    electric_potential : ndarray of shape (n,)
        In V; NaN in the layers of the module.
    heat_flux : ndarray of shape (n,)
        In W/m2, positive from hot to cold.
    layer : tuple of str
        Material at each row.
    part : tuple of str
        ``"p"``, ``"n"`` or ``"both"`` for each row.
    stage : tuple of int
        Stage of a cascade for each row, 0 at the hot side; layers between two stages count to the hotter.

    Examples
    --------
    >>> import ioffe as te
    >>> simple = te.Material.from_arrays(
    ...     name="simple", carrier="p", T=[200, 800], seebeck=[2e-4, 2e-4],
    ...     electrical_conductivity=[1e5, 1e5], thermal_conductivity=[2.0, 2.0])
    >>> leg = te.Leg(simple, length="5 mm", area="9 mm2")
    >>> profile = leg.solve(te.Generator(T_hot=500, T_cold=300, current=0)).profile()
    >>> print(f"{profile.heat_flux[0]:.1f} W/m2, {profile.electric_potential[-1]:.6f} V")  # kappa dT/L, S dT
    80000.0 W/m2, 0.040000 V
    """

    position: Array
    T: Array
    electric_potential: Array
    heat_flux: Array
    layer: tuple[str, ...]
    part: tuple[str, ...]
    stage: tuple[int, ...]

    def of(self, part: str) -> Profile:
        """The rows that a line through one leg (``"p"`` or ``"n"``) crosses, layers included.

        Parameters
        ----------
        part : {"p", "n"}
            The leg.

        Returns
        -------
        Profile
        """
        rows = np.array([p in (part, "both") for p in self.part], bool)
        keep = np.flatnonzero(rows)
        return Profile(
            *(x[rows] for x in (self.position, self.T, self.electric_potential, self.heat_flux)),
            layer=tuple(self.layer[i] for i in keep),
            part=tuple(self.part[i] for i in keep),
            stage=tuple(self.stage[i] for i in keep),
        )
