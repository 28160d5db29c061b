"""The fields of a material: the curves and words they take, and where their numbers come from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.curve import Curve
from ioffe.base.errors import Faults, did_you_mean
from ioffe.base.quantities import QUANTITIES
from ioffe.base.units import floats, to_si
from ioffe.material.migration import MigrationData

if TYPE_CHECKING:
    from ioffe.material.material import Material

Kind = Literal["thermoelectric", "metal", "ceramic", "solder", "semiconductor", "polymer", "other"]
Quality = Literal["measured", "doubtful", "reconstructed", "read", "remembered", "synthetic"]
KINDS: Final[tuple[str, ...]] = get_args(Kind)
QUALITIES: Final[tuple[str, ...]] = get_args(Quality)
ELECTRICAL: Final = ("electrical_conductivity", "electrical_resistivity")
HALL: Final = ("hall_coefficient", "hall_carrier_density")
STRENGTH: Final = ("strength", "weibull_modulus", "strength_volume")
"""What Weibull's law of a brittle material needs."""
ONE_NUMBER: Final = ("density", "melting_temperature", *STRENGTH)
"""Properties that are one number and never a curve."""
SCALARS: Final = ("heat_capacity", "thermal_expansion", "youngs_modulus", "poisson_ratio", *ONE_NUMBER)
"""Properties that may be one number; those of `ONE_NUMBER` must be."""
CURVES: Final[Mapping[str, tuple[str, ...]]] = {
    "seebeck": ("seebeck",),
    "electrical": ELECTRICAL,
    "thermal_conductivity": ("thermal_conductivity",),
    "reported_zT": ("zT",),
    "hall": HALL,
    **{name: (name,) for name in SCALARS if name not in ONE_NUMBER},
}
"""Quantities that the curve in a field of `Material` may be of."""
_AVERAGED: Final = re.compile(
    r"(\w+: [^.:]*?averaged), they differ by up to ([\d.]+(?:e[+-]?\d+)?) % at ([\d.]+) K"
)
"""What `readers.rows` says of readings that became their mean."""
FIELD_OF: Final = {quantity: field for field, allowed in CURVES.items() for quantity in allowed}
"""Field of `Material` that a curve of a quantity belongs to."""


@dataclass(frozen=True)
class Provenance:
    """Origin of the curves of a material: paper, data set, sample, licence and method.

    Every field is text and may be empty.

    Parameters
    ----------
    doi : str
        DOI of the publication that measured the sample; an address in front of it is removed.
    source : str
        Data set, data sheet or instrument file the numbers were taken from.
    sample : str
        Identifier of the sample in the source.
    licence : str
        Terms under which the numbers may be passed on.
    method : str
        How the numbers were obtained (measured, digitised, reconstructed, by which rule).
    note : str
        What a reader must know before using them.
    reading : str
        How the numbers were taken from their file, where that is not plain.
    not_used : str
        Columns, rows and sheets of the file that were not used.

    Examples
    --------
    >>> Provenance(doi="https://doi.org/10.1021/cm5041826", source="ESTM").cite()
    'doi 10.1021/cm5041826; ESTM'
    """

    doi: str = ""
    source: str = ""
    sample: str = ""
    licence: str = ""
    method: str = ""
    note: str = ""
    reading: str = ""
    not_used: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "doi", plain_doi(self.doi))

    def cite(self) -> str:
        """One line to quote.

        Returns
        -------
        str
            The DOI, the source and the sample, as far as they are known; empty if none is.
        """
        parts = (f"doi {self.doi}" if self.doi else "", self.source, self.sample)
        return "; ".join(part for part in parts if part)

    @property
    def citation(self) -> str:
        """Source and address of the publication, as results cite them; empty if neither is known."""
        address = f"https://doi.org/{self.doi}" if self.doi else ""
        return ", ".join(filter(None, (self.source, address)))

    @property
    def averaged(self) -> tuple[tuple[str, float, float], ...]:
        """What was averaged on reading: in words, largest difference in per cent, temperature in K."""
        return tuple((m[1], float(m[2]), float(m[3])) for m in _AVERAGED.finditer(self.reading))

    def to_dict(self) -> dict[str, str]:
        """Fields that are not empty.

        Returns
        -------
        dict of str to str
            Text by the name of the field.
        """
        return {f.name: text for f in fields(self) if (text := getattr(self, f.name))}

    def with_note(self, note: str) -> Provenance:
        """Copy with a sentence added to the note.

        Parameters
        ----------
        note : str
            The sentence.

        Returns
        -------
        Provenance

        Examples
        --------
        >>> Provenance(note="One sample.").with_note("Sorted by temperature.").note
        'One sample. Sorted by temperature.'
        """
        return Provenance(**(self.to_dict() | {"note": " ".join(filter(None, [self.note, note]))}))


def plain_doi(text: str) -> str:
    """DOI without the address or the word in front of it.

    `text`: a DOI as people write it, or any other text.

    >>> plain_doi("https://doi.org/10.1021/cm5041826"), plain_doi("doi: 10.1021/cm5041826")
    ('10.1021/cm5041826', '10.1021/cm5041826')
    """
    text = text.strip()
    for lead in ("https://", "http://", "www.doi.org/", "dx.doi.org/", "doi.org/"):
        text = text.removeprefix(lead)
    return text[4:].strip() if text[:4].casefold() == "doi:" else text.strip()


def curves_of_arrays(
    T: ArrayLike,
    given: Mapping[str, ArrayLike | None],
    std: Mapping[str, ArrayLike | str],
    interpolation: str = "pchip",
    extrapolation: str = "warn",
) -> dict[str, Curve]:
    """Curves on one grid of temperatures, by the field of `Material` they belong to.

    `T` (n,): temperatures in K, rising.
    `given`: values in SI by quantity: `seebeck`, `thermal_conductivity`, and one of the electrical
        quantities, `electrical_conductivity` or `electrical_resistivity`; plates have neither `seebeck` nor,
        if they insulate, those.
    `std`: standard deviations by quantity, in SI or as text in per cent of the value.
    `interpolation`, `extrapolation`: as for `Curve`.
    Raises `InputError` with every fault of every array.

    >>> given = {"seebeck": [2e-4], "electrical_conductivity": [1e5], "thermal_conductivity": [1.5]}
    >>> sorted(curves_of_arrays([300.0], given, {}))
    ['electrical', 'seebeck', 'thermal_conductivity']
    """
    faults = Faults()
    electrical = sum(given.get(name) is not None for name in ELECTRICAL)
    # plates and bonds have no Seebeck coefficient, and insulators carry no current
    if electrical > 1 or (not electrical and given.get("seebeck") is not None):
        faults.add("electrical_conductivity", expected="give either this or the resistivity")
    if given.get("thermal_conductivity") is None:
        faults.add("thermal_conductivity", expected="this argument is missing")
    deviations = {("electrical_resistivity" if k == "resistivity" else k): v for k, v in std.items()}
    present = {name: values for name, values in given.items() if values is not None}
    for unknown in sorted(set(deviations) - set(present)):
        faults.add("std", unknown, "the name of a property is expected", did_you_mean(unknown, present))
    curves: dict[str, Curve] = {}
    for name, values in present.items():
        with faults.collect():
            deviation = deviations.get(name)
            if isinstance(deviation, str):
                share = to_si(deviation, "relative_uncertainty", f"std.{name}")
                deviation = share * np.abs(floats(values, name, name))
            curves[FIELD_OF[name]] = Curve(T, values, name, deviation, interpolation, extrapolation)
    faults.raise_if_any()
    return curves


def check_words(material: Material, faults: Faults) -> None:
    """Note an empty name and unknown words.

    `material`: as the constructor has it.
    `faults`: takes what is wrong.
    """
    if not isinstance(material.name, str) or not material.name.strip():
        faults.add("name", material.name, "a name is expected")
    if material.carrier not in ("p", "n", None):
        faults.add("carrier", material.carrier, '"p" or "n" is expected')
    for field, value, words in (("kind", material.kind, KINDS), ("quality", material.quality, QUALITIES)):
        faults.one_of(field, value, words)
    if material.migration is not None and not isinstance(material.migration, MigrationData):
        faults.add("migration", material.migration, "MigrationData is expected")


def check_curves(material: Material, faults: Faults) -> None:
    """Note missing curves, curves of another quantity or out of bounds, and curves without a common range.

    `material`: as the constructor has it.
    `faults`: takes what is wrong.
    """
    before = len(faults)
    for field, allowed in (CURVES | {name: (name,) for name in ONE_NUMBER}).items():
        value = getattr(material, field)
        if isinstance(value, Curve) and value.quantity not in allowed:
            expected = f"a curve of the quantity {' or '.join(allowed)} is expected"
            faults.add(field, value.quantity or "a curve", expected)
        elif field not in SCALARS and value is not None and not isinstance(value, Curve):
            faults.add(field, value, "a Curve is expected")
    if material.thermal_conductivity is None and (material.seebeck is None or material.electrical is None):
        faults.add("thermal_conductivity", expected="this curve is missing")
    for field in ("seebeck", "electrical") if material.kind == "thermoelectric" else ():
        if getattr(material, field) is None:
            faults.add(field, expected="a thermoelectric material needs this curve")
    if len(faults) > before:
        return
    for curve in material.transport.values():
        _check_bounds(curve, faults)
    if material.hall is not None:
        _check_hall(material.hall, faults)
    low, high = material.T_range
    if low > high:
        ranges = ", ".join(f"{q} {c.range[0]:g}-{c.range[1]:g} K" for q, c in material.transport.items())
        faults.add("T", expected="the curves have no temperature in common", advice=ranges)


def _check_hall(hall: Curve, faults: Faults) -> None:
    """Note Hall densities that are not positive, and Hall coefficients of zero."""
    if hall.quantity == "hall_carrier_density":
        _check_bounds(hall, faults)
        return
    expected = "a Hall coefficient other than zero is expected"
    advice = "leave out the temperatures at which it was not measured"
    for T in hall.T[hall.values == 0.0]:
        faults.add(f"{hall.quantity} at {T:g} K", 0.0, expected, advice)


def _check_bounds(curve: Curve, faults: Faults) -> None:
    """Note where a curve leaves the bounds of its quantity, between its points too."""
    entry = QUANTITIES[curve.quantity]
    worst = curve.minimum()
    if entry.admits(worst):
        return
    expected = f"the value must be {entry.range_text}"
    outside = [(T, value) for T, value in zip(curve.T, curve.values, strict=True) if not entry.admits(value)]
    for T, value in outside:
        faults.add(f"{curve.quantity} at {T:g} K", f"{value:g} {entry.unit}", expected)
    if not outside:
        advice = "the interpolation or formula dips between its points"
        faults.add(f"{curve.quantity} between the points", f"{worst:g} {entry.unit}", expected, advice)
