"""Samples of plain tables: whose the rows are, parts of one sample joined, kappa of a laser flash."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np

from ioffe.base.constants import e
from ioffe.base.errors import Faults
from ioffe.base.units import convert
from ioffe.material.fields import FIELD_OF, Provenance
from ioffe.material.material import Material
from ioffe.material.readers.calculated import Lattice
from ioffe.material.readers.columns.headers import advice_for, unused
from ioffe.material.readers.columns.words import word_of
from ioffe.material.readers.flash import (
    is_reference,
    made_conductivity,
    stated_capacity,
    stated_constants,
    stated_density,
)
from ioffe.material.readers.layout.table_rows import carrier_type
from ioffe.material.readers.options import ReadOptions
from ioffe.material.readers.plain import POOR, PlainTable, is_poor, series_of
from ioffe.material.readers.records import Sample
from ioffe.material.readers.selection import Points
from ioffe.material.readers.series import NEEDED, Carrier, PointSeries, assemble, missing, points_in_si

PROVENANCE_WORDS: Final = {
    "doi": "doi",
    "source": "source",
    "data_source": "source",
    "data source": "source",
    "sample": "sample",
    "sample_id": "sample",
    "identity": "sample",
    "licence": "licence",
    "license": "licence",
    "method": "method",
    "instrument": "method",
    "obtained": "method",
    "note": "note",
    "notes": "note",
}
NAME_WORDS: Final = (
    *("name", "composition", "sample", "sample name", "sample_name", "sample id", "sample_id", "sample no"),
    *("specimen", "probe", "probenname", "identity", "試料名", "样品名", "样品名称"),
)


FORMULA: Final = ("composition", "formula", "compound", "chemical_formula", "material")
"""Columns of what samples are made of."""
ALONE: Final = "density and heat capacity are needed beside it"
"""Said of a diffusivity that makes no thermal conductivity."""


@dataclass(frozen=True)
class HeldTables:
    """What the tables of a sample hold.

    `series`: by quantity.
    `notes`: how they were read.
    `left_out`: what is not used, by what stands before it: the file of several, or nothing.
    `density`: in kg/m3.
    `carrier`: `p` or `n`, where it is stated.
    """

    series: dict[str, PointSeries]
    notes: list[str]
    left_out: dict[str, list[str]]
    density: float | None
    carrier: Carrier | None


@dataclass(frozen=True, eq=False)
class PlainSample:
    """One sample of a plain table, or of several tables that hold a part each.

    `table`: its table.
    `key`: value of the sample column; empty without one.
    `options`: what the user says about the file.
    `others`: other tables with further properties of the same sample.
    """

    table: PlainTable
    key: str
    options: ReadOptions = field(default_factory=ReadOptions)
    others: tuple[PlainSample, ...] = ()

    @property
    def parts(self) -> tuple[PlainSample, ...]:
        """Itself and the other tables."""
        return (self, *self.others)

    @property
    def is_of_constants(self) -> bool:
        """Whether it is a sample of which constants alone are stated."""
        return self.table.grid.is_of_constants

    @property
    def constants(self) -> str:
        """The constants that lines above its table state, in words."""
        return ", ".join(stated_constants(self.table.grid.remarks).values())

    @property
    def stated(self) -> str:
        """Name of the sample as the file states it; empty where it states none."""
        grid = self.table.grid
        own = self.key or (
            grid.label if grid.stated or not grid.label.startswith(("block ", "group ")) else ""
        )
        said = (grid.remarks.get(word, "-") for word in NAME_WORDS)
        return own or next((text for text in said if text != "-" and not is_reference(text)), "")

    @property
    def name(self) -> str:
        """Name of the sample, of the table, of the sheet or of the file."""
        grid = self.table.grid
        stem = stem_of(grid.file)
        if self.others:
            return (
                next((without_block(part.stated) for part in self.parts if part.stated), "")
                or _common(self.parts)
                or stem
            )
        material = grid.remarks.get("material", "")
        if self.key.isdigit() and self.composition:
            return self.composition
        return self.stated or grid.label or grid.sheet or ("" if is_reference(material) else material) or stem

    @property
    def composition(self) -> str:
        """What a column beside that of the names says of what the sample is made; empty without one."""
        rows = self.table.positions.get(self.key, ()) if self.key else ()
        for column in self.table.columns:
            if column.quantity == "sample" and word_of(column.header) in FORMULA:
                texts = {self.table.rows[k].text(column.index) for k in rows}
                text = texts.pop() if len(texts) == 1 else ""
                if text and text not in self.key:
                    return text
        return ""

    @property
    def identifier(self) -> str:
        """What `sample=` takes; empty for the only one of a file."""
        grid = self.table.grid
        if self.others and not self.stated:
            return ""
        return self.key or (without_block(grid.label) if self.others else grid.label) or grid.sheet

    @cached_property
    def properties(self) -> tuple[str, ...]:
        """Quantities with at least one point in any of the tables."""
        found = [
            q for part in self.parts for q, s in series_of(part.table, part.key, Faults()).items() if s.T
        ]
        return tuple(dict.fromkeys(found))

    @property
    def sample(self) -> Sample:
        """What a list of samples says about it."""
        return self._listed

    @cached_property
    def _listed(self) -> Sample:
        known = self.properties
        needs = missing(known)
        if "thermal_diffusivity" in known:
            with_kappa = dict.fromkeys([*known, "thermal_conductivity"])
            needs = missing(with_kappa) if self._density()[0] and self._has_capacity(known) else needs
        name = self.composition or self.name
        return Sample(self.identifier, name, self._doi(), known, tuple(needs))

    def material(
        self,
        faults: Faults,
        carrier: Carrier | None = None,
        lattice: Lattice | None = None,
        needed: Sequence[str] = NEEDED,
    ) -> Material | None:
        """Material of the sample, or None with the faults noted.

        `faults`: takes what is wrong.
        `carrier`: `p` or `n`; by default what the file says, or the sign of S.
        `lattice`: not used: the file has the whole thermal conductivity.
        `needed`: properties without which nothing is made.
        """
        if not self._is_measured(faults):
            return None
        found = self.collected(faults)
        unknown = [n for p in self.parts for n in unused(p.table.grid.names, p.table.columns)]
        return assemble(
            self.name,
            found.series,
            faults,
            carrier=carrier or found.carrier,
            family=self.table.grid.remarks.get("family", ""),
            provenance=self._origin(found.notes, found.left_out),
            missing_advice=advice_for(unknown, list(found.series)),
            reported={quantity for part in self.parts for quantity in part.table.rejected},
            keep=self.options.keep,
            density=found.density,
            needed=needed,
        )

    def collected(self, faults: Faults) -> HeldTables:
        """What the tables hold of the sample, with what is made of it and what is not used.

        `faults`: takes what is wrong.
        """
        series: dict[str, PointSeries] = {}
        left_out: dict[str, list[str]] = {}  # by the file they belong to
        notes: list[str] = []
        for part in self._those_of_S_first():
            where = self._where(part)
            mine = left_out.setdefault(where, [])
            for quantity, points in series_of(part.table, part.key, faults).items():
                if quantity in series and series[quantity].T:
                    mine.append(f"{quantity}, which another table has already")
                elif points.T:
                    points.locations = [f"{where}{location}" for location in points.locations]
                    series[quantity] = points
            mine += [*part.table.left_out, *part.table.empty_of(part.key), *part.poor]
            mine += [text for owner, text in self.spare_constants if owner is part]
            notes += [f"{where}{note}" for note in part.table.notes]
            notes += (
                [f"{where}composition {part.composition}"] if part.composition not in ("", self.name) else []
            )
        rest = left_out.setdefault("", [])
        density, origin_of_density = self._density()
        constants = (density, origin_of_density), self._capacity(), self.options.heat_capacity is not None
        notes += self._with_density(made_conductivity(self.name, series, *constants, faults))
        headers = [c for part in self.parts for c in part.table.columns]
        for quantity in [q for q in series if q not in FIELD_OF and q != "density"]:
            of = next((c.header for c in headers if c.quantity == quantity and not c.is_std), quantity)
            if quantity == "thermal_diffusivity" and "thermal_conductivity" in series:
                rest += [] if any("D Cp density" in note for note in notes) else [f"{of} (kappa is given)"]
            else:
                rest.append(f"{of} ({ALONE})")
        series.pop("density", None)
        if len([q for q in ("hall_coefficient", "hall_carrier_density") if q in series]) == 2:
            words = "it follows from the Hall coefficient"
            factor = _hall_factor(points_in_si(series))
            if not 1.0 / UNLIKE < factor < UNLIKE:
                words += f", of which it is {factor:.2g} times the density: is a unit wrong?"
            del series["hall_carrier_density"]
            rest.append(f"the Hall carrier density ({words})")
        if self.others:
            files_ = dict.fromkeys(
                f"{Path(p.table.grid.file).name} {p.table.grid.sheet}".strip() for p in self.parts
            )
            notes.insert(0, f"joined: {', '.join(files_)}")
        return HeldTables(series, notes, left_out, density, self._carrier(rest))

    def _is_measured(self, faults: Faults) -> bool:
        """Whether there are numbers to make a material of."""
        if self.is_of_constants:
            words = f"constants alone are stated ({self.constants}): give the measurements of it beside them"
            faults.add(self.name, expected=words)
        return not self.is_of_constants and all(part.table.is_readable for part in self.parts)

    def points(self) -> dict[str, Points]:
        """Points of every property.

        Returns: as `SampleSource.points`.
        """
        found: dict[str, Points] = {}
        for part in self._those_of_S_first():
            found = points_in_si(series_of(part.table, part.key, Faults())) | found
        return found

    def _carrier(self, rest: list[str]) -> Carrier | None:
        """Type of the carriers as a line above a table or a column states it; `rest` takes contradictions."""
        said = {
            carrier_type(p.table.grid.remarks.get(k, "")) for p in self.parts for k in ("carrier", "type")
        }
        for table, key in ((part.table, part.key) for part in self.parts):
            column = next((c.index for c in table.columns if c.quantity == "carrier"), None)
            if column is not None:
                said |= {carrier_type(table.rows[k].text(column)) for k in table.positions.get(key, ())}
        said -= {""}
        if len(said) > 1:
            rest.append("the carrier type, stated as p and as n")
        return ("p" if "p" in said else "n") if len(said) == 1 else None

    def _those_of_S_first(self) -> list[PlainSample]:
        """Parts, those with S before others: of what two instruments have measured theirs is taken."""
        return sorted(self.parts, key=lambda one: all(c.quantity != "seebeck" for c in one.table.columns))

    @property
    def poor(self) -> list[str]:
        """Points of S that are left out because the voltage is not straight."""
        table = self.table
        column = next((c for c in table.columns if c.quantity == "correlation"), None)
        if column is None:
            return []
        found = ((table.rows[k], table.values[column.index][k]) for k in table.positions.get(self.key, ()))
        rows = [(row, value) for row, value in found if is_poor(value)]
        of = f"{column.header} ="
        return [f"S of {table.grid.location(row)}, {of} {value:g} is below {POOR}" for row, value in rows]

    def _origin(self, notes: Sequence[str], left_out: Mapping[str, Sequence[str]]) -> Provenance:
        words: dict[str, str] = {}
        for part in reversed(self.parts):
            remarks = part.table.grid.remarks
            words |= {
                PROVENANCE_WORDS[k]: v for k, v in remarks.items() if k in PROVENANCE_WORDS and v != "-"
            }
        origin = Provenance(**words)
        names = ", ".join(dict.fromkeys(Path(part.table.grid.file).name for part in self.parts))
        several = len(self.parts) > 1  # then notes begin with the names of files
        words_of = (note if several else f"{note[:1].upper()}{note[1:]}" for note in dict.fromkeys(notes))
        reading = " ".join(f"{note}." for note in words_of)
        doi = origin.doi or self._doi()
        paper = self._paper()
        return replace(
            origin,
            doi=doi,
            source=origin.source or (paper if paper and paper != doi else names),
            sample=self.key or origin.sample,
            reading=reading,
            not_used="; ".join(
                f"{where}{', '.join(dict.fromkeys(of))}" for where, of in left_out.items() if of
            ),
        )

    def _paper(self) -> str:
        table = self.table
        found = (table.papers[k] for k in table.positions.get(self.key, ()))
        return next((text for text in found if text), "")

    def _doi(self) -> str:
        paper = self._paper()
        return (
            paper
            if re.match(r"(?i)(https?://(dx\.)?doi\.org/)?(doi:\s*)?10\.\d{4}", paper)
            else self.table.grid.remarks.get("doi", "")
        )

    def _density(self) -> tuple[float | None, str]:
        """Density in kg/m3 and where it is from; None without one."""
        given = self.options.density_in_si
        for part in self.parts:
            points = series_of(part.table, part.key, Faults()).get("density")
            if points is not None and points.T:
                mean = float(np.mean(convert(np.array(points.values), points.unit, "kg/m3")))
                origin = f"column of {Path(part.table.grid.file).name}"
                if given is None:
                    return mean, origin
                return given, f"as given, in place of {mean / 1000.0:.4g} g/cm3, {origin}"
        return self._above(stated_density) if given is None else (given, "as given")

    def _capacity(self) -> tuple[float | None, str]:
        """Heat capacity in J/(kg K) where it is one number, and where it is from; None without one."""
        if self.options.heat_capacity is not None:
            return self.options.heat_capacity_in_si, "as given"
        return self._above(stated_capacity)

    def _where(self, part: PlainSample) -> str:
        """What stands before notes on one of several tables."""
        return f"{Path(part.table.grid.file).name}: " if self.others else ""

    def _above(
        self, stated: Callable[[Mapping[str, str]], tuple[float, str] | None]
    ) -> tuple[float | None, str]:
        """A constant above a table that is not that of a reference material, and where it stands."""
        for part in self.parts:
            remarks = part.table.grid.remarks
            found = None if _of_reference(remarks) else stated(remarks)
            if found is not None:
                return found[0], f"stated in {Path(part.table.grid.file).name}"
        return None, ""

    @property
    def spare_constants(self) -> list[tuple[PlainSample, str]]:
        """Constants above the tables of which nothing is made, each with its table."""
        known, rest = self.properties, list[tuple[PlainSample, str]]()
        makes = "thermal_diffusivity" in known and "thermal_conductivity" not in known and self._density()[0]
        used = {"density"} if self.words_of_density else set[str]()
        if makes and "heat_capacity" not in known and self._capacity()[1].startswith("stated"):
            used.add("heat_capacity")
        for part in self.parts:
            for name, text in stated_constants(part.table.grid.remarks).items():
                if name in used:
                    used.remove(name)  # that of another table is another one
                else:
                    material = _of_reference(part.table.grid.remarks) if name == "density" else ""
                    rest.append((part, f"{text} (that of {material}, a reference)" if material else text))
        return rest

    @property
    def words_of_density(self) -> str:
        """The density of the material if a line above a table states it."""
        density, origin = self._density()
        return (
            f"density {density / 1000.0:g} g/cm3, {origin}" if density and origin.startswith("stated") else ""
        )

    def _with_density(self, made: list[str]) -> list[str]:
        """Notes on kappa, and the density that a file states where none of them names it."""
        told = not self.words_of_density or any("Cp density, density" in note for note in made)
        return made if told else [*made, self.words_of_density]

    def _has_capacity(self, known: Sequence[str]) -> bool:
        return "heat_capacity" in known or self._capacity()[0] is not None


UNLIKE: Final = 2.0
"""Ratio of a carrier density to that of the Hall coefficient beside it that no Hall factor explains."""


def _hall_factor(points: Mapping[str, Points]) -> float:
    """Stated carrier density over 1/(e R_H), by the medians where both were measured."""
    (T, n), (T_R, R) = points["hall_carrier_density"], points["hall_coefficient"]
    of_R = np.interp(T, T_R, np.abs(R)) * e
    return float(np.median(np.abs(n) * of_R))


def _of_reference(remarks: Mapping[str, str]) -> str:
    """The reference material of which constants above a table are, if it is none of the sample."""
    of = remarks.get("material", "") or " ".join(remarks.get(word, "") for word in ("cp_table", "reference"))
    return of.strip() if is_reference(of) else ""


def without_block(name: str) -> str:
    """Name of a sample without the number of its block, which several of the same name have."""
    return re.sub(r" \(block \d+\)$", "", name)


def stem_of(file: str) -> str:
    """Name of a file without its ending, also without that of a packed file."""
    path = Path(file)
    return Path(path.stem).stem if path.suffix.casefold() in (".gz", ".zip") else path.stem


def _common(parts: Sequence[PlainSample]) -> str:
    """What the names of several files begin with."""
    stems = list(dict.fromkeys(stem_of(part.table.grid.file) for part in parts))
    if len(stems) < 2:
        return ""
    words = [re.split(r"[_\- ]", stem) for stem in stems]
    length = next(
        (k for k, pieces in enumerate(zip(*words, strict=False)) if len(set(pieces)) > 1),
        min(map(len, words)),
    )
    return "_".join(words[0][:length])
