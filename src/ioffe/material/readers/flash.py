"""What a laser flash needs beside its table: constants above it, whose they are, kappa made with them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import numpy as np

from ioffe.base.arrays import Array
from ioffe.base.errors import Faults, InputError
from ioffe.base.units import convert, to_si
from ioffe.material.readers.columns.vocabulary import MATERIAL
from ioffe.material.readers.series import PointSeries
from ioffe.transport.phonons.heat_capacity import flash_conductivity

_OF_SAMPLE: Final = r"(?:ref_|(?:sample|bulk|mass|measured|archimedes|geometric(?:al)?|hydrostatic) )?"
_DENSITY: Final = re.compile(
    rf"(?i)(?P<name>{_OF_SAMPLE}(?:density|dichte|probendichte|densité|密度|d|rho|ρ)"
    r"(?: at rt| ?\((?:rt|\d+ ?°?C)\))?)\s*/?\s*"
    r"[(\[]?(?P<unit>[^)\]]*)[)\]]?"
)
_CAPACITY: Final = re.compile(
    r"(?P<name>(?:c_?p|(?:specific )?heat(?: capacity)?|(?:spezifische )?wärmekapazität|比热容?|比熱)"
    r"(?: at rt| ?\((?:rt|\d+ ?°?C)\))?)\s*/?\s*"
    r"[(\[]?(?P<unit>[^)\]]*\)?)[)\]]?"
)
_CONSTANT: Final = re.compile(
    rf"(?P<density>{_OF_SAMPLE}density|(?:proben)?dichte|densité|密度)|"
    r"c_?p(?![a-z_])|specific(?= heat)|heat capacity|(?:spezifische )?wärmekapazität|比热|比熱"
)
"""Keys of lines above a table that state what kappa may be made of."""
_OF: Final = {"density": (_DENSITY, "density"), "heat_capacity": (_CAPACITY, "heat_capacity")}
_NO_CONSTANT: Final = re.compile(
    r"(?:start|end|stop|fileopen)? ?(?:date|time)|.*\b(?:no\.?|number of|id)$|doi|format|version"
)
_NUMBER: Final = re.compile(r"[-+]?\d+(?:[.,]\d+)?(?:[eE][-+]?\d+)?(?:\s*[^\d\s.,:;/-][^:;]*)?")
"""A number, perhaps with a unit; no date, time or list."""
_ERRORS: Final = re.compile(r"error|uncertaint|accuracy|fehler|unsicherheit|incertitude|误差|誤差")
_SIZE: Final = re.compile(r"size|dimension|geometr|thickness|diameter|length|width|height|area|mass")
_NUMBERS: Final = re.compile(r"[\d.,eE+-]+(?:\s*[x×*/; ]\s*[\d.,eE+-]+)+(?:\s*[^\d\s][^:;]*)?")
"""Numbers of a size, perhaps with a unit."""
SLACK: Final = 10.0
"""Kelvin by which a heat capacity is used beyond its range without a word."""
_REFERENCES: Final = re.compile(
    r"(?i)(?<![a-z])(pyroceram|pyrex|inconel|poco|graphite|sapphire|alumina|al2o3|corundum|vespel|stainless|"
    r"steel|armco|molybdenum|copper|tungsten|reference|standard|borosilicate|bk7|quartz|srm)(?![a-z])"
)
"""Materials of which reference samples are made, not thermoelectric ones."""


def is_reference(text: str) -> bool:
    """Whether a text names a material with which a laser flash is compared.

    `text`: name of a material.

    >>> is_reference("Pyroceram 9606"), is_reference("Cu1.97S")
    (True, False)
    """
    return bool(_REFERENCES.search(text))


def stated_density(remarks: Mapping[str, str]) -> tuple[float, str] | None:
    """Density of the sample that lines above a table state with a unit.

    `remarks`: keys in lower case, and values.
    Returns: in kg/m3, and the key without its unit.

    >>> stated_density({"ref_density /(g/cm^3)": "4.580"}), stated_density({"density": "4,58 g/cm3"})
    ((4580.0, 'ref_density'), (4580.0, 'density'))
    """
    return _stated(remarks, *_OF["density"])


def stated_capacity(remarks: Mapping[str, str]) -> tuple[float, str] | None:
    """Heat capacity that lines above a table state with a unit.

    `remarks`: keys in lower case, and values.
    Returns: in J/(kg K), and the key without its unit.

    >>> stated_capacity({"cp": "0.25 J/(g K)"}), stated_capacity({"cp_table": "Cp_const"})
    ((250.0, 'cp'), None)
    """
    return _stated(remarks, *_OF["heat_capacity"])


def stated_constants(remarks: Mapping[str, str]) -> dict[str, str]:
    """Constants of a sample that lines above a table state, in words, by what they are.

    `remarks`: keys in lower case, and values.

    >>> stated_constants({"density": "5 g/cm3", "operator": "me", "cp": "0.2"})
    {'density': 'density = 5 g/cm3', 'heat_capacity': 'cp = 0.2 (it has no unit that is known)'}
    """
    found = {}
    for key, text in remarks.items():
        if _ERRORS.search(key) and "%" in text:
            found[key] = f'{key} = {text} (ioffe analyse --error "S=5 %" takes such)'
            continue
        is_size = bool(_SIZE.search(key) and _NUMBERS.fullmatch(text.strip()))
        if not (is_size or _NUMBER.fullmatch(text.strip())) or _NO_CONSTANT.fullmatch(key):
            continue
        match = _CONSTANT.match(key)
        known = next((word for word, of in _OF.items() if _stated({key: text}, *of)), "")
        named = "" if match is None else "density" if match["density"] else "heat_capacity"
        lacks = " (it has no unit that is known)" if named and not known else ""
        found[known or named or key] = f"{key} = {text}{lacks}"
    return found


def _stated(remarks: Mapping[str, str], pattern: re.Pattern[str], quantity: str) -> tuple[float, str] | None:
    for key, text in remarks.items():
        match = pattern.fullmatch(key)
        if match is None:
            continue
        written = match["unit"] if match["unit"].count("(") else match["unit"].rstrip(")")
        unit = MATERIAL.unit_of(quantity, written) if written else ""
        number = re.sub(r"^(\s*\d+),(\d+)", r"\1.\2", text)
        value = f"{number} {unit}".strip()
        if not re.search("[A-Za-z]", value):  # without a unit it says nothing
            continue
        try:
            return to_si(value, quantity), match["name"]
        except InputError:
            continue
    return None


def made_conductivity(
    name: str,
    series: dict[str, PointSeries],
    stated_density: tuple[float | None, str],
    stated_capacity: tuple[float | None, str],
    is_given: bool,
    faults: Faults,
) -> list[str]:
    """Add kappa = D Cp density to the series of a sample where it is not there and can be made.

    `name`: of the sample.
    `series`: by quantity; the conductivity is added.
    `stated_density`, `stated_capacity`: in kg/m3 and J/(kg K), and where they are from.
    `is_given`: whether the user has given the heat capacity, which then counts before a column of it.
    `faults`: takes what is missing.
    Returns: what was done, in words.
    """
    (density, origin), (given, origin_of_given) = stated_density, stated_capacity
    flash = series.get("thermal_diffusivity")
    if flash is None:
        return []
    stated = series.get("thermal_conductivity")
    capacity = series.get("heat_capacity")
    given = None if capacity is not None and not is_given else given
    origin_of_given += ", in place of that of the file" if capacity is not None and is_given else ""
    column = series.get("density") if origin.startswith("column") else None
    is_made = density is not None and (capacity is not None or given is not None)
    if stated is not None:
        return _beside(
            stated, flash, _product(flash, capacity, column or density, given, "")[1] if is_made else None
        )
    if not is_made:
        lacking = " and ".join(
            w for w, known in (("density", density), ("heat capacity", capacity or given)) if not known
        )
        faults.add(
            name,
            expected=f"a diffusivity needs a {lacking} for kappa = D Cp density",
            advice="give --density and --heat-capacity, or columns of them",
        )
        return []
    assert density is not None
    T, kappa, std, words = _product(flash, capacity, column or density, given, origin_of_given)
    series["thermal_conductivity"] = PointSeries(
        "thermal_conductivity",
        "W/(m K)",
        "K",
        list(T),
        list(kappa),
        std,
        "",
        flash.locations,
        flash.branches,
    )
    shown = f"{density / 1000.0:g} g/cm3 ({origin})"
    if column is not None and np.ptp(column.values) > VARIES * abs(float(np.mean(column.values))):
        low, high = (float(convert(f(column.values), column.unit, "g/cm3")) for f in (min, max))
        shown = f"{low:g} to {high:g} g/cm3 ({origin}, which varies; that of the material is its mean)"
    return [f"kappa = D Cp density, density {shown}, {words}"]


def _product(
    flash: PointSeries,
    capacity: PointSeries | None,
    density: PointSeries | float | None,
    given: float | None,
    origin_of_given: str,
) -> tuple[Array, Array, list[float] | None, str]:
    """Temperatures, D Cp density there, its errors if any are known, and which heat capacity was taken."""
    assert density is not None
    T = convert(np.array(flash.T, float), flash.temperature_unit, "K")
    c_p, of_c_p, words = np.full(len(T), given or 0.0), np.zeros(len(T)), f"Cp {origin_of_given}"
    if given is None and capacity is not None:
        at, c_p = _interpolated(capacity, T, "J/(kg K)")
        order = np.argsort(at)
        of_c_p = np.interp(T, at[order], np.nan_to_num(capacity.relative_std)[order])
        low, high = at[order[0]], at[order[-1]]
        held = np.any((T < low - SLACK) | (T > high + SLACK))
        words = f"Cp of the file{f', held beyond {low:.5g} K to {high:.5g} K' if held else ''}"
    alpha = convert(np.array(flash.values, float), flash.unit, "m2/s")
    of_alpha = flash.relative_std if flash.std is not None else 0.0
    dense = _interpolated(density, T, "kg/m3")[1] if isinstance(density, PointSeries) else density
    kappa, spread = flash_conductivity(alpha, dense, c_p, errors=(of_alpha, 0.0, of_c_p))
    std = list(spread) if flash.std is not None or np.any(of_c_p > 0.0) else None
    return T, kappa, std, words


def _interpolated(series: PointSeries, T: Array, unit: str) -> tuple[Array, Array]:
    """Temperatures of a series in K, and its values in a unit at others, held beyond its ends."""
    at = convert(np.array(series.T, float), series.temperature_unit, "K")
    order = np.argsort(at)
    return at, np.interp(T, at[order], convert(np.array(series.values, float), series.unit, unit)[order])


VARIES: Final = 0.01
"""Share of its mean by which a density may vary without being named."""
DIFFERS: Final = 0.05
"""Relative difference between kappa of a file and D Cp density from which on it is named."""


def _beside(stated: PointSeries, flash: PointSeries, product: Array | None) -> list[str]:
    """What the diffusivity beside a stated kappa adds: its relative errors, and whether the two agree."""
    notes = []
    T = convert(np.array(flash.T, float), flash.temperature_unit, "K")
    at = convert(np.array(stated.T, float), stated.temperature_unit, "K")
    order = np.argsort(T)
    if stated.std is None and flash.std is not None:
        share = np.interp(at, T[order], np.nan_to_num(flash.relative_std)[order])
        stated.std, stated.std_unit = list(100.0 * share), "%"
        notes.append("kappa has the relative error of the diffusivity")
    if product is not None:
        kappa = convert(np.array(stated.values, float), stated.unit, "W/(m K)")
        off = np.abs(np.interp(at, T[order], product[order]) / np.where(kappa == 0.0, np.inf, kappa) - 1.0)
        worst = int(np.argmax(off))
        if off[worst] > DIFFERS:
            text = f"D Cp density differs from it by up to {100.0 * off[worst]:.2g} % at {at[worst]:.4g} K"
            notes.append(f"kappa of the file is taken, {text}")
    return notes
