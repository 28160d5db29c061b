"""What a column header means: property, unit, or the standard deviation of a neighbour."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from ioffe.base.errors import Faults, UnitError, nearest
from ioffe.base.quantities import QUANTITIES
from ioffe.base.units import convert
from ioffe.material.readers.cells import NotANumber, number
from ioffe.material.readers.columns.vocabulary import MATERIAL, Vocabulary
from ioffe.material.readers.columns.words import (
    BARE_STD,
    HALL_NAMED,
    LORENZ,
    MEANING,
    RELATIVE,
    VARIED,
    is_broken,
    reason,
    repaired,
    word_of,
)

EXPECTED = 'a header such as "T (K)", "S (uV/K)", "sigma (S/cm)" or "rho (mohm cm)", "kappa (W/(m K))"'
ROOM = 15.0, 40.0
"""Degrees Celsius at which measurements begin that are not cooled."""
SUGGESTED = (
    "seebeck",
    "electrical_conductivity",
    "electrical_resistivity",
    "hall_carrier_density",
    "hall_coefficient",
    "thermal_diffusivity",
)
"""Quantities that the unit of an unknown column may suggest; one in W/(m K) may be any part of kappa."""


ERRORS = frozenset({"±", "+/-", "+-", "\\pm"})
"""Cells of a row of units above errors of the column to the left."""
WIDEST = 200
"""Columns of a line that are looked at for misspelt names."""
FAR = re.compile(
    r"(?:d|δ|∆|u|σ|sigma)_?\(?(?P<share>.+?)\)?/\(?(?P=share)\)?|(?P<word>err|std|sd|se|unc)_?\((?P<named>.+?)\)|"
    r"(?:δ|∆|σ|sigma|u(?=[_(])|err|std|sd|se|unc)_?\(?(?P<of>.+?)\)?"
)
"""Errors of a column elsewhere by its name; where that is no word, the unit has to be one of it, too."""
OF_COLUMN = re.compile(r"(?:d|δ|∆|u|e|σ|sigma|err|std|sd|se|unc)_?\(?(?P<of>.+?)\)?(?:/(?P=of))?")
"""Errors of a column to the left by its name, such as `dS`, `u(kappa)`, `Δρ/ρ`, `sigma_S`."""
RELATIVE_DENSITY = ("density", "%")
"""Meaning and unit of a column that gives a density as a share of the one without pores."""
AT_ONE = re.compile(r"(?:at )?@?\d+ ?(?:K|°C|C|degC)")
"""In place of a unit: the temperature of the one value that a column holds of a sample."""


@dataclass(frozen=True)
class HeaderColumn:
    """One column of a table.

    `index`: position in the row, from 0.
    `header`: text of the header.
    `quantity`: what it holds: of a material a name of the quantity table, or `sample`, `paper`, `branch`,
        `correlation`.
    `unit`: unit of the numbers, in a spelling that the parser knows.
    `is_std`: whether it holds standard deviations; the unit `%` then means relative to the value.
    `temperature`: position of the temperature column that belongs to it, the nearest one to the left.
    `is_valid`: whether its header is right; the cells of the others are looked at, and not used.
    `is_number`: whether its cells are numbers.
    `note`: how its header was read, where that is not plain.
    """

    index: int
    header: str
    quantity: str
    unit: str = ""
    is_std: bool = False
    temperature: int = -1
    is_valid: bool = True
    is_number: bool = True
    note: str = ""


def recognised(names: Sequence[str]) -> int:
    """Number of columns understood; 0 without a temperature and one property, so the line is no header.

    `names`: texts of the headers.
    """
    found = [MATERIAL.meaning(*MATERIAL.parts(name))[0] for name in names if len(name) < 200]
    count = sum(1 for prop in found if prop)
    return count if "temperature" in found and count > 1 else 0


def guessed(names: Sequence[str]) -> int:
    """Number of columns understood or misspelt, of a line that may have been meant as the header.

    `names`: texts of the headers.
    """
    words = [MATERIAL.parts(name)[0] for name in names[:WIDEST]]
    return sum(
        bool(MATERIAL.meaning(word)[0]) or (len(word) > 2 and bool(nearest(word, MEANING))) for word in words
    )


def apart(names: Sequence[str], words: Vocabulary = MATERIAL) -> set[int]:
    """Positions of carrier densities beside the one that is named after Hall: they are another quantity.

    A carrier density alone in its table is that of a Hall measurement.

    `names`: column headers.
    `words`: what headers may mean.

    >>> apart(["T (K)", "n_H (cm^-3)", "n (cm^-3)"]), apart(["T (K)", "n (cm^-3)"])
    ({2}, set())
    """
    named = {index: words.parts(name) for index, name in enumerate(names) if name}
    found = {k: part for k, part in named.items() if words.meaning(*part)[0] == "hall_carrier_density"}
    bare = {k for k, (name, _) in found.items() if not HALL_NAMED.search(word_of(name))}
    return bare if len(bare) < len(found) else set()


def understand(
    names: Sequence[str],
    units: Sequence[str] | None,
    faults: Faults,
    words: Vocabulary = MATERIAL,
    begins: Sequence[str] = (),
) -> list[HeaderColumn]:
    """Columns of a table; those that are not understood are left out.

    `names`: column headers.
    `units`: row of units below the headers; used for headers that carry none.
    `faults`: takes missing, unknown and wrong units, and properties given twice.
    `words`: what headers may mean.
    `begins`: cells of the first row of numbers.
    Returns: in their order.
    """
    found: list[HeaderColumn] = []
    noted: dict[int, Faults] = {}
    temperature = -1
    others = apart(names, words)
    for index, header in enumerate(names):
        below = units[index] if units and index < len(units) else ""
        if not header and below in ERRORS:  # a column of errors that is named in the row of units alone
            header = below
        name, unit = (header, "") if header.strip() in ERRORS else words.parts(header)
        if unit and words.meaning(unit)[0] and not words.meaning(name, unit)[0]:  # u(kappa), not a unit
            name, unit = header, ""
        if not header or index in others or AT_ONE.fullmatch(unit):
            continue
        unit = unit or ("" if below in ERRORS else below)
        prop, is_std = words.meaning(name, unit)
        word = word_of(name)
        if not prop:
            left = _of_error(word, unit, index, found, words)
            prop, is_std = (left.quantity, True) if left else ("", False)
        is_again = is_std and any(c.is_std and c.quantity == prop for c in found)
        if (is_std and prop == "temperature") or is_again or (prop, unit) == RELATIVE_DENSITY:
            continue
        if not prop:
            kind = "" if word in VARIED and unit.strip("at.mol ") not in ("", "%") else words.text_of(name)
            if kind and not (kind != "sample" and any(c.quantity == kind for c in found)):
                found.append(HeaderColumn(index, header, kind, temperature=temperature, is_number=False))
            continue
        if prop == "temperature" and not is_std:
            temperature = index
        begin = begins[index] if index < len(begins) else ""
        noted[index] = Faults()
        column = _of_numbers(index, (header, prop, unit), is_std, found, noted[index], words, begin)
        column = replace(column, temperature=temperature)
        found.append(column)
    spare = _not_needed(found)
    for index, own in noted.items():
        for fault in own.found if index not in spare else ():
            faults.add(fault.location, fault.value, fault.expected, fault.advice)
    found = [column for column in found if column.index not in spare]
    # columns left of every temperature column belong to the first one
    first = next((c.index for c in found if c.quantity == "temperature" and not c.is_std), -1)
    return [replace(c, temperature=first if c.temperature < 0 else c.temperature) for c in found]


OF_FLASH: Final = ("heat_capacity", "density", "thermal_diffusivity")
"""What kappa is made of."""
BESIDE: Final = (*OF_FLASH, "thermal_expansion", "hall_carrier_density", "hall_coefficient")
"""What a table of S, conductivity and kappa may have without needing it."""


def _not_needed(columns: Sequence[HeaderColumn]) -> set[int]:
    """Columns with a fault in their header that nothing is made of: kappa is there, or no D."""
    right = {c.quantity for c in columns if c.is_valid and not c.is_std and c.is_number} - {"temperature"}
    is_flash = "thermal_conductivity" not in right and "thermal_diffusivity" in right
    spare = {what for what in BESIDE if right and what not in right and not (is_flash and what in OF_FLASH)}
    return {c.index for c in columns if not c.is_valid and c.quantity in spare}


def _of_numbers(
    index: int,
    meant: tuple[str, str, str],
    is_std: bool,
    found: Sequence[HeaderColumn],
    faults: Faults,
    words: Vocabulary,
    begin: str,
) -> HeaderColumn:
    """A column of numbers of its header, quantity and unit, with what is wrong about it noted."""
    header, prop, unit = meant
    word = word_of(words.parts(header)[0])
    if is_std and not unit and "rel" not in word.split("_"):  # that of the value
        unit = next((c.unit for c in reversed(found) if c.quantity == prop and not c.is_std), "")
    read = unit if is_std and unit == "%" else words.unit_of(prop, unit) if unit else ""
    note = f"{header}: read as degC" if read == "degC" and _is_letter(unit) else ""
    if is_broken(header):
        note = f"{header}: read as {repaired(header)}"
    column = HeaderColumn(index, header, prop, read, is_std, note=note)
    if any((c.quantity, c.is_std) == (prop, is_std) for c in found if prop != "temperature"):
        faults.add(f"column {index + 1}", header, "this property has a column already", "remove one of them")
        return replace(column, is_valid=False)
    return column if _unit_is_right(column, words, faults, begin) else replace(column, is_valid=False)


def _of_error(
    word: str, unit: str, index: int, found: Sequence[HeaderColumn], words: Vocabulary
) -> HeaderColumn | None:
    """The column of which another one, such as `Std_Dev` or `Cond. Std.Dev.`, holds the errors.

    It is the one to the left; an error whose unit is another one belongs to the only column with that unit,
    and to none if there is none: a CTA states errors of voltages that it does not list.
    """
    known = [c for c in found if c.is_number and not c.is_std and c.quantity != "temperature"]
    left = next((c for c in known if c.index == index - 1), None)
    is_bare = bool(BARE_STD.fullmatch(word))
    if is_bare and unit not in ("", "%") and not (left and words.fits(left.quantity, unit)):
        fitting = [c for c in known if words.fits(c.quantity, words.unit_of(c.quantity, unit))]
        return fitting[0] if len(fitting) == 1 else None
    if left and (is_bare or _is_std_beside(word, left, words)):
        return left
    far = FAR.fullmatch(word)
    name = (far["share"] or far["named"] or far["of"]) if far else ""
    if not far or not (unit or far["word"]):
        return None
    of = words.meaning(name, "" if unit == "%" else unit)[0]
    is_right = unit in ("", "%") or words.fits(of, words.unit_of(of, unit))
    return next((c for c in known if is_right and c.quantity == of), None)


def _is_std_beside(word: str, left: HeaderColumn, words: Vocabulary) -> bool:
    """Whether a header such as `Cond. Std.Dev.` is the error of the column to its left."""
    match = OF_COLUMN.fullmatch(word)
    own = word_of(words.parts(left.header)[0])
    if match and (match["of"] == own or words.meaning(match["of"])[0] == left.quantity):
        return True
    tail = word.rsplit("_", 2)
    return any(BARE_STD.fullmatch("_".join(tail[k:])) for k in range(1, len(tail)))


def _is_letter(unit: str) -> bool:
    return repaired(unit).strip("[] ").casefold() in ("c", "oc", "°", "deg", "?c", "o c")


def unused(names: Sequence[str], columns: Sequence[HeaderColumn]) -> list[str]:
    """Headers that were not understood, without empty ones.

    `names`: texts of the headers.
    `columns`: columns that were understood.
    Returns: in their order.
    """
    taken = {column.index for column in columns}
    return [name for index, name in enumerate(names) if index not in taken and name]


def explained(header: str, present: Sequence[str] = ()) -> str:
    """A header that is not used, with the reason, or with what its unit and its name suggest.

    A suggestion needs a unit of that quantity: a name that is spelt alike says nothing.

    `header`: text of a header.
    `present`: quantities that have a column already.

    >>> explained("k_L (W/m/K)"), explained("Sebeck (uV/K)")
    ('k_L (W/m/K) (the lattice part, never taken for the total)', 'Sebeck (uV/K) (did you mean "seebeck"?)')
    """
    name, unit = MATERIAL.parts(header)
    why = reason(name)
    what, is_std = MATERIAL.meaning(name, unit)
    if (
        what in BESIDE
        and not is_std
        and unit != "%"
        and not MATERIAL.fits(what, MATERIAL.unit_of(what, unit))
    ):
        entry = QUANTITIES[what]
        per_mole = "; one of a mole is over the molar mass" if "mol" in unit else ""
        return f"{header} ({entry.noun} has a unit such as {entry.display_unit}{per_mole})"
    if MATERIAL.meaning(name, unit) == ("temperature", True):
        return f"{header} (errors of temperatures are not used)"
    if (MATERIAL.meaning(name, unit)[0], unit) == RELATIVE_DENSITY:
        return f"{header} ({RELATIVE})"
    if why and not (why == LORENZ and unit and "K" not in unit):  # l in mm is a length
        return f"{header} ({why})"
    if AT_ONE.fullmatch(unit):
        return f"{header} (at one temperature)"
    if is_std:
        return f"{header} (errors, beside those of another column)"
    if "hall_carrier_density" in present and MATERIAL.meaning(name, unit)[0] == "hall_carrier_density":
        return f"{header} (beside the Hall carrier density it is another quantity)"
    fits, unit_of = MATERIAL.fits, MATERIAL.unit_of
    meant = [q for q in SUGGESTED if unit and q not in present and fits(q, unit_of(q, unit))]
    word = word_of(name)
    known = [one for one in MEANING if len(one) > 4 and one.isascii() == name.isascii()]
    is_qualified = any(word.startswith(one) for one in known)  # a name with more behind it is not misspelt
    near = "" if is_qualified or len(name) < 5 else nearest(name, known)
    if near and MEANING[near] not in present and fits(MEANING[near], unit_of(MEANING[near], unit)):
        return f'{header} (did you mean "{near}"?)'
    if len(meant) == 1:
        of = QUANTITIES[meant[0]].noun
        taken = next(one for one, prop in MEANING.items() if prop == meant[0] and len(one) > 1)
        return f'{header} (its unit is that of {of}; --map "{name}={taken}" takes it so)'
    return header


def advice_for(names: Sequence[str], present: Sequence[str] = ()) -> str:
    """Headers that were not understood and which may have been meant, in one sentence.

    `names`: texts of the headers.
    `present`: quantities that have a column already.
    Returns: empty without any.
    """
    return f"not used: {', '.join(explained(name, present) for name in names[:12])}" if names else ""


def _is_share(cell: str) -> bool:
    """Whether a relative error is not in per cent, by its size."""
    try:
        return 0.0 < abs(number(cell, comma=True)) < 1.0
    except NotANumber:
        return False


def _is_room_in_celsius(cell: str) -> bool:
    """Whether a measurement that begins at this temperature has begun at room temperature in degC."""
    try:
        return ROOM[0] <= number(cell, comma=True) <= ROOM[1]
    except NotANumber:
        return False


def _unit_is_right(column: HeaderColumn, words: Vocabulary, faults: Faults, begin: str) -> bool:
    location, example = f"column {column.index + 1}", words.example(column.quantity)
    wanted = words.units[column.quantity]
    if column.is_std and column.unit == "%":
        return True
    if not column.unit:
        if wanted == "1":
            return True
        name = words.parts(column.header)[0]
        if column.is_std and "rel" in word_of(name).split("_") and _is_share(begin):
            advice = f'write "{name} (%)" and per cent in place of shares; SI is not assumed'
            faults.add(location, column.header, "the header has no unit", advice)
            return False
        example = "%" if column.is_std else example
        if column.quantity == "temperature" and not column.is_std:
            # a wrong choice passes unseen where the numbers fit both
            likely = ("degC", "K") if _is_room_in_celsius(begin) else ("K", "degC")
            advice = f'write "{name} ({likely[0]})" or "{name} ({likely[1]})", whichever it is'
            if words is MATERIAL:
                advice += f', or --map "{name}={name} ({likely[0]})" and the like'
            faults.add(location, column.header, "the header has no unit", advice)
            return False
        advice = f'write "{name} ({example})"; SI is not assumed'
        if words is MATERIAL:
            advice = f'write "{name} ({example})", or --map "{name}={name} ({example})"; SI is not assumed'
        faults.add(location, column.header, "the header has no unit", advice)
        return False
    try:
        convert(1.0, wanted, column.unit)
    except UnitError as error:
        entry = QUANTITIES.get(column.quantity)
        advice = error.faults[0].advice
        if column.quantity == "temperature" and re.fullmatch(r"(?i)°?f|deg ?f|fahrenheit", column.unit):
            advice = "Fahrenheit is not read: T/K = (T/F + 459.67)/1.8"
        noun = entry.noun if entry else column.quantity.replace("_", " ")
        faults.add(
            location,
            column.header,
            f"{noun} is expected, in a unit such as {example}",
            advice,
        )
        return False
    return True
