"""Tables of BoltzTraP 1 and 2: ``.trace`` (scalars) and ``.condtens`` (tensors).

Layout of version 2 as its source writes it (BoltzTraP2/io.py, save_trace and save_condtens): a header line
that begins with #, then rows of numbers, for every chemical potential all temperatures. ``.trace`` has ten
columns, ``Ef[Ry] T[K] N[e/uc] DOS(ef)[1/(Ha*uc)] S[V/K] sigma/tau0[1/(ohm*m*s)] RH[m**3/C]
kappae/tau0[W/(m*K*s)] cv chi``; ``.condtens`` has thirty, Ef, T, N, then sigma, S and kappae with nine
components each in Fortran order. Conductivities are over the relaxation time, over a mean free path
(``sigma/lambda0``), or whole (``sigma[1/(ohm*m)]``), as the header says. N is the number of carriers of a
cell beyond neutrality; its sign is that of electrons in some versions and of holes in others and is taken
from its slope here. Source: doi 10.1016/j.cpc.2018.05.010.

Version 1 has the same columns under ``Ef[Ry] T [K] N DOS(Ef) S s/t R_H kappa0 c chi`` and ``Ef[Ry] T [K] N
cond(x,x') ...``, with conductivities over the relaxation time. Its kappa0 is that without electric field;
without current it is ``kappa0 - T sigma S^2``. Source: doi 10.1016/j.cpc.2006.03.007.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal

import numpy as np

from ioffe.base.arrays import Array
from ioffe.base.constants import h
from ioffe.base.curve import Curve
from ioffe.base.errors import Faults, InputError
from ioffe.base.units import to_si
from ioffe.material.material import Material
from ioffe.material.readers.calculated import CalculatedDoping, Carrier, Coefficients, Direction, Lattice
from ioffe.material.readers.cells import NotANumber, number
from ioffe.material.readers.files import read_text, refuse

Relaxation = Literal["time", "length", "included"]
SOURCES: Final = (
    "BoltzTraP (doi 10.1016/j.cpc.2006.03.007)",
    "BoltzTraP2 (doi 10.1016/j.cpc.2018.05.010)",
)
RYDBERG: Final = 10973731.568157 * h * 299792458.0
"""Rydberg energy in J (CODATA 2022)."""

_TRACE, _CONDTENS = 10, 30
_KINDS: dict[str, Relaxation] = {"sigma/tau0": "time", "sigma/lambda0": "length", "sigma": "included"}
_EXPECTED: Final = (
    "a header such as # Ef[Ry] T[K] N[e/uc] ... sigma/tau0[1/(ohm*m*s)] ... kappae/tau0[W/(m*K*s)]"
)
_LINES: Final = 5_000_000
_FAULT_LIMIT: Final = 10
_ROUNDED: Final = 1e-3
"""Share of T sigma S^2 by which kappa0 of a rounded table may be below it."""
_TINY: Final = 1e-12
"""Carriers of a cell below which a point says nothing of a doping."""


@dataclass(frozen=True)
class BoltztrapTransport:
    """Transport on a grid of temperatures and chemical potentials.

    `file`: where it was read.
    `T` (t,): in K, rising.
    `chemical_potential` (t, m): in J, rising.
    `electrons` (t, m): electrons of a cell beyond neutrality; negative for holes.
    `conductivity`, `seebeck`, `electronic_thermal_conductivity` (t, m, 3, 3): conductivities by `relaxation`;
        of a ``.trace`` file the mean on the diagonal.
    `hall` (t, m): hall coefficient in m3/C, of a ``.trace`` file.
    `relaxation` {"time", "length", "included"}: what the conductivities are divided by: a relaxation time, a
        mean free path, or nothing.
    `source`: program that made the file.
    """

    file: str
    T: Array
    chemical_potential: Array
    electrons: Array
    conductivity: Array
    seebeck: Array
    electronic_thermal_conductivity: Array
    hall: Array | None
    relaxation: Relaxation
    source: str = SOURCES[1]

    def at(
        self,
        carrier: Carrier,
        carrier_density: object,
        *,
        cell_volume: object,
        relaxation_time: object = None,
        mean_free_path: object = None,
    ) -> Coefficients:
        """Coefficients of a doping that is the same at all temperatures.

        `carrier` {"p", "n"}: what the doping brings.
        `carrier_density`: net density in 1/m3 or with a unit.
        `cell_volume`: of the calculated cell, in m3 or with a unit (``"130 angstrom3"``); the file does not
            hold it.
        `relaxation_time`: in s or with a unit, for files in which conductivities are over it.
        `mean_free_path`: in m or with a unit, likewise.
        Returns: at all temperatures of the file.
        Raises `InputError` with everything that is missing, wrong or too much, and every temperature at which
            the file does not reach the doping.

        Between the chemical potentials sigma/N, S, kappa/N and N R_H are monotone cubics of ln N.
        """
        doping = carrier, carrier_density, cell_volume
        return self._interpolated(carrier, *self._doped(*doping, relaxation_time, mean_free_path)[1:])[0]

    def material(
        self,
        carrier: Carrier,
        carrier_density: object,
        lattice: Lattice,
        *,
        cell_volume: object,
        relaxation_time: object = None,
        mean_free_path: object = None,
        direction: Direction = "mean",
        name: str = "",
    ) -> Material:
        """Material of a doping that is the same at all temperatures.

        `carrier`, `carrier_density`, `cell_volume`, `relaxation_time`, `mean_free_path`: as for `at`.
        `lattice`: lattice thermal conductivity, which BoltzTraP does not calculate.
        `direction` {"mean", "xx", "yy", "zz"}: a ``.trace`` file has the mean alone.
        `name`: by default the file and the doping.
        Raises `InputError` as `at`; for a lattice part that is wrong or too short; for a direction of a
            ``.trace`` file.
        """
        if direction != "mean" and self.hall is not None:
            expected = "a .trace file has the mean of all directions alone"
            raise refuse(self.file, expected, "read the .condtens")
        doping = carrier, carrier_density, cell_volume
        density, *per_cell = self._doped(*doping, relaxation_time, mean_free_path)
        found, hall = self._interpolated(carrier, *per_cell)
        assumed = {
            "time": f"relaxation time {relaxation_time}, the same for all electrons",
            "length": f"mean free path {mean_free_path}, the same for all electrons",
            "included": "relaxation times of the calculation",
        }[self.relaxation]
        doped = CalculatedDoping(self.file, self.source, carrier, density, assumed)
        return found.material(doped, lattice, direction, name, hall)

    def _doped(
        self, carrier: str, carrier_density: object, cell_volume: object, time: object, path: object
    ) -> tuple[float, float, float]:
        """Density, carriers of a cell, and the factor on the conductivities."""
        faults = Faults()
        if carrier not in ("p", "n"):
            faults.add("carrier", carrier, '"p" or "n" is expected')
        density = volume = np.nan
        with faults.collect():
            density = to_si(carrier_density, "carrier_density", "carrier_density")
        with faults.collect():
            volume = to_si(cell_volume, "volume", "cell_volume")
        factor = self._factor(time, path, faults)
        faults.raise_if_any()
        return density, density * volume, factor

    def _factor(self, relaxation_time: object, mean_free_path: object, faults: Faults) -> float:
        given = {"relaxation_time": relaxation_time, "mean_free_path": mean_free_path}
        wanted = {"time": "relaxation_time", "length": "mean_free_path", "included": ""}[self.relaxation]
        for name, value in given.items():
            if name != wanted and value is not None:
                faults.add(name, value, f"the conductivities of {self.file} are not divided by it")
        if not wanted:
            return 1.0
        if given[wanted] is None:
            faults.add(wanted, expected=f"the conductivities of {self.file} are divided by it; give it")
            return np.nan
        with faults.collect():
            found = to_si(given[wanted], "time" if wanted == "relaxation_time" else "length", wanted)
            if found > 0:
                return found
            faults.add(wanted, given[wanted], "a number above 0 is expected")
        return np.nan

    def _interpolated(
        self, carrier: Carrier, excess: float, factor: float
    ) -> tuple[Coefficients, Curve | None]:
        from scipy.interpolate import PchipInterpolator

        sign = 1.0 if carrier == "n" else -1.0
        faults = Faults(self.file)
        rows: list[Array] = []
        for T, electrons, table in zip(self.T, self.electrons, self._table(), strict=True):
            right = sign * electrons > _TINY
            carriers = sign * electrons[right]
            size, values = np.log(carriers), table[right] / _powers(carriers, table)
            if carrier == "p":
                size, values = size[::-1], values[::-1]
            kept = np.concatenate([np.diff(size) > 0, [True]]) if size.size else np.zeros(0, bool)
            size, values = size[kept], values[kept]
            if size.size < 2 or not size[0] <= np.log(excess) <= size[-1]:
                faults.add(f"{T:g} K", f"{excess:.3g} per cell", _reach(size, carrier))
            else:
                row = PchipInterpolator(size, values)(np.log(excess))
                rows.append(row * _powers(np.array([excess]), table)[0])
        faults.raise_if_any()
        found = np.array(rows)
        sigma, S, kappa = (found[:, 9 * i : 9 * i + 9].reshape(-1, 3, 3) for i in range(3))
        hall = None if self.hall is None else Curve(self.T, found[:, 27], "hall_coefficient")
        return Coefficients(self.T, factor * sigma, S, factor * kappa), hall

    def _table(self) -> Array:
        """All coefficients side by side, shape (t, m, 27 or 28)."""
        steps, count = self.electrons.shape
        tensors = (self.conductivity, self.seebeck, self.electronic_thermal_conductivity)
        parts = [tensor.reshape(steps, count, 9) for tensor in tensors]
        return np.concatenate(parts + ([] if self.hall is None else [self.hall[..., None]]), axis=-1)


def _powers(carriers: Array, table: Array) -> Array:
    """What the columns are about proportional to: N for sigma and kappa, 1 for S, 1/N for R_H."""
    ones = np.ones((carriers.size, 9))
    parts = [ones * carriers[:, None], ones, ones * carriers[:, None], 1.0 / carriers[:, None]]
    return np.concatenate(parts, axis=1)[:, : table.shape[1]]


def _reach(size: Array, carrier: Carrier) -> str:
    if size.size < 2:
        return f"the file holds no {carrier} doping"
    return f"{carrier} doping from {np.exp(size[0]):.3g} to {np.exp(size[-1]):.3g} per cell is in the file"


def load(path: str | Path) -> BoltztrapTransport:
    """Read a ``.trace`` or ``.condtens`` file.

    Raises `InputError` for another layout; with every row that does not have the columns of the header (at
        most ten); if the temperatures do not have as many chemical potentials each, or N neither rises nor
        falls with them.
    """
    path = Path(path)
    lines = read_text(path, _LINES).splitlines()
    first = next((i for i, line in enumerate(lines) if line.strip()), 0)
    names = lines[first].lstrip("# ").replace("T [K]", "T[K]").split()
    plain = {name.split("[")[0] for name in names}
    is_first = "s/t" in plain or any(name.startswith("cond(") for name in plain)
    kinds: list[Relaxation] = ["time"] if is_first else [_KINDS[k] for k in _KINDS if k in plain]
    known = ["Ef[Ry]", "T[K]"] if is_first else ["Ef[Ry]", "T[K]", "N[e/uc]"]
    is_header = lines[first].lstrip().startswith("#") and names[: len(known)] == known
    if not is_header or not kinds:
        raise refuse(path, f"{_EXPECTED} is expected", value=lines[first])
    tensors = len(names) < _TRACE
    faults = Faults(str(path))
    rows = _rows(lines, first + 1, _CONDTENS if tensors else _TRACE, faults)
    if not rows and not faults:
        faults.add("", expected="there are no rows of numbers below the header")
    faults.raise_if_any()
    found = _transport(path, np.array(rows), tensors, kinds[0], faults)
    return _without_current(found, faults) if is_first else found


def _without_current(found: BoltztrapTransport, faults: Faults) -> BoltztrapTransport:
    """A file of version 1 with the electronic thermal conductivity that no current flows in."""
    sigma, S = found.conductivity, found.seebeck
    drift = found.T[:, None, None, None] * (sigma @ S @ S)
    kappa = found.electronic_thermal_conductivity - drift
    if np.any(np.trace(kappa, axis1=-2, axis2=-1) < -_ROUNDED * np.trace(drift, axis1=-2, axis2=-1)):
        faults.add(
            "kappa0", expected="it is below T sigma S^2, which it cannot be: is it kappa without current?"
        )
    faults.raise_if_any()
    return replace(found, electronic_thermal_conductivity=kappa, source=SOURCES[0])


def _rows(lines: list[str], first: int, columns: int, faults: Faults) -> list[list[float]]:
    found = []
    for index in range(first, len(lines)):
        cells = lines[index].split()
        if not cells or cells[0].startswith("#"):
            continue
        try:
            if len(cells) != columns:
                raise NotANumber(f"{columns} numbers are expected")
            found.append([number(cell) for cell in cells])
        except NotANumber as problem:
            faults.add(f"line {index + 1}", lines[index].strip(), str(problem))
            if len(faults) == _FAULT_LIMIT:
                break
    return found


def _transport(
    path: Path, rows: Array, tensors: bool, relaxation: Relaxation, faults: Faults
) -> BoltztrapTransport:
    T = np.unique(rows[:, 1])
    counts = {int(np.sum(rows[:, 1] == t)) for t in T}
    if len(counts) > 1:
        expected = "every temperature must have as many chemical potentials"
        raise InputError(*Faults(str(path)).found, f"{path}: {expected}")
    table = np.stack([rows[rows[:, 1] == t] for t in T])
    order = np.argsort(table[:, :, 0], axis=1, kind="stable")
    table = np.take_along_axis(table, order[..., None], axis=1)
    slope = table[:, -1, 2] - table[:, 0, 2]
    if not (np.all(slope > 0) or np.all(slope < 0)):
        expected = "it must rise or fall with the chemical potential at every temperature"
        faults.add("N[e/uc]", expected=expected)
    if T[0] <= 0:
        faults.add("T[K]", float(T[0]), "temperatures above 0 K are expected")
    faults.raise_if_any()
    shape = (T.size, table.shape[1], 3, 3)
    if tensors:
        blocks = [np.swapaxes(table[:, :, 3 + 9 * i : 12 + 9 * i].reshape(shape), -1, -2) for i in range(3)]
        hall = None
    else:
        blocks = [table[:, :, i, None, None] * np.eye(3) for i in (5, 4, 7)]
        hall = table[:, :, 6]
    sigma, S, kappa = blocks
    electrons = table[:, :, 2] * np.sign(slope)[:, None]
    level = table[:, :, 0] * RYDBERG
    return BoltztrapTransport(path.name, T, level, electrons, sigma, S, kappa, hall, relaxation)
