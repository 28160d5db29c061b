"""What exports of a laser flash say above their results: the density, and of which material it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from ioffe.base.errors import InputError
from ioffe.base.units import to_si
from ioffe.material.readers.columns.vocabulary import MATERIAL

_DENSITY: Final = re.compile(
    r"(?P<name>(?:ref_|sample |bulk |mass )?density(?: at rt| \(rt\))?)\s*/?\s*[(\[]?(?P<unit>[^)\]]*)[)\]]?"
)
_REFERENCES: Final = re.compile(
    r"(?i)(?<![a-z])(pyroceram|pyrex|inconel|poco|graphite|sapphire|alumina|al2o3|corundum|vespel|stainless|"
    r"steel|armco|molybdenum|copper|tungsten|reference|standard|borosilicate|bk7|quartz|srm)(?![a-z])"
)
"""Materials of which reference samples are made, not thermoelectric ones."""


def is_reference(text: str) -> bool:
    """Whether a text names a material with which a laser flash is compared.

    Parameters
    ----------
    text : str
        Name of a material.

    Returns
    -------
    bool

    Examples
    --------
    >>> is_reference("Pyroceram 9606"), is_reference("Cu1.97S")
    (True, False)
    """
    return bool(_REFERENCES.search(text))


def stated_density(remarks: Mapping[str, str]) -> tuple[float, str] | None:
    """Density of the sample that lines above a table state with a unit.

    Parameters
    ----------
    remarks : mapping of str to str
        Keys in lower case, and values.

    Returns
    -------
    (float, str) or None
        In kg/m3, and the key without its unit.

    Examples
    --------
    >>> stated_density({"ref_density /(g/cm^3)": "4.580"}), stated_density({"density": "4,58 g/cm3"})
    ((4580.0, 'ref_density'), (4580.0, 'density'))
    """
    for key, text in remarks.items():
        match = _DENSITY.fullmatch(key)
        if match is None:
            continue
        unit = MATERIAL.unit_of("density", match["unit"]) if match["unit"] else ""
        number = re.sub(r"^(\s*\d+),(\d+)", r"\1.\2", text)
        value = f"{number} {unit}".strip()
        if not re.search("[A-Za-z]", value):  # without a unit it says nothing
            continue
        try:
            return to_si(value, "density"), match["name"]
        except InputError:
            continue
    return None
