"""Density of states from a file, and whether it is that of a metal, a semimetal or a semiconductor."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import numpy as np

from ioffe.base.arrays import Array
from ioffe.base.constants import e
from ioffe.base.errors import Fault, Faults, InputError
from ioffe.interface._checks import FROM_ZERO, Checks, numbers
from ioffe.material.readers.opening import read_text
from ioffe.measure._table import in_file

Kind = Literal["metal", "semimetal", "semiconductor"]
FEWEST: Final = 5
"""Energies of a density of states."""
EMPTY: Final = 0.01
"""Part of the mean density of the valence states below which there are no states: what broadening leaves."""
SEMIMETAL = 0.25
"""Part of the mean density of the valence states below which the Fermi level lies in a pseudogap."""
SMALLEST_GAP = 0.02 * e
VALENCE = 4.0 * e
"""Depth below the Fermi level of the states that are averaged."""
AT_FERMI = 0.05 * e
"""Half-width of the window around the Fermi level, a broadening as calculations use it."""
_FERMI = re.compile(
    r"(?:e_?fermi|fermi(?:[ _](?:level|energy))?)\s*[:=]?\s*(-?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?)", re.I
)


@dataclass(frozen=True, eq=False)
class DensityOfStates:
    """Density of states over energy.

    Parameters
    ----------
    energy : ndarray, shape (n,)
        In J, from the Fermi level, rising.
    density : ndarray, shape (n,)
        Of both spins, in any unit, from 0 on.
    name : str

    Raises
    ------
    InputError
        For fewer than five energies, energies that do not rise or lie on one side of the Fermi level, or a
        density below 0.

    Examples
    --------
    >>> E = np.linspace(-5.0, 5.0, 501) * e
    >>> DensityOfStates(E, np.sqrt(np.abs(E)), "free electrons").name
    'free electrons'
    """

    energy: Array
    density: Array
    name: str = ""

    def __post_init__(self) -> None:
        energy, density = numbers(energy=(self.energy, "energy"), density=(self.density, FROM_ZERO))
        with Checks() as checks:
            if energy.ndim != 1 or energy.shape != density.shape or len(energy) < FEWEST:
                expected = "at least five energies, with a density each, are expected"
                checks.add("energy", list(energy.shape), expected)
            elif not np.all(np.diff(energy) > 0.0):
                checks.add("energy", expected="energies that rise are expected")
            elif not np.any(density > 0.0):
                checks.add("density", expected="densities from 0 on, not all 0, are expected")
            elif not energy[0] < -AT_FERMI or not energy[-1] > AT_FERMI:
                checks.add("energy", expected="energies on both sides of the Fermi level are expected")
        object.__setattr__(self, "energy", energy)
        object.__setattr__(self, "density", density)


@dataclass(frozen=True)
class Classified:
    """What a density of states says.

    Attributes
    ----------
    kind : str
        ``metal``, ``semimetal`` or ``semiconductor``.
    gap : float
        Width in J of the range without states around the Fermi level; 0 where there is none.
    at_fermi : float
        Density at the Fermi level over the mean of the valence states.
    reason : str

    Examples
    --------
    >>> E = np.linspace(-5.0, 5.0, 501) * e
    >>> classify_states(DensityOfStates(E, np.sqrt(E / e + 5.0))).reason
    '132 % of the mean of the valence states at the Fermi level'
    """

    kind: Kind
    gap: float
    at_fermi: float
    reason: str


def classify_states(states: DensityOfStates) -> Classified:
    """Metal, semimetal or semiconductor, by the density of states at the Fermi level.

    A semiconductor has a range without states (less than 1 % of the mean of the valence states within 4 eV)
    of at least 0.02 eV that touches the Fermi level; a semimetal has a pseudogap, with less than a quarter of
    that mean within 0.05 eV; anything else is a metal. A gap that the calculation has closed is not seen, nor
    is a band overlap that is smaller than the broadening.

    Parameters
    ----------
    states : DensityOfStates

    Returns
    -------
    Classified

    Raises
    ------
    InputError
        Without states below the Fermi level.

    Examples
    --------
    >>> E = np.linspace(-5.0, 5.0, 501) * e
    >>> classify_states(DensityOfStates(E, np.sqrt(np.maximum(np.abs(E / e) - 0.3, 0.0)))).kind
    'semiconductor'
    >>> classify_states(DensityOfStates(E, 0.1 + np.abs(E / e))).kind
    'semimetal'
    """
    E, g = states.energy, states.density
    valence = (E < 0.0) & (E >= -VALENCE)
    span = np.ptp(E[valence]) if np.count_nonzero(valence) > 1 else np.inf
    mean = float(np.trapezoid(g[valence], E[valence]) / span)
    if mean <= 0.0:
        raise InputError(Fault("density", expected="states below the Fermi level are expected"))
    grid = np.linspace(-AT_FERMI, AT_FERMI, 21)
    here = float(np.mean(np.interp(grid, E, g))) / mean
    gap = _gap(E, g, EMPTY * mean)
    if gap >= SMALLEST_GAP:
        return Classified("semiconductor", gap, here, f"no states over {gap / e:.2f} eV at the Fermi level")
    percent = f"{here * 100:.0f} % of the mean of the valence states at the Fermi level"
    if here < SEMIMETAL:
        return Classified("semimetal", 0.0, here, f"{percent}, a pseudogap")
    return Classified("metal", 0.0, here, percent)


def _gap(E: Array, g: Array, limit: float) -> float:
    """Width of the empty range that holds the Fermi level, or touches it within the window; 0 without one."""
    fine = np.unique(np.concatenate([E, np.linspace(E[0], E[-1], 20 * len(E))]))
    empty = np.interp(fine, E, g) < limit
    edges = np.flatnonzero(np.diff(np.concatenate([[0], empty.astype(int), [0]])))
    for start, stop in zip(edges[::2], edges[1::2] - 1, strict=True):
        if fine[start] <= AT_FERMI and fine[stop] >= -AT_FERMI:
            return float(fine[stop] - fine[start])
    return 0.0


def read_density_of_states(path: str | Path, fermi_level: float | None = None) -> DensityOfStates:
    r"""Density of states of a text file.

    Parameters
    ----------
    path : path
        Lines of an energy in eV, the density, and perhaps that of the other spin, which is added (its sign
        does not matter); comments begin with ``#``, ``!`` or ``@``.
    fermi_level : float, optional
        In J on the scale of the file; by default what a comment such as ``E_Fermi = 5.31`` says, else 0.

    Returns
    -------
    DensityOfStates
        With energies in J from the Fermi level.

    Raises
    ------
    InputError
        With every line that cannot be read.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "dos.dat"
    ...     _ = path.write_text("# E_Fermi = 1.0\n-1 2\n0 1\n1 1\n2 1\n3 2\n")
    ...     found = read_density_of_states(path)
    >>> (found.energy / e).round(3).tolist()
    [-2.0, -1.0, 0.0, 1.0, 2.0]
    """
    path = Path(path)
    faults, rows = Faults(str(path)), []
    stated = None
    for number, line in enumerate(read_text(path).splitlines(), 1):
        text = line.strip()
        if text.startswith(("#", "!", "@")):
            found = _FERMI.search(text)
            stated = float(found[1]) * e if found else stated
            continue
        cells = [cell for cell in re.split(r"[\s,;]+", text) if cell]
        if not cells:
            continue
        try:
            values = [float(cell) for cell in cells[:3]]
        except ValueError:
            values = []
        if len(values) < 2:
            faults.add(f"line {number}", text, "an energy and a density are expected")
            continue
        rows.append((values[0] * e, sum(abs(value) for value in values[1:])))
    if not rows:
        faults.add("", expected="lines of energy and density are expected")
    faults.raise_if_any()
    table = np.array(sorted(rows))
    zero = fermi_level if fermi_level is not None else stated or 0.0
    with in_file(path):
        return DensityOfStates(table[:, 0] - zero, table[:, 1], path.stem)
