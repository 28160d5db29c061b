"""What a column header means: property, unit, or the standard deviation of a neighbour."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ioffe.base.errors import Faults, UnitError, did_you_mean, nearest
from ioffe.base.quantities import QUANTITIES
from ioffe.base.units import convert, unit_of_header

EXPECTED = 'a header such as "T (K)", "S (uV/K)", "sigma (S/cm)" or "rho (mohm cm)", "kappa (W/(m K))"'

SYNONYMS = {
    "temperature": "t temp temp. temperature measurement_temp. measurement_temperature meas._temp. "
    "meas._temperature mean_temperature average_temperature sample_temperature",
    "seebeck": "s seebeck seebeck_coefficient alpha α thermopower",
    "electrical_conductivity": "sigma σ conductivity electrical_conductivity electric_conductivity",
    "electrical_resistivity": "rho ρ resistivity electrical_resistivity electric_resistivity",
    "thermal_conductivity": "kappa κ k lambda λ thermal_conductivity total_thermal_conductivity kappa_tot "
    "kappa_total κ_tot k_tot k_total",
    "zT": "zt figure_of_merit zt_reported reported_zt",
    "heat_capacity": "cp c_p heat_capacity specific_heat specific_heat_capacity",
    "thermal_expansion": "cte thermal_expansion",
    "hall_coefficient": "r_h rh hall_coefficient",
    "hall_carrier_density": "n_h n carrier_density carrier_concentration hall_carrier_density "
    "hall_carrier_concentration",
}
"""Names of columns, in lower case with underscores, by the quantity they mean."""
MEANING = {word: prop for prop, words in SYNONYMS.items() for word in words.split()}
SAMPLE = frozenset({"sample", "sample_id", "sampleid", "sample_name", "material", "composition", "name"})
NEEDS_NO_UNIT = frozenset({"zT"})
STD_WORDS = ("std", "sd", "err", "error", "uncertainty", "unc", "stdev")
STD = re.compile(
    rf"(?:(?:±|\+/-|{'|'.join(STD_WORDS)})[ _]?(?P<after>.+)|(?P<before>.+?)[ _](?:{'|'.join(STD_WORDS)}|±))"
)


@dataclass(frozen=True)
class HeaderColumn:
    """One column of a table.

    Parameters
    ----------
    index : int
        Position in the row, from 0.
    header : str
        Text of the header.
    quantity : str
        Property (a name of the quantity table), or `sample`.
    unit : str
        Unit of the numbers as written.
    is_std : bool
        Whether it holds standard deviations; the unit `%` then means relative to the value.
    temperature : int
        Position of the temperature column that belongs to it, the nearest one to the left.
    is_valid : bool
        Whether its header is right; the cells of the others are looked at, and not used.
    """

    index: int
    header: str
    quantity: str
    unit: str = ""
    is_std: bool = False
    temperature: int = -1
    is_valid: bool = True


def meaning(name: str) -> tuple[str, bool]:
    """Property that a column name means, and whether it is its standard deviation; ("", False) if unknown.

    Parameters
    ----------
    name : str
        Name of a column, without its unit.

    Returns
    -------
    str, bool
        Quantity and whether it is a standard deviation.

    Examples
    --------
    >>> meaning("Seebeck Coefficient"), meaning("± S"), meaning("kappa_std"), meaning("Sebeck")
    (('seebeck', False), ('seebeck', True), ('thermal_conductivity', True), ('', False))
    """
    word = "_".join(name.replace("$", "").replace("\\", "").casefold().replace("-", " ").split())
    if word in MEANING:
        return MEANING[word], False
    match = STD.fullmatch(word)
    if match:
        inner = (match["after"] or match["before"]).strip("_ ")
        return MEANING.get(inner, ""), inner in MEANING
    return "", False


def parts(header: str) -> tuple[str, str]:
    """Name and unit of a header; a comma or a blank may separate them when the name is known.

    Parameters
    ----------
    header : str
        Text of a header.

    Returns
    -------
    tuple of str
        Name and unit.

    Examples
    --------
    >>> parts("kappa, W/m/K"), parts("S uV/K"), parts("Seebeck coefficient")
    (('kappa', 'W/m/K'), ('S', 'uV/K'), ('Seebeck coefficient', ''))
    """
    name, unit = unit_of_header(header)
    if not meaning(name)[0]:
        for mark in (",", " "):
            first, _, rest = header.strip().partition(mark)
            if rest and meaning(first)[0]:
                return first.strip(), rest.strip()
    return name, unit


def recognised(names: Sequence[str]) -> int:
    """Number of columns understood; 0 without a temperature and one property, so the line is no header.

    Parameters
    ----------
    names : sequence of str
        Texts of the headers.

    Returns
    -------
    int
    """
    found = [meaning(parts(name)[0])[0] for name in names]
    count = sum(1 for prop in found if prop)
    return count if "temperature" in found and count > 1 else 0


def guessed(names: Sequence[str]) -> int:
    """Number of columns understood or misspelt, of a line that may have been meant as the header.

    Parameters
    ----------
    names : sequence of str
        Texts of the headers.

    Returns
    -------
    int
    """
    words = [parts(name)[0] for name in names]
    return sum(bool(meaning(word)[0]) or (len(word) > 2 and bool(nearest(word, MEANING))) for word in words)


def understand(names: Sequence[str], units: Sequence[str] | None, faults: Faults) -> list[HeaderColumn]:
    """Columns of a table; those that are not understood are left out.

    Parameters
    ----------
    names : sequence of str
        HeaderColumn headers.
    units : sequence of str, optional
        CellRow of units below the headers; used for headers that carry none.
    faults : Faults
        Takes missing, unknown and wrong units, and properties given twice.

    Returns
    -------
    list of HeaderColumn
        In their order.
    """
    found: list[HeaderColumn] = []
    temperature = -1
    for index, header in enumerate(names):
        name, unit = parts(header)
        unit = unit or (units[index] if units and index < len(units) else "")
        prop, is_std = meaning(name)
        if is_std and prop == "temperature":
            continue
        if not prop:
            if "_".join(name.casefold().split()) in SAMPLE:
                found.append(HeaderColumn(index, header, "sample"))
            continue
        if prop == "temperature" and not is_std:
            temperature = index
        if is_std and not unit:  # that of the value
            unit = next((c.unit for c in found if c.quantity == prop and not c.is_std), "")
        column = HeaderColumn(index, header, prop, unit, is_std, temperature)
        if any((c.quantity, c.is_std) == (prop, is_std) for c in found if prop != "temperature"):
            expected = "this property has a column already"
            faults.add(f"column {index + 1}", header, expected, "remove one of them")
            column = replace(column, is_valid=False)
        elif not _unit_is_right(column, faults):
            column = replace(column, is_valid=False)
        found.append(column)
    # columns left of every temperature column belong to the first one
    first = next((c.index for c in found if c.quantity == "temperature" and not c.is_std), -1)
    return [replace(c, temperature=first if c.temperature < 0 else c.temperature) for c in found]


def unused(names: Sequence[str], columns: Sequence[HeaderColumn]) -> list[str]:
    """Headers that were not understood, without empty ones.

    Parameters
    ----------
    names : sequence of str
        Texts of the headers.
    columns : sequence of HeaderColumn
        Columns that were understood.

    Returns
    -------
    list of str
        In their order.
    """
    taken = {column.index for column in columns}
    return [name for index, name in enumerate(names) if index not in taken and name]


def advice_for(names: Sequence[str]) -> str:
    """Which of the headers that were not understood may have been meant, in one sentence.

    Parameters
    ----------
    names : sequence of str
        Texts of the headers.

    Returns
    -------
    str
        Empty without any.
    """
    words = [unit_of_header(name)[0] for name in names]
    hints = [f"{word!r}: {hint}" for word in words if (hint := did_you_mean(word, MEANING))]
    listed = ", ".join(repr(name) for name in names[:8])
    return "; ".join(filter(None, [f"not understood: {listed}" if names else "", *hints[:3]]))


def _unit_is_right(column: HeaderColumn, faults: Faults) -> bool:
    entry = QUANTITIES[column.quantity]
    location = f"column {column.index + 1}"
    if column.is_std and column.unit == "%":
        return True
    if not column.unit:
        if column.quantity in NEEDS_NO_UNIT:
            return True
        example = f"{parts(column.header)[0]} ({entry.display_unit})"
        faults.add(location, column.header, "the header has no unit", f'write "{example}"; SI is not assumed')
        return False
    try:
        convert(1.0, entry.unit, column.unit)
    except UnitError as error:
        fault = error.faults[0]
        expected = f"{entry.noun} is expected, in a unit such as {entry.display_unit}"
        faults.add(location, column.header, expected, fault.advice)
        return False
    return True
