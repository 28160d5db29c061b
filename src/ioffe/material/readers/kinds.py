"""What a file is, by signs that its kind alone has: instruments, programs, raw measurements."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from ioffe.material.readers.phono3py import TABLE


@dataclass(frozen=True)
class FileKind:
    """A kind of file.

    `words`: what it is, in words.
    `signs`: regular expressions that all occur in the beginning of such a file, in lower case.
    `use`: what reads it, if it is no table of a material.
    """

    words: str
    signs: tuple[str, ...]
    use: str = ""


PARTS: Final = {".trace": "boltztrap", ".condtens": "boltztrap", ".hdf5": "phono3py", ".h5": "phono3py"}
"""Modules that read files of which a material is a part alone, by the ending."""
CALCULATED: Final = (
    "it needs a doping, a relaxation time and a lattice part: "
    'ioffe materials import FILE --carrier p --carrier-density "1e20 cm^-3" --cell-volume "130 angstrom3" '
    '--relaxation-time "10 fs" --lattice "1.2 W/(m K)"'
)
LATTICE: Final = "give it as --lattice to ioffe materials import beside a calculation (AMSET, BoltzTraP)"
PART_READ: Final = {"boltztrap": CALCULATED, "phono3py": LATTICE}
"""What reads a part of a material, by the module."""
KINDS: Final = (
    FileKind(
        "a page in HTML",
        (r"<html|<table|<!doctype html",),
        "open it in a spreadsheet and save it as .xlsx or CSV",
    ),
    FileKind(
        "a report of a Hall measurement (Ecopia HMS)",
        (r"hms-?\d{4}|bulk concentration\s*=", r"hall coefficient\s*="),
        'write its numbers into a table such as "T (K),R_H (cm3/C),rho (ohm cm)" for ioffe measure hall',
    ),
    FileKind("thermal transport of a PPMS (Quantum Design, TTO)", (r"byapp,\s*(tto|thermal)",)),
    FileKind(
        "resistances of the bridges of a PPMS",
        (r"magnetic field \(oe\)", r"bridge \d resist"),
        'call the column of the Hall bridge "R_xy (ohm)" for ioffe measure hall',
    ),
    FileKind(
        "results of a ZEM (Advance Riko): S and resistivity",
        (r"measure(ment|d) temp", "resistivity", "seebeck"),
    ),
    FileKind(
        "results of a ZEM (Advance Riko): S and resistivity",
        ("設定温度|设定温度", "測定温度|试料温度|样品温度|测量温度", "抵抗率|电阻率"),
    ),
    FileKind("S and conductivity of an SBA 458 (Netzsch)", (r"\bsba\b", "seebeck")),
    FileKind(
        "results of a CTA (Cryoall): S and resistivity",
        ("seebeck", "resistivity", r"cryoall|\bcta-?\d|rel\. seebeck[^\n]*wire seebeck"),
    ),
    FileKind(
        "a laser flash of Netzsch (LFA)",
        (r"temperature?\s*/", r"#\s*(diffusivity|temperaturleitf\w+)\s*/"),
    ),
    FileKind(  # in a workbook without #; then by what a measurement has and a table of properties has not
        "a laser flash of Netzsch (LFA)",
        (
            r"temperature?\s*/",
            r"(diffusivity|temperaturleitf\w+)\s*/",
            r"(?<![a-z])(modell?|shot|schuss|lfa)(?![a-z])",
        ),
    ),
    FileKind("a laser flash of Linseis (LFA)", ("linseis", r"th\.?\s*diff|diffusivity|temperaturleitf")),
    FileKind(
        "thermal transport of a PPMS (Quantum Design, TTO)",
        ("thermal_transport|seebeck coef", r"sample temp\. \(k\)"),
    ),
    FileKind(
        "results of an LSR (Linseis) with the Seebeck coefficient relative to the wires",
        ("relative seebeck", "resistivity"),
        "export the absolute Seebeck coefficient: the relative one lacks that of the wires",
    ),
    FileKind("results of an LSR (Linseis)", (r"\blsr\b|linseis", "seebeck", "resistivity|conductivity")),
    FileKind(
        "a Hall measurement of Lake Shore",
        (r"lake ?shore|\[measurements\]|\[sample parameters\]", "hall coefficient|hall voltage"),
        "ioffe measure hall evaluates Hall voltages; ioffe analyse --hall takes a density or a coefficient",
    ),
    FileKind("a table of Origin", (r"\\(g|[+-])\([^)\n]*\)",)),
    FileKind(
        "a Hall measurement: field beside voltage or resistance",
        (
            r"(^|[\s,;\t\"])(b|field|magnetic field|h)\s*[\[(/]\s*(t|g|oe|koe|mt|gauss|tesla)\b",
            r"r_?xy|voltage|\bv\s*[\[(]|v_?h",
        ),
        "ioffe measure hall reads it",
    ),
    FileKind(
        "resistances against the gap between contacts",
        (r"^\W*(gap|spacing|d|distance|length)\b[^\n]*[,;\t]\s*(r|resistance|i|v)\b",),
        "ioffe measure transfer-length reads it",
    ),
    FileKind(
        "a diffraction pattern",
        (r"hkl|2\s*theta|two ?theta|\*type\s*=\s*raw",),
        "ioffe measure texture reads it",
    ),
    FileKind(
        "contact resistivities against ageing time",
        (r"rho_?c", r"\bt\s*\((h|s|day|min)"),
        "ioffe measure ageing reads it",
    ),
    FileKind("the lattice thermal conductivity of phono3py", (TABLE,), LATTICE),
    FileKind(
        "a file of BoltzTraP 2 with tensors (.condtens)",
        (r"ef\[ry\]", r"t\[k\]", r"sigma(/\w+)?\[", r"\A(?!.*\bcv\b)"),
        CALCULATED,
    ),
    FileKind(
        "a trace file of BoltzTraP 2",
        (r"ef\[ry\]", r"t\[k\]", r"sigma(/\w+)?\["),
        CALCULATED,
    ),
    FileKind("a file of BoltzTraP 1 with tensors (.condtens)", (r"ef\s*\[ry\]", r"cond\(x"), CALCULATED),
    FileKind(
        "a trace file of BoltzTraP 1",
        (r"ef\s*\[ry\]", r"t \[k\]", r"s/t"),
        CALCULATED,
    ),
)
HEAD: Final = 4000
"""Characters among which the signs are looked for."""


def kind_of(text: str) -> FileKind | None:
    """Kind of a text file, or None for one that has the signs of none.

    `text`: content of the file.

    >>> kind_of("Field [G],Voltage [V],Current [A]").use
    'ioffe measure hall reads it'
    """
    head = text[:HEAD].casefold()
    return next((k for k in KINDS if all(re.search(sign, head, re.MULTILINE) for sign in k.signs)), None)
