"""Phases and their formation energies, read from tables or from files of computed entries."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from math import log
from pathlib import Path
from typing import Annotated, Any

from ioffe.base.constants import e, k_B
from ioffe.base.errors import Fault, Faults, InputError
from ioffe.base.schema import Model, Quantified, Several, read_toml, validate
from ioffe.base.units import measured, unit_of_header
from ioffe.interface._checks import check_number
from ioffe.transport.formula import Formula, parse_formula

__all__ = ["Phase", "example_phases", "read_phases", "solid_solution"]


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
        faults = Faults()
        with faults.collect():
            parse_formula(self.formula)
        check_number(faults, "formation_energy", self.formation_energy)
        check_number(faults, "uncertainty", self.uncertainty, 0.0)
        faults.raise_if_any()
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


class _Entry(Model):
    formula: str
    formation_energy: Annotated[tuple[float, float], Quantified("formation_energy", uncertain=True)]
    name: str = ""
    source: str = ""


class _Table(Model):
    phase: Several[_Entry]


def example_phases() -> tuple[Phase, ...]:
    """Phases between Mg, Cu, Sb and Bi with remembered, approximate formation energies.

    Examples
    --------
    >>> [phase.name for phase in example_phases()]
    ['Mg', 'Cu', 'Sb', 'Bi', 'Mg3Sb2', 'Mg3Bi2', 'Mg2Cu', 'MgCu2', 'Cu2Sb']
    """
    return read_phases(str(files("ioffe.interface.compatibility") / "data" / "mg_cu_sb_bi.toml"))


def read_phases(path: str | Path) -> tuple[Phase, ...]:
    """Phases of a file.

    Parameters
    ----------
    path : path
        TOML with tables ``[[phase]]`` of ``formula``, ``formation_energy`` (by atom, with unit, or with
        ``value``, ``unit``, ``uncertainty``), ``name`` and ``source``; CSV with the columns ``formula``,
        ``formation_energy (eV)``, and perhaps ``uncertainty (eV)``, ``name``, ``source``; or JSON with
        computed entries as pymatgen writes them (a list, or an object with ``entries``): then formation
        energies are counted from the lowest entry of every element. Pymatgen itself is not needed.

    Raises
    ------
    InputError
        With everything that is wrong with the file.
    """
    path = Path(path)
    ending = path.suffix.casefold()
    if ending == ".toml":
        table = validate(_Table, read_toml(path), path)
        return tuple(
            Phase(p.formula, p.formation_energy[0], p.name, p.formation_energy[1], p.source)
            for p in table.phase
        )
    if ending == ".csv":
        return _from_csv(_text(path), str(path))
    if ending == ".json":
        return _from_entries(_json(_text(path), str(path)), str(path))
    raise InputError(Fault("path", str(path), "a file ending in .toml, .csv or .json is expected"))


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is no text in UTF-8"
        raise InputError(
            Fault("", expected="the file cannot be read", advice=reason, file=str(path))
        ) from None


def _from_csv(text: str, file: str) -> tuple[Phase, ...]:
    rows = list(
        csv.reader(io.StringIO("\n".join(line for line in text.splitlines() if not line.startswith("#"))))
    )
    faults = Faults(file)
    if not rows:
        faults.add("", expected="a line with the names of the columns is expected")
    faults.raise_if_any()
    heads = [unit_of_header(cell.strip()) for cell in rows[0]]
    names = [name.strip().casefold().replace(" ", "_") for name, _ in heads]
    for needed in ("formula", "formation_energy"):
        if needed not in names:
            faults.add(f"column {needed}", expected="this column is missing")
    faults.raise_if_any()
    units = dict(zip(names, (unit for _, unit in heads), strict=True))
    found = []
    for number, cells in enumerate(rows[1:], 2):
        row = dict(zip(names, (cell.strip() for cell in cells), strict=False))
        if not any(row.values()):
            continue
        with faults.collect(f"line {number}"):
            energy, std = (
                measured(
                    f"{row.get(key) or '0'} {units.get(key) or units['formation_energy']}",
                    "formation_energy",
                    key,
                )[0]
                for key in ("formation_energy", "uncertainty")
            )
            found.append(
                Phase(row.get("formula", ""), energy, row.get("name", ""), std, row.get("source", ""))
            )
    faults.raise_if_any()
    return tuple(found)


def _json(text: str, file: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(Fault("", expected=f"the JSON cannot be read: {error}", file=file)) from None


def _from_entries(found: Any, file: str) -> tuple[Phase, ...]:
    """Computed entries to phases: total energies in eV less those of the elements."""
    faults = Faults(file)
    entries = found.get("entries") if isinstance(found, Mapping) else found
    if not isinstance(entries, Sequence) or isinstance(entries, str) or not entries:
        raise InputError(Fault("", expected="a list of computed entries is expected", file=file))
    read: list[tuple[dict[str, float], float, str]] = []
    for index, entry in enumerate(entries):
        with faults.collect(f"[{index}]"):
            read.append(_entry(entry))
    faults.raise_if_any()
    lowest: dict[str, float] = {}
    for amounts, energy, _ in read:
        if len(amounts) == 1:
            (element,) = amounts
            lowest[element] = min(energy, lowest.get(element, energy))
    for element in sorted({element for amounts, _, _ in read for element in amounts} - set(lowest)):
        faults.add(element, expected="an entry of the pure element is expected, as the zero of the energy")
    faults.raise_if_any()
    phases = []
    for amounts, energy, name in read:
        atoms = sum(amounts.values())
        formed = energy - sum(amount * lowest[element] for element, amount in amounts.items()) / atoms
        formula = "".join(f"{element}{amount:.10g}" for element, amount in amounts.items())
        phases.append(Phase(formula, formed * e, name or formula, source=f"{file}: computed entry"))
    return tuple(phases)


def _entry(entry: Any) -> tuple[dict[str, float], float, str]:
    """Amounts by element, energy in eV by atom, and a name."""
    faults = Faults()
    composition = entry.get("composition") if isinstance(entry, Mapping) else None
    if not isinstance(composition, Mapping) or not composition:
        faults.add("composition", expected="amounts by element are expected")
        faults.raise_if_any()
        return {}, 0.0, ""
    amounts = {}
    for element, amount in composition.items():
        symbol = element.rstrip("+-0123456789")
        value = check_number(faults, f"composition.{element}", amount, 0.0, exclusive=True)
        amounts[symbol] = amounts.get(symbol, 0.0) + value
    energy = check_number(faults, "energy", entry.get("energy"))
    correction = check_number(faults, "correction", entry.get("correction", 0.0) or 0.0)
    faults.raise_if_any()
    reduced = min(amounts.values())
    whole = {element: amount / reduced for element, amount in amounts.items()}
    name = "".join(f"{k}{'' if v == 1.0 else format(v, '.6g')}" for k, v in whole.items())
    name = name if all(abs(v - round(v)) < 1e-9 for v in whole.values()) else ""
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
    faults = Faults()
    for index, share in enumerate(shares):
        check_number(faults, f"shares[{index}]", share, 0.0, 1.0, exclusive=True)
    if len(shares) != len(ends) or abs(sum(shares) - 1.0) > 1e-9:
        faults.add("shares", list(shares), f"{len(ends)} shares with the sum 1 are expected")
    check_number(faults, "T", T, 0.0)
    check_number(faults, "mixing_sites", mixing_sites, 0.0, 1.0)
    atoms = {round(end.composition.atoms, 9) for end in ends}
    if len(atoms) != 1:
        faults.add(
            "ends", [end.formula for end in ends], "formulas with the same number of atoms are expected"
        )
    faults.raise_if_any()
    amounts: dict[str, float] = {}
    for end, share in zip(ends, shares, strict=True):
        for element, amount in end.composition.amounts.items():
            amounts[element] = amounts.get(element, 0.0) + share * amount
    entropy = sum(share * log(share) for share in shares)
    energy = sum(share * end.formation_energy for share, end in zip(shares, ends, strict=True))
    formula = "".join(f"{k}{'' if abs(v - 1.0) < 1e-12 else format(v, '.10g')}" for k, v in amounts.items())
    std = sum((share * end.uncertainty) ** 2 for share, end in zip(shares, ends, strict=True)) ** 0.5
    source = f"ideal solution of {', '.join(end.name for end in ends)} at {T:g} K"
    energy += mixing_sites * k_B * T * entropy

    return Phase(formula, energy, name or formula, std, source)
