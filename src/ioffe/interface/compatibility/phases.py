"""Phases and their formation energies, read from tables or from files of computed entries."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import log
from pathlib import Path
from typing import Annotated, Any, Final

from ioffe.base._files import parse_json
from ioffe.base.constants import e, k_B
from ioffe.base.errors import Fault, InputError, check_one_of
from ioffe.base.quantities import quantity
from ioffe.base.schema import Model, Quantified, Several, read_toml, validate
from ioffe.base.units import measured, unit_of_header
from ioffe.interface._checks import POSITIVE, SHARE, Checks
from ioffe.material.readers.opening import read_text
from ioffe.transport.formula import Formula, parse_formula

ROUNDING: Final = 1e-9
"""Of shares, of their sum, and of amounts that count as whole numbers."""


@dataclass(frozen=True)
class Phase:
    """A phase of fixed composition.

    Parameters
    ----------
    formula : str
        Such as ``Mg3Sb2``.
    formation_energy : float
        In J by atom, from the elements in their stable form.
    name : str
        By default the formula.
    uncertainty : float
        Standard deviation of the formation energy in J by atom.
    source : str
        Where the energy comes from.

    Raises
    ------
    InputError
        For a formula that cannot be read or an energy that is no number.

    Examples
    --------
    >>> Phase("Mg3Sb2", -0.62 * e).fractions
    {'Mg': 0.6, 'Sb': 0.4}
    """

    formula: str
    formation_energy: float
    name: str = ""
    uncertainty: float = 0.0
    source: str = ""

    def __post_init__(self) -> None:
        with Checks() as checks:
            with checks.collect():
                parse_formula(self.formula)
            uncertainty = replace(quantity("formation_energy"), lower=0.0)
            checks.fields(self, formation_energy="formation_energy", uncertainty=uncertainty)
        if not self.name:
            object.__setattr__(self, "name", self.formula)

    @property
    def composition(self) -> Formula:
        """The formula, read."""
        return parse_formula(self.formula)

    @property
    def fractions(self) -> dict[str, float]:
        """Atomic fractions by element."""
        formula = self.composition
        return {element: amount / formula.atoms for element, amount in formula.amounts.items()}


class FormationRow(Model):
    """Row of a table of phases: formula, formation energy by atom, name and source."""

    formula: str
    formation_energy: Annotated[tuple[float, float], Quantified("formation_energy", uncertain=True)]
    name: str = ""
    source: str = ""


class FormationTable(Model):
    """File of phases: one row a phase."""

    phase: Several[FormationRow]


TABLES: Final = {"Mg-Cu-Sb-Bi": "mg_cu_sb_bi.toml", "Mg-Ag-Sb": "mg_ag_sb.toml"}
"""Tables of the package by the elements they are about."""


def example_phases(system: str = "Mg-Cu-Sb-Bi") -> tuple[Phase, ...]:
    """Phases of the package with approximate formation energies; every row says where its number is from.

    Parameters
    ----------
    system : {"Mg-Cu-Sb-Bi", "Mg-Ag-Sb"}
        The first is remembered; the second is computed, from the Materials Project, but for Ag3Sb.

    Returns
    -------
    tuple of Phase

    Raises
    ------
    InputError
        For another system.

    Examples
    --------
    >>> [phase.name for phase in example_phases()]
    ['Mg', 'Cu', 'Sb', 'Bi', 'Mg3Sb2', 'Mg3Bi2', 'Mg2Cu', 'MgCu2', 'Cu2Sb']
    """
    check_one_of("system", system, TABLES)
    return read_phases(Path(__file__).parent / "data" / TABLES[system])


def read_phases(path: str | Path) -> tuple[Phase, ...]:
    r"""Phases of a file.

    Parameters
    ----------
    path : path
        TOML with tables ``[[phase]]`` of ``formula``, ``formation_energy`` (by atom, with unit, or with
        ``value``, ``unit``, ``uncertainty``), ``name`` and ``source``; CSV with the columns ``formula``,
        ``formation_energy (eV)``, and perhaps ``uncertainty (eV)``, ``name``, ``source``; or JSON with
        computed entries as pymatgen writes them (a list, or an object with ``entries``): then formation
        energies are counted from the lowest entry of every element. Pymatgen itself is not needed.

    Returns
    -------
    tuple of Phase
        In the order of the file.

    Raises
    ------
    InputError
        With everything that is wrong with the file.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "phases.csv"
    ...     _ = path.write_text("formula,formation_energy (eV)\nMg3Sb2,-0.62\n")
    ...     (phase,) = read_phases(path)
    >>> round(phase.formation_energy / e, 3)
    -0.62
    """
    path = Path(path)
    ending = path.suffix.casefold()
    if ending == ".toml":
        rows = [(row, *row.formation_energy) for row in validate(FormationTable, read_toml(path), path).phase]
        return tuple(Phase(row.formula, energy, row.name, std, row.source) for row, energy, std in rows)
    if ending == ".csv":
        return _from_csv(read_text(path).splitlines(), str(path))
    if ending == ".json":
        return _from_entries(read_text(path), str(path))
    raise InputError(Fault("path", str(path), "a file ending in .toml, .csv or .json is expected"))


def _from_csv(lines: Sequence[str], file: str) -> tuple[Phase, ...]:
    first, *rows = list(csv.reader(line for line in lines if not line.startswith("#"))) or [[]]
    heads = [unit_of_header(cell.strip()) for cell in first]
    units = {name.strip().casefold().replace(" ", "_"): unit for name, unit in heads}
    with Checks(file) as checks:
        if not first:
            checks.add("", expected="a line with the names of the columns is expected")
        for needed in ("formula", "formation_energy"):
            if first and needed not in units:
                checks.add(f"column {needed}", expected="this column is missing")
    found = []
    with Checks(file) as checks:
        for number, cells in enumerate(rows, 2):
            row = dict(zip(units, (cell.strip() for cell in cells), strict=False))
            if not any(row.values()):
                continue
            with checks.collect(f"line {number}"):
                energy, std = (
                    _energy(row.get(key) or "0", units.get(key) or units["formation_energy"], key)
                    for key in ("formation_energy", "uncertainty")
                )
                name, source = row.get("name", ""), row.get("source", "")
                found.append(Phase(row.get("formula", ""), energy, name, std, source))
    return tuple(found)


def _energy(number: str, unit: str, key: str) -> float:
    return measured(f"{number} {unit}", "formation_energy", key)[0]


def _from_entries(text: str, file: str) -> tuple[Phase, ...]:
    """Computed entries to phases: total energies in eV less those of the elements."""
    try:
        found = parse_json(text)
    except ValueError as error:
        raise InputError(Fault("", expected=f"the JSON cannot be read: {error}", file=file)) from None
    entries = found.get("entries") if isinstance(found, Mapping) else found
    if not isinstance(entries, Sequence) or isinstance(entries, str) or not entries:
        raise InputError(Fault("", expected="a list of computed entries is expected", file=file))
    read: list[tuple[dict[str, float], float, str]] = []
    with Checks(file) as checks:
        for index, entry in enumerate(entries):
            with checks.collect(f"[{index}]"):
                read.append(_entry(entry))
    lowest: dict[str, float] = {}
    for amounts, energy, _ in read:
        if len(amounts) == 1:
            (element,) = amounts
            lowest[element] = min(energy, lowest.get(element, energy))
    with Checks(file) as checks:
        for element in sorted({element for amounts, _, _ in read for element in amounts} - set(lowest)):
            expected = "an entry of the pure element is expected, as the zero of the energy"
            checks.add(element, expected=expected)
    phases = []
    for amounts, energy, name in read:
        atoms = sum(amounts.values())
        formed = energy - sum(amount * lowest[element] for element, amount in amounts.items()) / atoms
        formula = "".join(f"{element}{amount:.10g}" for element, amount in amounts.items())
        phases.append(Phase(formula, formed * e, name or formula, source=f"{file}: computed entry"))
    return tuple(phases)


def _entry(entry: Any) -> tuple[dict[str, float], float, str]:
    """Amounts by element, energy in eV by atom, and a name."""
    composition = entry.get("composition") if isinstance(entry, Mapping) else None
    if not isinstance(composition, Mapping) or not composition:
        raise InputError(Fault("composition", expected="amounts by element are expected"))
    amounts: dict[str, float] = {}
    with Checks() as checks:
        for element, amount in composition.items():
            symbol = element.rstrip("+-0123456789")
            value = checks.number(f"composition.{element}", amount, POSITIVE)
            amounts[symbol] = amounts.get(symbol, 0.0) + value
        energy = checks.number("energy", entry.get("energy"))
        correction = checks.number("correction", entry.get("correction", 0.0) or 0.0)
    reduced = min(amounts.values())
    whole = {element: amount / reduced for element, amount in amounts.items()}
    name = "".join(f"{k}{'' if v == 1.0 else format(v, '.6g')}" for k, v in whole.items())
    name = name if all(abs(v - round(v)) < ROUNDING for v in whole.values()) else ""
    label = entry.get("entry_id") or ""
    atoms = sum(amounts.values())
    label = f"{name or 'entry'} ({label})" if label else name
    return amounts, (energy + correction) / atoms, str(label)


def solid_solution(
    ends: Sequence[Phase], shares: Sequence[float], T: float, mixing_sites: float, name: str = ""
) -> Phase:
    """Ideal solution of phases with one lattice, at a temperature.

    E = sum_i x_i E_i + (mixing_sites k_B T) sum_i x_i ln x_i: no energy of mixing, and the entropy of mixing
    on a share of the sites. The formation energies of the ends are taken as they are at every temperature.

    Parameters
    ----------
    ends : sequence of Phase
        Such as Mg3Sb2 and Mg3Bi2, with the same number of atoms in the formula.
    shares : sequence of float
        x_i, sum 1.
    T : float
        In K.
    mixing_sites : float
        Share of the atoms on the sites that mix: 2/5 for Sb and Bi in Mg3(Sb,Bi)2.
    name : str
        Of the solution; by default its formula.

    Returns
    -------
    Phase
        With the energy of the solution, and the errors of the ends taken as independent.

    Raises
    ------
    InputError
        With everything that is wrong.

    Examples
    --------
    >>> sb, bi = Phase("Mg3Sb2", -0.62 * e), Phase("Mg3Bi2", -0.32 * e)
    >>> mixed = solid_solution([sb, bi], [0.25, 0.75], 803.0, 0.4)
    >>> mixed.formula, round(mixed.formation_energy / e, 4)
    ('Mg3Sb0.5Bi1.5', -0.4106)
    """
    with Checks() as checks:
        for index, share in enumerate(shares):
            checks.number(f"shares[{index}]", share, replace(SHARE, exclusive=True))
        if len(shares) != len(ends) or abs(sum(shares) - 1.0) > ROUNDING:
            checks.add("shares", list(shares), f"{len(ends)} shares with the sum 1 are expected")
        thermal = k_B * checks.number("T", T, "temperature")
        sites = checks.number("mixing_sites", mixing_sites, SHARE)
        if len({round(end.composition.atoms, 9) for end in ends}) != 1:
            expected = "formulas with the same number of atoms are expected"
            checks.add("ends", [end.formula for end in ends], expected)
    amounts: dict[str, float] = {}
    for end, share in zip(ends, shares, strict=True):
        for element, amount in end.composition.amounts.items():
            amounts[element] = amounts.get(element, 0.0) + share * amount
    entropy = sum(share * log(share) for share in shares)
    energy = sum(share * end.formation_energy for share, end in zip(shares, ends, strict=True))
    formula = "".join(f"{k}{'' if abs(v - 1.0) < 1e-12 else format(v, '.10g')}" for k, v in amounts.items())
    std = sum((share * end.uncertainty) ** 2 for share, end in zip(shares, ends, strict=True)) ** 0.5
    source = f"ideal solution of {', '.join(end.name for end in ends)} at {thermal / k_B:g} K"
    return Phase(formula, energy + sites * thermal * entropy, name or formula, std, source)
