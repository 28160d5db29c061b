"""Transport files of AMSET, ``transport_*.json``, and the tables that it writes as ``.txt`` and ``.csv``.

Keys as its source writes them (hackingmaterials/amset, amset/core/data.py, to_dict): ``doping`` (d,) in
1/cm3, negative for electrons; ``temperatures`` (t,) in K; ``fermi_levels`` (d, t) in eV; ``conductivity`` (d,
t, 3, 3) in S/m; ``seebeck`` in uV/K; ``electronic_thermal_conductivity`` in W/(m K); ``mobility``, null or by
scattering mechanism, in cm2/(V s). The tables (to_data, there) hold the same numbers, a row for each doping
and temperature, of the symmetric tensors the upper triangle. Source: doi 10.1038/s41467-021-22440-5.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import numpy as np

from ioffe.base._files import read_json
from ioffe.base.arrays import Array
from ioffe.base.constants import e
from ioffe.base.errors import Fault, Faults, InputError
from ioffe.base.units import to_si
from ioffe.material.material import Material
from ioffe.material.readers.calculated import CalculatedDoping, Carrier, Coefficients, Direction, Lattice
from ioffe.material.readers.files import DUMP_LIMIT, CellGrid, open_checked, read_text, refuse
from ioffe.material.readers.records import Sample, SampleReader
from ioffe.material.readers.selection import Points

KEYS: Final = ("doping", "temperatures", "conductivity", "seebeck", "electronic_thermal_conductivity")
SOURCE: Final = "AMSET (doi 10.1038/s41467-021-22440-5)"
_HEAD: Final = b"doping[cm^-3] temperature[K]"
_TENSORS: Final = {"cond": "conductivity", "seebeck": "seebeck", "kappa": "electronic_thermal_conductivity"}
"""What begins the header of a table, and its names of the tensors with the keys of the JSON file."""
_MOBILITY: Final = "_mobility_xx"
_SAME: Final = 1e-3
"""Relative difference up to which a density is one of the file."""


@dataclass(frozen=True)
class AmsetTransport:
    """Electronic transport at several dopings and temperatures.

    `file`: where it was read.
    `T` (t,): in K, rising.
    `doping` (d,): in 1/m3, negative for electrons.
    `conductivity`, `seebeck`, `electronic_thermal_conductivity` (d, t, 3, 3): in S/m, V/K, W/(m K).
    `fermi_level` (d, t): in J.
    `mobility` (d, t, 3, 3): in m2/(V s) by mechanism; empty if the file has none.
    """

    file: str
    T: Array
    doping: Array
    conductivity: Array
    seebeck: Array
    electronic_thermal_conductivity: Array
    fermi_level: Array | None
    mobility: Mapping[str, Array]

    def at(self, doping: object) -> Coefficients:
        """Coefficients of one doping of the file.

        `doping`: in 1/m3 or with a unit, negative for electrons.
        Returns: at all temperatures of the file.
        Raises `InputError` if it is none of the file, with those that are.
        """
        row = self._row(doping)
        tensors = self.conductivity, self.seebeck, self.electronic_thermal_conductivity
        return Coefficients(self.T, *(tensor[row] for tensor in tensors))

    def material(
        self, doping: object, lattice: Lattice, *, direction: Direction = "mean", name: str = ""
    ) -> Material:
        """Material of one doping.

        `doping`: as for `at`.
        `lattice`: lattice thermal conductivity, which AMSET does not calculate.
        `direction` {"mean", "xx", "yy", "zz"}
        `name`: by default the file and the doping.
        Raises `InputError` as `at`; for a lattice part that is wrong or too short.
        """
        density = float(self.doping[self._row(doping)])
        carrier: Carrier = "n" if density < 0 else "p"
        doped = CalculatedDoping(self.file, SOURCE, carrier, abs(density))
        return self.at(doping).material(doped, lattice, direction, name, None)

    def _row(self, doping: object) -> int:
        text = doping.strip() if isinstance(doping, str) else doping
        negative = isinstance(text, str) and text.startswith("-")
        if isinstance(text, str):
            size = to_si(text.lstrip("+-"), "carrier_density", "doping")
            wanted = -size if negative else size
        else:
            wanted = float(text) if isinstance(text, int | float) else np.nan
        near = np.flatnonzero(np.abs(self.doping - wanted) <= _SAME * abs(wanted))
        if near.size != 1:
            listed = ", ".join(f"{value * 1e-6:.3g}" for value in self.doping)
            expected = f"one of the dopings of {self.file} is expected: {listed} cm^-3"
            raise InputError(Fault("doping", doping, expected, "electrons are negative"))
        return int(near[0])


@dataclass(frozen=True)
class AmsetSample:
    """One doping of a file.

    `doping`: in 1/m3, negative for electrons.
    """

    transport: AmsetTransport
    doping: float

    @property
    def sample(self) -> Sample:
        """Its value in 1/cm3 as key; it lacks the lattice thermal conductivity."""
        name = f"{'n' if self.doping < 0 else 'p'} {abs(self.doping) * 1e-6:.3g} cm^-3"
        properties = ("seebeck", "electrical_conductivity", "electronic_thermal_conductivity")
        return Sample(f"{self.doping * 1e-6:.6g}", name, "", properties, ("thermal_conductivity",))

    def material(
        self, faults: Faults, carrier: Carrier | None = None, lattice: Lattice | None = None
    ) -> Material:
        """Material with a lattice part; the type of the carriers is that of the doping.

        `faults`: takes what is wrong.
        `carrier`: not used: the doping says it.
        `lattice`: lattice thermal conductivity, needed.
        Raises `InputError` without a lattice part, or for one that is wrong or too short.
        """
        if lattice is None:
            advice = (
                'ioffe materials import --lattice "1.2 W/(m K)" (lattice= in Python), or a file of phono3py'
            )
            expected = "AMSET calculates no lattice thermal conductivity"
            raise InputError(Fault("lattice", expected=expected, advice=advice, file=faults.file))
        return self.transport.material(self.doping, lattice)

    def points(self) -> dict[str, Points]:
        """Points of S and the conductivity, means of the three directions.

        Returns: as `SampleSource.points`.
        """
        row = int(np.flatnonzero(self.transport.doping == self.doping)[0])
        given = {"seebeck": self.transport.seebeck, "electrical_conductivity": self.transport.conductivity}
        return {k: (self.transport.T, np.trace(v[row], axis1=1, axis2=2) / 3.0) for k, v in given.items()}


def detect(names: Sequence[str]) -> int:
    """Number of keys of a transport file; 0 if it is another one.

    `names`: keys of a JSON object.

    >>> detect(KEYS), detect(["format", "leg"])
    (5, 0)
    """
    return len(names) if set(KEYS) <= set(names) else 0


def read(grids: Sequence[CellGrid], _faults: Faults) -> list[AmsetSample]:
    """Samples of a file, one for each doping.

    `grids`: the file; its content is read here.
    `_faults`: not used: everything that is wrong is raised.
    Raises `InputError` as `load`.
    """
    found = load(grids[0].file)
    return [AmsetSample(found, float(doping)) for doping in found.doping]


READER: Final = SampleReader(
    "amset", "AMSET", "calculation", ", ".join(KEYS), detect, read, is_database=False
)


def load(path: str | Path) -> AmsetTransport:
    """Read a transport file.

    `path`: ``transport_*.json``, or the table with the ending ``.txt`` or ``.csv``.
    Raises `InputError` with every key that is missing or of the wrong shape, and numbers that are not finite.
    """
    path = open_checked(Path(path))
    data = _of_table(path) if is_table(path) else read_json(path)
    faults = Faults(str(path))
    missing = [key for key in KEYS if key not in data]
    if missing:
        expected = f"the keys of an AMSET transport file are expected: {', '.join(KEYS)}"
        advice = f"missing: {', '.join(missing)}"
        if len(missing) > len(KEYS) // 2:
            advice = "other JSON files are not read: write the columns as CSV"
        faults.add("", ", ".join(list(data)[:8]), expected, advice)
    faults.raise_if_any()
    doping = _array(data, "doping", (None,), faults)
    T = _array(data, "temperatures", (None,), faults)
    shape = (doping.size, T.size, 3, 3)
    sigma, S, kappa = (_array(data, key, shape, faults) for key in KEYS[2:])
    if not faults and not (np.all(T > 0) and np.all(np.diff(T) > 0)):
        faults.add("temperatures", expected="rising temperatures above 0 K are expected")
    levels = data.get("fermi_levels")
    fermi = None if levels is None else _array(data, "fermi_levels", shape[:2], faults) * e
    mobility = _mobility(data.get("mobility"), shape, faults)
    faults.raise_if_any()
    return AmsetTransport(path.name, T, doping * 1e6, sigma, S * 1e-6, kappa, fermi, mobility)


def is_table(path: Path) -> bool:
    """Whether a file is one of the tables: they begin with the same header.

    `path`: an existing file.
    """
    with path.open("rb") as file:
        return file.read(len(_HEAD) + 8).lstrip(b"# ").startswith(_HEAD)


def _of_table(path: Path) -> dict[str, Any]:
    """What the JSON file of the same calculation holds."""
    text = read_text(path, DUMP_LIMIT)
    names = [name.partition("[")[0] for name in text.partition("\n")[0].lstrip("# ").split()]
    try:
        rows = np.loadtxt(io.StringIO(text), ndmin=2)
    except ValueError as error:
        raise refuse(path, f"rows of numbers are expected below the header of AMSET ({error})") from None
    needed = ["doping", "temperature", "Fermi_level", *(f"{name}_xx" for name in _TENSORS)]
    missing = [name for name in needed if name not in names]
    if missing or not rows.size or rows.shape[1] != len(names):
        shape = f"{rows.shape[1]} columns below {len(names)} headers"
        expected = f"the columns of AMSET are expected, without {', '.join(missing)}" if missing else shape
        raise refuse(path, expected)
    column = dict(zip(names, rows.T, strict=True))
    doping, T = (np.array(list(dict.fromkeys(column[name].tolist()))) for name in needed[:2])
    grid = np.meshgrid(doping, T, indexing="ij")
    if len(rows) != grid[0].size or any(
        not np.array_equal(column[name], part.ravel()) for name, part in zip(needed, grid, strict=False)
    ):
        raise refuse(path, "one row for each doping and temperature is expected, those of a doping together")

    def tensor(name: str) -> Array:
        upper = [[f"{name}_{''.join(sorted((a, b)))}" for b in "xyz"] for a in "xyz"]
        found = np.array([[column.get(key, np.full(len(rows), np.nan)) for key in row] for row in upper])
        return found.transpose(2, 0, 1).reshape(*grid[0].shape, 3, 3)

    mechanisms = [name.removesuffix(_MOBILITY) for name in names if name.endswith(_MOBILITY)]
    return {
        "doping": doping,
        "temperatures": T,
        "fermi_levels": column["Fermi_level"].reshape(grid[0].shape),
        **{key: tensor(name) for name, key in _TENSORS.items()},
        "mobility": {name: tensor(f"{name}_mobility") for name in mechanisms} or None,
    }


def _mobility(given: Any, shape: tuple[int, ...], faults: Faults) -> Mapping[str, Array]:
    if given is None:
        return MappingProxyType({})
    if not isinstance(given, dict):
        faults.add("mobility", given, "null or tensors by the name of a mechanism are expected")
        return MappingProxyType({})
    return MappingProxyType({name: _array(given, name, shape, faults) * 1e-4 for name in given})


def _array(data: Mapping[str, Any], key: str, shape: tuple[int | None, ...], faults: Faults) -> Array:
    """Finite numbers of that shape; None means any length."""
    try:
        found = np.array(data[key], float)
    except (TypeError, ValueError):
        faults.add(key, data[key], "a list of numbers is expected")
        return np.zeros([size or 0 for size in shape])
    right = found.ndim == len(shape) and all(
        b is None or a == b for a, b in zip(found.shape, shape, strict=True)
    )
    if not right or not found.size:
        wanted = tuple("any" if size is None else size for size in shape)
        faults.add(key, str(found.shape), f"the shape {wanted} is expected")
        return np.zeros([size or 0 for size in shape])
    if not np.all(np.isfinite(found)):
        faults.add(key, expected="finite numbers are expected")
    return found
