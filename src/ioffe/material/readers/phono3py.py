"""Lattice thermal conductivity of phono3py: the files ``kappa-m*.hdf5``, and the table that it prints.

Layout as its documentation gives it (phonopy/phono3py, doc/hdf5_howto.md): ``temperature`` (t,) in K,
``kappa`` (t, 6) in W/(m K) with the components xx, yy, zz, yz, xz, xy; for the spectrum ``mode_kappa`` (t, q,
band, 6), ``gamma`` (t, q, band) in THz (1/tau = 4 pi gamma), ``group_velocity`` (q, band, 3) in THz angstrom,
``frequency`` (q, band) in THz and ``weight`` (q,). Until version 1.12.7 mode_kappa was divided by the number
of q points. Source: doi 10.1103/PhysRevB.91.094306.

Needs the package h5py, which is imported when such a file is read. The table has the header ``#  T(K)  xx  yy
zz  yz  xz  xy  #ipm``; of a log with several the last one is read, without lines marked ``(RTA)``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.arrays import Array
from ioffe.base.curve import Curve
from ioffe.base.errors import Faults, InputError, check_one_of
from ioffe.material.readers.cells import NotANumber, number
from ioffe.material.readers.files import SIZE_LIMIT, open_checked, read_text, refuse

_VOIGT: Final = ((0, 5, 4), (5, 1, 3), (4, 3, 2))
_COMPONENTS: Final = {"xx": (0,), "yy": (1,), "zz": (2,), "mean": (0, 1, 2)}
_KAPPA: Final = ("kappa", "kappa_TOT_RTA", "kappa_RTA")
"""Data sets with the conductivity, the best first: whole solution, Wigner's equation, relaxation times."""
_MODES: Final = ("mode_kappa", "gamma", "group_velocity", "weight")
_LINES: Final = 1_000_000
_ANGSTROM: Final = 1e-10
_MAGIC: Final = b"\x89HDF\r\n\x1a\n"
"""What an HDF5 file begins with."""
TABLE: Final = r"t\s*\(k\)\s+(kappa_)?xx\s+(kappa_)?yy\s+(kappa_)?zz"
"""Header of the printed table, in lower case; without shear where other programs made it shorter."""


@dataclass(frozen=True)
class Modes:
    """Contributions of the modes, with their mean free paths.

    `conductivity` (t, modes, 6): in W/(m K); the sum over modes is the conductivity.
    `mean_free_path` (t, modes): in m; 0 for modes that were not calculated (acoustic ones at Gamma).
    """

    conductivity: Array
    mean_free_path: Array


@dataclass(frozen=True)
class LatticeCalculation:
    """Lattice thermal conductivity by temperature.

    `file`: where it was read.
    `T` (t,): in K.
    `components` (t, 6): xx, yy, zz, yz, xz, xy in W/(m K).
    `modes`: if the file holds them.
    """

    file: str
    T: Array
    components: Array
    modes: Modes | None = None

    @property
    def tensor(self) -> Array:
        """Conductivity tensor in W/(m K), shape (t, 3, 3)."""
        return self.components[:, np.array(_VOIGT)]

    def curve(self, direction: str = "mean") -> Curve:
        """Conductivity against temperature in one direction; the mean is a third of the trace.

        Temperatures at which it is not calculated (0 K) are left out.

        `direction` {"mean", "xx", "yy", "zz"}
        Returns: in W/(m K).
        Raises `InputError` for another direction; if no temperature is left.
        """
        check_one_of("direction", direction, _COMPONENTS)
        values = self.components[:, list(_COMPONENTS[direction])].mean(axis=1)
        right = (self.T > 0) & (values > 0)
        if not np.any(right):
            raise refuse(self.file, "no temperature has a thermal conductivity above 0")
        return Curve(self.T[right], values[right], "thermal_conductivity", name=self.file)

    def cumulative(self, mean_free_path: ArrayLike, T: float, direction: str = "mean") -> Array:
        """Conductivity by modes of at most a mean free path, in W/(m K).

        `mean_free_path` (n,): in m.
        `T`: one of the temperatures of the file, in K.
        `direction` {"mean", "xx", "yy", "zz"}
        Returns: shape (n,).
        Raises `InputError` if the file holds no modes, or not this temperature or direction.
        """
        faults = Faults(self.file)
        if self.modes is None:
            faults.add("modes", expected=f"the file lacks some of {', '.join(_MODES)}")
        here = np.flatnonzero(np.isclose(self.T, T, rtol=0, atol=1e-6))
        if not here.size:
            span = f"{self.T[0]:g} K to {self.T[-1]:g} K"
            faults.add("T", T, f"one of the {self.T.size} temperatures from {span} is expected")
        faults.one_of("direction", direction, _COMPONENTS)
        faults.raise_if_any()
        modes, row = cast(Modes, self.modes), int(here[0])
        own = modes.conductivity[row][:, list(_COMPONENTS[direction])].mean(axis=1)
        order = np.argsort(modes.mean_free_path[row], kind="stable")
        sums = np.concatenate([[0.0], np.cumsum(own[order])])
        lengths = np.atleast_1d(np.asarray(mean_free_path, float))
        return sums[np.searchsorted(modes.mean_free_path[row][order], lengths, side="right")]


def load(path: str | Path) -> LatticeCalculation:
    """Read a file of phono3py.

    `path`: ``kappa-m*.hdf5``, or a text with the printed table.
    Raises `InputError` if h5py is missing, the file is no HDF5 file, data sets are missing or of the wrong
        shape, or numbers are not finite.
    """
    path = open_checked(Path(path))
    with path.open("rb") as file:
        is_text = file.read(len(_MAGIC)) != _MAGIC
    if is_text and (found := _table(path)) is not None:
        return found
    try:
        import h5py
    except ImportError:
        advice = "install it with: pip install h5py"
        raise refuse(path, "reading HDF5 files needs the package h5py", advice) from None
    try:
        with h5py.File(path, "r") as file:
            return _read(path, file)
    except (InputError, MemoryError):
        raise
    except Exception as error:  # h5py meets a damaged file with any error
        raise refuse(
            path, f"this is no HDF5 file and no table of phono3py, or a damaged one ({error})"
        ) from None


def _table(path: Path) -> LatticeCalculation | None:
    """The last table that is printed in a text; None without any."""
    try:
        lines = read_text(path, _LINES).splitlines()
    except InputError:  # a binary file
        return None
    heads = [k for k, line in enumerate(lines) if re.search(TABLE, line.casefold())]
    if not heads:
        return None
    width = 7 if re.search(r"zz\s+(kappa_)?yz", lines[heads[-1]].casefold()) else 4
    rows: list[list[float]] = []
    faults = Faults(str(path))
    for k, line in enumerate(lines[heads[-1] + 1 :], start=heads[-1] + 2):
        cells = line.split()
        if "(RTA)" in cells or not cells:
            if rows and not cells:
                break
            continue
        try:
            rows.append([number(cell) for cell in cells[:width]])
        except NotANumber:
            if rows:
                break  # what is printed behind the table
            continue
        if len(rows[-1]) < width:
            faults.add(f"line {k}", line.strip(), f"{width} numbers are expected")
            break
    if not rows:
        faults.add(f"line {heads[-1] + 1}", expected="there are no rows of numbers below the header")
    faults.raise_if_any()
    T, *parts = np.array(rows).T
    if not np.all(np.diff(T) > 0) or not np.all(np.isfinite(rows)):
        faults.add("T(K)", expected="finite numbers at rising temperatures are expected")
    faults.raise_if_any()
    components = np.stack([*parts, *([np.zeros_like(T)] * (7 - width))], axis=1)
    return LatticeCalculation(path.name, T, components)


def _read(path: Path, file: Any) -> LatticeCalculation:
    faults = Faults(str(path))
    name = next((key for key in _KAPPA if key in file), "")
    if not name or "temperature" not in file:
        expected = f"the data sets temperature and one of {', '.join(_KAPPA)} are expected"
        faults.add("", ", ".join(sorted(file)), expected)
    faults.raise_if_any()
    T, kappa = (_numbers(path, file, key) for key in ("temperature", name))
    if kappa.ndim == 3 and kappa.shape[0] == 1:
        kappa = kappa[0]
    if T.ndim != 1 or kappa.shape != (T.size, 6):
        expected = f"the shape ({T.size}, 6) is expected: temperatures and components"
        faults.add(name, str(kappa.shape), expected)
    elif not (np.all(np.isfinite(kappa)) and np.all(np.diff(T) > 0)):
        faults.add(name, expected="finite numbers at rising temperatures are expected")
    faults.raise_if_any()
    return LatticeCalculation(path.name, T, kappa, _modes(path, file, kappa, faults))


def _numbers(path: Path, file: Any, key: str) -> Array:
    """A data set; packed, a small file may hold one that fills the memory."""
    if file[key].nbytes > SIZE_LIMIT:
        raise refuse(path, f"the data set {key} has {file[key].nbytes / 1e6:.0f} MB")
    return np.asarray(file[key][()], float)


def _modes(path: Path, file: Any, kappa: Array, faults: Faults) -> Modes | None:
    if not all(key in file for key in _MODES):
        return None
    own, gamma, velocity, weight = (_numbers(path, file, key) for key in _MODES)
    if own.ndim == 5 and own.shape[0] == 1:
        own, gamma = own[0], gamma.reshape(gamma.shape[-3:])
    steps, points, bands = (int(size) for size in gamma.shape) if gamma.ndim == 3 else (0, 0, 0)
    shapes = {
        "mode_kappa": (own.shape, (kappa.shape[0], points, bands, 6)),
        "gamma": (gamma.shape, (kappa.shape[0], points, bands)),
        "group_velocity": (velocity.shape, (points, bands, 3)),
        "weight": (weight.shape, (points,)),
    }
    for key, (found, wanted) in shapes.items():
        if found != wanted or not steps:
            faults.add(key, str(found), f"the shape {wanted} is expected")
    faults.raise_if_any()
    own = own.reshape(steps, -1, 6)
    if not _adds_up(own, kappa):
        own = own / weight.sum()
    if not _adds_up(own, kappa):
        expected = "its sum over modes is not the conductivity, nor that times the points"
        faults.add("mode_kappa", expected=expected)
    faults.raise_if_any()
    speed = np.linalg.norm(velocity, axis=-1) * _ANGSTROM
    with np.errstate(divide="ignore"):
        length = np.where(gamma > 0, speed / (4.0 * np.pi * np.where(gamma > 0, gamma, 1.0)), 0.0)
    return Modes(own, length.reshape(steps, -1))


def _adds_up(own: Array, kappa: Array) -> bool:
    largest = float(np.max(np.abs(kappa), initial=0.0))
    return bool(np.allclose(own.sum(axis=1), kappa, rtol=1e-4, atol=1e-6 * largest))
